"""Defines the dossier with its scans, page notes, documents, findings and record versions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pipeline.model.page import Box, PageRef, PageState, Source


class Outcome(StrEnum):
    """How digitising a dossier ended."""

    COMPLETE = "COMPLETE"
    PARTIAL = "PARTIAL"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Finding:
    """The value of a field, and where on which page it was read."""

    value: str  # normalised
    raw: str  # as read
    confidence: float  # 0-1
    source: Source
    page: int | None = None  # within the dossier, from 1
    box: Box | None = None  # pixels of the original page
    confirmed_by: str | None = None  # the person who confirmed it; None: nobody did

    @property
    def is_certain(self) -> bool:
        """Whether it may be shown without a mark of doubt."""
        return self.confirmed_by is not None or self.confidence >= CERTAIN


CERTAIN = 0.8  # findings below are shown as uncertain and wait for a person


@dataclass(frozen=True, slots=True)
class Document:
    """A run of pages that are one paper (giấy tờ)."""

    type: str  # label, e.g. "Quyết định"; empty when unknown
    pages: tuple[int, ...]  # page numbers within the dossier, from 1
    findings: dict[str, Finding] = field(default_factory=dict)  # by name of the field
    # Names of fields that the paper has not, and who said so: no machine finds them again.
    absent: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Boundary:
    """What a person decided of a page: it begins a paper, or continues the one before."""

    scan: str  # SHA-256: pages keep their decision when scans are joined or parted
    number: int  # within the scan, from 1
    begins: bool
    by: str  # the person


@dataclass(frozen=True, slots=True)
class Scan:
    """One file as it arrived, never altered."""

    sha256: str  # hexadecimal
    name: str  # as it was dropped, NFC; invalid bytes replaced
    size: int  # bytes
    media_type: str
    pages: int  # 0: it only carries other scans, such as a ZIP
    inside: str | None = None  # SHA-256 of the dropped file it lay in; None: it was dropped itself


@dataclass(frozen=True, slots=True)
class PageNote:
    """What a record says of a page; its words are in the page's result."""

    scan: str  # SHA-256 of the scan
    number: int  # within the scan, from 1
    recipe: str  # under which its result is stored; empty when there is none
    state: PageState
    confidence: float  # mean of its words, 0-1
    seconds: float  # that reading it took
    reasons: tuple[str, ...] = ()  # Vietnamese, for people


@dataclass(frozen=True, slots=True)
class Withheld:
    """Since when, by whom and why nothing of a dossier is handed out."""

    since: datetime
    by: str  # the actor: ``sohoa`` where a secrecy mark was read
    why: str  # Vietnamese, for people


@dataclass(frozen=True, slots=True)
class MissingFile:
    """A file of the drop that the dossier lacks: it was refused, hidden, or never finished."""

    name: str  # as it was dropped, with the name of its folder
    why: str  # Vietnamese, for people

    @property
    def reason(self) -> str:
        """What the dossier says of it until another file stands in its place."""
        return f"Tệp {self.name} bị từ chối: {self.why}"


@dataclass(frozen=True, slots=True)
class Dossier:
    """What was dropped together and is asked for as one (hồ sơ)."""

    id: str
    name: str  # of the file or folder as dropped
    received: datetime  # with time zone
    code: str | None = None  # mã hồ sơ
    unit: str | None = None  # from the code, else the issuer's name
    procedure: str | None = None  # mã thủ tục
    scans: tuple[Scan, ...] = ()
    pages: tuple[PageNote, ...] = ()  # in the order of scans; their position + 1 is the page number
    documents: tuple[Document, ...] = ()
    outcome: Outcome | None = None  # None: not yet digitised
    reasons: tuple[str, ...] = ()  # Vietnamese, for people
    withheld: Withheld | None = None  # every writer carries it along; ``pipeline.access`` reads it
    origin: str | None = None  # the watched folder it came from; None where nobody noted it
    missing: tuple[MissingFile, ...] | None = None  # None: a record of 0.1, whose reasons say it
    proposed_join: str | None = None  # a dossier of the same code that a person may join it to
    joined_into: str | None = None  # the dossier that has its scans now; this one is an empty shell
    joined_from: tuple[str, ...] = ()  # the dossiers whose scans this one took over
    boundaries: tuple[Boundary, ...] = ()  # what people decided of them; at most one a page

    @property
    def title(self) -> str:
        """Type, number and summary of the first document that has any; else the name."""
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
    # Numbers are often written by hand: a doubtful one is left open, as on an unnumbered draft.
    return f"{number.value if number.is_certain else '…'}/{symbol.value}"


@dataclass(frozen=True, slots=True)
class Record:
    """One version of a dossier; the highest sequence is its state."""

    sequence: int
    at: datetime
    actor: str
    action: str  # received, digitised, failed, withheld, joined, split, lifted …
    dossier: Dossier
    reason: str = ""  # why a person did it, in their words
    approved_by: str = ""  # the second person, of an act that takes two
