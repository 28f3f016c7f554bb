"""Shapes of pages and their words in answers of the API."""

from __future__ import annotations

from pydantic import Field

from pipeline.model import Page, PageNote
from pipeline.model.table_text import text_by_rows
from web.api.answers import ApiAnswer, Text

Box = tuple[int, int, int, int]


class PageSummary(ApiAnswer):
    """A page in the list of a dossier."""

    number: int = Field(description="within the dossier, from 1")
    state: str = Field(description="READ, BLANK, DOUBTFUL or NOT_READ")
    confidence: float
    reasons: tuple[Text, ...]
    apart: Text = Field(description="why it is in no document, such as a separator; empty: it may")
    hit: bool = Field(description="whether it matches the parameter q best")


class WordAnswer(ApiAnswer):
    """A word of a page."""

    text: Text
    confidence: float
    box: Box = Field(description="left, top, width, height in pixels of the original page")
    hit: bool = Field(description="whether the parameter q hits it")


class PictureAnswer(ApiAnswer):
    """The geometry of a page's picture.

    A point (x, y) of the original page lies on it at
    ((ax + by + c) / (gx + hy + i), (dx + ey + f) / (gx + hy + i)).
    """

    width: int
    height: int
    matrix: tuple[float, float, float, float, float, float] = Field(description="a to f")
    tilt: tuple[float, float, float] = Field(description="g, h, i")


class TableAnswer(ApiAnswer):
    """A ruled table of a page."""

    rows: tuple[tuple[Text, ...], ...] = Field(
        description="text by rows and columns; a merged cell has its text in its first place"
    )


class PageAnswer(ApiAnswer):
    """A page with its words."""

    dossier: str
    number: int = Field(description="within the dossier, from 1")
    document: int | None = Field(description="number of the first document it belongs to")
    documents: tuple[int, ...] = Field(
        description="numbers of all documents it belongs to: a sheet may have several papers"
    )
    state: str
    confidence: float
    reasons: tuple[Text, ...]
    text: Text = Field(description="a line break after each line")
    lines: tuple[tuple[WordAnswer, ...], ...] = Field(description="in reading order")
    picture: PictureAnswer | None = Field(description="null: there is no picture")
    tables: tuple[TableAnswer, ...] = Field(description="from top to bottom; empty: none, or older")
    parts: tuple[Box, ...] = Field(
        description="papers on one sheet in order; pixels of the picture"
    )
    hit_pages: tuple[int, ...] = Field(description="pages that match the parameter q best")


def page_summary(number: int, note: PageNote, *, hit: bool) -> PageSummary:
    """Return a page as the list of a dossier has it."""
    return PageSummary(
        number=number,
        state=str(note.state),
        confidence=round(note.confidence, 3),
        reasons=note.reasons,
        apart=note.apart,
        hit=hit,
    )


def tables_of_page(page: Page) -> tuple[TableAnswer, ...]:
    """Return the tables of a page.

    Args:
        page: the page as it is shown.
    """
    return tuple(TableAnswer(rows=text_by_rows(page, table)) for table in page.tables)


def lines_of_page(page: Page, hits: tuple[bool, ...]) -> tuple[tuple[WordAnswer, ...], ...]:
    """Return the words of a page, line by line.

    Args:
        page: the page as it is shown.
        hits: whether a search hit the word, for each in reading order.
    """
    marks = iter(hits)
    lines = []
    for line in page.text.lines:
        row = []
        for word in line.words:
            hit = next(marks)
            confidence, box = round(word.confidence, 3), tuple(word.box)
            row.append(WordAnswer(text=word.text, confidence=confidence, box=box, hit=hit))
        lines.append(tuple(row))
    return tuple(lines)
