"""Keywords: identifiers in the one form in which they are compared.

``1811/QĐ-TTPVHCC`` and ``1811/qd-ttpvhcc`` become one keyword, whatever dashes, dots, spaces and
marks were typed or read. The middle dot cannot come from a text, so no word is ever a keyword.
Words of the fields are kept as keywords too, in lists so short that titles are found at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pipeline.documents import squeeze_code

_LONGEST = 128  # characters that count: no identifier is longer, and engines cut what is endless


def code_key(code: str) -> str:
    """Return the keyword of a dossier code (mã hồ sơ) or of its beginning."""
    return _cut(f"code·{squeeze_code(code)}")


def number_key(number: str, symbol: str) -> str:
    """Return the keyword of số, ký hiệu; zeros before the number do not count (05 = 5)."""
    return _cut(f"number·{squeeze_code(number).lstrip('0')}{squeeze_code(symbol)}")


def date_key(day: str) -> str:
    """Return the keyword of an ISO date of issue."""
    return _cut(f"date·{squeeze_code(day)}")


def year_key(year: str) -> str:
    """Return the keyword of the year a page counts for."""
    return _cut(f"year·{year}")


def value_key(value: str) -> str:
    """Return the keyword of a personal, tax or telephone number or a land title's serial."""
    return _cut(f"value·{squeeze_code(value)}")


def field_keys(words: Iterable[str], reading: Literal["exact", "folded"]) -> list[str]:
    """Return the keywords of words of a field, in order."""
    return [f"{reading}·{word}" for word in words]


def _cut(key: str) -> str:
    return key[:_LONGEST]
