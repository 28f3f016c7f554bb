"""Finds numbers that name a person: identity cards, phones, tax codes; with gaps, misread too.

Where it is doubtful whether digits are one number, or whose, they count as one. Not personal are
dossier codes, dates, years and sums of money that are written as such.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.documents.extract.identifiers import find_dossier_codes
from pipeline.masking.plain import HIDDEN, LOOKALIKES, Hidden
from pipeline.vietnamese.numbers import real_date

LONGEST = 14  # digits of one number, of a bank account
_SHORTEST = 9  # digits of a number that needs no label
_MOST_CHUNKS = 60  # of one group: a page of nothing but digits costs its length, not its square
_LABELLED = 5  # digits behind a label: some may have been lost
_NEAR = 30  # characters between a label and its number
_KEPT = {12: (3, 4), 11: (3, 3), 10: (3, 3), 9: (2, 3)}  # digits shown in front and behind

_RUN = re.compile(rf"[0-9{LOOKALIKES}]*[0-9][0-9{LOOKALIKES}]*")
_SOFT = re.compile(rf"(?<![^\W_])[{LOOKALIKES}]{{1,4}}(?![^\W_])")
_INNER = re.compile(r"\d{3,}")
_GAP = re.compile(r"[ .,'_()-]{1,3}")
_LINE = re.compile(r" ?\n ?")
_MONEY = re.compile(r"[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*(?:[.,]\d{1,2})?")
_CURRENCY = re.compile(r" ?(?:đồng|vnđ|vnd|đ|usd|m2|m²)(?![^\W\d_])", re.IGNORECASE)
_DECIMAL = re.compile(r"\d{1,3}[.,]\d{1,2}")
_DAY_FIRST = re.compile(r"(\d{1,2})([.-])(\d{1,2})\2(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})([.-])(\d{1,2})\2(\d{1,2})")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PROCEDURE = re.compile(r"(?<![\d.])[1-3]\.\d{6}\.\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}(?!\d)")
_STAMP = re.compile(r"20\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])[_ -]?[0-2]\d[0-5]\d[0-5]\d")
_LABEL = re.compile(  # in letters without marks
    r"cccd|cmnd|cmtnd|\bcmt\b|can cuoc|dinh danh|ho chieu|tuy than|dien thoai|\bs?dt\b|di dong"
    r"|ma so thue|\bmst\b|ma so ca nhan|bhxh|bhyt|bao hiem|tai khoan|\bstk\b|\btel\b|\bphone\b"
)
_PASSPORT = re.compile(r"(?<![^\W_])[A-Z] ?\d{7}(?!\d)")
_MACHINE_READ = re.compile(r"[A-Z0-9<«‹>]{12,}")  # a line of a machine-readable zone


class _Chunk(NamedTuple):
    start: int
    end: int
    is_soft: bool = False  # letters alone; digits only between other digits

    @property
    def size(self) -> int:
        return self.end - self.start


_Chunks = Sequence[_Chunk]


def find_numbers(text: str, letters: str) -> Iterator[Hidden]:
    """Yield the numbers of people.

    Args:
        text: the text as ``plain`` maps it.
        letters: the same without marks, as ``unmarked`` maps it.
    """
    groups = list(_groups(text, list(_chunks(text))))
    found = [chunks for group in groups for chunks in _numbers(text, group)]
    found += _over_line_ends(text, groups, found)
    found += _labelled(text, letters, groups)
    for chunks in found:
        yield _hidden(text, chunks)
    for match in _PASSPORT.finditer(text):
        yield Hidden(*match.span(), f"{match[0][:1]}{HIDDEN * (len(match[0]) - 3)}{match[0][-2:]}")
    for match in _MACHINE_READ.finditer(text):
        if match[0].count("<") + match[0].count("«") + match[0].count("‹") >= 2:
            yield Hidden(*match.span(), HIDDEN * len(match[0]))


def _chunks(text: str) -> Iterator[_Chunk]:
    """Yield stretches of digits and of letters read for digits, in order."""
    found = [chunk for match in _RUN.finditer(text) for chunk in _hard(match)]
    taken = {chunk.start for chunk in found}
    soft = (_Chunk(*match.span(), is_soft=True) for match in _SOFT.finditer(text))
    yield from sorted([*found, *(chunk for chunk in soft if chunk.start not in taken)])


def _hard(match: re.Match[str]) -> Iterator[_Chunk]:
    digits = sum(char.isdigit() for char in match[0])
    if 2 * digits >= len(match[0]):
        yield _Chunk(*match.span())
        return
    for inner in _INNER.finditer(match[0]):
        yield _Chunk(match.start() + inner.start(), match.start() + inner.end())


def _groups(text: str, chunks: list[_Chunk]) -> Iterator[list[_Chunk]]:
    """Yield chunks with small gaps between them, without what is something else than a number."""
    codes = [(code.start, code.end) for code in find_dossier_codes(text) if code.received]
    codes += [match.span() for match in _PROCEDURE.finditer(text)]
    group: list[_Chunk] = []
    for chunk in chunks:
        if any(start <= chunk.start and chunk.end <= end for start, end in codes):
            yield from _cleaned(text, group)
            group = []
            continue
        is_next = group and _GAP.fullmatch(text, group[-1].end, chunk.start)
        if group and (not is_next or len(group) >= _MOST_CHUNKS):
            yield from _cleaned(text, group)
            group = []
        group.append(chunk)
    yield from _cleaned(text, group)


def _cleaned(text: str, group: list[_Chunk]) -> Iterator[list[_Chunk]]:
    """Yield what is left of a group without dates, sums and letters at its ends."""
    if all(_YEAR.fullmatch(text, chunk.start, chunk.end) for chunk in group):
        return
    if _is_list(text, group):
        return
    left: list[_Chunk] = []
    for stretch in _glued(text, group):
        if _is_other(text, stretch[0].start, stretch[-1].end):
            yield from _trimmed(left)
            left = []
        else:
            left += stretch
    yield from _trimmed(left)


def _is_list(text: str, group: list[_Chunk]) -> bool:
    """Tell whether small numbers are counted up with commas between, as articles of a law are."""
    gaps = [text[one.end : other.start] for one, other in pairwise(group)]
    return all(chunk.size <= 2 for chunk in group) and all(gap.startswith(", ") for gap in gaps)


def _glued(text: str, group: list[_Chunk]) -> Iterator[list[_Chunk]]:
    stretch: list[_Chunk] = []
    for chunk in group:
        if stretch and " " in text[stretch[-1].end : chunk.start]:
            yield stretch
            stretch = []
        stretch.append(chunk)
    if stretch:
        yield stretch


def _is_other(text: str, start: int, end: int) -> bool:
    """Tell whether a stretch without a space is a date, a time, a measure or a sum of money."""
    if day := _DAY_FIRST.fullmatch(text, start, end):
        return real_date(int(day[4]), int(day[3]), int(day[1])) is not None
    if day := _YEAR_FIRST.fullmatch(text, start, end):
        return real_date(int(day[1]), int(day[3]), int(day[4])) is not None
    if _DECIMAL.fullmatch(text, start, end) or _STAMP.fullmatch(text, start, end):
        return True
    if not _MONEY.fullmatch(text, start, end):
        return False
    digits = sum(char.isdigit() for char in text[start:end])
    return digits not in (9, 12) or bool(_CURRENCY.match(text, end))


def _trimmed(chunks: list[_Chunk]) -> Iterator[list[_Chunk]]:
    """Yield chunks without letters at their ends, unless these make up a whole number."""
    if _size(chunks) not in (9, 10, 12):
        while chunks and chunks[0].is_soft:
            chunks = chunks[1:]
        while chunks and chunks[-1].is_soft:
            chunks = chunks[:-1]
    if any(not chunk.is_soft for chunk in chunks):
        yield chunks


def _size(chunks: _Chunks) -> int:
    return sum(chunk.size for chunk in chunks)


def _numbers(text: str, group: _Chunks) -> Iterator[_Chunks]:
    """Yield the numbers in a group: whole ones first, then whatever is long enough to be one."""
    total = _size(group)
    if total < _SHORTEST:
        return
    window = _window(text, group)
    if window is None and total > LONGEST:
        window = next(((at, at + 1) for at, one in enumerate(group) if one.size >= _SHORTEST), None)
    first, stop = window or (0, len(group))
    yield from _numbers(text, group[:first])
    yield group[first:stop]
    yield from _numbers(text, group[stop:])


def _window(text: str, group: _Chunks) -> tuple[int, int] | None:
    """Return first and stop of the chunks that have the digits of one number, the surest first."""
    if len(group) == 1:
        return None
    if (whole := _single(group, 12)) or _size(group) in (9, 10, 12):
        return whole
    for size in (12, 10):
        for first, chunk in enumerate(group):
            if text[chunk.start] not in "0Oo":
                continue
            for stop in range(first + 2, len(group) + 1):
                if _size(group[first:stop]) == size:
                    return first, stop
    return _single(group, 10) or _single(group, 9)


def _single(group: _Chunks, size: int) -> tuple[int, int] | None:
    return next(((at, at + 1) for at, chunk in enumerate(group) if chunk.size == size), None)


def _over_line_ends(
    text: str, groups: list[list[_Chunk]], found: list[_Chunks]
) -> Iterator[_Chunks]:
    """Yield both parts of a number that goes on in the next line."""
    begun = {chunks[0].start for chunks in found}
    for group, after in pairwise(groups):
        first, second = group[-1], after[0]
        if not _LINE.fullmatch(text, first.end, second.start):
            continue
        sizes = {_size(one) + _size(two) for one in (group, [first]) for two in (after, [second])}
        is_free = first.start not in begun and second.start not in begun
        if is_free and min(first.size, second.size) >= 3 and sizes & {9, 10, 12}:
            yield [*group, *after]


def _labelled(text: str, letters: str, groups: list[list[_Chunk]]) -> Iterator[_Chunks]:
    """Yield the first digits behind a label: there too few of them count as well."""
    starts = [group[0].start for group in groups]
    for label in _LABEL.finditer(letters):
        at = bisect_left(starts, label.end())
        if at == len(starts) or starts[at] > label.end() + _NEAR:
            continue
        if _LABELLED <= _size(groups[at]) < _SHORTEST:
            yield groups[at]


def _hidden(text: str, chunks: _Chunks) -> Hidden:
    start, end = chunks[0].start, chunks[-1].end
    places = [at for chunk in chunks for at in range(chunk.start, chunk.end)]
    head, tail = _KEPT.get(len(places), (2, 2) if len(places) >= _SHORTEST else (0, 2))
    shown = list(text[start:end])
    for at in places[head : len(places) - tail]:
        shown[at - start] = HIDDEN
    digits = "".join(text[at] for at in places)
    return Hidden(start, end, "".join(shown), digits)
