"""Repairs letters that were read for figures, in places where a paper can only have a figure.

Such a frame is a date, an article, an amount with its dots, a page number, or a count with its
unit. What stands outside of a frame is never touched: a code may have any letter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.vietnamese.text import canonical

Lines = Sequence[Sequence[str]]
Repaired = dict[tuple[int, int], str]  # by index of the line, and of the word in it

LOOKALIKES = dict(zip("OoIl|!]SŠ§B", "00111115588", strict=True))  # docs/domain.md §6.2
_FIGURES = str.maketrans(LOOKALIKES)
_PLAIN = r"[\dOoIl|]"  # figures, and the letters that are read for them most
_WORD = re.compile(r"([(\[“\"'–-]*)(.*?)([.,;:)”\"'–-]*)", re.DOTALL)
_DATE = re.compile(rf"({_PLAIN}{{1,2}})([/.-])({_PLAIN}{{1,2}})\2({_PLAIN}{{4}})")
_HOUR = re.compile(rf"({_PLAIN}{{1,2}})([hHg:])({_PLAIN}{{2}})")
_AMOUNT = re.compile(rf"({_PLAIN}{{1,3}}(?:[.,]{_PLAIN}{{3}})+)(đ|₫|VNĐ|%)?")
_SHARE = re.compile(rf"({_PLAIN}{{1,3}}(?:,{_PLAIN}{{1,2}})?)%")
_ZERO = re.compile(r"0[OoIl|]")
_COUNT = re.compile(rf"{_PLAIN}{{2,4}}")
_YEARS, _DAYS, _MONTHS = range(1800, 2200), range(1, 32), range(1, 13)
_HOURS, _MINUTES = range(24), range(60)
_ARTICLES = range(1, 1_000)
_YEAR_LENGTH = 4
_EDGE_LINES = 2  # lines from the top or the foot of a page in which its number stands
_NAMES = frozenset({"ngày", "tháng", "năm"})  # of the parts of a date
_UNITS = frozenset(
    "đồng nghìn ngàn triệu tỷ tỉ giờ phút ngày tháng năm tuổi người hộ trang tờ bản bộ m m2 m² ha "
    "km kg tấn mét".split()
)


class _FramedWord(NamedTuple):
    """A word and its place, split into punctuation and core."""

    line: int
    position: int
    lead: str
    core: str
    tail: str


def repaired_figures(lines: Lines) -> Repaired:
    """Return the words that must be figures and were read as letters, as figures.

    Args:
        lines: the page's words as read, in reading order, line by line.
    """
    words = [
        _FramedWord(line, position, *_parts(text))
        for line, texts in enumerate(lines)
        for position, text in enumerate(texts)
    ]
    found: Repaired = {}
    for at, word in enumerate(words):
        if any(letter in LOOKALIKES for letter in word.core):
            figures = _framed(words, at) or _page_number(lines, word)
            if figures and figures != word.core:
                found[word.line, word.position] = word.lead + figures + word.tail
    return found


def _parts(text: str) -> tuple[str, str, str]:
    match = _WORD.fullmatch(text)
    lead, core, tail = match.groups() if match else ("", text, "")
    return lead, core, tail


def _framed(words: Sequence[_FramedWord], at: int) -> str | None:
    """Return the core of a word in figures where its neighbours or its form ask for such."""
    core = words[at].core
    before = canonical(words[at - 1].core) if at else ""
    after = canonical(words[at + 1].core) if at + 1 < len(words) else ""
    return _after_name(core, before, after) or _shaped(core) or _counted(core, before, after)


def _after_name(core: str, before: str, after: str) -> str | None:
    """The parts of a date after ngày, tháng, năm; the number after Điều, khoản, Trang."""
    has_digit = any(map(str.isdigit, core))
    if before == "ngày" and (after == "tháng" or has_digit):
        return _number(core, _DAYS)
    if before == "tháng" and (after == "năm" or has_digit):
        return _number(core, _MONTHS)
    if before == "năm" and len(core) == _YEAR_LENGTH and sum(map(str.isdigit, core)) > 1:
        return _number(core, _YEARS)
    if before in {"điều", "khoản"}:
        return _number(core, _ARTICLES)
    if before == "trang":
        numbers = [_number(part, _ARTICLES) or "" for part in core.split("/")]
        return "/".join(numbers) if all(numbers) else None
    return None


def _shaped(core: str) -> str | None:
    """A date, an hour, an amount with dots, a share, a figure that begins with nought."""
    if match := _DATE.fullmatch(core):
        day, sign, month, year = match.groups()
        parts = _number(day, _DAYS), _number(month, _MONTHS), _number(year, _YEARS)
        mostly = sum(map(str.isdigit, day + month + year)) >= _YEAR_LENGTH
        return sign.join(filter(None, parts)) if mostly and all(parts) else None
    if match := _HOUR.fullmatch(core):
        hour, minute = _number(match[1], _HOURS), _number(match[3], _MINUTES)
        has_digit = any(map(str.isdigit, core))
        return f"{hour}{match[2]}{minute}" if hour and minute and has_digit else None
    for form in (_AMOUNT, _SHARE):
        match = form.fullmatch(core)
        if match and _is_mostly_figures(match[1]):
            return match[1].translate(_FIGURES) + core[match.end(1) :]
    return core.translate(_FIGURES) if _ZERO.fullmatch(core) else None


def _is_mostly_figures(text: str) -> bool:
    """Tell whether half of an amount are figures, or whatever of it is not is a nought: 1.2OO."""
    signs = [char for char in text if char.isalnum() or char == "|"]
    digits = sum(map(str.isdigit, signs))
    noughts = sum(char in "Oo" for char in signs)
    return 2 * digits >= len(signs) or (text[0].isdigit() and digits + noughts == len(signs))


def _counted(core: str, before: str, after: str) -> str | None:
    """A count with its unit: 1O ngày."""
    if (
        before not in _NAMES
        and after in _UNITS
        and _COUNT.fullmatch(core)
        and any(map(str.isdigit, core))
    ):
        return core.translate(_FIGURES)
    return None


def _page_number(lines: Lines, word: _FramedWord) -> str | None:
    """A number alone on one of the first or last lines of a page."""
    others = [text for text in lines[word.line] if any(map(str.isalnum, text))]
    edge = min(word.line, len(lines) - 1 - word.line)
    is_alone = len(others) == 1 and edge < _EDGE_LINES
    if is_alone and _COUNT.fullmatch(word.core) and any(map(str.isdigit, word.core)):
        return word.core.translate(_FIGURES)
    return None


def _number(text: str, allowed: range) -> str | None:
    """Return a text as figures when it is figures and look-alikes, of an allowed value."""
    figures = text.translate(_FIGURES)
    is_number = figures.isascii() and figures.isdigit() and len(figures) <= _YEAR_LENGTH
    return figures if is_number and int(figures) in allowed else None
