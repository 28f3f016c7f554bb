"""The dossier page: its papers, pages, files and history, as they are shown."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.documents.fields import label_of, rank_of
from pipeline.model import Document, Dossier, Finding, PageNote, PageState, Record, Scan
from pipeline.ports.searchable_pdf import SearchablePdf
from pipeline.searchable_pdf import recipe_of
from pipeline.stages import WITHHELD
from web.context import AppContext
from web.hits import hit_pages
from web.labels import finding_value
from web.urls import (
    field_address,
    original_address,
    page_address,
    searchable_address,
    thumbnail_address,
)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a paper."""

    label: str
    value: str
    finding: Finding
    address: str | None  # where it was seen


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A document of the dossier."""

    title: str
    pages: tuple[int, ...]
    fields: tuple[Field, ...]
    address: str | None  # of its first page

    @property
    def doubts(self) -> int:
        """How many fields wait for a person."""
        return sum(not field.finding.is_certain for field in self.fields)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page as a small picture."""

    number: int  # within the dossier
    note: PageNote
    address: str
    thumbnail: str | None
    is_hit: bool


@dataclass(frozen=True, slots=True)
class File:
    """An original as it arrived, and the searchable PDF made of it."""

    scan: Scan
    address: str
    searchable_pdf: SearchablePdf | None  # None: not made yet
    download: str | None  # address of the PDF; None: there is none to hand out


@dataclass(frozen=True, slots=True)
class DossierShown:
    """The dossier page."""

    dossier: Dossier
    sequence: int
    papers: tuple[ShownDocument, ...]
    leaves: tuple[Leaf, ...]
    files: tuple[File, ...]
    history: tuple[Record, ...]
    is_owed: bool
    text: str  # the search that led here

    @property
    def may_retry(self) -> bool:
        """Whether asking for another reading makes sense."""
        return not self.is_owed and self.dossier.outcome != "COMPLETE"

    @property
    def page_count(self) -> int:
        """Pages of all files, read or not."""
        return len(self.dossier.page_refs())

    @property
    def troubles(self) -> tuple[Leaf, ...]:
        """The pages somebody must look at."""
        return tuple(leaf for leaf in self.leaves if is_trouble(leaf.note))


def is_trouble(note: PageNote) -> bool:
    """Tell whether a page waits for a person."""
    return note.state in {PageState.DOUBTFUL, PageState.NOT_READ}


def show_dossier(context: AppContext, dossier: str, text: str) -> DossierShown:
    """Lay a dossier out. Raises ``ObjectMissingError``."""
    record = context.record(dossier)
    now = record.dossier
    hits = hit_pages(context, record, text)
    return DossierShown(
        now,
        record.sequence,
        tuple(_paper(now, place, paper) for place, paper in enumerate(now.documents, 1)),
        tuple(
            Leaf(
                number,
                note,
                page_address(now.id, number, text),
                thumbnail_address(now, number),
                number in hits,
            )
            for number, note in enumerate(now.pages, 1)
        ),
        tuple(_file(context, record, scan) for scan in now.scans),
        tuple(reversed(context.archive.history(dossier))),
        context.archive.is_queued(dossier),
        text,
    )


def find_searchable_pdf(context: AppContext, record: Record, scan: str) -> SearchablePdf | None:
    """Return what became of the searchable PDF of a scan; a withheld dossier has none."""
    recipe = recipe_of(record.dossier, scan)
    if record.action == WITHHELD or not recipe:
        return None
    return context.archive.find_searchable_pdf(scan, recipe)


def _file(context: AppContext, record: Record, scan: Scan) -> File:
    made = find_searchable_pdf(context, record, scan.sha256)
    dossier, sha256 = record.dossier.id, scan.sha256
    address = searchable_address(dossier, sha256) if made and made.pdf else None
    return File(scan, original_address(dossier, sha256), made, address)


def _paper(dossier: Dossier, place: int, paper: Document) -> ShownDocument:
    fields = tuple(
        _field(dossier.id, place, name, paper.findings[name])
        for name in sorted(paper.findings, key=rank_of)
    )
    return ShownDocument(
        paper.type or "Giấy tờ chưa rõ loại",
        paper.pages,
        fields,
        page_address(dossier.id, paper.pages[0]) if paper.pages else None,
    )


def _field(dossier: str, place: int, name: str, finding: Finding) -> Field:
    address = field_address(dossier, finding.page, place, name) if finding.page else None
    return Field(label_of(name), finding_value(name, finding.value), finding, address)
