"""Turns the words of a page upright and groups them into rows.

Word boxes come in pixels of the original page, origin top left, which may be rotated or skewed.
Here they are rotated and deskewed once; every token keeps its original box beside the upright one.
Pure functions, no pixels.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from statistics import median
from typing import NamedTuple

from pipeline.documents.confusions import normalise_punctuation
from pipeline.model import (
    Box,
    Finding,
    Line,
    Page,
    PageCode,
    PageMeasures,
    PagePart,
    SlotReading,
    Source,
)
from pipeline.model.upright import is_upside_down, part_of, parts_beside, turned_box, upright_box

SAME_ROW = 0.6  # rows whose middles are nearer than this share of their height are one row
WIDE_GAP = 1.0  # share of a row's height that words of one phrase do not leave between them
MOST_IN_ROW, MOST_ON_PAGE = 300, 5_000  # words; a dense page of print has 20 and 900

SEVERAL_PAPERS = "Tờ này có hơn một giấy tờ, máy không biết thông tin thuộc giấy nào."


class Token(NamedTuple):
    """A word on the upright page."""

    text: str  # punctuation normalised
    confidence: float  # of the OCR engine, 0-1
    box: Box  # upright pixels, origin top left
    original_box: Box  # pixels of the original page


class Row(NamedTuple):
    """Tokens on one height, left to right; never empty."""

    tokens: tuple[Token, ...]

    @property
    def text(self) -> str:
        """The tokens, one space between them."""
        return " ".join(token.text for token in self.tokens)

    @property
    def box(self) -> Box:
        """The bounding box of all tokens, in upright pixels."""
        return Box.around(token.box for token in self.tokens)

    @property
    def middle(self) -> float:
        """The vertical middle in upright pixels, robust against one token with a bad box."""
        return median(token.box.top + token.box.height / 2 for token in self.tokens)

    @property
    def height(self) -> float:
        """The median height of its tokens, in pixels."""
        return median(token.box.height for token in self.tokens)

    @property
    def confidence(self) -> float:
        """Mean confidence, weighted by letters (0-1)."""
        letters = sum(len(token.text) for token in self.tokens)
        return sum(t.confidence * len(t.text) for t in self.tokens) / letters if letters else 0.0


class PageRows(NamedTuple):
    """A page turned upright, its rows from top to bottom, of several papers one after the other."""

    number: int  # within the dossier, from 1
    source: Source
    width: int  # pixels of the upright page
    height: int
    rows: tuple[Row, ...]
    codes: tuple[PageCode, ...] = ()  # QR codes and barcodes on it
    slots: tuple[SlotReading, ...] = ()  # numbers and dates of its head that were read apart
    ends: tuple[float, ...] = ()  # of each row where its paper ends, as ``width``; none: there
    parts: tuple[PagePart, ...] = ()  # of a sheet with several papers, if these are not all


class PageOfDossier(NamedTuple):
    """A page with its number within the dossier."""

    number: int  # from 1
    page: Page


def rows_of(
    numbered: PageOfDossier, *, bounded: bool = True, lines: Sequence[Row] = ()
) -> PageRows:
    """Turn a page's words upright and group those on one height into rows.

    OCR engines part lines at wide gaps or join columns, as they please; here rows are whole, and
    whoever needs columns calls ``split_columns``. No row goes from one paper on a sheet to another.

    Args:
        numbered: the page, with its number within the dossier.
        bounded: leave out the words beyond ``MOST_IN_ROW`` and ``MOST_ON_PAGE``: extractors take
            time with the square of a row's words, and no printed page comes near these numbers.
        lines: the page's lines, where ``lines_of`` gave them already.
    """
    page, measures = numbered.page, numbered.page.measures
    width, height = measures.width, measures.height
    if measures.orientation in (90, 270):
        width, height = height, width
    found = lines or lines_of(numbered)
    papers = list(map(merged_rows, papers_of(page, _first_words(found) if bounded else found)))
    most = MOST_IN_ROW if bounded else None
    rows = [Row(row.tokens[:most]) for paper in papers for row in paper]
    ends = _ends(page, papers, width) if len(papers) > 1 else ()
    read_apart = page.codes, page.slots, tuple(ends)
    return PageRows(numbered.number, page.source, width, height, tuple(rows), *read_apart)


def lines_of(numbered: PageOfDossier) -> tuple[Row, ...]:
    """Turn a page's words upright and leave its lines as the engine parted them.

    Args:
        numbered: the page, with its number within the dossier.
    """
    measures = numbered.page.measures
    return tuple(row for line in numbered.page.text.lines if (row := _row(line, measures)))


def _first_words(rows: Iterable[Row]) -> Iterator[Row]:
    left = MOST_ON_PAGE
    for row in rows:
        if left <= 0:
            return
        yield Row(row.tokens[:left])
        left -= len(row.tokens)


def papers_of(page: Page, rows: Iterable[Row]) -> list[Sequence[Row]]:
    """Return rows paper by paper, each with its own tokens; of a sheet with one paper all."""
    if not page.parts:
        return [list(rows)]
    papers: list[list[Row]] = [[] for _ in page.parts]
    for row in rows:
        places = [part_of(page, token.original_box) for token in row.tokens]
        for number in set(places):
            own = (token for token, at in zip(row.tokens, places, strict=True) if at == number)
            papers[number].append(Row(tuple(own)))
    return list(map(_as_read, papers))


def _as_read(rows: Sequence[Row]) -> Sequence[Row]:
    """Return the rows of a paper that lies upside down as if it did not, in the same place."""
    if not is_upside_down([token.box for token in row.tokens] for row in rows):
        return rows
    all_of = Box.around(token.box for row in rows for token in row.tokens)
    return [Row(tuple(t._replace(box=turned_box(t.box, all_of)) for t in row[0])) for row in rows]


def _ends(page: Page, papers: Sequence[Sequence[Row]], width: int) -> Iterator[float]:
    """Yield for each row where its paper ends: in the gutter, halfway to the print beside it."""
    for number, paper in enumerate(papers):
        beside = [row.box.left for other in parts_beside(page, number) for row in papers[other]]
        near = min(beside, default=width)
        far = max((row.box.right for row in paper), default=0)
        yield from [(min(far, near) + near) / 2 if beside else width] * len(paper)


def merged_rows(rows: Iterable[Row]) -> list[Row]:
    """Join rows on one height, left to right, and order them top to bottom."""
    merged: list[_GrowingRow] = []
    for row in sorted(rows, key=lambda row: row.middle):
        last = merged[-1] if merged else None
        if last and abs(row.middle - last.middle) < SAME_ROW * min(row.height, last.height):
            last.add(row)
        else:
            merged.append(_GrowingRow(row))
    return [row.whole() for row in merged]


class _GrowingRow:
    """A row that others are joined to; its medians are kept, for a page may claim 10,000 lines."""

    def __init__(self, row: Row) -> None:
        self._tokens: list[Token] = []
        self._middles: list[float] = []
        self._heights: list[int] = []
        self._parts = 0
        self.add(row)

    def add(self, row: Row) -> None:
        self._tokens += row.tokens
        self._parts += 1
        for token in row.tokens:
            insort(self._middles, token.box.top + token.box.height / 2)
            insort(self._heights, token.box.height)

    @property
    def middle(self) -> float:
        return _median(self._middles)

    @property
    def height(self) -> float:
        return _median(self._heights)

    def whole(self) -> Row:
        if self._parts == 1:
            return Row(tuple(self._tokens))
        return Row(tuple(sorted(self._tokens, key=lambda token: token.box.left)))


def _median(ascending: Sequence[float]) -> float:
    return (ascending[len(ascending) // 2] + ascending[~(len(ascending) // 2)]) / 2


def make_finding(
    page: PageRows, value: str, tokens: Sequence[Token], confidence: float, raw: str | None = None
) -> Finding:
    """Make a finding from tokens of a page; of a sheet with several papers none is certain.

    Args:
        page: the page on which the tokens stand.
        value: the field's value, normalised.
        tokens: the tokens it was read from; their original boxes give the finding's box.
        confidence: confidence of the value; clipped to 0-1, rounded to three places.
        raw: the value as read; the text of the tokens by default.
    """
    found = Finding(
        value=value,
        raw=" ".join(token.text for token in tokens) if raw is None else raw,
        confidence=round(min(max(confidence, 0.0), 1.0), 3),
        source=page.source,
        page=page.number,
        box=Box.around(token.original_box for token in tokens) if tokens else None,
    )
    return found.doubted(SEVERAL_PAPERS) if page.ends else found


def _row(line: Line, measures: PageMeasures) -> Row | None:
    tokens = []
    for word in line.words:
        text = normalise_punctuation(word.text).strip()
        if text:
            tokens.append(Token(text, word.confidence, upright_box(word.box, measures), word.box))
    return Row(tuple(tokens)) if tokens else None
