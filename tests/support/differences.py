"""Ways in which the places of a paper come to differ; each returns the difference to be found."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from flows import wiring
from pipeline import stages
from pipeline.intake import Spool, SpoolEntry
from pipeline.model import Lease, Outcome, PageRef, Record
from tests.support.stored import TextReader, take_in

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    home: Path
    whole: str  # a digitised dossier of two pages
    other: str  # a digitised dossier
    waiting: str

    @property
    def store(self) -> Path:
        return self.home / "store"

    def records(self, dossier: str) -> Path:
        return self.store / "dossiers" / dossier / "records"

    def scan(self, dossier: str) -> str:
        return stages.newest_record(dossier, wiring.archive()).dossier.scans[0].sha256

    def marker(self, dossier: str) -> Path:
        (path,) = (self.store / "pending").glob(f"*-{dossier}.json")
        return path


Difference = tuple[str, str]  # kind, subject


def add_record(dossier: str, **changed: object) -> None:
    """Write the next record without publishing it."""
    record = stages.newest_record(dossier, wiring.archive())
    state = replace(record.dossier, **changed)  # type: ignore[arg-type]
    wiring.archive().keep_record(Record(record.sequence + 1, NOW, "test", "corrected", state))


def claimed(place: Place) -> SpoolEntry:
    """A drop in the spool, held by this process."""
    inbox = place.home / "inbox"
    inbox.mkdir(exist_ok=True)
    (inbox / "đơn mới.pdf").write_text("đơn mới")
    entry = Spool(place.home / "spool", lambda: "0b" * 11).claim(inbox / "đơn mới.pdf")
    assert entry
    return entry


def orphan_original(place: Place) -> Difference:
    path = place.home / "scan"
    path.write_text("một tờ đơn")
    return "original-unrecorded", wiring.archive().keep_original(path)


def interrupted_reception(place: Place) -> Difference:
    _, scan = orphan_original(place)
    wiring.archive().claim_original(scan, "0" * 22)
    return "owner-without-record", scan


def forgotten_scan(place: Place) -> Difference:
    _, scan = orphan_original(place)
    wiring.archive().claim_original(scan, place.whole)
    return "owner-not-in-record", scan


def lost_owner(place: Place) -> Difference:
    scan = place.scan(place.whole)
    (place.store / "originals" / f"{scan}.owner").unlink()
    return "owner-missing", scan


def damaged_owner(place: Place) -> Difference:
    scan = place.scan(place.whole)
    (place.store / "originals" / f"{scan}.owner").write_text("{")
    return "owner-unreadable", scan


def lost_original(place: Place) -> Difference:
    (place.store / "originals" / place.scan(place.whole)).unlink()
    return "record-without-original", place.whole


def lost_first_record(place: Place) -> Difference:
    (place.records(place.whole) / "000001.json").unlink()
    return "record-gap", place.whole


def damaged_record(place: Place) -> Difference:
    (place.records(place.whole) / "000001.json").write_text("{}")
    return "record-unreadable", place.whole


def lost_marker(place: Place) -> Difference:
    place.marker(place.waiting).unlink()
    return "not-owed", place.waiting


def marker_of_nobody(place: Place) -> Difference:
    wiring.archive().enqueue("0" * 22)
    return "marker-without-record", "0" * 22


def lease_of_nobody(place: Place) -> Difference:
    wiring.archive().take_lease(Lease("0" * 22, 1, "elsewhere:1:1", NOW))
    return "lease-without-record", "0" * 22


def dead_reader(place: Place) -> Difference:
    holder = f"{os.uname().nodename}:999999999:1"
    wiring.archive().take_lease(Lease(place.waiting, 1, holder, NOW))
    return "lease-dead", place.waiting


def damaged_lease(place: Place) -> Difference:
    wiring.archive().take_lease(Lease(place.waiting, 1, "elsewhere:1:1", NOW))
    (place.store / "leases" / place.waiting / "000001.json").write_text("{}")
    return "lease-unreadable", place.waiting


def unused_reading(place: Place) -> Difference:
    scan = place.scan(place.whole)
    ref = PageRef(place.whole, scan, 1)
    stages.read_page(ref, wiring.archive(), replace(TextReader(), recipe="other-9"))
    return "reading-unused", f"pages/{scan}/other-9"


def reading_of_a_secret(place: Place) -> Difference:
    path = place.home / "mật.pdf"
    dossier = take_in(wiring.archive(), path, ("TỐI MẬT",))
    scan = place.scan(dossier)
    stages.read_page(PageRef(dossier, scan, 1), wiring.archive(), TextReader())
    record = stages.newest_record(dossier, wiring.archive())
    state = replace(record.dossier, outcome=Outcome.FAILED)
    kept_back = Record(2, NOW, "sohoa", stages.WITHHELD, state)
    wiring.archive().keep_record(kept_back)
    stages.publish(kept_back, wiring.archive(), wiring.index())
    place.marker(dossier).unlink()
    return "reading-of-secret", f"pages/{scan}/text-1"


def lost_page(place: Place) -> Difference:
    folder = Path("pages") / place.scan(place.whole) / "text-1"
    (place.store / folder / "0001.json").unlink()
    return "picture-alone", f"{folder}/0001.webp"


def stranger(place: Place) -> Difference:
    (place.store / "originals" / "Thumbs.db").write_text("x")
    return "stranger", "originals/Thumbs.db"


def stranger_among_markers(place: Place) -> Difference:
    (place.store / "pending" / "note.txt").write_text("x")
    return "stranger", "pending/note.txt"


def unfinished(place: Place) -> Difference:
    left = place.store / ".arriving" / "left"
    left.write_text("half")
    os.utime(left, (1, 1))
    return "unfinished", ".arriving"


def not_in_index(place: Place) -> Difference:
    wiring.index().withdraw(place.whole)
    return "index-behind", place.whole


def older_in_index(place: Place) -> Difference:
    add_record(place.whole, reasons=("đã sửa",))
    return "index-behind", place.whole


def newer_in_index(place: Place) -> Difference:
    add_record(place.whole, reasons=("đã sửa",))
    record = stages.newest_record(place.whole, wiring.archive())
    stages.publish(record, wiring.archive(), wiring.index())
    (place.records(place.whole) / "000003.json").unlink()
    return "index-newer", place.whole


def only_in_index(place: Place) -> Difference:
    shutil.rmtree(place.records(place.other))
    return "index-unknown", place.other


def left_in_spool(place: Place) -> Difference:
    entry = claimed(place)
    entry.close()
    return "spool-left", str(entry.path)


def nameless_in_spool(place: Place) -> Difference:
    folder = place.home / "spool" / "0a0a"
    (folder / "drop").mkdir(parents=True)
    return "spool-nameless", str(folder)


def forgotten_drop(place: Place) -> Difference:
    inbox = place.home / "inbox"
    inbox.mkdir()
    (inbox / "đơn.pdf").write_text("x")
    os.utime(inbox / "đơn.pdf", (1, 1))
    return "drop-waits", str(inbox)


WAYS: list[Callable[[Place], Difference]] = [
    orphan_original,
    interrupted_reception,
    forgotten_scan,
    lost_owner,
    damaged_owner,
    lost_original,
    lost_first_record,
    damaged_record,
    lost_marker,
    marker_of_nobody,
    lease_of_nobody,
    dead_reader,
    damaged_lease,
    unused_reading,
    reading_of_a_secret,
    lost_page,
    stranger,
    stranger_among_markers,
    unfinished,
    not_in_index,
    older_in_index,
    newer_in_index,
    only_in_index,
    left_in_spool,
    nameless_in_spool,
    forgotten_drop,
]
