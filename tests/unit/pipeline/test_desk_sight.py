"""What the desk tells of dossiers of other units, and of withheld ones: nothing of their own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import clock
from pipeline.desk.day import DeskDay, DeskSight, gather
from pipeline.desk.day_book import day_book
from pipeline.desk.files import DeskState
from pipeline.model import DropReceipts, Receipt, ReceiptStatus, Scope
from pipeline.settings import Settings
from tests.support.drops import CODE, Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def note(office: Office, drop: str, receipt: Receipt) -> None:
    folder = str((office.home / "inbox").absolute())
    office.archive.keep_receipts(DropReceipts(drop, folder, clock.today(), (receipt,), None))


def stored(office: Office, name: str, text: str) -> Receipt:
    """Receive and read a file and note its receipt, as a watcher does."""
    (receipt,) = office.drops(name, text).receipts
    note(office, "0b", receipt)
    office.digitises_all()
    return receipt


def desk(office: Office, sight: DeskSight | None = None) -> DeskDay:
    settings = Settings(home=office.home)
    settings.watched_folders[0].mkdir(exist_ok=True)
    find = office.archive.find_record
    return gather(clock.today(), office.archive, settings, sight or DeskSight(), find)


@pytest.mark.parametrize("status", [ReceiptStatus.DUPLICATE, ReceiptStatus.ARCHIVED])
def test_an_own_file_shows_nothing_of_another_units_dossier(
    office: Office, status: ReceiptStatus
) -> None:
    receipt = stored(office, f"{CODE}.pdf", "đơn xin\nhai")
    note(office, "0d", replace(receipt, name="của tôi.pdf", status=status))
    for unit, sees in (("H99.01", False), ("H26.19.25", True)):
        sight = DeskSight(Scope(frozenset({unit})), lambda drop: drop == "0d")
        day = desk(office, sight)
        (file,) = (each for each in day.files if each.drop == "0d")
        assert file.receipt.name == "của tôi.pdf"
        assert (file.record is not None) == sees
        assert (file.receipt.dossier is not None) == sees
        assert (file.images > 0) == sees
        assert ("trang" in file.standing.told) == (sees and status is ReceiptStatus.ARCHIVED)
        assert len(day.files) == 1 + sees
        assert file.state is DeskState.DONE


def test_a_withheld_file_is_neither_counted_nor_hashed(office: Office) -> None:
    receipt = stored(office, "Mật của Nguyễn Văn Mẫu.pdf", "đơn xin\nhai")
    assert desk(office).files[0].receipt == receipt
    assert receipt.dossier
    office.withholds(receipt.dossier)
    day = desk(office)
    (file,) = day.files
    assert (file.images, file.read, file.receipt.size, file.receipt.sha256) == (0, 0, 0, None)
    book = day_book(day, with_names=True)
    assert receipt.sha256
    assert receipt.sha256 not in str(book)
    assert "Nguyễn" not in str(book)
    assert (book.dossiers[0]["Số trang"], book.files[0]["Số byte"]) == (0, 0)
