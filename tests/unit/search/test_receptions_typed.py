"""«tiếp nhận tháng 11/2025» is understood in every spelling, and nothing else is."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

import pytest

from pipeline import clock
from pipeline.model import Query
from search.query.receptions_typed import with_typed_reception, without_a_day, without_reception
from tests.support.indexed import UnicodeForm

MONTH = ("2025-11-01", "2025-11-30")
UNDERSTOOD = {
    "tiếp nhận tháng 11/2025": MONTH,
    "tiep nhan 11/2025": MONTH,
    "TIẾP NHẬN THÁNG 11 NĂM 2025": MONTH,
    "ngày tiếp nhận: tháng 11/2025": MONTH,
    "tiếp nhận trong tháng 11/2025": MONTH,
    "tiếp nhận T11/2025": MONTH,
    "tiếp nhận 2025-11": MONTH,
    "tiếp nhận quý IV/2025": ("2025-10-01", "2025-12-31"),
    "tiếp nhận quý 4 2025": ("2025-10-01", "2025-12-31"),
    "tiếp nhận năm 2025": ("2025-01-01", "2025-12-31"),
    "tiếp nhận 2024": ("2024-01-01", "2024-12-31"),
    "tiếp nhận 3/11/2025": ("2025-11-03", "2025-11-03"),
    "tiếp nhận ngày 3 tháng 11 năm 2025": ("2025-11-03", "2025-11-03"),
    "tiếp nhận từ 01/11/2025 đến 15/11/2025": ("2025-11-01", "2025-11-15"),
    "tiếp nhận từ ngày 01/11 đến hết ngày 15/11/2025": ("2025-11-01", "2025-11-15"),
    "tiếp nhận từ 1/11 đến 15/11/2025": ("2025-11-01", "2025-11-15"),
    "tiếp nhận từ tháng 10 đến tháng 11/2025": ("2025-10-01", "2025-11-30"),
    "tiếp nhận từ 15/12 đến 10/01/2026": ("2025-12-15", "2026-01-10"),
    "tiep nhan tu 29/2 den 10/1/2025": ("2024-02-29", "2025-01-10"),
    "tiếp nhận từ tháng 11 đến tháng 2/2026": ("2025-11-01", "2026-02-28"),
    "tiếp nhận từ tháng 12 đến 31/12/2025": ("2025-12-01", "2025-12-31"),
    "tiếp nhận tháng 10/2025 - tháng 11/2025": ("2025-10-01", "2025-11-30"),
    "tiếp nhận từ 1/11/2025": ("2025-11-01", None),
    "tiếp nhận đến 30/11/2025": (None, "2025-11-30"),
}
LEFT_ALONE = [
    "tiếp nhận",
    "phiếu tiếp nhận tháng 11/2025",
    "bộ phận tiếp nhận 11/2025",
    "hồ sơ chưa tiếp nhận năm 2025",
    "ho so chua tiep nhan nam 2025",
    "không tiếp nhận tháng 11/2025",
    "chưa được tiếp nhận tháng 11/2025",
    "không có ngày tiếp nhận năm 2025",
    "từ chối tiếp nhận năm 2025",
    "quyết định tiếp nhận ngày 12/03/2024",
    "quyet dinh tiep nhan 2024",
    "biên bản tiếp nhận năm 2024",
    "thông báo tiếp nhận ngày 05/06/2025",
    "công văn tiếp nhận 2024",
    "tiếp nhận từ 29/2 đến 15/11/2025",
    '"tiếp nhận tháng 11/2025"',
    "-tiếp nhận 11/2025",
    "tiếp nhận hồ sơ tháng 11/2025",
    "tiếp nhận 32/11/2025",
    "tiếp nhận tháng 13/2025",
    "tiếp nhận ngày 3/11",
    "tiếp nhận 1811/QĐ-UBND",
    "tiếp nhận 0900 000 123",
    "tháng 11/2025",
    "11/2025 tiếp nhận",
    "İ tiếp nhận 11/2025",
]


def filters(first: str | None, last: str | None) -> dict[str, str]:
    days = {"reception_from": first, "reception_to": last}
    return {name: day for name, day in days.items() if day}


@pytest.mark.parametrize("typed", UNDERSTOOD)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_days_behind_the_words_are_a_filter(typed: str, form: UnicodeForm) -> None:
    text = unicodedata.normalize(form, f"Nguyễn Mẫu {typed} khai sinh")
    assert without_reception(text) == ("Nguyễn Mẫu khai sinh", filters(*UNDERSTOOD[typed]))
    assert without_reception(typed) == ("", filters(*UNDERSTOOD[typed]))


@pytest.mark.parametrize("words", ["hồ sơ", "ho so", "đã", "không dấu, đã"])
def test_words_before_it_that_name_no_paper_are_no_obstacle(words: str) -> None:
    assert without_reception(f"{words} tiếp nhận tháng 11/2025") == (words, filters(*MONTH))


@pytest.mark.parametrize("typed", LEFT_ALONE)
def test_everything_else_stays_words(typed: str) -> None:
    assert without_reception(typed) == (typed, {})


def test_days_of_now_are_counted_from_today() -> None:
    today = clock.today()
    begun = {
        "hôm nay": today,
        "tuần này": today - timedelta(days=today.weekday()),
        "tháng này": today.replace(day=1),
        "năm nay": date(today.year, 1, 1),
    }
    for typed, first in begun.items():
        found = filters(first.isoformat(), today.isoformat())
        assert without_reception(f"tiếp nhận {typed}") == ("", found)
    _, before = without_reception("tiep nhan thang truoc")
    assert date.fromisoformat(before["reception_to"]) == today.replace(day=1) - timedelta(days=1)
    assert before["reception_from"] == before["reception_to"][:8] + "01"


def test_who_is_left_out_for_want_of_a_day_is_one_query() -> None:
    asked = Query("đơn tiếp nhận 11/2025", {"unit": "A", "reception_to": "2025-11-15"}, 7, 40)
    narrowed = {"unit": "A", **filters("2025-11-01", "2025-11-15")}
    assert with_typed_reception(asked) == Query("đơn", narrowed, 7, 40)
    assert without_a_day(asked) == Query("đơn", {"unit": "A", "no_reception": "1"}, 1)
    assert without_a_day(Query("đơn", {"unit": "A"})) is None
    assert without_a_day(Query("tiếp nhận 11/2025", {"no_reception": "1"})) is None
