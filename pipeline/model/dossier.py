"""Defines the dossier with its scans, page notes and record versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.model.arrangement import PageEdit, PagePlace, arranged
from pipeline.model.components import Component, ComponentMark, ComponentState, ReusedPaper
from pipeline.model.documents import Boundary, Document
from pipeline.model.duplicates import NotDuplicate
from pipeline.model.page import PageRef, PageState
from pipeline.model.two_sides import TwoSides, in_order


class Outcome(StrEnum):
    """How digitising a dossier ended."""

    COMPLETE = "COMPLETE"
    PARTIAL = "PARTIAL"
    FAILED = "FAILED"


_NAMED = {"applicant", "full_name", "organisation"}  # fields that name somebody


@dataclass(frozen=True, slots=True)
class Scan:
    """One file as it arrived, never altered."""

    sha256: str  # hexadecimal
    name: str  # as it was dropped, NFC; invalid bytes replaced
    size: int  # bytes
    media_type: str
    pages: int  # 0: it only carries other scans, such as a ZIP
    inside: str | None = None  # SHA-256 of the dropped file it lay in; None: it was dropped itself
    # What the system that sent it knows of the first paper in it: names of fields and values.
    facts: tuple[tuple[str, str], ...] = ()


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
    apart: str = ""  # Vietnamese: why it belongs to no paper, as a separator; empty: it may


@dataclass(frozen=True, slots=True)
class Withheld:
    """Since when, by whom and why nothing of a dossier is handed out."""

    since: datetime
    by: str  # the actor: ``sohoa`` where a secrecy mark was read
    why: str  # Vietnamese, for people


@dataclass(frozen=True, slots=True)
class ProposedLift:
    """Somebody proposes to end the withholding of a dossier; another person decides.

    It holds while the record that made it is the newest (``pipeline.people.lifting``).
    """

    since: datetime
    by: str  # the account's name
    account: str  # its id: names may be written in several ways
    why: str  # in the words of the person


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
    unit: str | None = None  # the receiving unit's name; its code while no paper names it
    procedure: str | None = None  # mã thủ tục
    scans: tuple[Scan, ...] = ()
    pages: tuple[PageNote, ...] = ()  # as ``page_refs``; their position + 1 is the page number
    documents: tuple[Document, ...] = ()
    outcome: Outcome | None = None  # None: not yet digitised
    reasons: tuple[str, ...] = ()  # Vietnamese, for people
    withheld: Withheld | None = None  # every writer carries it along; ``pipeline.access`` reads it
    proposed_lift: ProposedLift | None = None  # somebody wants to end the withholding
    cleared: tuple[str, ...] = ()  # scans that two people let go: their marks count no more
    origin: str | None = None  # the watched folder it came from; None where nobody noted it
    missing: tuple[MissingFile, ...] | None = None  # None: a record of 0.1, whose reasons say it
    proposed_join: str | None = None  # a dossier of the same code that a person may join it to
    joined_into: str | None = None  # the dossier that has its scans now; this one is an empty shell
    joined_from: tuple[str, ...] = ()  # the dossiers whose scans this one took over
    components: tuple[Component, ...] = ()  # its checklist; empty where nobody has one
    boundaries: tuple[Boundary, ...] = ()  # what people decided of them; at most one a page
    two_sides: TwoSides | None = None  # its scans that are fronts and backs of one stack
    edits: tuple[PageEdit, ...] = ()  # what people decided of pages; at most one a page
    order: tuple[PagePlace, ...] = ()  # of pages, where people decided it; empty: that of scans
    rules: str = ""  # version of the rules that made the papers; empty: nobody noted it
    reused: tuple[ReusedPaper, ...] = ()  # papers of other dossiers; at most one a component
    marks: tuple[ComponentMark, ...] = ()  # what people said of components; at most one each
    not_duplicates: tuple[NotDuplicate, ...] = ()  # what people said is no duplicate of another

    @property
    def title(self) -> str:
        """Person and procedure; else type, number and summary of a document; else the name.

        A name that is not certain is followed by ``(?)``.
        """
        if person := _person(self.documents):
            return f"{person} · {_procedure(self.documents)}"
        for document in self.documents:
            summary = document.findings.get("summary")
            parts = [document.type, _number(document), summary.value if summary else ""]
            if title := " ".join(part for part in parts if part):
                return title
        return self.name

    @property
    def person(self) -> str:
        """Who applies, or whom it is about; one that is not certain is followed by ``(?)``."""
        return _person(self.documents)

    @property
    def lacking(self) -> tuple[Component, ...]:
        """The components that are missing: a state beside how digitising ended."""
        return tuple(one for one in self.components if one.state is ComponentState.MISSING)

    @property
    def details(self) -> str:
        """Code, unit, reception day and due day, as far as they are known."""
        return " · ".join(filter(None, (self.code, self.unit, *self.days)))

    @property
    def days(self) -> tuple[str, ...]:
        """The days of reception and return as people write them, as far as they are certain."""
        known = {"tiếp nhận": self.find_day("received_on"), "hẹn trả": self.find_day("due_on")}
        return tuple(f"{what} {_printed(day)}" for what, day in known.items() if day)

    def find_day(self, name: str) -> str | None:
        """Return the first certain day (ISO) of a field of its documents, None without one."""
        found = (document.findings.get(name) for document in self.documents)
        return next((one.value for one in found if one and one.is_certain), None)

    def page_refs(self) -> tuple[PageRef, ...]:
        """The pages of all scans that nobody left out, in order; two passes sheet by sheet."""
        places = [(scan.sha256, at) for scan in self.scans for at in range(1, scan.pages + 1)]
        pages: Sequence[PagePlace] = [
            PagePlace(*place) for place in in_order(places, self.two_sides)
        ]
        left_out = {each.place for each in self.edits if each.left_out}
        if self.order or left_out:
            pages = arranged(pages, self.order, left_out)
        return tuple(PageRef(self.id, *place) for place in pages)

    def find_edit(self, scan: str, number: int) -> PageEdit | None:
        """Return what people decided of a page of a scan; None when nobody decided anything."""
        places = (each for each in self.edits if (each.scan, each.number) == (scan, number))
        return next(places, None)


def _person(documents: Sequence[Document]) -> str:
    """Return who applies, else whom a paper is about; the surest reading of the first such name."""
    for names in (("applicant",), ("full_name", "organisation")):
        found = [
            finding
            for document in documents
            for name in names
            if (finding := document.findings.get(name))
        ]
        if found:
            surest = max(found, key=lambda finding: (finding.is_certain, finding.confidence))
            return surest.value + ("" if surest.is_certain else " (?)")
    return ""


def _procedure(documents: Sequence[Document]) -> str:
    """Return the procedure as a receipt names it, else what the first paper is."""
    named = (document.findings.get("procedure_name") for document in documents)
    if found := next((finding for finding in named if finding), None):
        return found.value
    types = (document.type for document in documents if document.findings.keys() & _NAMED)
    return next((kind for kind in types if kind), "chưa rõ thủ tục")


def _printed(day: str) -> str:
    year, month, date_ = day.split("-")
    return f"{date_}/{month}/{year}"


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
