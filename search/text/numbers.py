"""Normalises numbers of people, phones, firms and money, and finds them printed with gaps.

``0900.000.123``, ``0900 000 123`` and ``+84 900000123`` are one number, as are ``1.500.000`` and
``1500000``. A number is always taken whole: no part of a longer one is ever its own number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

LONGEST = 14  # digits: account numbers have up to 14, identity numbers 12, phones 11
SHORTEST = 8  # digits of a number that names a person, a firm or a phone

_GAP = r"(?:[ .()-]{1,2}|,)"
_UNIT = r"(?:(?:vnđ|vnd|đ|d)(?![^\W_]))?"
# Not a part of a code, a date or a document number: 12/05/2024, H26.19, 1811/QĐ.
_RUN = re.compile(
    rf"(?<![^\W_])(?<!\d[./&:_'’-])(?<![^\W\d_][/&_-])(?P<run>\+?\(?\+?\d+(?:{_GAP}\d+)*){_UNIT}"
    r"(?![^\W_]|[.&:_'’-][^\W_]|/\d)",
    re.IGNORECASE,
)
_CANDIDATE = re.compile(r"\d[\d .,()+-]{2,}")  # begins with a digit, so it is quickly sought
_GROUP = re.compile(rf"({_GAP})?(\d+)")
_MONEY = re.compile(r"([1-9]\d{0,2}([.,])\d{3}(?:\2\d{3})*)(?:(?!\2)[.,]\d{1,2})?")
_SPACED_MONEY = re.compile(r"[1-9]\d{0,2}(?: \d{3})+")
_ABROAD = re.compile(r"(?:00)?84(0?[35789]\d{8}|0?2\d{9})")
# Citizens (12, formerly 9), phones (10; 11 on land lines), firms (10, with a branch 13).
_WHOLE = re.compile(r"\d{9}|\d{10}|02\d{9}|0\d{11}|\d{13}")
# Years of a term of office, a date, the end of a dossier code.
_NO_NUMBER = re.compile(
    r"(?:19|20)\d\d(?:[ -]{1,3}(?:19|20)\d\d)+|\d\d? ?([ .-]) ?\d\d? ?\1 ?(?:19|20)\d\d"
    r"|(?:19|20)\d\d([.-])\d\d?\2\d\d?|\d\d(?:0[1-9]|1[0-2])[0-3]\d[ -]{1,3}\d{4,7}"
)
_PHONE = re.compile(r"0(?:[35789]\d{8}|2\d{9})")
_SERIAL_DIGITS = re.compile(r"\d{6,8}(?![^\W_])")
_SERIAL_LETTERS = re.compile(r"(?:^|[\W_])([A-ZĐ]{2}) $")  # of a land title
_NOT_DIGIT = re.compile(r"\D+")


class PrintedNumber(NamedTuple):
    """A number as it stands in a text."""

    start: int  # offsets in the text that was searched
    end: int
    normal: str  # its normal form, digits only
    is_joined: bool  # stands as one word, as its normal form is written
    is_sure: bool = True  # False: a row of numbers may look the same, such as 2020 2021


class _Group(NamedTuple):
    start: int
    end: int
    digits: str
    gap: str  # what stands before it


class _Piece(NamedTuple):
    first: int  # groups
    last: int
    normal: str
    is_sure: bool = True


def normal_number(text: str) -> str:
    """Return the form in which numbers are compared: digits only, phones with 0 for +84."""
    digits = _NOT_DIGIT.sub("", text)
    if abroad := _ABROAD.fullmatch(digits):
        return "0" + abroad[1].removeprefix("0")
    return digits


def is_phone(normal: str) -> bool:
    """Tell whether a number in normal form can be that of a phone."""
    return bool(_PHONE.fullmatch(normal))


def is_otherwise(text: str) -> bool:
    """Tell whether groups of digits are years, a date or the end of a dossier code."""
    return bool(_NO_NUMBER.fullmatch(text))


def find_numbers(text: str, *, with_joined: bool = True) -> Iterator[PrintedNumber]:
    """Find all numbers of four digits or more in reading order, each whole, gaps and all.

    Args:
        text: the text with normalised punctuation.
        with_joined: whether numbers that stand as one word may be among them; they cost most.
    """
    for candidate in _CANDIDATE.finditer(text):
        if not with_joined and _is_joined(text, candidate):
            continue
        start, end = candidate.span()
        for match in _RUN.finditer(text, max(0, start - 3), end + 8):
            if len(match["run"]) >= 4 and match.start() < end:
                yield from _numbers(text, match)


def _is_joined(text: str, candidate: re.Match[str]) -> bool:
    run = candidate[0].rstrip(" .,()+-")
    after = text[candidate.start() + len(run) : candidate.end() + 1]
    return run.isdigit() and len(run) < 11 and (not after or not after[0].isalpha())


def _numbers(text: str, match: re.Match[str]) -> Iterator[PrintedNumber]:
    start = match.start("run")
    groups = [
        _Group(start + m.start(2), start + m.end(2), m[2], m[1] or "")
        for m in _GROUP.finditer(match["run"])
    ]
    last_group = len(groups) - 1
    for first, last, normal, is_sure in _pieces(text, groups):
        begin = groups[first].start if first else start
        end = groups[last].end if last < last_group else match.end()
        if 4 <= len(normal) <= LONGEST:
            yield PrintedNumber(begin, end, normal, text[begin:end] == normal, is_sure)


def find_serials(text: str) -> Iterator[str]:
    """Yield the serials of land titles printed with a gap, joined: ``DP 947330``."""
    for digits in _SERIAL_DIGITS.finditer(text):
        if letters := _SERIAL_LETTERS.search(text[max(0, digits.start() - 4) : digits.start()]):
            yield letters[1] + digits[0]


def _pieces(text: str, groups: list[_Group]) -> Iterator[_Piece]:
    """Yield the numbers in a run of groups."""
    every = _Piece(0, len(groups) - 1, _joined(text, groups))
    if is_otherwise(_printed(text, groups)) or (
        len(groups) == 1 and text[groups[0].end :][:1] == "/"
    ):
        return
    if _is_one_number(text, groups):
        yield every
        return
    if SHORTEST <= len(every.normal) <= LONGEST:
        yield every._replace(is_sure=False)
        # The number of a row stands before it, or the next column begins behind it.
        for first, stop in ((1, len(groups)), (0, len(groups) - 1), (1, len(groups) - 1)):
            outside = [*groups[:first], *groups[stop:]]
            inner = groups[first:stop]
            is_short = all(len(group.digits) <= 2 for group in outside)
            if is_short and len(inner) > 1 and _is_one_number(text, inner):
                yield _Piece(first, stop - 1, _joined(text, inner))
                break
        return
    yield from _split(text, groups)


def _split(text: str, groups: list[_Group]) -> Iterator[_Piece]:
    """Yield the numbers in a run of several: sums of money, and the longest from the left."""
    plain = 0  # the first group that no number has yet
    for first, last in _glued(groups):
        is_local = not first or groups[first - 1].digits != "84"
        if first < last and is_local and _MONEY.fullmatch(_printed(text, groups[first : last + 1])):
            yield from _longest(text, groups, plain, first)
            yield _Piece(first, last, _joined(text, groups[first : last + 1]))
            plain = last + 1
    yield from _longest(text, groups, plain, len(groups))


def _longest(text: str, groups: list[_Group], first: int, stop: int) -> Iterator[_Piece]:
    """Yield the longest numbers, from the left; groups that begin none stand for themselves."""
    while first < stop:
        for last in reversed(range(first, min(stop, first + LONGEST))):
            normal = normal_number(_printed(text, groups[first : last + 1]))
            if last == first or _WHOLE.fullmatch(normal):
                yield _Piece(first, last, normal)
                first = last + 1
                break


def _glued(groups: list[_Group]) -> Iterator[tuple[int, int]]:
    """Yield first and last group of each stretch without a space."""
    first = 0
    for at in range(1, len(groups) + 1):
        if at == len(groups) or " " in groups[at].gap:
            yield first, at - 1
            first = at


def _is_one_number(text: str, groups: list[_Group]) -> bool:
    printed = _printed(text, groups)
    if len(groups) == 1:
        return True
    if len(printed) > 3 * LONGEST:
        return False
    if _MONEY.fullmatch(printed) or _SPACED_MONEY.fullmatch(printed):
        return True
    normal = normal_number(printed)
    is_glued = not any(" " in group.gap for group in groups[1:])
    return bool(_WHOLE.fullmatch(normal)) or (is_glued and SHORTEST <= len(normal) <= LONGEST)


def _joined(text: str, groups: list[_Group]) -> str:
    """Return the normal form of groups that are one number: money without its hundredths."""
    printed = _printed(text, groups)
    money = len(printed) <= 3 * LONGEST and _MONEY.fullmatch(printed)
    return normal_number(money[1] if money else printed)


def _printed(text: str, groups: list[_Group]) -> str:
    return text[groups[0].start : groups[-1].end]
