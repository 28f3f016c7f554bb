"""Builds the view of a dossier: its documents, pages, files and history."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from pipeline.access import may_hand_out
from pipeline.joining.codes import MOST
from pipeline.model import EVERYTHING, Dossier, PageNote, Record, Right, Scan, Scope
from pipeline.pdf_binding import recipe_of
from pipeline.people.scopes import is_within
from pipeline.ports.searchable_pdf import SearchablePdf
from search.text.entries import Heading, heading
from web.context import AppContext
from web.hits import near_hits
from web.masked.sight import Sight
from web.pages.dossiers.doubts import following_doubts
from web.pages.dossiers.history_view import HistoryLine, history_lines, is_short
from web.pages.dossiers.papers_view import (
    DocumentView,
    PageThumbnail,
    Part,
    document_views,
    needs_review,
    part_of,
    thumbnails,
)
from web.pages.dossiers.steps import DigitisingStep, steps_of
from web.people.disclosure import Disclosure
from web.people.visits import Visit
from web.scoped_search import may_know, with_known_references
from web.urls import original_url, searchable_pdf_url


@dataclass(frozen=True, slots=True)
class DossierRequest:
    """What the URL asks to be shown of a dossier."""

    text: str = ""  # the search that led here; its hits are marked and links keep it
    page: int = 1  # a page of the part that is shown
    searches_all: bool = False  # whether hits are wanted of all pages, however many there are
    with_history: bool = False  # whether the history is shown even where reading it is slow


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
    version: int  # its number
    part: Part  # the pages that are shown at once
    documents: tuple[DocumentView, ...]  # those of the part
    pages: tuple[PageThumbnail, ...]  # those of the part
    loose: tuple[PageThumbnail, ...]  # of these, the ones that are in no document
    hit_pages: tuple[int, ...]  # numbers of all pages that the search hits
    is_searched: bool  # whether all its pages were searched, and not only those of the part
    files: tuple[FileView, ...]
    history: tuple[HistoryLine, ...]  # newest first; empty where it is shown only when asked for
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
    def steps(self) -> tuple[DigitisingStep, ...]:
        """How far it is."""
        return steps_of(self.dossier)

    @property
    def pages_to_review(self) -> tuple[tuple[int, PageNote], ...]:
        """Numbers and notes of the pages somebody must look at."""
        notes = enumerate(self.dossier.pages, 1)
        return tuple((number, note) for number, note in notes if needs_review(note))

    @property
    def size(self) -> int:
        """Bytes of all originals that were dropped by themselves."""
        return sum(file.scan.size for file in self.files if file.scan.inside is None)

    @property
    def first_doubt(self) -> str | None:
        """URL of the first doubtful field that stands on a page; None without one."""
        return next(following_doubts(self.dossier), None)


def build_dossier_view(
    sight: Sight, asked: DossierRequest | None = None, scope: Scope = EVERYTHING
) -> DossierView:
    """Build the view of a dossier's newest record.

    Args:
        sight: the dossier as it is shown.
        asked: the search that led here, and which of its pages are wanted.
        scope: the dossiers whose existence the visitor may know.
    """
    asked = asked or DossierRequest()
    context, record, dossier = sight.context, sight.record, sight.dossier
    is_open = may_hand_out(record)
    part = part_of(dossier, asked.page, asked.text)
    numbers = range(part.first, part.last + 1) if is_open else ()
    wanted = asked.text if is_open else ""
    hits, is_searched = near_hits(sight, wanted, numbers, everywhere=asked.searches_all)
    pages = thumbnails(sight, numbers, asked.text, hits)
    documents = document_views(sight, pages) if is_open else ()
    in_papers = {leaf.number for document in documents for leaf in document.leaves}
    return DossierView(
        dossier=with_known_references(context, dossier, scope),
        heading=heading(dossier),
        version=record.sequence,
        part=part,
        documents=documents,
        pages=pages,
        loose=tuple(page for page in pages if page.number not in in_papers),
        hit_pages=hits,
        is_searched=is_searched,
        files=tuple(_file(context, record, scan) for scan in dossier.scans),
        history=history_lines(sight) if asked.with_history or is_short(record) else (),
        is_queued=context.archive.is_queued(dossier.id),
        proposals=_proposals(context, dossier, scope),
        has_reachable_other=may_know(context, dossier.joined_into or dossier.proposed_join, scope),
        disclosure=sight.disclosure,
    )


def _proposals(context: AppContext, dossier: Dossier, scope: Scope) -> tuple[Dossier, ...]:
    """Return the dossiers of the same code that wait to be joined to this one, if in scope."""
    if not dossier.code:
        return ()
    carriers = islice(context.archive.carriers(dossier.code), MOST)  # it is one of them itself
    records = (context.archive.find_record(other) for other in carriers if other != dossier.id)
    known = (record.dossier for record in records if record and is_within(scope, record))
    return tuple(
        other for other in known if other.proposed_join == dossier.id and not other.joined_into
    )


def find_searchable_pdf(context: AppContext, record: Record, sha256: str) -> SearchablePdf | None:
    """Return the latest attempt at the searchable PDF of a scan, if it may be handed out."""
    recipe = recipe_of(record.dossier, sha256)
    if not may_hand_out(record) or not recipe:
        return None
    return context.archive.find_searchable_pdf(sha256, recipe)


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
