"""Finds dates of birth: dates and years behind «sinh ngày», «năm sinh» and their like.

A label with no date near it may head a column: then all dates below it count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.masking.plain import HIDDEN, LOOKALIKES, Hidden
from pipeline.vietnamese.numbers import find_word_dates

_NEAR = 80  # characters behind a label in which the date stands
_LABEL = re.compile(  # in letters without marks
    r"ngay,? ?(?:/ ?)?thang,? ?(?:/ ?)?nam sinh|ngay[, /]+sinh|ngay sinh|nam sinh|sinh ngay"
    r"|sinh nam"
    r"|sinh vao|\bsinh ?[:;.]|\bsinh(?= *\(?[0-9])|date of birth|year of birth|\bd\.?o\.?b\b"
    r"|\bns ?[:.]|ngay thang sinh|\bsn ?[:.]?(?= ?(?:19|20)[0-9]{2})"
)
_D = rf"[0-9{LOOKALIKES}]"
_SEPARATOR = r" ?[/.,-] ?"
_SHORT = re.compile(
    rf"(?<![0-9])(?P<hide>{_D}{{1,2}}{_SEPARATOR}{_D}{{1,2}}){_SEPARATOR}(?P<year>{_D}{{4}}|{_D}{{2}})(?![0-9])"
)
_ISO = re.compile(
    rf"(?<![0-9])(?P<year>[12]{_D}{{3}}){_SEPARATOR}(?P<hide>{_D}{{1,2}}{_SEPARATOR}{_D}{{1,2}})(?![0-9])"
)
_SPACED = re.compile(
    rf"(?<![0-9])(?P<hide>{_D}{{1,2}} {_D}{{1,2}}) (?P<year>(?:19|20)\d\d)(?![0-9])"
)
_COMPACT = re.compile(r"(?<![0-9])(?P<hide>[0-3]\d[01]\d)(?P<year>(?:19|20)\d\d)(?![0-9])")
_LONG = re.compile(
    rf"(?:ngay ?(?P<hide>{_D}[ ]?{_D}?) ?)?thang ?(?P<month>{_D}[ ]?{_D}?)"
    rf" ?(?:,? ?nam|/) ?(?P<year>{_D}(?: ?{_D}){{3}})"
)
_YEAR = re.compile(r"(?<![0-9/.-])(?P<keep>19|20)(?P<hide>\d\d)(?![0-9]|[/.-][0-9])")
_FULL = (_SHORT, _ISO, _SPACED, _COMPACT, _LONG)


def find_births(text: str, letters: str) -> Iterator[Hidden]:
    """Yield the dates of birth.

    Args:
        text: the text as ``plain`` maps it.
        letters: the same without marks, as ``unmarked`` maps it.
    """
    seen: set[str] = set()
    heads: list[re.Match[str]] = []
    for label in _LABEL.finditer(letters):
        found = list(_dates(letters, text, label))
        if not found:
            heads.append(label)
        for one in found:
            seen.add(_value(text, one))
            yield one
    if heads:  # a column
        is_year = any("nam" in label[0] for label in heads)
        below = heads[0].end()
        yield from _matches((*_FULL[:4], *([_YEAR] if is_year else [])), text, below, len(text))
    if seen:  # the same day, said again without a label
        full = _matches(_FULL[:4], text, 0, len(text))
        yield from (one for one in full if _value(text, one) in seen)


def _dates(letters: str, text: str, label: re.Match[str]) -> Iterator[Hidden]:
    start, end = label.start(), label.end() + _NEAR  # the label may be a date's first word
    found = list(_matches(_FULL, letters, start, end))
    found += _in_words(letters, start, end)
    yield from found or _matches((_YEAR,), text, label.end(), end)


def _matches(
    patterns: tuple[re.Pattern[str], ...], text: str, start: int, end: int
) -> Iterator[Hidden]:
    """Yield what patterns find that begins between start and end; all but the year is hidden."""
    for pattern in patterns:
        for match in pattern.finditer(text, start, min(len(text), end + 40)):
            if match.start() >= end:
                break
            shown = list(match[0])
            for name in ("hide", "month"):
                first, last = match.span(name) if name in pattern.groupindex else (-1, -1)
                _hide(shown, first - match.start(), last - match.start())
            if len(match.groupdict().get("year") or "1234") < 4:
                first, last = match.span("year")
                _hide(shown, first - match.start(), last - match.start())
            yield Hidden(*match.span(), "".join(shown))


def _hide(shown: list[str], first: int, last: int) -> None:
    for at in range(max(0, first), last):
        if shown[at].isalnum() or shown[at] in "|!][§$":
            shown[at] = HIDDEN


def _in_words(letters: str, start: int, end: int) -> Iterator[Hidden]:
    stretch = letters[start : end + 80]
    for date in find_word_dates(stretch):
        if date.start < end - start:
            said = stretch[date.start : date.end]
            shown = "".join(HIDDEN if char.isalnum() else char for char in said)
            yield Hidden(start + date.start, start + date.end, shown)


def _value(text: str, found: Hidden) -> str:
    parts = re.findall(r"\d+", text[found.start : found.end])
    return "/".join(sorted(part.lstrip("0") for part in parts)) if len(parts) == 3 else "-"
