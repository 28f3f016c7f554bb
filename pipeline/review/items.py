"""Derives from records what people are to look at, and what they found; pure.

Order: the dossier code, who is meant, number and symbol, dates, pages that were read badly or not
at all, the rest; then the least confident, then the oldest. A sample of what machines hold certain
stands among the doubtful fields of its kind. Whether a field is in the sample depends on where it
stands alone, never on its value or on who asks, so the sample is the same wherever and however
often the queue is built.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from pipeline.access import may_hand_out
from pipeline.model import Document, Dossier, Finding, PageNote, PagePlace, PageState, Record
from pipeline.review.item_names import PAGE, rank_of_kind


class ReviewItem(NamedTuple):
    """A field of a paper, or a page, that a person is to look at; it holds no value.

    The paper is known by its first page, and that by its scan: numbers within the dossier change
    when people move pages or leave some out.
    """

    dossier: str
    scan: str  # SHA-256 of the scan that the paper's first page is in
    number: int  # of that page within the scan, from 1
    field: str  # name in ``pipeline.documents.fields``, or ``PAGE``
    sequence: int  # of the record it stands in
    page: int  # the same page within the dossier, from 1, as that record has it
    rank: int  # by kind of field; 0 comes first
    confidence: float  # 0-1
    since: datetime  # when the dossier was received
    is_sample: bool  # held certain by the machine, shown for quality control
    unit: str  # of the dossier; empty when unknown
    scanner: str  # the watched folder it came from; empty when nobody noted it
    part: int = 0  # of its first page where the paper begins; 0: with the page

    @property
    def name(self) -> str:
        """What people and programs name the item by: a page as a record has it, and a field."""
        return f"{self.dossier}-{self.seen_at}"

    @property
    def seen_at(self) -> str:
        """What follows the dossier in the name."""
        where = f"{self.page}.{self.part}" if self.part else str(self.page)
        return f"{self.sequence}.{where}-{self.field}"

    @property
    def is_page(self) -> bool:
        """Whether it is about a page and not about a field."""
        return self.field == PAGE

    @property
    def place(self) -> PagePlace:
        """The page, or the paper's first one, whatever its number within the dossier is."""
        return PagePlace(self.scan, self.number)

    @property
    def begin(self) -> PaperBegin:
        """Where the paper begins."""
        return PaperBegin(self.scan, self.number, self.part)


class PaperBegin(NamedTuple):
    """Where a paper begins: on a page, or behind another paper on the same sheet."""

    scan: str  # SHA-256 of the scan, hexadecimal
    number: int  # within the scan, from 1
    part: int = 0  # of the sheet; 0 for the first one as well


class SampleAnswer(NamedTuple):
    """What a person found of a field of the sample."""

    dossier: str
    scan: str  # SHA-256 of the scan that the paper's first page is in
    number: int  # of that page within the scan, from 1
    field: str
    is_right: bool  # the machine's certain value is the right one
    unit: str
    scanner: str
    part: int = 0  # as ``ReviewItem``


def is_sampled(dossier: str, place: PaperBegin, field: str, share: float) -> bool:
    """Tell whether a field belongs to the sample for quality control.

    Args:
        dossier: the dossier's id, half of which is chance.
        place: where the paper begins.
        field: the field's name.
        share: the share of fields that do, 0-1.
    """
    page = f"{place.number}.{place.part}" if place.part else str(place.number)
    where = f"{dossier}-{place.scan}-{page}-{field}"
    drawn = hashlib.sha256(where.encode()).digest()[:8]
    return int.from_bytes(drawn) < share * 2**64


def items_of(record: Record, share: float) -> Iterator[ReviewItem]:
    """Yield what people are to look at in a dossier: fields and pages; none that nobody may see.

    Args:
        record: the dossier's newest record.
        share: the share of certain fields that are looked at as well, 0-1.
    """
    dossier = record.dossier
    papers = [one for one in dossier.documents if one.pages] if may_hand_out(record) else []
    for document in papers:
        place = place_of(dossier, document)
        for name, finding in document.findings.items():
            is_drawn = not finding.is_certain or is_sampled(dossier.id, place, name, share)
            if is_drawn and not finding.confirmed_by:
                yield item_of(record, document, name)
    if may_hand_out(record) and dossier.outcome is not None:  # else it is read anew first
        for number, note in enumerate(dossier.pages, 1):
            if is_doubtful_page(dossier, note):
                yield page_item_of(record, number)


def is_doubtful_page(dossier: Dossier, note: PageNote) -> bool:
    """Tell whether a page was read badly or not at all, and nobody has decided what it is."""
    edit = dossier.find_edit(note.scan, note.number)
    is_decided = edit is not None and (edit.is_confirmed or edit.words > 0)
    return note.state in {PageState.DOUBTFUL, PageState.NOT_READ} and not is_decided


def page_item_of(record: Record, number: int) -> ReviewItem:
    """Return the item of a page (from 1), whether or not somebody is to look at it."""
    dossier = record.dossier
    note = dossier.pages[number - 1]
    return ReviewItem(
        dossier.id,
        note.scan,
        note.number,
        PAGE,
        record.sequence,
        number,
        rank_of_kind(PAGE),
        note.confidence,
        dossier.received,
        is_sample=False,
        unit=dossier.unit or "",
        scanner=dossier.origin or "",
    )


def item_of(record: Record, document: Document, field: str) -> ReviewItem:
    """Return the item of a field, whether or not somebody is to look at it.

    Args:
        record: the record that the paper stands in.
        document: the paper; it has pages.
        field: the field's name; the paper need not have it.
    """
    dossier, finding = record.dossier, document.findings.get(field)
    is_sample = finding is not None and finding.is_certain
    place = place_of(dossier, document)
    return ReviewItem(
        dossier.id,
        place.scan,
        place.number,
        field,
        record.sequence,
        document.pages[0],
        rank_of_kind(field),
        finding.confidence if finding else 1.0,
        dossier.received,
        is_sample,
        dossier.unit or "",
        dossier.origin or "",
        place.part,
    )


def answers_of(history: Sequence[Record], share: float) -> Iterator[SampleAnswer]:
    """Yield what people found of the sampled fields of a dossier; what was taken back is not there.

    Args:
        history: the dossier's records, oldest first.
        share: the share of certain fields that are sampled, 0-1.
    """
    newest = history[-1].dossier
    for document in (one for one in newest.documents if one.pages):
        place = place_of(newest, document)
        for name in decided_fields(document):
            if not is_sampled(newest.id, place, name, share):
                continue
            read = _as_read(place, name, history)
            if read is None or not read.is_certain:
                continue  # the machine doubted it, or a person found it
            now = document.findings.get(name)
            is_right = now is not None and now.value == read.value
            unit, scanner = newest.unit or "", newest.origin or ""
            where = place.scan, place.number
            yield SampleAnswer(newest.id, *where, name, is_right, unit, scanner, place.part)


def decided_fields(document: Document) -> list[str]:
    """Return the names of the fields of a paper of which a person decided."""
    confirmed = (name for name, one in document.findings.items() if one.confirmed_by)
    return [*confirmed, *document.absent]


def _as_read(place: PaperBegin, name: str, history: Sequence[Record]) -> Finding | None:
    """Return the last value of a machine before people decided; None without one."""
    for record in reversed(history):
        paper = paper_at(record.dossier, place)
        finding = paper.findings.get(name) if paper else None
        if finding and not finding.confirmed_by:
            return finding
    return None


def place_of(dossier: Dossier, document: Document) -> PaperBegin:
    """Return where a paper that has pages begins, by its scan."""
    note, part = dossier.pages[document.pages[0] - 1], document.first_part
    return PaperBegin(note.scan, note.number, part if part > 1 else 0)


def page_at(dossier: Dossier, place: PagePlace) -> int | None:
    """Return the number (from 1) that a page has in a dossier; None when it is none of it."""
    places = ((note.scan, note.number) == place for note in dossier.pages)
    return next((number for number, is_it in enumerate(places, 1) if is_it), None)


def paper_at(dossier: Dossier, place: PaperBegin) -> Document | None:
    """Return the paper that begins at a place; None when none does any more."""
    papers = (one for one in dossier.documents if one.pages)
    return next((one for one in papers if place_of(dossier, one) == place), None)
