"""Dates in every spelling, months and quarters find the papers of these days."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from search.query.dates_typed import typed_dates
from search.query.parser import parse
from tests.unit.search.understood import finds, page

DAY = ["01/07/2025", "1/7/2025", "01-07-2025", "1-7-2025", "01.07.2025", "1.7.2025", "2025-07-01",
       "2025/07/01", "1/7/25", "ngày 1 tháng 7 năm 2025", "ngày 01 tháng 07 năm 2025",
       "NGAY 01 THANG 7 NAM 2025", "1 / 7 / 2025", "01 07 2025",
       "ngày một tháng bảy năm hai nghìn không trăm hai mươi lăm"]  # fmt: skip
PRINTED = [spelling for spelling in DAY if spelling not in {"1/7/25", "01 07 2025"}]
ANY_YEAR = ["ngày 1 tháng 7", "ngày 01 tháng 07", "ngay 1 thang 7", "ngày 1/7", "ngày 01-07"]
MONTH = ["tháng 7/2025", "7/2025", "07/2025", "tháng 7 năm 2025", "tháng 07-2025", "thang 7 2025",
         "7-2025", "07.2025", "2025-07", "tháng bảy năm 2025", "T7/2025",
         "tháng 7, 2025"]  # fmt: skip
QUARTER = ["quý 3/2025", "quý III năm 2025", "quý III/2025", "quy 3/2025", "Quý 3 năm 2025",
           "QUÝ III-2025", "quý ba năm 2025", "q3/2025", "quý iii 2025"]  # fmt: skip
OTHER = ["02/07/2025", "1/8/2025", "01/07/2024", "tháng 8/2025", "7/2024", "quý 2/2025",
         "quý IV năm 2025", "ngày 2 tháng 7", "ngày 1/8", "2025-08"]  # fmt: skip


@pytest.mark.parametrize("printed", PRINTED)
def test_a_date_on_a_page_is_found_in_every_spelling(printed: str) -> None:
    paper = page(f"Bản Mẫu, {printed}, hẹn trả kết quả")
    for typed in (*DAY, *ANY_YEAR, *MONTH, *QUARTER):
        assert finds(typed, paper), typed
        assert finds(f"trả kết quả {typed}", paper), typed
    assert not [typed for typed in OTHER if finds(typed, paper)]


def test_the_date_of_issue_is_found_in_every_spelling() -> None:
    paper = page("mờ", issued_on="2025-07-01")
    for typed in (*DAY, *ANY_YEAR, *MONTH, *QUARTER):
        assert finds(f"quyết định {typed}", paper), typed
    assert not [typed for typed in OTHER if finds(typed, paper)]


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("Báo cáo quý III/2025", "quý 3/2025"),
        ("Báo cáo quý 3 năm 2025", "quý III năm 2025"),
        ("Kế hoạch tháng 07 năm 2025", "tháng 7/2025"),
        ("Kế hoạch tháng 7/2025", "07/2025"),
        ("nghỉ ngày 02 tháng 9", "ngày 2/9"),
    ],
)
def test_periods_printed_as_words_are_found(printed: str, typed: str) -> None:
    assert finds(typed, page(printed))


def test_a_quarter_has_its_three_months() -> None:
    for month in range(1, 13):
        paper = page("mờ", issued_on=f"2024-{month:02}-15")
        found = [quarter for quarter in range(1, 5) if finds(f"quý {quarter}/2024", paper)]
        assert found == [(month + 2) // 3]


def test_every_day_is_in_its_month_and_quarter() -> None:
    """Property: any day, printed and typed in spellings drawn by chance."""
    random = Random("days")
    spellings = ("{0}/{1}/{2}", "{0:02}.{1:02}.{2}", "{0}-{1}-{2}", "ngày {0} tháng {1} năm {2}",
                 "{2}-{1:02}-{0:02}")  # fmt: skip
    for _ in range(200):
        day = date(1990, 1, 1) + timedelta(random.randrange(15_000))
        parts = (day.day, day.month, day.year)
        paper = page(f"cấp {random.choice(spellings).format(*parts)} tại")
        assert finds(random.choice(spellings).format(*parts), paper)
        assert finds(f"{day.month}/{day.year}", paper)
        assert finds(f"quý {(day.month + 2) // 3}/{day.year}", paper)
        other = day + timedelta(random.choice([-400, -120, 120, 400]))
        assert not finds(f"{other.month}/{other.year}", paper)


def test_a_period_lifts_like_a_year_and_a_day_like_an_identifier() -> None:
    month, quarter, day = (parse(text).terms[0] for text in ("7/2025", "quý 3/2025", "1/7/2025"))
    assert (month.key, month.is_year) == ("date·202507", True)
    assert (quarter.key, quarter.is_year) == ("date·2025q3", True)
    assert (day.key, day.is_year) == ("date·20250701", False)


@pytest.mark.parametrize(
    "text",
    ["13/2024", "0/2024", "quý v/2024", "32/13/2024", "12/2020/NĐ-CP", "3/20245",
     "ngày 31 tháng 2", "tháng 13 năm 2024", "2024-13", "H26.3/2024", "a3/2024", "ngày tháng năm"],
)  # fmt: skip
def test_what_is_no_date(text: str) -> None:
    assert typed_dates(text) == []


def test_words_around_a_date_stay_words() -> None:
    parsed = parse("báo cáo quý II/2024 của xã")
    first = [" ".join(word.folded for word in term.phrases[0]) for term in parsed.terms]
    assert first == ["bao", "cao", "quy ii 2024", "cua", "xa"]
