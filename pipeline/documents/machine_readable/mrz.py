"""Reads machine-readable zones from the words of a page: cards (TD1) and passports (TD3).

ICAO Doc 9303, parts 3 to 5: weights 7, 3, 1, modulo 10; ``<`` is 0, A to Z are 10 to 35. A zone
counts only when each of its check digits is right. Vietnamese cards carry the 12 digits of the
personal number behind the document's number, with a check digit of their own (docs/domain.md §4.2).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import cycle
from typing import NamedTuple

from pipeline import clock
from pipeline.documents.rows import Row, Token
from pipeline.vietnamese.numbers import real_date

_FILLER = "<"
_LOOKALIKES = str.maketrans("OQDILZSBG", "000112586")  # letters read for digits
_SIGNS = str.maketrans({"«": "<<", "‹": "<", "≤": "<", "»": "<<", " ": ""})
_D = "[0-9OQDILZSBG]"
_CARD_1 = re.compile(rf"[A-Z0-9|]{{1,2}}VNM({_D}{{9}})({_D})({_D}{{12}})<*({_D})<?$")
_CARD_2 = re.compile(rf"({_D}{{6}})({_D})([MF<])({_D}{{6}})({_D})VNM<*({_D})$")
_PASSPORT_1 = re.compile(r"P[A-Z<]VNM([A-Z<]{10,39})$")
_PASSPORT_2 = re.compile(
    rf"([A-Z]{_D}{{7}}<|[A-Z0-9<]{{9}})({_D})VNM({_D}{{6}})({_D})([MF<])({_D}{{6}})({_D})"
    rf"({_D}{{12}})<*({_D})({_D})$"
)
_NAMES = re.compile(r"[A-Z]+(?:<{1,2}[A-Z]+)+<*")
_TEST_CENTURY = 8  # of numbers that nobody can have yet: made for tests (docs/domain.md §11)
_REACH = 3  # rows below the first line in which the next one stands


class Zone(NamedTuple):
    """What a zone says, and the words it was read from."""

    personal_id: str  # 12 digits
    born_on: date
    names: str  # capitals without marks, one space between them; empty where they were not read
    tokens: tuple[Token, ...]


def check_digit(field: str) -> str:
    """Return the check digit of a field of a zone.

    Raises:
        ValueError: it has other signs than digits, capitals and ``<``.
    """
    values = (0 if sign == _FILLER else int(sign, 36) for sign in field)
    weighted = (value * weight for value, weight in zip(values, cycle((7, 3, 1)), strict=False))
    return str(sum(weighted) % 10)


def find_zone(rows: Sequence[Row]) -> Zone | None:
    """Return the first zone of a page whose check digits are all right; None without one.

    Args:
        rows: the rows of the page, top to bottom.
    """
    lines = [_plain(row) for row in rows]
    for at, line in enumerate(lines):
        if "VNM" not in line:
            continue
        for below in range(at + 1, min(at + 1 + _REACH, len(lines))):
            if found := _card(line, lines, below) or _passport(line, lines[below]):
                last = min(below + 2 if found.names else below + 1, len(rows))
                tokens = tuple(token for row in rows[at:last] for token in row.tokens)
                return found._replace(tokens=tokens)
    return None


def _plain(row: Row) -> str:
    return "".join(token.text for token in row.tokens).translate(_SIGNS).upper()


def _card(first: str, lines: Sequence[str], below: int) -> Zone | None:
    one, two = _CARD_1.search(first), _CARD_2.search(lines[below])
    if one is None or two is None:
        return None
    number, number_check, person, person_check = (_digits(part) for part in one.groups())
    born, born_check, expires, expires_check, whole = (
        _digits(two[group]) for group in (1, 2, 4, 5, 6)
    )
    line = f"{number}{number_check}{person}<<{person_check}"
    line += f"{born}{born_check}{expires}{expires_check}".ljust(14 + 11, _FILLER)
    checks = ((number, number_check), (person, person_check), (born, born_check),
              (expires, expires_check), (line, whole))  # fmt: skip
    if not _are_right(checks) or not person.endswith(number):
        return None
    names = lines[below + 1] if below + 1 < len(lines) else ""
    return _zone(person, born, names)


def _passport(first: str, second: str) -> Zone | None:
    one, two = _PASSPORT_1.search(first), _PASSPORT_2.search(second)
    if one is None or two is None:
        return None
    number = two[1][0] + _digits(two[1][1:])
    number_check, born, born_check, expires, expires_check, person, person_check, whole = (
        _digits(two[group]) for group in (2, 3, 4, 6, 7, 8, 9, 10)
    )
    optional = person.ljust(14, _FILLER)
    line = number + number_check + born + born_check + expires + expires_check
    checks = ((number, number_check), (born, born_check), (expires, expires_check),
              (optional, person_check), (line + optional + person_check, whole))  # fmt: skip
    return _zone(person, born, one[1]) if _are_right(checks) else None


def _are_right(checks: Sequence[tuple[str, str]]) -> bool:
    return all(check_digit(field) == digit for field, digit in checks)


def _zone(person: str, born: str, names: str) -> Zone | None:
    """Return the zone; its year of birth is that of the century in the personal number."""
    century = 1900 if int(person[3]) >= _TEST_CENTURY else 1900 + 100 * (int(person[3]) // 2)
    if person[4:6] != born[:2]:
        return None
    day = real_date(century + int(born[:2]), int(born[2:4]), int(born[4:]))
    if day is None or day > clock.now().date():
        return None
    written = _NAMES.fullmatch(names)
    return Zone(person, day, " ".join(names.replace(_FILLER, " ").split()) if written else "", ())


def _digits(text: str) -> str:
    return text.translate(_LOOKALIKES)
