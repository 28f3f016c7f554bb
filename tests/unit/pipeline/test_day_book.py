"""The book of a day: sums that balance, real dates, no formula, names only for whoever may."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as Tree
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pipeline import clock
from pipeline.desk.day import DeskDay
from pipeline.desk.day_book import HIDDEN, day_book, day_book_json
from pipeline.desk.files import DeskFile, stand
from pipeline.desk.spreadsheet import day_book_xlsx
from pipeline.model import (
    Component,
    ComponentState,
    Document,
    Dossier,
    Finding,
    Outcome,
    Receipt,
    ReceiptStatus,
    Record,
    Scan,
    Source,
)

NOW = datetime(2026, 11, 28, 3, 4, tzinfo=UTC)
DAY = date(2026, 11, 28)
FORMULA = '=HYPERLINK("http://a.example","bấm")'
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def found(value: str) -> Finding:
    return Finding(value, value, 0.99, Source.OCR, 1)


def desk() -> DeskDay:
    paper = Document(
        "Tờ khai",
        (1,),
        {
            "applicant": found("Nguyễn Văn Mẫu"),
            "received_on": found("2026-11-03"),
            "procedure_name": found("Đăng ký khai sinh"),
        },
    )
    dossier = Dossier(
        "0a",
        FORMULA,
        NOW,
        code="H26.15.25-251103-0170",
        scans=(Scan("0" * 64, FORMULA, 5, "application/pdf", 0),),
        documents=(paper,),
        outcome=Outcome.COMPLETE,
    )
    record = Record(2, NOW, "sohoa", "digitised", dossier)
    receipts = [
        Receipt(FORMULA, ReceiptStatus.ARCHIVED, NOW, "0a", size=5, sha256="0" * 64),
        Receipt("+84 hai lần.pdf", ReceiptStatus.DUPLICATE, NOW, "0a"),
        Receipt("@SUM(A1).txt", ReceiptStatus.REFUSED, NOW, None, "-2+3", "=1+1"),
        Receipt("http://a.example/x.pdf", ReceiptStatus.WAITING, NOW + timedelta(minutes=1)),
    ]
    files = []
    for at, receipt in enumerate(receipts):
        known = record if receipt.dossier else None
        standing = stand(receipt, known, None)
        files.append(DeskFile(Path("/quet1"), DAY, "0d", at, receipt, known, None, standing, 2, 2))
    return DeskDay(DAY, tuple(files))


def cells(content: bytes, sheet: int) -> list[list[tuple[str, str]]]:
    """Return type and value of each cell of a sheet; texts are looked up."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        texts = [
            "".join(part.text or "" for part in each.iter(f"{MAIN}t"))
            for each in Tree.fromstring(book.read("xl/sharedStrings.xml"))
        ]
        root = Tree.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))
    rows = []
    for row in root.iter(f"{MAIN}row"):
        values = []
        for cell in row:
            value = cell.findtext(f"{MAIN}v") or ""
            kind = cell.get("t", "n")
            values.append((kind, texts[int(value)] if kind == "s" else value))
        rows.append(values)
    return rows


def test_sums_balance() -> None:
    sums = {row["Mục"]: row["Số"] for row in day_book(desk(), with_names=True).sums}
    parts = ("Đã lưu", "Trùng", "Bị từ chối", "Đang chờ")
    assert sums["Tệp đã thả"] == sum(int(str(sums[f"– {part}"])) for part in parts) == 4
    states = ("Cần xử lý", "Đang đọc", "Xong")
    assert sum(int(str(sums[f"Tệp: {state}"])) for state in states) == 4
    assert sums["Hồ sơ"] == sums["Hồ sơ: Đã số hóa"] == 1
    assert sums["Ảnh của tệp đã lưu"] == 2, "a duplicate's pages are not counted twice"


def test_texts_are_never_formulas_or_links() -> None:
    content = day_book_xlsx(day_book(desk(), with_names=True))
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        everything = b"".join(book.read(name) for name in book.namelist())
        assert not [name for name in book.namelist() if "_rels/sheet" in name], "no links"
    assert b"<f>" not in everything
    names = {cell for row in cells(content, 2) for kind, cell in row if kind == "s"}
    assert {FORMULA, "+84 hai lần.pdf", "@SUM(A1).txt", "http://a.example/x.pdf"} <= names


def test_dates_are_real_dates() -> None:
    content = day_book_xlsx(day_book(desk(), with_names=True))
    (head, first, *_) = cells(content, 1)
    at = [text for _, text in head].index("Ngày tiếp nhận")
    kind, value = first[at]
    assert kind == "n"
    assert date(1899, 12, 30) + timedelta(days=int(value)) == date(2026, 11, 3)
    (head, first, *_) = cells(content, 2)
    kind, value = first[[text for _, text in head].index("Thời gian")]
    moment = datetime(1899, 12, 30) + timedelta(days=float(value))  # noqa: DTZ001
    assert abs(moment - clock.local(NOW).replace(tzinfo=None)) < timedelta(seconds=1)


@pytest.mark.parametrize("with_names", [True, False])
def test_names_are_there_on_request_alone(*, with_names: bool) -> None:
    book = day_book(desk(), with_names=with_names)
    content = day_book_xlsx(book)
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        text = b"".join(opened.read(name) for name in opened.namelist()).decode("utf-8", "replace")
    assert ("Nguyễn Văn Mẫu" in text) == with_names
    assert ("hai lần" in text) == with_names
    assert (HIDDEN in text) != with_names


def test_numbers_in_texts_are_masked_without_the_right_to_names() -> None:
    number = "001099012345"
    day = desk()
    record = day.files[0].record
    assert record
    paper = replace(
        record.dossier.documents[0], findings={"procedure_name": found(f"Cấp lại thẻ {number}")}
    )
    lacking = (Component(f"Thẻ căn cước số {number}", ComponentState.MISSING, "receipt"),)
    dossier = replace(record.dossier, documents=(paper,), components=lacking)
    files = (replace(day.files[0], record=replace(record, dossier=dossier)),)
    for with_names, times in ((False, 0), (True, 2)):
        book = day_book(DeskDay(DAY, files), with_names=with_names)
        assert str(book.dossiers).count(number) == times
        assert "Cấp lại thẻ" in str(book.dossiers)


def test_a_withheld_dossier_shows_nothing_of_its_own() -> None:
    day = desk()
    record = day.files[0].record
    assert record
    held = Record(3, NOW, "sohoa", "withheld", record.dossier)
    files = tuple(
        DeskFile(f.folder, f.day, f.drop, f.line, f.receipt, held, None, f.standing)
        for f in day.files[:1]
    )
    (row,) = day_book(DeskDay(DAY, files), with_names=True).dossiers
    assert row["Tình trạng"] == "Giữ lại"
    shown = " ".join(str(value) for name, value in row.items())
    assert not re.search("Nguyễn|H26|khai sinh", shown)


def test_programs_get_the_same_under_names_of_their_own() -> None:
    day = desk()
    told = day_book_json(day, day_book(day, with_names=True))
    assert told["counts"] == {"archived": 1, "duplicate": 1, "refused": 1, "waiting": 1}
    assert isinstance(told["book"], dict)
    (dossier,) = told["book"]["dossiers"]
    assert (dossier["code"], dossier["received_on"]) == ("H26.15.25-251103-0170", "2026-11-03")


def test_an_empty_day_is_a_book_too() -> None:
    content = day_book_xlsx(day_book(DeskDay(DAY, ()), with_names=False))
    assert cells(content, 1)[0][0] == ("s", "STT")
