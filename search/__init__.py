"""Opens the search index that the settings name, and the matcher of a query's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.model import Check
from pipeline.ports import SearchIndex
from pipeline.roles import Role
from pipeline.settings import SearchSettings
from search.elastic.privileges import role_of
from search.embedded.index import EmbeddedIndex
from search.query.matching import Matcher, matcher
from search.text.number_keys import given_fingerprint, number_hash

__all__ = ["Matcher", "check_index", "matcher", "open_index", "prepare_index", "role_of"]

INDEX_FOLDER = "index"


def open_index(settings: SearchSettings, home: Path) -> SearchIndex:
    """Open the index that the settings name; it is created on first use.

    Args:
        settings: the form of the index, and where the served form is.
        home: the folder that holds the embedded form's folder.
    """
    if settings.kind == "elasticsearch":
        from search.elastic.client import Cluster  # noqa: PLC0415 — its client takes 0.2 s
        from search.elastic.index import ServedIndex  # noqa: PLC0415 — its client takes 0.2 s

        return ServedIndex(
            Cluster(settings),
            settings.index,
            number_hash(settings, home),
            given_fingerprint(settings),
        )
    return EmbeddedIndex(home / INDEX_FOLDER, number_hash(settings, home))


def check_index(settings: SearchSettings, home: Path) -> Iterator[Check]:
    """Yield the checks of a served index, or of the embedded one's files, all of which are read.

    Args:
        settings: the form of the index, and where the served form is.
        home: the folder that holds the embedded form's folder.
    """
    if settings.kind == "elasticsearch":
        from search.elastic.checks import check_cluster  # noqa: PLC0415 — its client takes 0.2 s
        from search.elastic.client import Cluster  # noqa: PLC0415 — its client takes 0.2 s

        key = given_fingerprint(settings)
        yield from check_cluster(Cluster(settings), settings.index, key)
    else:
        yield from EmbeddedIndex(home / INDEX_FOLDER, number_hash(settings, home)).checks()


def prepare_index(
    settings: SearchSettings, passwords: Mapping[Role, str], *, opens_destroyer: bool = False
) -> Iterator[Check]:
    """Make what a served index needs and yield what was done; the embedded one makes itself.

    Args:
        settings: the index, with an account that may make indexes, roles and accounts.
        passwords: the password that each role signs in with; an account without one stays as it is.
        opens_destroyer: let the destroyer sign in; otherwise it is locked.
    """
    if settings.kind == "elasticsearch":
        from search.elastic.accounts import prepare_cluster  # noqa: PLC0415 — its client takes 0.2 s to import

        yield from prepare_cluster(settings, passwords, opens_destroyer=opens_destroyer)
