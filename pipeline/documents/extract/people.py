"""Finds and checks personal ids, tax codes and phone numbers (docs/domain.md §4, §10)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from pipeline.documents.confusions import normalise_punctuation, remove_spaces

_PERSONAL_ID = re.compile(r"(?<![\dA-Za-z])\d(?:\s?\d){11}(?!\d)")
_PHONE = re.compile(r"(?<!\d)(?:\+?84|0)[\s.\-]?(?:[35789]\d|24)(?:[\s.\-]?\d){7,8}(?!\d)")
_TAX_CODE = re.compile(r"(?<!\d)\d{10}(?:\s?-\s?\d{3})?(?!\d)")
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)  # NĐ/TT on tax registration; docs/domain.md §4.3
# Places of birth registration: the 63 provinces as numbered before 1/7/2025, never re-issued.
_PROVINCES = frozenset(
    "001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 "
    "036 037 038 040 042 044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 "
    "074 075 077 079 080 082 083 084 086 087 089 091 092 093 094 095 096".split()
)


class Validity(StrEnum):
    """What a validator says; WARN waits for a person, BAD cannot be right."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


class PersonalId(NamedTuple):
    """What a 12-digit number says about its holder; ``doubts`` names parts that cannot be."""

    province: str
    sex: str  # as printed on papers: Nam, Nữ
    born: int
    doubts: tuple[str, ...]  # of "province", "year"


def find_personal_ids(text: str) -> list[str]:
    """Find 12-digit personal numbers, printed with or without gaps; longer runs are none."""
    return [remove_spaces(match[0]) for match in _PERSONAL_ID.finditer(normalise_punctuation(text))]


def decode_personal_id(digits: str) -> PersonalId:
    """Read place, sex and year of birth from 12 digits (they carry no check digit).

    Raises:
        ValueError: it is not a run of 12 digits.
    """
    if len(digits) != 12 or not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"not 12 digits: {len(digits)} characters")
    century, sex = divmod(int(digits[3]), 2)
    born = 1900 + 100 * century + int(digits[4:6])
    doubts = []
    if digits[0] == "0" and digits[:3] not in _PROVINCES:
        doubts.append("province")
    if born > datetime.now(UTC).year:
        doubts.append("year")
    return PersonalId(digits[:3], "Nữ" if sex else "Nam", born, tuple(doubts))


def find_phones(text: str) -> list[str]:
    """Find phone numbers, digits only but for a leading ``+``; loose by design."""
    return [
        re.sub(r"[\s.\-]", "", match[0]) for match in _PHONE.finditer(normalise_punctuation(text))
    ]


def find_tax_codes(text: str) -> list[str]:
    """Find runs shaped like a tax code (10 digits, or 10 and a branch of 3)."""
    return [remove_spaces(match[0]) for match in _TAX_CODE.finditer(normalise_punctuation(text))]


def check_tax_code(code: str) -> Validity:
    """Check the check digit; WARN where the formula gives 10 and practice differs.

    Source: docs/domain.md §4.3.
    """
    match = re.fullmatch(r"(\d{9})(\d)(?:-(\d{3}))?", code)
    if match is None or match[3] == "000":
        return Validity.BAD
    remainder = sum(w * int(d) for w, d in zip(_TAX_WEIGHTS, match[1], strict=True)) % 11
    if remainder == 0:
        return Validity.WARN
    return Validity.OK if 10 - remainder == int(match[2]) else Validity.BAD
