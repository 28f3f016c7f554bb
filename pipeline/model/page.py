"""Defines the page: its words and boxes, its measures, and the state in which reading ended.

Page numbers start at 1. Boxes are pixels of the original page (the raster at ``PageMeasures.dpi``,
not turned), origin top left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from pipeline.model.page_geometry import Box, View


class PageState(StrEnum):
    """How reading a page ended; every page has a state."""

    READ = "READ"
    BLANK = "BLANK"
    DOUBTFUL = "DOUBTFUL"
    NOT_READ = "NOT_READ"


class Source(StrEnum):
    """Where a finding or a page's words come from."""

    QR = "qr"
    MRZ = "mrz"
    OCR = "ocr"
    TEXT_LAYER = "text_layer"
    TYPED = "typed"
    SYSTEM = "system"


FEW_WORDS = 40  # on a sheet that only parts papers, such as what it is for


class SignKind(StrEnum):
    """What a sheet is that was put between papers, as its bars, code or words say."""

    SEPARATOR = "separator"  # parts papers and is none: patch-T, a QR of ours
    COVER = "cover"  # a cover sheet of ours: parts papers as well, and says what follows


@dataclass(frozen=True, slots=True)
class PageSign:
    """A sign on a page that was put there for machines."""

    kind: SignKind
    source: str  # where it was found: ``patch``, ``qr``, ``barcode`` or ``words``
    value: str = ""  # what it says beyond its kind, such as the code a cover sheet carries


class PageRef(NamedTuple):
    """Names a page of a scan of a dossier; tasks exchange nothing else."""

    dossier: str
    scan: str  # SHA-256 of the scan, hexadecimal
    number: int  # within the scan, from 1


@dataclass(frozen=True, slots=True)
class Word:
    """One printed word, NFC, with the OCR engine's confidence (0-1).

    ``raw`` is what was read where ``text`` was corrected, and empty where it was not.
    """

    text: str
    confidence: float
    box: Box
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """The words of a line, left to right; never empty."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The words, one space between them."""
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        """The bounding box of all words."""
        return Box.around(word.box for word in self.words)


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page, line by line in reading order."""

    lines: tuple[Line, ...] = ()

    @property
    def words(self) -> tuple[Word, ...]:
        """All words of all lines."""
        return tuple(word for line in self.lines for word in line.words)

    @property
    def text(self) -> str:
        """The page as plain text, a line break after each line."""
        return "\n".join(line.text for line in self.lines)

    @property
    def confidence(self) -> float:
        """Mean confidence of the words (0-1), weighted by their letters; 0 without words."""
        return mean_confidence(self.words)


def mean_confidence(words: Sequence[Word]) -> float:
    """Return the mean confidence of words (0-1), weighted by their letters; 0 without words."""
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0


@dataclass(frozen=True, slots=True)
class PageMeasures:
    """What was measured on a page, without a judgement of it."""

    width: int  # pixels of the original page
    height: int
    dpi: float  # of those pixels, as far as the file tells; 0 = unknown
    orientation: int = 0  # degrees clockwise that bring the page upright: 0, 90, 180, 270
    skew: float = 0.0  # degrees left after turning; positive leans clockwise
    ink: float = 0.0  # share of dark pixels, 0-1
    sharpness: float = 0.0  # variance of the Laplacian
    contrast: float = 0.0  # 95th minus 5th percentile of grey, 0-1
    seal: float = 0.0  # share of pixels coloured like a seal or a pen, 0-1
    blank: bool = False


MOST_CODES = 50  # of a page that are kept; more say nothing that an office prints
UNSEEN_CODE = "unseen"  # the format of what stands for codes that could not be looked for


@dataclass(frozen=True, slots=True)
class PageCode:
    """A QR code or barcode printed on a page."""

    format: str  # as ISO names it, for example ``QRCode`` or ``Code128``
    text: str  # what it says, on one line; empty where it is damaged and says nothing
    box: Box  # pixels of the original page


class SlotKind(StrEnum):
    """What belongs into a place of a paper that people fill in by hand or by stamp."""

    NUMBER = "number"  # Số: … /…
    DATE = "date"  # ngày … tháng … năm …
    PERSONAL_ID = "personal_id"  # of a form, as those below: Số định danh cá nhân: …
    PHONE = "phone"
    TAX_CODE = "tax_code"


@dataclass(frozen=True, slots=True)
class SlotReading:
    """What a recogniser of figures read in such a place, or why nobody can say what stands there.

    Without a reason the value was read twice alike; with one it is empty.
    """

    kind: SlotKind
    value: str  # digits, with the year of ``12/2025``; or the day, ISO
    confidence: float  # 0-1, of the weakest figure
    box: Box  # pixels of the original page
    raw: str = ""  # what the page's own reading has there
    reason: str = ""  # Vietnamese, for people
    label: Box | None = None  # of a form's slot: where its label ends, pixels of the original page


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell of a table, by its place; its words are those of the page that lie in its box."""

    row: int  # from 1
    column: int  # from 1
    row_span: int
    column_span: int
    box: Box  # pixels of the view, which is upright


@dataclass(frozen=True, slots=True)
class PageTable:
    """A ruled table of a page."""

    box: Box  # pixels of the view
    rows: int
    columns: int
    cells: tuple[TableCell, ...]  # row by row


@dataclass(frozen=True, slots=True)
class Page:
    """One side of one sheet as it was read."""

    number: int  # within its scan
    state: PageState
    measures: PageMeasures
    text: PageText = PageText()
    view: View | None = None
    source: Source = Source.OCR
    reasons: tuple[str, ...] = ()  # Vietnamese, for people
    seconds: float = 0.0
    signs: tuple[PageSign, ...] = ()  # readers of bars and codes fill it
    codes: tuple[PageCode, ...] = ()  # none on readings from before codes were read
    tables: tuple[PageTable, ...] = ()  # ruled ones; none on readings from before they were found
    parts: tuple[Box, ...] = ()  # papers on one sheet, as read, view pixels; none: it is one
    slots: tuple[SlotReading, ...] = ()  # of its letterhead or a form, where its reading is unsure
