"""Normalises identifiers and the words of fields into keywords, the terms of the third column.

``1811/QĐ-TTPVHCC`` and ``1811/qd-ttpvhcc`` become one keyword, whatever dashes, dots, spaces and
marks were typed or read. The middle dot cannot come from a text, so no word is ever a keyword.
Keywords that begin with ``said`` are of what a text mentions: they find, but do not rank a page
with those whose own number or date it is. Numbers of people are no keywords but hashes, in columns
of their own (``search.text.hidden_numbers``).
Words of the fields are keywords too: their posting lists are short, so titles are found at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pipeline.documents import squeeze_code
from search.text.numbers import normal_number
from search.text.tokens import TokenForm

DatePrefix = Literal["date", "said"]

_LONGEST = 128  # characters that count: no identifier is longer, and engines cut what is endless


def code_key(code: str) -> str:
    """Return the keyword of a dossier code (mã hồ sơ) or of its beginning."""
    return _cut(f"code·{squeeze_code(code)}")


def code_end_key(code: str) -> str:
    """Return the keyword of a dossier code read backwards: its beginnings are the code's ends."""
    return _cut(f"edoc·{squeeze_code(code)[::-1]}")


def number_key(number: str, symbol: str) -> str:
    """Return the keyword of a document's number and symbol (số, ký hiệu); 05 equals 5."""
    return _cut(f"number·{squeeze_code(number).lstrip('0')}{squeeze_code(symbol)}")


def date_key(day: str) -> str:
    """Return the keyword of a date of issue, given as ISO 8601."""
    return _cut(f"date·{squeeze_code(day)}")


def day_keys(prefix: DatePrefix, day: str) -> list[str]:
    """Return the keywords of a date: the day, the day in any year, its month and its quarter.

    Args:
        prefix: whether the page was issued that day, or only mentions it.
        day: the date as ISO 8601, whole.
    """
    year, month, number = day[:4], day[5:7], day[8:10]
    in_any_year, of_month = month + number, year + month
    quarter = f"{year}q{(int(month) + 2) // 3}"
    parts = (f"{of_month}{number}", in_any_year, of_month, quarter)
    return [f"{prefix}·{part}" for part in parts]


def year_key(year: str) -> str:
    """Return the keyword of the year a page counts for."""
    return _cut(f"year·{year}")


def value_key(value: str) -> str:
    """Return the keyword of a personal, tax or telephone number or a land title's serial."""
    return _cut(f"value·{_normal(value)}")


def said_code(code: str) -> str:
    """Return the keyword of a code, a document's number or a serial that a text mentions."""
    return _cut(f"said·{squeeze_code(code)}")


def said_number(number: str) -> str:
    """Return the keyword of a number that a text mentions; it is in normal form."""
    return f"said·n{number}"


def field_keys(words: Iterable[str], form: TokenForm) -> list[str]:
    """Return the keywords of a field's words, in order.

    Args:
        words: the field's words, all in the same form.
        form: the form that they are in.
    """
    return [f"{form}·{word}" for word in words]


def _normal(value: str) -> str:
    squeezed = squeeze_code(value)
    return normal_number(squeezed) if squeezed.isdigit() else squeezed


def _cut(key: str) -> str:
    return key[:_LONGEST]
