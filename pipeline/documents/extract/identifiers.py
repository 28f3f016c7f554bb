"""Finds document numbers, dossier codes and procedure codes in noisy text.

Patterns tolerate the white space and the look-alikes that OCR engines put into codes; both are
removed from what is found (docs/domain.md §3.3, §4 and §9).
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from pipeline.documents.confusions import (
    DIGIT_LIKE,
    as_digits,
    normalise_punctuation,
    remove_spaces,
)
from pipeline.documents.symbols import TYPE_OF_ABBREVIATION, as_printed, normalise_symbol
from pipeline.vietnamese.numbers import real_date

_LABEL = r"(?<![^\W\d_])[Ss][ốôoóồổỗò6]\s*[:.;]?\s*"
_YEAR = r"(?:(?P<year>(?:19|20)\d{2})\s*/\s*)?"
_SYMBOL = (
    r"(?P<symbol>[A-ZĐ](?:\s?Đ){0,2}[A-Za-zĐđ]{0,11}\d{0,3}"
    r"(?:\s?[-&.]\s?[A-ZĐƯ][A-Za-zĐƯđư0-9]*)*)(?![^\W\d_])"
)
_LABELLED = re.compile(
    rf"{_LABEL}(?P<number>[{DIGIT_LIKE}](?:\s?[{DIGIT_LIKE}]){{0,5}}[a-z]?)\s*/\s*{_YEAR}{_SYMBOL}"
)
_BARE = re.compile(rf"(?<![\w/.,-])(?P<number>\d{{1,5}}[a-z]?)\s?/\s?{_YEAR}{_SYMBOL}")
_PARTY = re.compile(
    rf"{_LABEL}(?P<number>\d{{1,5}})\s?-\s?(?P<kind>[A-ZĐ][A-Za-zĐ]{{1,3}})\s?/\s?"
    r"(?P<agency>[A-ZĐ]{1,8})(?![^\W\d_])"
)
_TYPED = re.compile(
    r"(?<![\w/.,-])(?P<number>\d{1,5})/(?:(?P<year>(?:19|20)\d{2})/)?"
    r"(?P<symbol>[^\W\d_]{1,9}\d{0,3}(?:[-&][^\W_]+)*)(?![\w/-])"
)
_DOSSIER = re.compile(
    r"(?<![0-9A-Z.])(?P<unit>(?:[0-9A-Z]{3}\.\s?[0-9A-Z]{2}\.\s?[0-9A-Z]{2}\.\s?[A-Z]\d{2})"
    r"|(?:[A-Z]\d{2}(?:\.\s?[0-9A-Z]{1,5}){0,7}))"
    r"\s?-\s?(?P<day>\d(?:\s?\d){5})\s?-\s?(?P<serial>\d(?:\s?\d){3,6})(?!\s?\d)"
)
_PROCEDURE = re.compile(r"(?<![\d.])([1-3]\.\d{6})(?:\.\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2})?(?!\d)")

_NO_DIGIT = re.compile(r"\D")
# Behind its label a code may have been read as I.001193 or 1.001.193.
_PROCEDURE_AFTER_LABEL = re.compile(
    r"(?:[Tt]h[ủu]\s+t[ụu]c|TTHC)[^\d:]{0,20}:\s*([1-3Il|!])\s?\.\s?(\d(?:[\s.]?\d){5})(?!\d)"
)


class DocumentNumber(NamedTuple):
    """Số, ký hiệu of a document; the year stands between them on normative documents only."""

    number: str
    symbol: str
    year: str | None
    start: int  # offsets in the text with normalised punctuation
    end: int


class DossierCode(NamedTuple):
    """Mã số hồ sơ; ``received`` is None when its middle group is no day of the calendar."""

    unit: str
    received: date | None
    serial: str
    text: str  # normalised
    start: int
    end: int


def find_document_numbers(text: str) -> list[DocumentNumber]:
    """Find all document numbers, labelled and bare, in reading order."""
    text = normalise_punctuation(text)
    found = [_party_number(match) for match in _PARTY.finditer(text)]
    found += [_number(match) for match in _LABELLED.finditer(text)]
    taken = [(number.start, number.end) for number in found]
    for match in _BARE.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            found.append(_number(match))
    return sorted(found, key=lambda number: number.start)


def find_document_number(text: str) -> tuple[str, str] | None:
    """Return (number, symbol) of the first document number, printed or typed; None without one.

    ``1811/qd-ttpvhcc`` gives ``("1811", "QĐ-TTPVHCC")``; a year stays with the number:
    ``118/2025/nđ-cp`` gives ``("118/2025", "NĐ-CP")``.
    """
    printed = find_document_numbers(text)
    if printed:
        return full_number(printed[0]), printed[0].symbol
    for match in _TYPED.finditer(normalise_punctuation(text)):
        symbol = as_printed(match["symbol"].replace("&", "-&-")).replace("-&-", "&")
        known = re.split(r"[-&]|\d", symbol)[0] in {*TYPE_OF_ABBREVIATION, "QH", "UBTVQH"}
        if known or "-" in symbol:
            year = f"/{match['year']}" if match["year"] else ""
            return match["number"] + year, symbol
    return None


def full_number(number: DocumentNumber) -> str:
    """Return the number as cited: with its year where the year belongs to it."""
    return f"{number.number}/{number.year}" if number.year else number.number


def find_dossier_codes(text: str) -> list[DossierCode]:
    """Find all dossier codes in either lawful form (unit codes of QCVN 102 and QĐ 20/2020)."""
    return [_dossier(match) for match in _DOSSIER.finditer(normalise_punctuation(text))]


def find_dossier_code(text: str) -> str | None:
    """Return the first dossier code, normalised, also if typed in lower case; None without one."""
    found = find_dossier_codes(text) or find_dossier_codes(text.upper())
    return next((code.text for code in found if code.received), None)


def unit_of_code(code: str) -> str:
    """Return the unit that a dossier code names: what stands before its day and number."""
    return code.rsplit("-", 2)[0]


def find_procedure_codes(text: str) -> list[str]:
    """Find procedure codes (mã TTHC), and return them without their locality suffix."""
    text = normalise_punctuation(text)
    found = [match[1] for match in _PROCEDURE.finditer(text)]
    if not found and (match := _PROCEDURE_AFTER_LABEL.search(text)):
        found.append(f"{as_digits(match[1])}.{_NO_DIGIT.sub('', match[2])}")
    return found


def _number(match: re.Match[str]) -> DocumentNumber:
    return DocumentNumber(
        as_digits(match["number"]), normalise_symbol(match["symbol"]), match["year"], *match.span()
    )


def _party_number(match: re.Match[str]) -> DocumentNumber:
    symbol = f"{match['kind']}/{match['agency']}"
    return DocumentNumber(match["number"], symbol, None, *match.span())


def _dossier(match: re.Match[str]) -> DossierCode:
    unit, day, serial = (remove_spaces(match[name]) for name in ("unit", "day", "serial"))
    received = real_date(2000 + int(day[:2]), int(day[2:4]), int(day[4:]))
    return DossierCode(unit, received, serial, f"{unit}-{day}-{serial}", *match.span())
