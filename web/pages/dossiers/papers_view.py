"""Builds the views of a dossier's papers: their fields, and the pages of the part that is shown.

A dossier may have thousands of pages. So a part of them is shown at once, and nothing is read of
the others.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pipeline.documents.fields import label_of, rank_of
from pipeline.model import Document, Dossier, Finding, PageNote, PageState
from web.labels import finding_value
from web.masked.sight import Sight
from web.urls import field_url, page_url, part_url

PAGES_AT_ONCE = 30  # thumbnails of a part, with their papers about 50 kB of page


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of a document."""

    label: str
    value: str
    finding: Finding
    url: str | None  # of the page it was read on; None: it was read on none


@dataclass(frozen=True, slots=True)
class PageThumbnail:
    """A page in the list of thumbnails."""

    number: int  # within the dossier, from 1
    note: PageNote
    url: str
    thumbnail_url: str | None  # None: the page has no picture
    is_hit: bool
    begins: bool = False  # whether it is the first page of a paper
    is_parted: bool = False  # several papers are on it


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document of the dossier with its fields."""

    position: int  # among the documents of the dossier, from 1
    title: str
    pages: tuple[int, ...]  # within the dossier, from 1
    where: str  # its pages, and the parts of pages, as people read them
    leaves: tuple[PageThumbnail, ...]  # those of the part that is shown
    fields: tuple[FieldView, ...]
    url: str | None  # of its first page
    boundary: str  # why it begins there; empty: not noted

    @property
    def doubtful(self) -> tuple[FieldView, ...]:
        """The fields that somebody must check."""
        return tuple(field for field in self.fields if not field.finding.is_certain)

    @property
    def certain(self) -> tuple[FieldView, ...]:
        """The other fields."""
        return tuple(field for field in self.fields if field.finding.is_certain)


@dataclass(frozen=True, slots=True)
class Part:
    """The pages of a dossier that are shown at once."""

    first: int
    last: int
    count: int  # of all pages
    previous: str | None  # URL of the part before it
    following: str | None

    @property
    def is_whole(self) -> bool:
        """Whether all pages are shown."""
        return self.last - self.first + 1 >= self.count


def page_list(pages: Sequence[int]) -> str:
    """Return numbers of pages as people write them, following ones drawn together: ``1–3, 7``."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return ", ".join(f"{run[0]}–{run[-1]}" if run[1:] else str(run[0]) for run in runs)


def pages_told(paper: Document) -> str:
    """Return the pages of a paper as people write them, with the parts of sheets that it shares."""
    shared = {each.page for each in paper.parts}
    whole = page_list([page for page in paper.pages if page not in shared])
    return "; ".join([*([f"trang {whole}"] if whole else []), *map(str, paper.parts)])


def needs_review(note: PageNote) -> bool:
    """Return whether somebody must look at a page."""
    return note.state in {PageState.DOUBTFUL, PageState.NOT_READ}


def part_of(dossier: Dossier, page: int, text: str, size: int = PAGES_AT_ONCE) -> Part:
    """Return the part of a dossier's pages in which a page lies.

    Args:
        dossier: the dossier.
        page: the page's number, from 1; beyond the last one it is the last part.
        text: the search that led there, which the links keep.
        size: most pages of a part.
    """
    count = len(dossier.pages)
    first = max(0, min(page, count) - 1) // size * size + 1
    last = min(first + size - 1, count)
    before = part_url(dossier.id, first - size, text) if first > 1 else None
    after = part_url(dossier.id, last + 1, text) if last < count else None
    return Part(first, last, count, before, after)


def thumbnails(
    sight: Sight, numbers: Sequence[int], text: str, hits: Collection[int]
) -> tuple[PageThumbnail, ...]:
    """Return thumbnails of pages.

    Args:
        sight: the dossier as it is shown.
        numbers: the pages' numbers, from 1.
        text: the search that led there, which the links keep.
        hits: the numbers of the pages that it hits.
    """
    dossier = sight.dossier
    first = {paper.pages[0] for paper in dossier.documents if paper.pages}
    parted = {part.page for paper in dossier.documents for part in paper.parts}
    return tuple(
        PageThumbnail(
            number=number,
            note=dossier.pages[number - 1],
            url=page_url(dossier.id, number, text),
            thumbnail_url=sight.thumbnail_url(number),
            is_hit=number in hits,
            begins=number in first,
            is_parted=number in parted,
        )
        for number in numbers
    )


def document_views(sight: Sight, leaves: Sequence[PageThumbnail]) -> tuple[DocumentView, ...]:
    """Return the papers of the pages that are shown, and those that have no page at all.

    Args:
        sight: the dossier as it is shown; it may be handed out.
        leaves: the pages that are shown.
    """
    shown = {leaf.number: leaf for leaf in leaves}
    views = []
    for position, paper in enumerate(sight.dossier.documents, 1):
        own = tuple(shown[number] for number in paper.pages if number in shown)
        if own or not paper.pages:
            views.append(_document(sight.dossier.id, position, paper, own))
    return tuple(views)


def _document(
    dossier_id: str, position: int, document: Document, leaves: tuple[PageThumbnail, ...]
) -> DocumentView:
    fields = tuple(
        _field(dossier_id, position, name, document.findings[name])
        for name in sorted(document.findings, key=rank_of)
    )
    return DocumentView(
        position=position,
        title=document.type or "Giấy tờ chưa rõ loại",
        pages=document.pages,
        where=pages_told(document),
        leaves=leaves,
        fields=fields,
        url=page_url(dossier_id, document.pages[0]) if document.pages else None,
        boundary=document.boundary,
    )


def _field(dossier_id: str, position: int, name: str, finding: Finding) -> FieldView:
    url = field_url(dossier_id, finding.page, position, name) if finding.page else None
    return FieldView(label_of(name), finding_value(name, finding.value), finding, url)
