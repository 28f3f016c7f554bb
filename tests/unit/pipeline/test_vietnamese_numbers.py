"""Numbers and dates in Vietnamese words are read back; what is no number is none."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest

from pipeline.vietnamese.numbers import find_word_dates, number_from_words, real_date

ONES = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]


def spelled(number: int) -> str:
    """Spell 0-99 as civil-status papers do."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return ONES[ones]
    head = "mười" if tens == 1 else f"{ONES[tens]} mươi"
    tail = {0: "", 5: "lăm", 1: "một" if tens == 1 else "mốt"}.get(ones, ONES[ones])
    return f"{head} {tail}".strip()


@pytest.mark.parametrize("number", range(100))
def test_every_number_below_a_hundred_is_read_back(number: int) -> None:
    assert number_from_words(spelled(number).split()) == number


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("một nghìn chín trăm chín mươi chín", 1999),
        ("hai nghìn không trăm linh năm", 2005),
        ("hai ngàn không trăm lẻ tư", 2004),
        ("hai nghìn hai mươi sáu", 2026),
        ("hai mươi nhăm", 25),
        ("một triệu năm trăm nghìn", 1_500_000),
        ("ba tỷ hai trăm triệu", 3_200_000_000),
        ("HAI MƯƠI MỐT", 21),
        ("hai muoi mot", 21),
    ],
)
def test_longer_numbers(words: str, number: int) -> None:
    assert number_from_words(words.split()) == number


@pytest.mark.parametrize("words", ["", "hai ba", "phường hai", "trăm"])
def test_what_is_no_number_is_none(words: str) -> None:
    assert number_from_words(words.split()) is None


@pytest.mark.parametrize("day", [date(1999, 12, 31), date(2005, 5, 5), date(2026, 3, 15)])
def test_dates_in_words_are_read_back(day: date) -> None:
    century = "một nghìn chín trăm" if day.year < 2000 else "hai nghìn không trăm linh"
    year = f"{century} {spelled(day.year % 100)}"
    if day.year > 2009:
        year = f"hai nghìn không trăm {spelled(day.year % 100)}"
    text = f"ghi bằng chữ: Ngày {spelled(day.day)} tháng {spelled(day.month)} năm {year}."
    for form in ("NFC", "NFD"):
        assert [found.day for found in find_word_dates(unicodedata.normalize(form, text))] == [day]


def test_the_calendar_decides() -> None:
    text = "ngày ba mươi mốt tháng hai năm hai nghìn hai mươi"
    assert [found.day for found in find_word_dates(text)] == [None]
    assert real_date(2024, 2, 29) == date(2024, 2, 29)
    assert real_date(2023, 2, 29) is None
    assert real_date(None, 2, 1) is None


@pytest.mark.parametrize("text", ["ngày … tháng … năm …", "năm hai nghìn", "ngày hai tháng ba"])
def test_blank_or_partial_dates_yield_nothing(text: str) -> None:
    assert find_word_dates(text) == []
