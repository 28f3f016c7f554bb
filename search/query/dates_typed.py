"""Finds dates, months and quarters in a query, with all the ways in which papers write them.

A month or a quarter stands for each of its days: the index keeps keywords of both for the date of
issue and for the dates that a text mentions.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from pipeline.vietnamese.numbers import real_date
from search.query.spelled import Spelled, apart
from search.text.keywords import date_key, day_keys
from search.text.mentions import days_in

_AGE = r"((?:19|20)\d\d)"
_BEFORE, _AFTER = r"(?<![\w/.,-])", r"(?![^\W_]|[/.,-][^\W_])"
_DAY_WORD, _MONTH_WORD = r"ng[aàáảã]y", r"th[aáàả]ng"
_YEAR_WORD = r"(?:n[aă]m|[/.,-])?"

_SHORT_YEAR = re.compile(rf"{_BEFORE}(\d{{1,2}})([/-])(\d{{1,2}})\2(\d\d){_AFTER}")
_SPACED = re.compile(rf"{_BEFORE}(\d{{1,2}}) (\d{{1,2}}) {_AGE}{_AFTER}")
_DAY_ALONE = re.compile(
    rf"{_BEFORE}{_DAY_WORD}\s*(\d{{1,2}})\s*(?:{_MONTH_WORD}|[/.-])\s*(\d{{1,2}}){_AFTER}"
)
_MONTH_NAMES = {
    "giêng": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7,
    "tám": 8, "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12, "chạp": 12,
}  # fmt: skip
_NAME = "|".join(sorted(_MONTH_NAMES, key=len, reverse=True))
_MONTH = re.compile(
    rf"{_BEFORE}{_MONTH_WORD}\s*(\d{{1,2}}|{_NAME})\s*{_YEAR_WORD}\s*{_AGE}{_AFTER}"
)
_MONTH_ALONE = re.compile(rf"{_BEFORE}t?\.?(\d{{1,2}})\s?[/.-]\s?{_AGE}{_AFTER}")
_YEAR_MONTH = re.compile(rf"{_BEFORE}{_AGE}[/-](\d\d){_AFTER}")
_QUARTERS = {
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "một": 1, "nhất": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4
}  # fmt: skip
_QUARTER = re.compile(
    rf"{_BEFORE}(?:qu[yýỳúù][yýỳ]?|q\.?)\s*([1-4]|{'|'.join(sorted(_QUARTERS, reverse=True))})"
    rf"\s*{_YEAR_WORD}\s*{_AGE}{_AFTER}"
)
_ROMAN = ("I", "II", "III", "IV")


def typed_dates(text: str) -> list[Spelled]:
    """Return the dates, months and quarters of a query, in order and none in another.

    Args:
        text: the text as typed, with normalised punctuation.
    """
    lowered = text.lower()
    if len(lowered) != len(text):  # İ: offsets would shift
        lowered = text
    found = [*_days(text, lowered), *_days_of_any_year(text, lowered)]
    return list(apart([*found, *_months(text, lowered), *_quarters(text, lowered)]))


def _days(text: str, lowered: str) -> Iterator[Spelled]:
    for day, start, end in days_in(lowered):
        yield _day(day, start, end, text[start:end])
    for match in _SPACED.finditer(lowered):
        if spaced := real_date(int(match[3]), int(match[2]), int(match[1])):
            day_typed = _day(spaced, *match.span(), text[slice(*match.span())])
            yield day_typed._replace(is_period=True)  # may be a row of numbers: lifts less
    for match in _SHORT_YEAR.finditer(lowered):
        year = int(match[4])
        age = 2000 if year < 50 else 1900
        if short := real_date(age + year, int(match[3]), int(match[1])):
            yield _day(short, *match.span(), text[slice(*match.span())])


def _day(day: date, start: int, end: int, typed: str) -> Spelled:
    written = [typed]
    for pattern in ("{0:02}/{1:02}/{2}", "ngày {0:02} tháng {1:02} năm {2}"):
        written.append(pattern.format(day.day, day.month, day.year))
        written.append(pattern.replace(":02", "").format(day.day, day.month, day.year))
    written.append(f"ngày {day.day:02} tháng {day.month} năm {day.year}")
    iso = day.isoformat()
    mentions = (day_keys("said", iso)[0],)
    spellings = tuple(dict.fromkeys([*written, iso]))
    return Spelled(start, end, spellings, date_key(iso), mentions, days=(day, day))


def _days_of_any_year(text: str, lowered: str) -> Iterator[Spelled]:
    for match in _DAY_ALONE.finditer(lowered):
        day, month = int(match[1]), int(match[2])
        if real_date(2024, month, day):  # a leap year
            start, end = match.span()
            iso = f"2024-{month:02}-{day:02}"
            written = [text[start:end]]
            for one in (f"{day:02}", day):
                written += [f"ngày {one} tháng {other}" for other in (f"{month:02}", month)]
            keys = (day_keys("date", iso)[1], day_keys("said", iso)[1])
            yield Spelled(
                start, end, tuple(dict.fromkeys(written)), keys[0], keys[1:], is_period=True
            )


def _months(text: str, lowered: str) -> Iterator[Spelled]:
    for match in _MONTH.finditer(lowered):
        month = _MONTH_NAMES.get(match[1]) or int(match[1])
        yield from _month(int(match[2]), month, match.span(), text)
    for match in _MONTH_ALONE.finditer(lowered):
        yield from _month(int(match[2]), int(match[1]), match.span(), text)
    for match in _YEAR_MONTH.finditer(lowered):
        yield from _month(int(match[1]), int(match[2]), match.span(), text)


def _month(year: int, month: int, span: tuple[int, int], text: str) -> Iterator[Spelled]:
    if not 1 <= month <= 12:
        return
    written = [text[slice(*span)], *_month_spellings(year, month)]
    iso = f"{year}-{month:02}-01"
    keys = (day_keys("date", iso)[2], day_keys("said", iso)[2])
    spellings, days = tuple(dict.fromkeys(written)), months(year, month, month)
    yield Spelled(*span, spellings, keys[0], keys[1:], is_period=True, days=days)


def months(year: int, first: int, last: int) -> tuple[date, date]:
    """Return the first and the last day of some months of a year."""
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def _month_spellings(year: int, month: int) -> Iterator[str]:
    """Yield how papers write a month, alone or at the end of a date."""
    for one in (f"{month:02}", month):
        yield from (f"tháng {one}/{year}", f"tháng {one} năm {year}", f"{one}/{year}")


def _quarters(text: str, lowered: str) -> Iterator[Spelled]:
    for match in _QUARTER.finditer(lowered):
        quarter, year = _QUARTERS.get(match[1]) or int(match[1]), match[2]
        days = months(int(year), 3 * quarter - 2, 3 * quarter)
        written = [text[slice(*match.span())]]
        for one in (quarter, _ROMAN[quarter - 1]):
            written += [f"quý {one}/{year}", f"quý {one} năm {year}"]
        for month in range(3 * quarter - 2, 3 * quarter + 1):
            written += [*_month_spellings(int(year), month)]
        iso = f"{year}-{3 * quarter:02}-01"
        keys = (day_keys("date", iso)[3], day_keys("said", iso)[3])
        spellings = tuple(dict.fromkeys(written))
        yield Spelled(*match.span(), spellings, keys[0], keys[1:], is_period=True, days=days)
