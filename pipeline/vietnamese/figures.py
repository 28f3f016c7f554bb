"""Repairs letters that were read for figures, in places where a paper can only have a figure.

Such a frame is a date, an article, an amount with its dots, a page number, or a count with its
unit. What stands outside of a frame is never touched: a code may have any letter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.vietnamese.numbers import LOOKALIKES, is_mostly_figures, number_from_words, phone_part
from pipeline.vietnamese.numbers import number_of_lookalikes as _number
from pipeline.vietnamese.text import canonical

Lines = Sequence[Sequence[str]]
Repaired = dict[tuple[int, int], str]  # by index of the line, and of the word in it

_FIGURES = str.maketrans(LOOKALIKES)
_PLAIN = r"[\dOoIl|]"  # figures, and the letters that are read for them most
_DIGITS = re.compile(rf"{_PLAIN}+")
_WORD = re.compile(r"([(\[“\"'–-]*)(.*?)([.,;:)”\"'–-]*)", re.DOTALL)
_DATE = re.compile(rf"({_PLAIN}{{1,2}})([/.-])({_PLAIN}{{1,2}})\2({_PLAIN}{{4}})")
_HOUR = re.compile(rf"({_PLAIN}{{1,2}})([hHg:])({_PLAIN}{{2}})")
_AMOUNT = re.compile(rf"([\dOoIl|SB]{_PLAIN}{{,2}}(?:[.,]{_PLAIN}{{3}})+)(đ|₫|VNĐ|%)?(/[^\W\d]+)?")
_SHARE = re.compile(rf"({_PLAIN}{{1,3}}(?:,{_PLAIN}{{1,2}})?)(%(?:/[^\W\d]+)?)")
_MEASURE = re.compile(rf"(\d{_PLAIN}{{1,3}}(?:,{_PLAIN}{{1,2}})?)(?<![lI|])(k?m[²³]|kg|km)")
_DECIMAL = re.compile(rf"{_PLAIN}{{1,3}},{_PLAIN}{{1,3}}")
_ZERO = re.compile(r"0[OoIl|]")
_COUNT = re.compile(rf"{_PLAIN}{{2,4}}")
_TEN = re.compile(r"[lI|!]O{1,2}")  # no word has a capital behind these
_SPAN = re.compile(r"(.{4})([-–])(.{4})")  # 2021-2025
_PART_OF_DATE = re.compile(rf"({_PLAIN}{{1,2}})([/.-])({_PLAIN}{{1,4}})")
_NUMERAL = re.compile(r"[OIl|]+")  # figures none of which was read as one
_YEARS, _DAYS, _MONTHS = range(1800, 2200), range(1, 32), range(1, 13)
_HOURS, _MINUTES = range(24), range(60)
_ARTICLES = range(1, 1_000)
_YEAR_LENGTH = 4
_EDGE_LINES = 2  # lines from the top or the foot of a page in which its number stands
_NAMES = frozenset({"ngày", "tháng", "năm"})  # of the parts of a date
_FOLLOWED = {"ngày": "tháng", "tháng": "năm"}
_ARTICLED = frozenset({"điều", "khoản", "trang"})  # before a figure, and no other numeral
_TERMS = frozenset({"năm", "đoạn", "kỳ", "kì", "khóa", "học"})  # before the years of a term
_MONEY = frozenset({"đồng", "đ", "vnđ", "vnd"})
_UNITS = _MONEY | frozenset(
    "nghìn ngàn triệu tỷ tỉ giờ phút ngày tháng năm tuổi người hộ trang tờ bản bộ m m2 m² m3 ha "
    "km kg tấn mét %".split()
)
_ORDERED = frozenset({"thứ", "mục", "bảng", "biểu", "hình"})  # before a figure or another numeral
_CODES = frozenset("mã lô hiệu seri sê-ri thửa ô biển serial no imei phiên".split())
_CODED = frozenset("hàng sản phẩm vật tư bản vạch số".split())  # between those and a code: mã hàng
_LITRES = frozenset("lI|")  # at the end of a number: the litre, a rule of a table, or a figure
_SPELLED_WORDS = 6  # that say a number up to 999, at most


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
    line, position, _, core, _ = words[at]
    before = canonical(words[at - 1].core) if at else ""
    following = words[at + 1] if at + 1 < len(words) else _FramedWord(line, at, "", "", "")
    after = canonical(following.core)
    is_litres = core[-1] in _LITRES and (following.lead == "(" or "/" in after)  # 20l đồng/chai
    year = words[at - 2].core if at > 1 and before in {"", "-", "–"} else ""
    return (
        _after_name(core, before, after)
        or _years(core, before, year)
        or _shaped(core)
        or _amount(words, at, after)
        or (None if is_litres else _counted(core, before, after))
        or _spelled(words, at)
        or phone_part([(word.core, word.tail) for word in words[at - position : at]], core)
    )


def _after_name(core: str, before: str, after: str) -> str | None:
    """The parts of a date after ngày, tháng; the number after Điều, khoản, Trang, thứ."""
    has_digit = any(map(str.isdigit, core))
    if before in _NAMES and has_digit and (match := _PART_OF_DATE.fullmatch(core)):
        return _part_of_date(match, before)
    if before in _FOLLOWED and (has_digit or after == _FOLLOWED[before]):
        return _number(core, _DAYS if before == "ngày" else _MONTHS)
    if before in {"giờ", "phút"} and has_digit and len(core) == len("30"):
        return _plain_number(core, _MINUTES)
    if before in _ORDERED and has_digit:
        return _plain_number(core, _ARTICLES)
    if before in _ARTICLED and (has_digit or _NUMERAL.fullmatch(core)):
        numbers = [_number(part, _ARTICLES) or "" for part in core.split("/")]
        is_one = len(numbers) == 1 or before == "trang"
        return "/".join(numbers) if is_one and all(numbers) else None
    return None


def _part_of_date(match: re.Match[str], before: str) -> str | None:
    """ngày 21/10; tháng 10/2025."""
    first, sign, second = match.groups()
    if before == "ngày" and len(second) < _YEAR_LENGTH:
        parts = _number(first, _DAYS), _number(second, _MONTHS)
    elif before == "tháng" and len(second) == _YEAR_LENGTH:
        parts = _number(first, _MONTHS), _number(second, _YEARS)
    else:
        return None
    return sign.join(filter(None, parts)) if all(parts) else None


def _years(core: str, before: str, year: str) -> str | None:
    """A year behind năm, the years of a term, and the last of them behind a dash of its own."""
    spanned = _SPAN.fullmatch(core)
    parts = [spanned[1], spanned[3]] if spanned else [core]
    if any(len(part) != _YEAR_LENGTH or sum(map(str.isdigit, part)) < 2 for part in parts):
        return None
    if before not in _TERMS and not (year and _number(year, _YEARS)):
        return None
    number = _number if before == "năm" else _plain_number
    figures = [number(part, _YEARS) or "" for part in parts]
    return (spanned[2] if spanned else "").join(figures) if all(figures) else None


def _shaped(core: str) -> str | None:
    """A date, an hour, a share, a figure that begins with nought."""
    if match := _DATE.fullmatch(core):
        day, sign, month, year = match.groups()
        parts = _number(day, _DAYS), _number(month, _MONTHS), _number(year, _YEARS)
        mostly = sum(map(str.isdigit, day + month + year)) >= _YEAR_LENGTH
        return sign.join(filter(None, parts)) if mostly and all(parts) else None
    if match := _HOUR.fullmatch(core):
        hour, minute = _number(match[1], _HOURS), _number(match[3], _MINUTES)
        has_digit = any(map(str.isdigit, core))
        return f"{hour}{match[2]}{minute}" if hour and minute and has_digit else None
    match = _SHARE.fullmatch(core) or _MEASURE.fullmatch(core)
    if match and is_mostly_figures(match[1], is_counted=True):
        return match[1].translate(_FIGURES) + match[2]
    return core.translate(_FIGURES) if _ZERO.fullmatch(core) else None


def _is_code(words: Sequence[_FramedWord], at: int, *, is_money: bool) -> bool:
    """Tell whether a code stands here by what is before it: lô, mã hàng, mã sản phẩm.

    Money has a code's name right before it, or it is what goods cost: lô hàng 1.2OO.OOO đồng.
    """
    for word in reversed(words[max(0, at - (1 if is_money else 3)) : at]):
        name = canonical(word.core)
        if name in _CODES or name not in _CODED:
            return name in _CODES
    return False


def _amount(words: Sequence[_FramedWord], at: int, after: str) -> str | None:
    """An amount with dots; one in thousands begins with no nought, as codes do."""
    core = words[at].core
    match = _AMOUNT.fullmatch(core)
    if not match:
        return None
    unit = after.partition("/")[0]  # đồng/m²
    is_money = unit in _MONEY or bool(match[2])
    is_price = after in _MONEY or bool(match[2])  # B2.100 đồng/m² may be a flat and its price
    if _is_code(words, at, is_money=is_money) or (match[1][0] in "SB" and not is_price):
        return None
    figures = match[1].translate(_FIGURES)
    is_whole = figures[0] != "0" or figures[:2] in {"0.", "0,"}
    is_counted = is_money or unit in _UNITS or len(figures) > len("100.000")
    if is_whole and is_mostly_figures(match[1], is_counted=is_counted):
        return figures + core[match.end(1) :]
    return None


def _spelled(words: Sequence[_FramedWord], at: int) -> str | None:
    """A number that the words in brackets behind it say as well: O3 (ba)."""
    figures = _plain_number(words[at].core, _ARTICLES)
    bracket = words[at + 1 : at + 1 + _SPELLED_WORDS]
    ends = [place for place, word in enumerate(bracket, start=1) if ")" in word.tail]
    has_digit = any(map(str.isdigit, words[at].core))
    if not figures or not has_digit or not ends or bracket[0].lead != "(":
        return None
    said = number_from_words([word.core for word in bracket[: ends[0]]])
    return figures if said == int(figures) else None


def _counted(core: str, before: str, after: str) -> str | None:
    """A count or a measure with its unit: 1O ngày, 2,5O ha."""
    if before in _NAMES or after.partition("/")[0] not in _UNITS:
        return None
    is_count = any(map(str.isdigit, core)) and (_COUNT.fullmatch(core) or _DECIMAL.fullmatch(core))
    return core.translate(_FIGURES) if is_count or _TEN.fullmatch(core) else None


def _page_number(lines: Lines, word: _FramedWord) -> str | None:
    """A number alone on one of the first or last lines of a page."""
    others = [text for text in lines[word.line] if any(map(str.isalnum, text))]
    edge = min(word.line, len(lines) - 1 - word.line)
    is_alone = len(others) == 1 and edge < _EDGE_LINES
    if not is_alone or len(word.core) > _YEAR_LENGTH:
        return None
    is_count = _COUNT.fullmatch(word.core) and any(map(str.isdigit, word.core))
    has_dashes = lines[word.line][0][0] in "-–" and lines[word.line][-1][-1] in "-–"
    is_numeral = has_dashes and _NUMERAL.fullmatch(word.core) and not set(word.core) <= {"I"}
    return word.core.translate(_FIGURES) if is_count or is_numeral else None


def _plain_number(text: str, allowed: range) -> str | None:
    """As _number, where a label may have an S or a B of its own: Bảng 2B."""
    return _number(text, allowed) if _DIGITS.fullmatch(text) else None
