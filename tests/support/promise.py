"""The promise, checked: a dropped file is at every moment in one place, and receipts say which.

``check_now`` holds at any moment, in the middle of a kill too; ``check_end`` when all is done.
Both return complaints in words, so that a test shows everything that is wrong at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from pipeline.fixity import Damage
from pipeline.model import Query, ReceiptStatus, Record
from pipeline.ports import Archive
from pipeline.settings import SearchSettings
from search import open_index
from tests.support.clerk import SPOOLS, Clerk, Line, Places, lines, places, sha256_of

_MOST = 10_000  # dossiers a check looks at


def check_now(clerk: Clerk) -> list[str]:
    """Check what holds at every moment; return what does not."""
    archive = clerk.archive
    found, receipts = places(clerk), lines(clerk)
    return [
        *_check_places(clerk, found, archive),
        *_check_receipts(clerk, found, receipts),
        *_check_store(archive),
    ]


def _check_places(clerk: Clerk, found: Places, archive: Archive) -> Iterator[str]:
    sources, safe = found.sources, None
    for sha256 in sources.keys() - clerk.dropped.keys():
        yield f"{sha256[:8]} was never dropped: a torn or foreign file"
    for sha256, count in clerk.dropped.items():
        if sources[sha256] > count:
            yield f"{sha256[:8]} lies in {sources[sha256]} places and was dropped {count} times"
        if sources[sha256] < count:
            safe = safe or _safe(archive)
            if sha256 in clerk.bad:
                yield f"LOST: refused {sha256[:8]}"
            elif sha256 not in safe:
                yield f"LOST: {sha256[:8]} has left the folder and is not safe in the store"
    for sha256 in found.refused.keys() & clerk.good.keys():
        yield f"{sha256[:8]} is a good file and was refused"


def _safe(archive: Archive) -> set[str]:
    """Return the contents that are recorded, verified, and either digitised or owed."""
    owed = {pending.dossier for pending in archive.queued()}
    safe = set()
    for dossier in archive.dossiers():
        record = archive.find_record(dossier)
        if record and (record.dossier.outcome or dossier in owed):
            safe |= {scan.sha256 for scan in record.dossier.scans if _is_kept(archive, scan.sha256)}
    return safe


def _is_kept(archive: Archive, sha256: str) -> bool:
    with archive.original(sha256) as path:
        return sha256_of(path) == sha256


def _check_receipts(clerk: Clerk, found: Places, receipts: list[Line]) -> Iterator[str]:
    keys = Counter((line.drop, line.name) for line in receipts)
    yield from (f"torn line: {line.name[:60]}" for line in receipts if not line.drop)
    yield from (f"{count} lines for {key}" for key, count in keys.items() if count > 1)
    waiting = found.folder.total() + sum((drop, name) not in keys for drop, name, _ in found.spool)
    if len(receipts) + waiting != clerk.dropped.total():
        dropped = clerk.dropped.total()
        yield f"{len(receipts)} lines + {waiting} waiting are not the {dropped} files dropped"


def _check_store(archive: Archive) -> Iterator[str]:
    for key in archive.objects():
        for fault in archive.examine(key, lambda _: None):
            if fault.damage is Damage.CHANGED:
                yield f"{fault.key} is not as it was written"
    for dossier in archive.dossiers():
        history = archive.history(dossier)
        if [record.sequence for record in history] != list(range(1, len(history) + 1)):
            yield f"{dossier}: records {[record.sequence for record in history]}"
        if any(a.dossier == b.dossier for a, b in pairwise(history)):
            yield f"{dossier}: a record twice"


def check_end(clerk: Clerk) -> list[str]:
    """Check what holds when all is done; return what does not."""
    archive, found = clerk.archive, places(clerk)
    found_records = [record for d in archive.dossiers() if (record := archive.find_record(d))]
    # A dossier that joined another one is an empty shell: its scans are there.
    records = [record for record in found_records if record.dossier.joined_into is None]
    left = {
        "the watched folder": list(found.folder),
        "the spool": [path for spool in SPOOLS for path in (clerk.home / spool).glob("*")],
        "pending": list(archive.queued()),
        # What the last process left is swept with the next thing that is written.
        "half-written objects": list((clerk.home / "store" / ".arriving").glob("*"))[1:],
        "not digitised": [record.dossier.id for record in records if not record.dossier.outcome],
    }
    return [
        *check_now(clerk),
        *(f"left in {place}: {things}" for place, things in left.items() if things),
        *_check_counts(clerk, records),
        *_check_index(clerk, records),
    ]


def _check_counts(clerk: Clerk, records: list[Record]) -> Iterator[str]:
    count = Counter((line.status, line.sha256) for line in lines(clerk))
    refused = sum(n for (status, _), n in count.items() if status is ReceiptStatus.REFUSED)
    if refused != clerk.bad.total():
        yield f"{refused} lines say refused, {clerk.bad.total()} files were bad"
    homes = Counter(scan.sha256 for record in records for scan in record.dossier.scans)
    for sha256, dropped in clerk.good.items():
        told = (count[ReceiptStatus.ARCHIVED, sha256], count[ReceiptStatus.DUPLICATE, sha256])
        if told != (1, dropped - 1):
            yield f"{sha256[:8]} dropped {dropped} times: archived and duplicate {told}"
        if homes[sha256] != 1:
            yield f"{sha256[:8]} is in {homes[sha256]} dossiers"


def _check_index(clerk: Clerk, records: list[Record]) -> Iterator[str]:
    hits = open_index(SearchSettings(), clerk.home).find(Query("", limit=_MOST)).hits
    shown, kept = Counter(hit.dossier for hit in hits), {r.dossier.id for r in records}
    if set(shown) != kept or any(n > 1 for n in shown.values()):
        yield f"the index shows {sorted(shown.elements())}, the store has {sorted(kept)}"
