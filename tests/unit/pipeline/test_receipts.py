"""Receipts in a watched folder: copies of those of record, added to once, mended by themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.intake import read_receipts, receipt_days
from pipeline.intake.receipts import copy_receipts
from pipeline.model import DropReceipts, Receipt
from pipeline.ports import Archive
from pipeline.settings import StorageSettings
from storage import open_archive
from tests.support.table_readers import formulas
from tests.unit.pipeline.test_spool import NOW, receipt


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return open_archive(StorageSettings(), tmp_path / "home")


def copied(inbox: Path, archive: Archive, drop: str, *receipts: Receipt) -> None:
    """Store the receipts of a drop and copy them into the watched folder."""
    of_record = DropReceipts(drop, str(inbox), NOW.date(), receipts)
    copy_receipts(inbox, archive.keep_receipts(of_record), archive.receipts)


def test_a_repeated_step_writes_no_second_line(inbox: Path, archive: Archive) -> None:
    for _ in range(3):
        copied(inbox, archive, "0a", receipt(), receipt(name="=1+1.pdf"))
    copied(inbox, archive, "0b", receipt())
    assert len(read_receipts(inbox, receipt_days(inbox)[0])) == 3


@pytest.mark.parametrize("name", ["=1+1.pdf", "x;=WEBSERVICE(B2);.pdf", "'＝a.pdf"])
def test_a_name_like_a_formula_does_not_run_in_a_spreadsheet(
    inbox: Path, archive: Archive, name: str
) -> None:
    for _ in range(2):  # a repeated step knows the name again
        copied(inbox, archive, "0a", receipt(name=name))
    text = next((inbox / "_bien_nhan").glob("*.csv")).read_text(encoding="utf-8-sig")
    assert formulas(text) == []
    assert [line.name for line in read_receipts(inbox, receipt_days(inbox)[0])] == [name]


def test_a_receipt_that_was_edited_by_hand_hides_no_other_line(
    inbox: Path, archive: Archive
) -> None:
    copied(inbox, archive, "0a", receipt())
    (path,) = (inbox / "_bien_nhan").glob("*.csv")
    with path.open("a", encoding="utf-8") as stream:
        stream.write("hôm qua,scan.pdf,Không rõ,,,,nhiều,,\nmột ô\n")
    (inbox / "_bien_nhan" / "tổng hợp.csv").write_text("x", encoding="utf-8")
    (day,) = receipt_days(inbox)
    assert [line.name for line in read_receipts(inbox, day)] == ["tờ khai.pdf"]


def test_a_line_cut_short_by_a_crash_is_written_whole_again(inbox: Path, archive: Archive) -> None:
    copied(inbox, archive, "0a", receipt())
    (path,) = (inbox / "_bien_nhan").glob("*.csv")
    path.write_bytes(path.read_bytes()[:-9])
    copied(inbox, archive, "0b", receipt(name="hai.pdf"))
    names = [line.name for line in read_receipts(inbox, NOW.date())]
    assert names == ["tờ khai.pdf", "hai.pdf"]
