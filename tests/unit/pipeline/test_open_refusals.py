"""A refused file is a problem until it is mended, and no longer; another file mends nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline import corrections
from pipeline.joining.open_refusals import ReceiptLine, open_refusals
from pipeline.model import Receipt, ReceiptStatus
from pipeline.versions import Act
from tests.support.drops import CODE, FIXED, PARTIAL, Office

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
INBOX, OTHER = Path("/một cửa"), Path("/văn thư")
ARCHIVED, REFUSED = ReceiptStatus.ARCHIVED, ReceiptStatus.REFUSED


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def line(
    status: ReceiptStatus,
    name: str,
    after: timedelta = timedelta(0),
    folder: Path = INBOX,
    drop: str = "0a",
) -> ReceiptLine:
    return ReceiptLine(folder, drop, Receipt(name, status, AT + after))


@pytest.mark.parametrize(
    ("name", "taken", "folder", "after", "is_open"),
    [
        ("khóa.pdf", "khóa.pdf", INBOX, timedelta(minutes=5), False),
        ("khóa.pdf", "KHÓA.PDF", INBOX, timedelta(minutes=5), False),
        ("khóa.pdf", "khóa.pdf", INBOX, timedelta(minutes=-5), True),
        ("khóa.pdf", "khóa.pdf", OTHER, timedelta(minutes=5), True),
        ("khóa.pdf", "khóa 2.pdf", INBOX, timedelta(minutes=5), True),
        ("scan0001.pdf", "scan0001.pdf", INBOX, timedelta(days=2), True),
        (f"{CODE}.pdf", f"{CODE}.pdf", INBOX, timedelta(days=5), False),
    ],
)
def test_a_file_of_that_name_taken_later_mends_it(
    office: Office, name: str, taken: str, folder: Path, after: timedelta, is_open: bool
) -> None:
    refused = line(REFUSED, name)
    lines = [refused, line(ARCHIVED, taken, after, folder)]
    assert open_refusals(lines, office.archive) == [refused] * is_open


def refusals(office: Office, drop: str) -> list[str]:
    """Return the refused files of a drop that are still open, by receipts of their own time."""
    names = [f"{CODE}/02 to khai.pdf", f"{CODE}/02 to khai.pdf.ly-do.txt"]
    lines = [line(REFUSED, name, drop=drop) for name in names]
    return [each.receipt.name for each in open_refusals(lines, office.archive)]


def test_it_is_mended_when_its_dossier_does_not_lack_it_any_more(office: Office) -> None:
    older = office.partial()
    assert refusals(office, older) == [f"{CODE}/02 to khai.pdf"]
    newer = office.drops(CODE, {"scan0001.pdf": "tờ khai"}).dossier
    assert newer
    corrections.join(newer, older, office.archive, Act("lan"), replaces="02 to khai.pdf")
    assert refusals(office, older) == []
    corrections.part(newer, office.archive, Act("lan"))
    assert refusals(office, older) == [f"{CODE}/02 to khai.pdf"]


def test_what_a_joined_drop_lacked_is_asked_of_the_dossier_that_has_it(office: Office) -> None:
    older = office.partial()
    lacking = office.prepared(CODE, PARTIAL | {"01 đơn.pdf": "đơn khác"})
    office.receives(lacking)
    corrections.join(lacking.dossier, older, office.archive, Act("lan"))
    assert refusals(office, lacking.dossier) == [f"{CODE}/02 to khai.pdf"]
    office.drops(CODE, FIXED)
    assert refusals(office, lacking.dossier) == []


def test_what_came_late_is_asked_of_the_dossier_of_its_drop(office: Office) -> None:
    assert refusals(office, f"{office.partial()}0002") == [f"{CODE}/02 to khai.pdf"]


@pytest.mark.parametrize("drop", ["", "0b", "0b0001"])
def test_a_drop_that_left_no_dossier_stays_open(office: Office, drop: str) -> None:
    assert refusals(office, drop) == [
        f"{CODE}/02 to khai.pdf",
        f"{CODE}/02 to khai.pdf.ly-do.txt",
    ]
