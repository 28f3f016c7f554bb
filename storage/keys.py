"""Makes and reads the keys of objects: the key scheme of the store (docs/architecture.md).

A key holds ids, hashes, times and numbers, never a file name or a person's name.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import UTC, date, datetime

from pipeline.audit import SegmentPlace
from pipeline.documents import squeeze_code
from pipeline.model import PagePlace, PageRef
from pipeline.ports.exchange import Direction

DOSSIERS, PENDING, LEASES, ORIGINALS = "dossiers/", "pending/", "leases/", "originals/"
DERIVED, RECEIPTS, CODES, AUDIT = "derived/", "receipts/", "codes/", "audit/"
WATCHERS, PROPOSALS, EXCHANGE = "watchers/", "proposals/", "exchange/"
CORRECTIONS, DECISIONS = "corrections/", "decisions/"

_KEY = re.compile(r"[a-z0-9][a-z0-9_-]*(?:[./][a-z0-9_-]+)*")
_PENDING_KEY = re.compile(r"pending/(?P<since>\d{8}t\d{12}z)-(?P<dossier>[0-9a-f]+)\.json")
_SINCE = "%Y%m%dt%H%M%S%fz"


FOLDERS = (
    DOSSIERS,
    ORIGINALS,
    "pages/",
    DERIVED,
    CODES,
    LEASES,
    PENDING,
    RECEIPTS,
    AUDIT,
    WATCHERS,
    PROPOSALS,
    EXCHANGE,
    CORRECTIONS,
    DECISIONS,
)

_HEX = "[0-9a-f]"
_OBJECTS = re.compile(
    rf"originals/(?P<original>{_HEX}{{64}})(?P<owner>\.owner)?"
    rf"|dossiers/(?P<dossier>{_HEX}+)/records/(?P<record>\d{{6,}})\.json"
    rf"|pages/(?P<scan>{_HEX}{{64}})/(?P<recipe>[a-z0-9_-]+)/(?P<page>\d{{4,}})\.(?P<form>json|webp)"
    rf"|derived/(?P<derived>{_HEX}{{64}})/[a-z0-9_-]+/searchable"
    rf"(?:-(?P<note>\d{{6,}})\.json|(?:-\d{{6,}})?\.pdf)"
    rf"|codes/(?P<code>{_HEX}{{64}})/(?P<carrier>{_HEX}+)\.json"
    rf"|leases/(?P<leased>{_HEX}+)/(?P<attempt>\d{{6,}})\.json"
    rf"|proposals/(?P<proposal>{_HEX}+)\.json"
    rf"|corrections/(?P<mended>{_HEX}{{64}})/\d{{4,}}/\d{{6,}}\.json"
    rf"|watchers/(?P<watcher>{_HEX}+)\.json"
    rf"|receipts/(?P<day>\d{{8}})/(?P<drop>{_HEX}+)\.json"
    rf"|decisions/\d{{8}}/(?P<decided>{_HEX}+)/\d{{6,}}\.json"
    rf"|audit/(?P<segment>\d{{8}}/{_HEX}+/\d{{6,}})\.jsonl"
    rf"|exchange/(?:out|in)/(?P<exchange>[a-z0-9][a-z0-9-]{{7,63}})"
    rf"/(?P<message>message\.json|receipt\.json|files/{_HEX}{{64}})"
    rf"|(?P<entry>pending/\d{{8}}t\d{{12}}z-{_HEX}+\.json)"
)

ParsedKey = dict[str, str]  # group of _OBJECTS -> its part of the key, or ""


def parse_key(key: str) -> ParsedKey:
    """Return the parts of an object's key; nothing for a key outside the key scheme."""
    match = _OBJECTS.fullmatch(key)
    return match.groupdict(default="") if match else {}


def checked(key: str) -> str:
    """Return the key when it is a valid one, so that no key leads outside the store.

    Raises:
        ValueError: the text is not a key.
    """
    if not _KEY.fullmatch(key):
        raise ValueError(f"not a key: {key!r}")
    return key


def original(sha256: str) -> str:
    """Return the key of an original: a dropped file, byte for byte."""
    return f"{ORIGINALS}{sha256}"


def owner(sha256: str) -> str:
    """Return the key of the note which dossier received these bytes first."""
    return f"{ORIGINALS}{sha256}.owner"


def records(dossier: str) -> str:
    """Return the folder of a dossier's records."""
    return f"{DOSSIERS}{dossier}/records/"


def record(dossier: str, sequence: int) -> str:
    """Return the key of one version of a dossier; six digits, so that keys sort by number."""
    return f"{records(dossier)}{sequence:06d}.json"


def codes(dossier_code: str) -> str:
    """Return the folder of notes of who carries a code; hashed: a code tells unit and day."""
    return f"{CODES}{hashlib.sha256(squeeze_code(dossier_code).encode()).hexdigest()}/"


def code(dossier_code: str, dossier: str) -> str:
    """Return the key of the note that a dossier carries a dossier code."""
    return f"{codes(dossier_code)}{dossier}.json"


def proposal(dossier: str) -> str:
    """Return the key of the note that a person is to decide about joining a dossier."""
    return f"{PROPOSALS}{dossier}.json"


def exchange(direction: Direction) -> str:
    """Return the folder of the messages from us (out), or of those for us (in)."""
    return f"{EXCHANGE}{direction}/"


def exchanged(direction: Direction, identifier: str, name: str) -> str:
    """Return the key of an object of a message.

    Args:
        direction: where the message lies.
        identifier: its id.
        name: ``message.json``, ``receipt.json``, or ``files/`` and a SHA-256.
    """
    return f"{exchange(direction)}{identifier}/{name}"


def page(ref: PageRef, recipe: str) -> str:
    """Return the key of a page's result under a recipe: its measures, state and words."""
    return f"pages/{ref.scan}/{recipe}/{ref.number:04d}.json"


def picture(ref: PageRef, recipe: str) -> str:
    """Return the key of a page's picture under a recipe, as people look at it."""
    return f"pages/{ref.scan}/{recipe}/{ref.number:04d}.webp"


def mended_pages(place: PagePlace) -> str:
    """Return the folder of what people mended of a page's words."""
    return f"{CORRECTIONS}{place.scan}/{place.number:04d}/"


def mended_page(place: PagePlace, number: int) -> str:
    """Return the key of the mended words of a page that have a number."""
    return f"{mended_pages(place)}{number:06d}.json"


def searchable_pdfs(scan: str, recipe: str) -> str:
    """Return the folder of a scan's searchable PDF and its notes."""
    return f"{DERIVED}{scan}/{recipe}/"


def searchable_pdf(scan: str, recipe: str, number: int = 0) -> str:
    """Return the key of a scan's searchable PDF.

    Args:
        scan: SHA-256 of the scan.
        recipe: the recipe under which its pages were read.
        number: the attempt that made it, where another PDF has the key without a number; else 0.
    """
    name = f"searchable-{number:06d}.pdf" if number else "searchable.pdf"
    return f"{searchable_pdfs(scan, recipe)}{name}"


def searchable_pdf_note(scan: str, recipe: str, attempt: int) -> str:
    """Return the key of the note how an attempt at the PDF ended; the highest attempt counts."""
    return f"{searchable_pdfs(scan, recipe)}searchable-{attempt:06d}.json"


def pending(dossier: str, since: datetime) -> str:
    """Return the key of a work queue entry; the time comes first, so that keys sort by age."""
    return f"{PENDING}{since.astimezone(UTC):{_SINCE}}-{dossier}.json"


def is_of(key: str, dossier: str) -> bool:
    """Tell whether a key is this dossier's entry in the work queue."""
    return key.endswith(f"-{dossier}.json")


def queued(key: str) -> tuple[str, datetime] | None:
    """Return the dossier of a work queue entry and since when it waits; None for other keys."""
    match = _PENDING_KEY.fullmatch(key)
    if match is None:
        return None
    since = match["since"]  # strptime would take fifteen times longer, and a backlog has thousands
    moment = f"{since[:8]}T{since[9:15]}.{since[15:21]}+00:00"
    try:
        return match["dossier"], datetime.fromisoformat(moment)
    except ValueError:  # the 31st of February
        return None


def receipts_of(day: date) -> str:
    """Return the prefix of the receipts of a day."""
    return f"{RECEIPTS}{day:%Y%m%d}/"


def receipts(day: date, drop: str) -> str:
    """Return the key of the receipts of a drop."""
    return f"{receipts_of(day)}{drop}.json"


def audit_day(day: date) -> str:
    """Return the prefix of the segments of the audit log that began on a day (UTC)."""
    return f"{AUDIT}{day:%Y%m%d}/"


def audit_segment(place: SegmentPlace) -> str:
    """Return the key of a sealed segment of the audit log."""
    return f"{AUDIT}{place}.jsonl"


def segment_of(key: str) -> SegmentPlace | None:
    """Return which segment of the audit log a key is of; None for other keys."""
    return SegmentPlace.parse(parse_key(key).get("segment", ""))


def leases(dossier: str) -> str:
    """Return the folder of a dossier's leases."""
    return f"{LEASES}{dossier}/"


def lease(dossier: str, attempt: int) -> str:
    """Return the key of the lease of one attempt at a dossier."""
    return f"{leases(dossier)}{attempt:06d}.json"


def watcher(name: str) -> str:
    """Return the key of the last heartbeat of a watcher."""
    return f"{WATCHERS}{name}.json"


def new_dossier_id(now: datetime) -> str:
    """Return a new id: milliseconds since 1970, then 5 random bytes, both hexadecimal.

    Ids sort by time.

    Args:
        now: the moment of receipt, with its time zone.
    """
    return f"{int(now.timestamp() * 1000):012x}{secrets.token_hex(5)}"
