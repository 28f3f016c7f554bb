"""The roles of the served arrangement: an account of its own for each kind of process.

What each may do: ``storage/policies.py`` and ``search/elastic/privileges.py``.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """Who signs in to the store and to the search index."""

    INGEST = "ingest"  # `sohoa watch` with runs on a pool: takes drops in
    WORKER = "worker"  # `sohoa worker`: reads pages, concludes, publishes
    WEB = "web"  # `sohoa web`: shows, searches, puts a dossier back into the queue
    DESTROYER = "destroyer"  # takes versions out for good; its secret is kept offline


def account_of(role: Role, prefix: str) -> str:
    """Return the name that a role signs in with.

    Args:
        role: the role that signs in with it.
        prefix: the bucket, or the alias of the index; two arrangements may share servers.
    """
    return f"{prefix}-{role}"
