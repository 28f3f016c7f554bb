"""Dates of no calendar and syllables no rule allows speak against the letters of a page."""

from __future__ import annotations

import pytest

from pipeline.vietnamese import impossible_lines

PLAIN = (
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;",
    "Theo đề nghị của Trưởng phòng Kinh tế tại Tờ trình số 52/TTr-KT,",
    "hạn nộp 30/11/2025 hoặc 12/25/2025, mã 99/99/9999-H29",
    "Ông Giàng A Páo, xã Đắk Rve, huyện Krông Nô; Bưu điện",
)


def said(*lines: str) -> list[int]:
    return impossible_lines([line.split() for line in lines])


def test_a_page_like_others_says_nothing_against_itself() -> None:
    assert said(*PLAIN) == []
    assert said() == []


@pytest.mark.parametrize(
    "line", ["ngày 49 tháng 9 năm 5358", "ngày 12 tháng 45", "hạn nộp 63/44/5358"]
)
def test_dates_of_no_calendar_do(line: str) -> None:
    assert said(PLAIN[1], line) == [1]


def test_one_slip_among_dates_does_not() -> None:
    assert said(PLAIN[0], PLAIN[2], "ngày 31 tháng 13 năm 2025") == []


def test_syllables_that_no_rule_allows_do_when_they_are_many() -> None:
    assert said(*PLAIN[:3], "phê duyểt viểc sửa chữa", "nghỉ quyềt số hai") == [3, 4]
    assert said(*PLAIN, "phê duyểt việc sửa chữa") == []


@pytest.mark.parametrize(
    "line",
    [
        "Y Bhăm Niê Kđăm, Y Wăng Ênuôl và H'Bliă Mlô",
        "Ksor Phước, Rơ Châm Jơr, Siu Hlơi, Kpă Đơng",
        "Đăk Pxi, Đăk Pék, Đăk Môn, Ngọk Linh, Ngọk Hồi",
        "sinh ngày 00/00/1955",
    ],
)
def test_names_of_other_peoples_and_birthdays_of_a_year_do_not(line: str) -> None:
    assert said(PLAIN[1], line) == []
