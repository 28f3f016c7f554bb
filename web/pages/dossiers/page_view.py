"""Builds the view of a page: its picture, its text, its fields, and the way to its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pipeline.documents.fields import label_of
from pipeline.masking import PictureMask
from pipeline.model import Document, Dossier, Finding, Page, PageNote, View
from web.context import page_note
from web.highlights import (
    LOW_CONFIDENCE,
    Highlight,
    highlight,
    hit_highlights,
    split_into_runs,
    text_html,
)
from web.hits import hit_words, near_hits
from web.labels import finding_value
from web.masked.sight import Sight
from web.pages.dossiers.page_fields import FieldCard, field_cards
from web.pages.dossiers.papers_view import PageThumbnail, thumbnails
from web.pages.dossiers.whole_tables import neighbours_of_tables
from web.people.disclosure import Disclosure
from web.urls import dossier_url, page_url

_BEFORE, _AFTER = 6, 24  # pages of the strip beside the one that is shown


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What the URL asks to be shown of a page: the hits of a search, a field, its lines to mend."""

    text: str = ""
    document: int | None = None  # the field's document, from 1, within the dossier
    field: str = ""
    mends_words: bool = False
    searches_all: bool = False  # whether hits are wanted of all pages, however many there are


@dataclass(frozen=True, slots=True)
class PageNavigation:
    """URLs of neighbouring pages; None where there is none."""

    previous: str | None
    following: str | None
    previous_hit: str | None
    following_hit: str | None


@dataclass(frozen=True, slots=True)
class PageView:
    """The page of a dossier's page."""

    dossier: Dossier
    version: int  # of the dossier
    dossier_url: str
    number: int  # within the dossier, from 1
    note: PageNote
    page: Page | None  # None: not read
    picture_url: str | None
    geometry: View | None  # the picture's size in pixels; None without a picture
    hit_highlights: tuple[Highlight, ...]
    field_highlight: Highlight | None
    text_html: Markup
    navigation: PageNavigation
    hit_pages: tuple[int, ...]  # numbers of the dossier's pages that match the search
    is_searched: bool  # whether all its pages were searched, and not only those around this one
    documents: tuple[
        Document, ...
    ]  # those that this page belongs to; on a sheet there may be several
    disclosure: Disclosure
    picture_mask: PictureMask | None  # None: the picture is shown as it is, or there is none
    fields: tuple[FieldCard, ...]  # that were read on it
    strip: tuple[PageThumbnail, ...]  # thumbnails of it and of pages around it
    tables_go_on: tuple[bool, bool]  # whether its first began on the page before, its last goes on
    request: PageRequest

    @property
    def own_url(self) -> str:
        """The page's own address, without what it highlights."""
        return page_url(self.dossier.id, self.number)

    @property
    def certain_fields(self) -> tuple[FieldCard, ...]:
        """The fields of the page that nobody need check, without the chosen one."""
        return tuple(card for card in self.fields if card.finding.is_certain and not card.is_chosen)

    @property
    def has_unsure_words(self) -> bool:
        """Whether some words were read with low confidence."""
        return self.page is not None and any(
            word.confidence < LOW_CONFIDENCE for word in self.page.text.words
        )


def build_page_view(sight: Sight, number: int, request: PageRequest) -> PageView:
    """Build the view of a page.

    Args:
        sight: the dossier as it is shown.
        number: the page's number within the dossier, from 1.
        request: the words or the field to highlight.

    Raises:
        ObjectMissingError: the dossier has no such page.
    """
    dossier, mask = sight.dossier, sight.mask(number)
    note, page = page_note(dossier, number), sight.page(number)
    url = sight.picture_url(number)
    geometry = page.view if page and url else None
    lines = split_into_runs(page.text, hit_words(page, mask, request.text)) if page else ()
    around = _around(dossier, number)
    pages, is_searched = near_hits(sight, request.text, around, everywhere=request.searches_all)
    return PageView(
        dossier=dossier,
        version=sight.record.sequence,
        dossier_url=dossier_url(dossier.id, request.text),
        number=number,
        note=note,
        page=page,
        picture_url=url if geometry else None,
        geometry=geometry,
        hit_highlights=hit_highlights(lines, geometry) if geometry else (),
        field_highlight=_field_highlight(dossier, number, request, geometry),
        text_html=text_html(lines, geometry),
        navigation=_navigation(dossier, number, request.text, pages),
        hit_pages=pages,
        documents=tuple(paper for paper in dossier.documents if number in paper.pages),
        disclosure=sight.disclosure,
        picture_mask=mask.picture if mask else None,
        fields=field_cards(dossier, number, geometry, (request.document or 0, request.field)),
        is_searched=is_searched,
        strip=thumbnails(sight, around, request.text, pages),
        tables_go_on=neighbours_of_tables(sight, number),
        request=request,
    )


def _field_highlight(
    dossier: Dossier, number: int, request: PageRequest, geometry: View | None
) -> Highlight | None:
    finding = _finding(dossier, request)
    if finding is None or finding.box is None or finding.page != number or geometry is None:
        return None
    value = finding_value(request.field, finding.value)
    return highlight(finding.box, geometry, f"{label_of(request.field)}: {value}")


def _finding(dossier: Dossier, request: PageRequest) -> Finding | None:
    if request.document is None or not 1 <= request.document <= len(dossier.documents):
        return None
    return dossier.documents[request.document - 1].findings.get(request.field)


def _navigation(dossier: Dossier, number: int, text: str, hits: Sequence[int]) -> PageNavigation:
    def url(page: int | None) -> str | None:
        return page_url(dossier.id, page, text) if page else None

    return PageNavigation(
        previous=url(number - 1),
        following=url(number + 1 if number < len(dossier.pages) else None),
        previous_hit=url(max((page for page in hits if page < number), default=None)),
        following_hit=url(min((page for page in hits if page > number), default=None)),
    )


def _around(dossier: Dossier, number: int) -> range:
    return range(max(1, number - _BEFORE), min(len(dossier.pages), number + _AFTER) + 1)
