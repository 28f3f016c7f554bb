"""The catalogue in use is shown with its components and days, to those who operate the product."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.documents.catalogue import COLUMNS, FILE_NAME
from pipeline.model import PersonRole
from tests.support.callers import caller
from tests.support.visitors import Room, open_room

_LINES = (
    ",".join(COLUMNS),
    "1.001193,Đăng ký khai sinh,2020-01-01,2025-06-30,Tờ khai cũ,,required,",
    "1.001193,Đăng ký khai sinh,2025-07-01,,Tờ khai <b>mới</b>,,required,",
    "1.001193,Đăng ký khai sinh,2025-07-01,,Căn cước,,shown,chỉ xuất trình",
)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return open_room(tmp_path)


def imported(room: Room) -> None:
    (room.backend.settings.home / FILE_NAME).write_text("\n".join(_LINES) + "\n", "utf-8")


def test_the_sample_is_told_as_such_and_searched_without_marks(room: Room) -> None:
    officer = room.signed_in(room.person("minh", PersonRole.RECORDS))
    assert "danh mục mẫu" in officer.get("/danh-muc").text
    found = officer.get("/danh-muc?tim-thu-tuc=khai+sinh").text
    assert "khai sinh" in found
    assert "Không có thủ tục nào như vậy" in officer.get("/danh-muc?tim-thu-tuc=qzqz").text


def test_versions_are_told_with_their_days_and_nothing_is_markup(room: Room) -> None:
    imported(room)
    page = room.signed_in(room.person("minh", PersonRole.RECORDS)).get("/danh-muc").text
    assert "2 thủ tục" in page
    assert page.index("từ 01/07/2025") < page.index("đến 30/06/2025")
    assert page.count("không áp dụng hôm nay") == 1
    assert "Tờ khai &lt;b&gt;mới" in page
    assert "chỉ xuất trình" in page


def test_programs_get_the_same(room: Room) -> None:
    imported(room)
    told = caller(room, "minh", PersonRole.RECORDS).told("/catalogue?q=can+cuoc")
    assert (told["imported"], told["found"]) == (True, 1)
    (one,) = told["procedures"]
    assert (one["code"], one["valid_from"], one["valid_to"]) == ("1.001193", "2025-07-01", None)
    assert [each["digitise"] for each in one["components"]] == ["required", "shown"]


def test_a_reader_is_refused(room: Room) -> None:
    assert room.signed_in(room.person("lan")).get("/danh-muc").status_code == 403
