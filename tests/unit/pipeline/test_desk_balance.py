"""The balance of a day counts each file once, also those that are received while it is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from time import process_time

import pytest

from pipeline import clock
from pipeline.desk.day import DeskDay, DeskSight, gather
from pipeline.intake import claimed_drops, spool_folder
from pipeline.intake.spool import Spool
from pipeline.model import DropReceipts, Receipt, ReceiptStatus, Scope
from pipeline.settings import Settings
from tests.support.drops import Office

NAME, TEXT, DROP = "Phòng Một/mới.pdf", b"papers", "f" * 22


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office whose only stored file was read, so that its papers may be put away."""
    office = Office(tmp_path)
    (receipt,) = office.drops("đơn.pdf", "đơn xin").receipts
    office.archive.keep_receipts(of_drop(office, "0b", receipt))
    office.digitises_all()
    assert desk(office).may_put_away
    return office


def settings(office: Office) -> Settings:
    watch = Settings().watch.model_copy(update={"standing": ["Phòng Một"]})
    return Settings(home=office.home).model_copy(update={"watch": watch})


def of_drop(office: Office, drop: str, *lines: Receipt) -> DropReceipts:
    folder = settings(office).watched_folders[0]
    (folder / "Phòng Một").mkdir(parents=True, exist_ok=True)
    return DropReceipts(drop, str(folder.absolute()), clock.today(), lines)


def desk(office: Office, sight: DeskSight | None = None) -> DeskDay:
    archive = office.archive
    return gather(
        clock.today(), archive, settings(office), sight or DeskSight(), archive.find_record
    )


def dropped(office: Office) -> Path:
    path = settings(office).watched_folders[0] / NAME
    path.write_bytes(TEXT)
    return path


def claim(office: Office, path: Path) -> None:
    folder = settings(office).watched_folders[0]
    entry = Spool(spool_folder(office.home, folder), lambda: DROP).claim(path, folder)
    assert entry
    entry.close()


def receipt_of(path: Path) -> Receipt:
    now = datetime.now(UTC)
    return Receipt(path.name, ReceiptStatus.REFUSED, now, None, "Hỏng.", "Quét lại.", len(TEXT))


@pytest.mark.parametrize("before", [True, False], ids=["before the receipts", "after them"])
def test_a_file_that_is_received_meanwhile_counts_once(
    office: Office, monkeypatch: pytest.MonkeyPatch, *, before: bool
) -> None:
    path, receipts = dropped(office), office.archive.receipts

    def taken_in(day: date) -> Iterator[DropReceipts]:
        known = list(receipts(day))
        if path.exists():
            office.archive.keep_receipts(of_drop(office, DROP, receipt_of(path)))
            path.unlink()
        return iter(list(receipts(day)) if before else known)

    monkeypatch.setattr(office.archive, "receipts", taken_in)
    now = desk(office)
    assert not now.may_put_away
    status = ReceiptStatus.REFUSED if before else ReceiptStatus.WAITING
    assert (now.counts[status], len(now.files)) == (1, 2)
    assert desk(office).counts[ReceiptStatus.REFUSED] == 1


@pytest.mark.parametrize("before", [True, False], ids=["before the spool", "after it"])
def test_a_file_that_is_claimed_meanwhile_counts_once(
    office: Office, monkeypatch: pytest.MonkeyPatch, *, before: bool
) -> None:
    path = dropped(office)

    def claimed(spool: Path, folder: Path) -> list[Path]:
        known = claimed_drops(spool, folder)
        if path.exists():
            claim(office, path)
        return claimed_drops(spool, folder) if before else known

    monkeypatch.setattr("pipeline.desk.waiting.claimed_drops", claimed)
    now = desk(office)
    assert (now.counts[ReceiptStatus.WAITING], len(now.files)) == (1, 2)
    assert not now.may_put_away


def test_a_claimed_file_with_a_receipt_counts_once(office: Office) -> None:
    path = dropped(office)
    claim(office, path)
    assert len(desk(office).files) == 2
    office.archive.keep_receipts(of_drop(office, DROP, receipt_of(path)))
    assert [file.drop for file in desk(office).files if file.line >= 0] == [DROP, "0b"]
    assert desk(office).counts[ReceiptStatus.WAITING] == 0
    assert desk(office, DeskSight(Scope(frozenset({"H99.01"})))).unknown == 0


def test_a_file_of_a_name_that_came_before_is_another_one(office: Office) -> None:
    path = dropped(office)
    earlier = replace(receipt_of(path), at=datetime.now(UTC))
    office.archive.keep_receipts(of_drop(office, DROP, earlier))
    now = desk(office)
    assert (now.counts[ReceiptStatus.WAITING], now.counts[ReceiptStatus.REFUSED]) == (1, 1)


def cost(office: Office, count: int) -> float:
    """Return the processor time of a day with so many files that wait."""
    known = settings(office)
    for number in range(count):
        (known.watched_folders[0] / f"{number:05d}.jpg").write_bytes(b"x")
    began = process_time()
    found = gather(clock.today(), office.archive, known, DeskSight(), office.archive.find_record)
    assert len(found.files) == count + 1
    return process_time() - began


def test_a_day_with_many_waiting_files_costs_in_proportion(office: Office) -> None:
    few = min(cost(office, 1_000) for _ in range(2))
    assert cost(office, 4_000) < 8 * few
