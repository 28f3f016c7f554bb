"""Normalises identifiers and the words of fields into keywords, the terms of the third column.

``1811/QĐ-TTPVHCC`` and ``1811/qd-ttpvhcc`` become one keyword, whatever dashes, dots, spaces and
marks were typed or read. The middle dot cannot come from a text, so no word is ever a keyword.
Words of the fields are keywords too: their posting lists are short, so titles are found at once.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.documents import squeeze_code
from search.text.tokens import TokenForm

_LONGEST = 128  # characters that count: no identifier is longer, and engines cut what is endless


def code_key(code: str) -> str:
    """Return the keyword of a dossier code (mã hồ sơ) or of its beginning."""
    return _cut(f"code·{squeeze_code(code)}")


def number_key(number: str, symbol: str) -> str:
    """Return the keyword of a document's number and symbol (số, ký hiệu); 05 equals 5."""
    return _cut(f"number·{squeeze_code(number).lstrip('0')}{squeeze_code(symbol)}")


def date_key(day: str) -> str:
    """Return the keyword of a date of issue, given as ISO 8601."""
    return _cut(f"date·{squeeze_code(day)}")


def year_key(year: str) -> str:
    """Return the keyword of the year a page counts for."""
    return _cut(f"year·{year}")


def value_key(value: str) -> str:
    """Return the keyword of a personal, tax or telephone number or a land title's serial."""
    return _cut(f"value·{squeeze_code(value)}")


def field_keys(words: Iterable[str], form: TokenForm) -> list[str]:
    """Return the keywords of a field's words, in order.

    Args:
        words: the field's words, all in the same form.
        form: the form that they are in.
    """
    return [f"{form}·{word}" for word in words]


def _cut(key: str) -> str:
    return key[:_LONGEST]
