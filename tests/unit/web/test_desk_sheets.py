"""What is printed or saved from the scanning desk: day book, cover sheets, a page of many files."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from pipeline.audit import Verb
from pipeline.model import PersonRole
from tests.support.desk_rows import note, refused
from tests.support.visitors import Browser, Room, open_room
from web.pages.desk.joining import named_page

LONG = "tên rất dài " * 21  # 252 letters


@pytest.fixture
def room(home: Path) -> Room:
    home.mkdir()
    return open_room(home)


@pytest.fixture
def clerk(room: Room) -> Browser:
    return room.signed_in(room.person("văn-thư", PersonRole.CLERK))


def test_the_day_book_has_names_for_whoever_may_export(room: Room, clerk: Browser) -> None:
    note(room, "0d", refused("Nguyễn Văn Mẫu.txt"))
    assert "Nguyễn Văn Mẫu" not in clerk.get("/ban-quet/so-ngay").text
    officer = room.signed_in(room.person("hồ-sơ", PersonRole.RECORDS))
    assert "Nguyễn Văn Mẫu" in officer.get("/ban-quet/so-ngay").text
    exports = [one for one in room.entries() if one.text("verb") == Verb.EXPORT]
    assert [(one.text("account"), one.detail("names")) for one in exports] == [
        ("văn-thư", "0"),
        ("hồ-sơ", "1"),
    ]
    answer = officer.get("/ban-quet/so-ngay.xlsx")
    assert "so-ngay-" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as workbook:
        assert "Nguyễn Văn Mẫu" in workbook.read("xl/sharedStrings.xml").decode()


def test_cover_sheets_are_printed_from_the_room(clerk: Browser) -> None:
    answer = clerk.post("/ban-quet/to-bia", ma="H26.12.23-260701-0001", phan_cach="2")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    wrong = clerk.post("/ban-quet/to-bia", ma="<b>", phan_cach="0")
    assert wrong.status_code == 422
    assert "Mã hồ sơ không đúng" in wrong.text
    assert "<b>" not in wrong.text.partition("<form class")[2]


def test_a_page_stays_small_on_a_day_of_many_files(room: Room, clerk: Browser) -> None:
    note(room, "0d", *(refused(f"{LONG} {at}.txt") for at in range(500)))
    html = clerk.get("/ban-quet").text
    assert len(html.encode()) < 100_000
    assert "Trang 1/13" in html
    assert "Còn 500 tệp phải xử lý" in html


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("H26.25.56-260218-0091 trang 2 quet lai.pdf", 2),
        ("Trang 12 quét lại.pdf", 12),
        ("tr_3.tif", 3),
        ("bổ sung.pdf", 0),
        ("trang.pdf", 0),
    ],
)
def test_the_name_of_a_new_scan_says_which_page_it_is(name: str, page: int) -> None:
    assert named_page(name) == page
