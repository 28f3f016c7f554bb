"""A join that breaks off anywhere, or whose drop grows meanwhile, loses and doubles nothing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.errors import StorageUnavailableError
from pipeline.intake import Drop
from pipeline.model import Outcome, ReceiptStatus
from pipeline.ports import ObjectStore
from storage.archive import ObjectArchive
from storage.disk import DiskStore
from tests.support.drops import CODE, FIXED, PARTIAL, Office, names


def test_a_drop_that_grew_after_it_joined_is_asked_about_anew(tmp_path: Path) -> None:
    """Its watcher found it changed before it could write the receipt, and receives it again."""
    office = Office(tmp_path)
    older = office.partial()
    drop = office.prepared(CODE, FIXED)
    office.receives(drop)
    (office.source(drop) / "04 thêm.pdf").write_text("trang thêm")
    reception = office.receives(office.taken(office.source(drop)))
    assert reception.dossier == drop.dossier
    office.digitises_all()
    assert office.newest(drop.dossier).dossier.proposed_join == older
    assert names(office.newest(older).dossier) == ["01 đơn.pdf", "03 kèm.pdf"]
    assert office.newest(older).dossier.outcome is Outcome.PARTIAL


def test_a_file_that_was_written_to_after_it_joined_is_joined_anew(tmp_path: Path) -> None:
    """A late write within the grace time: the new version takes the place of the old one."""
    office = Office(tmp_path)
    older = office.partial()
    drop = office.prepared(CODE, FIXED)
    office.receives(drop)
    office.digitises_all()
    (office.source(drop) / "02 to khai.pdf").write_text("tờ khai\nhai trang\nvà trang ba")
    late = replace(office.taken(office.source(drop)), outdated=frozenset({drop.files[0].sha256}))
    (line,) = office.receives(late).receipts
    assert (line.dossier, line.reason[:8]) == (older, "Đã thay ")
    office.digitises_all()
    dossier = office.newest(older).dossier
    assert names(dossier) == ["01 đơn.pdf", "02 to khai.pdf", "03 kèm.pdf"]
    assert drop.files[0].sha256 not in {scan.sha256 for scan in dossier.scans}
    assert (dossier.outcome, len(dossier.pages)) == (Outcome.COMPLETE, 5)
    with office.archive.original(drop.files[0].sha256) as path:
        assert path.read_text() == FIXED["02 to khai.pdf"], "the original stays"
    office.assert_nothing_differs()


class Failing:
    """A store that is away after so many writes."""

    def __init__(self, store: ObjectStore, writes: int) -> None:
        self._store, self.left = store, writes

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def put(self, key: str, data: bytes) -> None:
        self._count()
        self._store.put(key, data)

    def put_file(self, key: str, source: Path, sha256: str) -> None:
        self._count()
        self._store.put_file(key, source, sha256)

    def _count(self) -> None:
        if self.left == 0:
            raise StorageUnavailableError("Kho tạm thời không dùng được.")
        self.left -= 1


def interrupted(home: Path) -> Iterator[tuple[Office, Drop]]:
    """Yield a home whose reception of the missing file broke off, after each of its writes."""
    for writes in itertools.count():
        office = Office(home / str(writes))
        office.digitises(str(office.drops(CODE, PARTIAL).dossier))
        drop = office.prepared(CODE, FIXED)
        failing = Failing(DiskStore(office.home / "store"), writes)
        whole, office.archive = office.archive, ObjectArchive(failing)  # type: ignore[arg-type]
        try:
            office.receives(drop)
        except StorageUnavailableError:
            office.archive = whole
            yield office, drop
        else:
            return


def test_an_interrupted_join_is_finished_by_the_same_drop(tmp_path: Path) -> None:
    times = 0
    for office, drop in interrupted(tmp_path):
        times += 1
        older = next(iter(office.archive.dossiers()))
        (line,) = office.receives(drop).receipts
        assert (line.status, line.dossier) == (ReceiptStatus.ARCHIVED, older), times
        assert line.reason.startswith("Đã thay 02 to khai.pdf"), times
        office.digitises_all()
        assert office.newest(older).dossier.outcome is Outcome.COMPLETE
        assert office.newest(older).dossier.joined_from == (drop.dossier,)
        office.assert_nothing_differs()
    assert times >= 6, (
        "original, owner, code, record 1, the older one's record, the queue, record 2"
    )
