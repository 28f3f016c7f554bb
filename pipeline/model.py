"""The nouns of the trade: dossiers, scans, pages, documents and what is known of them.

Frozen values that every room exchanges. Page numbers start at 1. Boxes are pixels of the
original page (the raster at ``PageMeasures.dpi``, not turned), origin top left.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class PageState(StrEnum):
    """What became of one page; nothing is silent."""

    READ = "READ"
    BLANK = "BLANK"
    DOUBTFUL = "DOUBTFUL"
    NOT_READ = "NOT_READ"


class Outcome(StrEnum):
    """How a run over a dossier ended."""

    COMPLETE = "COMPLETE"
    PARTIAL = "PARTIAL"
    FAILED = "FAILED"


class ReceiptStatus(StrEnum):
    """What became of one dropped file."""

    ARCHIVED = "archived"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    WAITING = "waiting"


class Source(StrEnum):
    """Where a finding or a page's words come from."""

    QR = "qr"
    MRZ = "mrz"
    OCR = "ocr"
    TEXT_LAYER = "text_layer"
    TYPED = "typed"
    SYSTEM = "system"


class PageRef(NamedTuple):
    """The only thing tasks exchange: a page of a scan of a dossier."""

    dossier: str
    scan: str  # SHA-256 of the scan, hexadecimal
    number: int  # within the scan, from 1


class Box(NamedTuple):
    """A rectangle in pixels, origin top left."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column right of the box."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The first row below the box."""
        return self.top + self.height

    def union(self, other: Box) -> Box:
        """Return the smallest box that holds both."""
        left, top = min(self.left, other.left), min(self.top, other.top)
        right, bottom = max(self.right, other.right), max(self.bottom, other.bottom)
        return Box(left, top, right - left, bottom - top)


@dataclass(frozen=True, slots=True)
class Word:
    """One printed word, NFC, with the reader's confidence (0-1)."""

    text: str
    confidence: float
    box: Box


@dataclass(frozen=True, slots=True)
class Line:
    """Words that people read together, left to right; never empty."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The words, one space between them."""
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        """The smallest box that holds all words."""
        box = self.words[0].box
        for word in self.words[1:]:
            box = box.union(word.box)
        return box


@dataclass(frozen=True, slots=True)
class PageText:
    """What was read on a page, in the order people read it."""

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
        letters = sum(len(word.text) for word in self.words)
        weighted = sum(word.confidence * len(word.text) for word in self.words)
        return weighted / letters if letters else 0.0


@dataclass(frozen=True, slots=True)
class PageMeasures:
    """What was measured on a page, no opinion."""

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


@dataclass(frozen=True, slots=True)
class View:
    """The picture people look at: turned and straightened, otherwise as scanned."""

    width: int
    height: int
    matrix: tuple[float, float, float, float, float, float]  # original (x, y) to view, row by row


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


@dataclass(frozen=True, slots=True)
class Finding:
    """A field and where it was seen."""

    value: str
    raw: str
    confidence: float
    source: Source
    page: int | None = None  # within the dossier
    box: Box | None = None
    confirmed_by: str | None = None

    @property
    def is_certain(self) -> bool:
        """Whether it may be shown without a mark of doubt."""
        return self.confirmed_by is not None or self.confidence >= CERTAIN


CERTAIN = 0.8  # findings below are shown as uncertain and wait for a person


@dataclass(frozen=True, slots=True)
class Document:
    """A run of pages that are one paper (giấy tờ)."""

    type: str  # label, e.g. "Quyết định"; empty when unknown
    pages: tuple[int, ...]  # numbers within the dossier
    findings: dict[str, Finding] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scan:
    """One file as it arrived, never altered."""

    sha256: str
    name: str  # as it was dropped, NFC; invalid bytes replaced
    size: int  # bytes
    media_type: str
    pages: int


@dataclass(frozen=True, slots=True)
class PageNote:
    """What a dossier's record keeps of a page; the words stay with the page."""

    scan: str
    number: int  # within the scan
    recipe: str  # under which its result is kept; empty when there is none
    state: PageState
    confidence: float
    seconds: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dossier:
    """The unit delivered and asked for (hồ sơ)."""

    id: str
    name: str  # of the file or folder as dropped
    received: datetime  # with time zone
    code: str | None = None  # mã hồ sơ
    unit: str | None = None
    procedure: str | None = None
    scans: tuple[Scan, ...] = ()
    pages: tuple[PageNote, ...] = ()  # in the order of scans; their position + 1 is the page number
    documents: tuple[Document, ...] = ()
    outcome: Outcome | None = None  # None: not yet digitised
    reasons: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What people recognise it by: type, number and summary of its first document."""
        for document in self.documents:
            summary = document.findings.get("summary")
            parts = [document.type, _number(document), summary.value if summary else ""]
            if title := " ".join(part for part in parts if part):
                return title
        return self.name

    def page_refs(self) -> tuple[PageRef, ...]:
        """All pages of all scans, in order."""
        return tuple(
            PageRef(self.id, scan.sha256, number)
            for scan in self.scans
            for number in range(1, scan.pages + 1)
        )


def _number(document: Document) -> str:
    number, symbol = document.findings.get("number"), document.findings.get("symbol")
    if number is None or symbol is None:
        return ""
    return f"{number.value}/{symbol.value}"


@dataclass(frozen=True, slots=True)
class Record:
    """One version of a dossier; the highest sequence is its state."""

    sequence: int
    at: datetime
    actor: str
    action: str  # received, digitised, failed, retried …
    dossier: Dossier


@dataclass(frozen=True, slots=True)
class Pending:
    """Owed work: a marker that stands until the work is done."""

    key: str
    dossier: str
    what: str
    since: datetime
    attempts_before: int = 0  # attempts made before somebody asked again


@dataclass(frozen=True, slots=True)
class Lease:
    """Who works on a dossier, and when they last gave a sign of life."""

    dossier: str
    attempt: int  # from 1
    holder: str
    beat: datetime  # last sign of life
    strikes: int = 0  # attempts that failed or went quiet before this one, since somebody asked
    released: bool = False
    excused: bool = False  # given back because a service was away: no strike
    trouble: str = ""  # what stopped the attempt, for people


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one dropped file."""

    name: str
    status: ReceiptStatus
    at: datetime
    dossier: str | None = None
    reason: str = ""
    remedy: str = ""
    size: int = 0
    sha256: str | None = None


class Check(NamedTuple):
    """How one part of the installation is, for `sohoa doctor`."""

    part: str
    detail: str
    remedy: str = ""  # empty when all is well

    @property
    def is_well(self) -> bool:
        """Whether nothing needs to be done."""
        return not self.remedy


@dataclass(frozen=True, slots=True)
class Query:
    """A search as asked: what was typed, filters by facet, how many hits."""

    text: str
    filters: dict[str, str] = field(default_factory=dict)  # unit, document_type, year, state
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """One dossier found, with its best page."""

    dossier: str
    code: str | None
    page: int  # within the dossier
    title: str
    snippet: str  # plain text; the hit words between MARK_OPEN and MARK_CLOSE
    score: float  # higher is better
    pages: tuple[int, ...] = ()  # all pages found, best first


MARK_OPEN, MARK_CLOSE = "⟦", "⟧"


@dataclass(frozen=True, slots=True)
class Results:
    """What a search found; total counts dossiers."""

    total: int
    took_ms: float
    hits: tuple[Hit, ...]
    facets: dict[str, dict[str, int]]  # facet -> value -> dossiers


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One page as the search index holds it, with its dossier's and document's fields."""

    page: int  # within the dossier
    text: str
    state: PageState
    document_type: str = ""
    findings: dict[str, str] = field(default_factory=dict)  # name -> value, of its document


@dataclass(frozen=True, slots=True)
class Publication:
    """A dossier as it goes to the index: all of it, under the number of its record."""

    dossier: Dossier
    sequence: int  # of the record; an older one never replaces a newer one
    entries: tuple[IndexEntry, ...]
