"""The page view: the picture with its hits framed, and beside it what was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pipeline.documents.fields import label_of
from pipeline.model import Document, Dossier, Finding, Page, PageNote, View
from web import highlights
from web.context import AppContext, page_note
from web.highlights import Spot
from web.hits import hit_pages, hit_words
from web.labels import finding_value
from web.urls import dossier_address, page_address, picture_address


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What the address asks to see on a page: the hits of a search, or the place of a field."""

    text: str = ""
    document: int | None = None  # from 1, within the dossier
    field: str = ""


@dataclass(frozen=True, slots=True)
class Turns:
    """Where to go from here; None where there is nothing more."""

    previous: str | None
    following: str | None
    previous_hit: str | None
    following_hit: str | None


@dataclass(frozen=True, slots=True)
class PageShown:
    """The page view."""

    dossier: Dossier
    dossier_address: str
    number: int
    note: PageNote
    page: Page | None
    picture: str | None
    view: View | None  # the picture's size in pixels
    hits: tuple[Spot, ...]
    field: Spot | None
    text: Markup
    turns: Turns
    hit_pages: tuple[int, ...]
    paper: Document | None
    asked: PageRequest

    @property
    def has_unsure_words(self) -> bool:
        """Whether some words were read with little confidence."""
        return self.page is not None and any(
            word.confidence < highlights.UNSURE for word in self.page.text.words
        )


def show_page(context: AppContext, dossier: str, number: int, asked: PageRequest) -> PageShown:
    """Lay a page (from 1, within the dossier) out. Raises ``ObjectMissingError``."""
    record = context.record(dossier)
    now = record.dossier
    note, page = page_note(now, number), context.page(now, number)
    pages = hit_pages(context, record, asked.text)
    lines = highlights.lines(page.text, hit_words(page, asked.text)) if page else ()
    view = page.view if page else None
    return PageShown(
        now,
        dossier_address(dossier, asked.text),
        number,
        note,
        page,
        picture_address(now, number) if view else None,
        view,
        highlights.hit_spots(lines, view) if view else (),
        _field_spot(now, number, asked, view),
        highlights.reading(lines),
        _turns(now, number, asked.text, pages),
        pages,
        next((paper for paper in now.documents if number in paper.pages), None),
        asked,
    )


def _field_spot(
    dossier: Dossier, number: int, asked: PageRequest, view: View | None
) -> Spot | None:
    finding = _finding(dossier, asked)
    if finding is None or finding.box is None or finding.page != number or view is None:
        return None
    value = finding_value(asked.field, finding.value)
    return highlights.spot(finding.box, view, f"{label_of(asked.field)}: {value}")


def _finding(dossier: Dossier, asked: PageRequest) -> Finding | None:
    if asked.document is None or not 1 <= asked.document <= len(dossier.documents):
        return None
    return dossier.documents[asked.document - 1].findings.get(asked.field)


def _turns(dossier: Dossier, number: int, text: str, hits: Sequence[int]) -> Turns:
    before = [page for page in hits if page < number]
    after = [page for page in hits if page > number]

    def address(page: int | None, asked: str) -> str | None:
        return page_address(dossier.id, page, asked) if page else None

    last = len(dossier.pages)
    return Turns(
        address(number - 1, text),
        address(number + 1 if number < last else None, text),
        address(before[-1] if before else None, text),
        address(after[0] if after else None, text),
    )
