"""Builds the view of a dossier: its documents, pages, files and history."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.access import may_hand_out
from pipeline.documents.fields import label_of, rank_of
from pipeline.joining.codes import dossiers_of
from pipeline.masking import mask_text
from pipeline.model import (
    EVERYTHING,
    Document,
    Dossier,
    Finding,
    PageNote,
    PageState,
    Record,
    Right,
    Scan,
    Scope,
)
from pipeline.pdf_binding import recipe_of
from pipeline.people.scopes import is_within
from pipeline.ports.searchable_pdf import SearchablePdf
from search.text.entries import Heading, heading
from web.context import AppContext
from web.hits import hit_pages
from web.labels import finding_value
from web.masked.sight import Sight
from web.people.disclosure import Disclosure
from web.people.visits import Visit
from web.scoped_search import with_known_references
from web.urls import field_url, original_url, page_url, searchable_pdf_url


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of a document."""

    label: str
    value: str
    finding: Finding
    url: str | None  # of the page it was read on; None: it was read on none


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document of the dossier with its fields."""

    title: str
    pages: tuple[int, ...]  # within the dossier, from 1
    fields: tuple[FieldView, ...]
    url: str | None  # of its first page
    boundary: str  # why it begins there; empty: not noted

    @property
    def uncertain_count(self) -> int:
        """Number of fields that somebody must check."""
        return sum(not field.finding.is_certain for field in self.fields)

    @property
    def page_list(self) -> str:
        """Its pages as people read them, runs of following ones drawn together: ``1–3, 7``."""
        runs: list[list[int]] = []
        for page in self.pages:
            if runs and page == runs[-1][-1] + 1:
                runs[-1].append(page)
            else:
                runs.append([page])
        return ", ".join(f"{run[0]}–{run[-1]}" if run[1:] else str(run[0]) for run in runs)


@dataclass(frozen=True, slots=True)
class PageThumbnail:
    """A page in the list of thumbnails."""

    number: int  # within the dossier, from 1
    note: PageNote
    url: str
    thumbnail_url: str | None  # None: the page has no picture
    is_hit: bool


@dataclass(frozen=True, slots=True)
class FileView:
    """An original and its searchable PDF, with their download URLs."""

    scan: Scan
    url: str | None  # None: it may not be handed out
    searchable_pdf: SearchablePdf | None  # None: not made yet
    searchable_pdf_url: str | None  # None: there is no PDF to download


@dataclass(frozen=True, slots=True)
class DossierView:
    """The page of a dossier."""

    dossier: Dossier
    heading: Heading
    documents: tuple[DocumentView, ...]
    pages: tuple[PageThumbnail, ...]
    files: tuple[FileView, ...]
    history: tuple[Record, ...]  # newest first
    is_queued: bool
    proposals: tuple[Dossier, ...]  # of the same code, that wait to be joined to this one
    has_reachable_other: bool  # whether the visitor may know the dossier it is, or may be, part of
    disclosure: Disclosure

    @property
    def may_hand_out(self) -> bool:
        """Whether its pages, fields and files may be shown."""
        return may_hand_out(self.dossier)

    def may_download(self, visit: Visit) -> bool:
        """Tell whether a visitor may ask for the originals: nothing is masked in them."""
        return {Right.DOWNLOAD, Right.UNMASK} <= visit.rights

    def may_export(self, visit: Visit) -> bool:
        """Tell whether a visitor may ask for the searchable PDFs."""
        return {Right.EXPORT, Right.UNMASK} <= visit.rights

    @property
    def may_retry(self) -> bool:
        """Whether asking for another reading makes sense."""
        is_whole = self.dossier.outcome == "COMPLETE"
        return self.may_hand_out and not self.is_queued and not is_whole

    @property
    def page_count(self) -> int:
        """Number of pages of all files, read or not."""
        return len(self.dossier.page_refs())

    @property
    def pages_to_review(self) -> tuple[PageThumbnail, ...]:
        """The pages somebody must look at."""
        return tuple(page for page in self.pages if needs_review(page.note))


def needs_review(note: PageNote) -> bool:
    """Return whether somebody must look at a page."""
    return note.state in {PageState.DOUBTFUL, PageState.NOT_READ}


def build_dossier_view(sight: Sight, text: str, scope: Scope = EVERYTHING) -> DossierView:
    """Build the view of a dossier's newest record.

    Args:
        sight: the dossier as it is shown.
        text: the search that led here; its hits are marked and its links keep it.
        scope: the dossiers whose existence the visitor may know.
    """
    context, record, dossier = sight.context, sight.record, sight.dossier
    is_open = may_hand_out(record)
    return DossierView(
        dossier=with_known_references(context, dossier, scope),
        heading=heading(dossier),
        documents=tuple(
            _document(dossier.id, position, document)
            for position, document in enumerate(dossier.documents if is_open else (), 1)
        ),
        pages=_thumbnails(sight, text) if is_open else (),
        files=tuple(_file(context, record, scan) for scan in dossier.scans),
        history=_history(sight),
        is_queued=context.archive.is_queued(dossier.id),
        proposals=_proposals(context, dossier, scope),
        has_reachable_other=_may_know(context, dossier.joined_into or dossier.proposed_join, scope),
        disclosure=sight.disclosure,
    )


def _history(sight: Sight) -> tuple[Record, ...]:
    """Return the records, newest first; of what they say only the reasons are shown."""
    records = reversed(sight.context.archive.history(sight.dossier.id))
    if sight.is_clear:
        return tuple(records)
    return tuple(replace(one, reason=mask_text(one.reason)) for one in records)


def _may_know(context: AppContext, other: str | None, scope: Scope) -> bool:
    record = context.archive.find_record(other) if other else None
    return record is not None and is_within(scope, record)


def _proposals(context: AppContext, dossier: Dossier, scope: Scope) -> tuple[Dossier, ...]:
    """Return the dossiers of the same code that wait to be joined to this one, if in scope."""
    if not dossier.code:
        return ()
    others = dossiers_of(dossier.code, context.archive, None)
    known = (record.dossier for record in others if is_within(scope, record))
    return tuple(other for other in known if other.proposed_join == dossier.id)


def find_searchable_pdf(context: AppContext, record: Record, sha256: str) -> SearchablePdf | None:
    """Return the latest attempt at the searchable PDF of a scan, if it may be handed out."""
    recipe = recipe_of(record.dossier, sha256)
    if not may_hand_out(record) or not recipe:
        return None
    return context.archive.find_searchable_pdf(sha256, recipe)


def _thumbnails(sight: Sight, text: str) -> tuple[PageThumbnail, ...]:
    dossier, hits = sight.dossier, hit_pages(sight, text)
    return tuple(
        PageThumbnail(
            number=number,
            note=note,
            url=page_url(dossier.id, number, text),
            thumbnail_url=sight.thumbnail_url(number),
            is_hit=number in hits,
        )
        for number, note in enumerate(dossier.pages, 1)
    )


def _file(context: AppContext, record: Record, scan: Scan) -> FileView:
    dossier_id = record.dossier.id
    made = find_searchable_pdf(context, record, scan.sha256)
    return FileView(
        scan=scan,
        url=original_url(dossier_id, scan.sha256) if may_hand_out(record) else None,
        searchable_pdf=made,
        searchable_pdf_url=searchable_pdf_url(dossier_id, scan.sha256)
        if made and made.pdf
        else None,
    )


def _document(dossier_id: str, position: int, document: Document) -> DocumentView:
    fields = tuple(
        _field(dossier_id, position, name, document.findings[name])
        for name in sorted(document.findings, key=rank_of)
    )
    return DocumentView(
        title=document.type or "Giấy tờ chưa rõ loại",
        pages=document.pages,
        fields=fields,
        url=page_url(dossier_id, document.pages[0]) if document.pages else None,
        boundary=document.boundary,
    )


def _field(dossier_id: str, position: int, name: str, finding: Finding) -> FieldView:
    url = field_url(dossier_id, finding.page, position, name) if finding.page else None
    return FieldView(label_of(name), finding_value(name, finding.value), finding, url)
