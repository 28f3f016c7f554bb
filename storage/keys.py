"""Names of objects: where each thing lies in the one bucket. Ids and hashes only, never a name."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime

from pipeline.model import PageRef

DOSSIERS, PENDING, LEASES, ORIGINALS = "dossiers/", "pending/", "leases/", "originals/"
DERIVED = "derived/"

_KEY = re.compile(r"[a-z0-9][a-z0-9_-]*(?:[./][a-z0-9_-]+)*")
_PENDING_KEY = re.compile(r"pending/(?P<since>\d{8}t\d{12}z)-(?P<dossier>[0-9a-f]+)\.json")
_SINCE = "%Y%m%dt%H%M%S%fz"


def checked(key: str) -> str:
    """Return the key if it is one; nothing a file contains can name a place outside the store.

    Raises:
        ValueError: it is not.
    """
    if not _KEY.fullmatch(key):
        raise ValueError(f"not a key: {key!r}")
    return key


def original(sha256: str) -> str:
    """The file as it arrived."""
    return f"{ORIGINALS}{sha256}"


def owner(sha256: str) -> str:
    """Which dossier received these bytes first."""
    return f"{ORIGINALS}{sha256}.owner"


def records(dossier: str) -> str:
    """The folder of a dossier's records."""
    return f"{DOSSIERS}{dossier}/records/"


def record(dossier: str, sequence: int) -> str:
    """One version of a dossier; six digits, so that sorting keeps their order."""
    return f"{records(dossier)}{sequence:06d}.json"


def page(ref: PageRef, recipe: str) -> str:
    """A page's measures and words under a recipe."""
    return f"pages/{ref.scan}/{recipe}/{ref.number:04d}.json"


def picture(ref: PageRef, recipe: str) -> str:
    """The page as people look at it."""
    return f"pages/{ref.scan}/{recipe}/{ref.number:04d}.webp"


def searchable_pdfs(scan: str, recipe: str) -> str:
    """The folder of what is handed out of a scan."""
    return f"{DERIVED}{scan}/{recipe}/"


def searchable_pdf(scan: str, recipe: str) -> str:
    """The searchable PDF of a scan."""
    return f"{searchable_pdfs(scan, recipe)}searchable.pdf"


def searchable_pdf_note(scan: str, recipe: str, attempt: int) -> str:
    """What became of the searchable PDF; the highest attempt counts."""
    return f"{searchable_pdfs(scan, recipe)}searchable-{attempt:06d}.json"


def pending(dossier: str, since: datetime) -> str:
    """An entry of the work queue; the time leads, so that sorting gives the oldest first."""
    return f"{PENDING}{since.astimezone(UTC):{_SINCE}}-{dossier}.json"


def is_of(key: str, dossier: str) -> bool:
    """Tell whether a key is this dossier's entry in the work queue."""
    return key.endswith(f"-{dossier}.json")


def queued(key: str) -> tuple[str, datetime] | None:
    """The dossier of an entry of the work queue and since when; None for any other key."""
    match = _PENDING_KEY.fullmatch(key)
    if match is None:
        return None
    since = match["since"]  # strptime would take fifteen times longer, and a backlog has thousands
    moment = f"{since[:8]}T{since[9:15]}.{since[15:21]}+00:00"
    try:
        return match["dossier"], datetime.fromisoformat(moment)
    except ValueError:  # the 31st of February
        return None


def leases(dossier: str) -> str:
    """The folder of a dossier's leases."""
    return f"{LEASES}{dossier}/"


def lease(dossier: str, attempt: int) -> str:
    """Who took this attempt."""
    return f"{leases(dossier)}{attempt:06d}.json"


def new_dossier_id(now: datetime) -> str:
    """Return a fresh id: milliseconds since 1970 in hexadecimal, then chance. Sorts by time."""
    return f"{int(now.timestamp() * 1000):012x}{secrets.token_hex(5)}"
