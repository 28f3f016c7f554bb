"""Builds the cards of a list of results: whose dossier it is, where it stands, why it was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from pipeline.duplicates.told import with_duplicates
from pipeline.errors import StorageUnavailableError
from pipeline.model import Dossier, Hit, Record, Results, Scope
from pipeline.people.scopes import is_within
from web.context import AppContext
from web.highlights import snippet_html
from web.masked.hits import shown_hit
from web.masked.sight import Sight, sight_in_list
from web.people.visits import Visit
from web.searches.reasons import Sought
from web.urls import SoughtText, dossier_url, page_url

_MAX_MORE_PAGES = 8  # of one dossier


@dataclass(frozen=True, slots=True)
class ResultCard:
    """A dossier among the results."""

    hit: Hit
    url: str
    page_url: str
    snippet: Markup  # empty when nothing was typed and the title says enough
    more_pages: tuple[tuple[int, str], ...]  # numbers and URLs of further pages that match
    dossier: Dossier | None  # None: the store does not answer, or the index knows more than it
    page_count: int
    thumbnail_url: str | None
    reason: str = ""  # Vietnamese; where it shows what was searched for; empty: on the page
    is_near: bool = False  # found for want of anything better
    may_be_twice: bool = False  # what it holds may be held a second time


@dataclass(frozen=True, slots=True)
class FoundDossiers:
    """What of the results a visit may see."""

    cards: tuple[ResultCard, ...]
    store_error: str = ""  # why the store does not answer


def cards_of(
    context: AppContext, visit: Visit, text: SoughtText, results: Results
) -> FoundDossiers:
    """Return the cards of the hits that are within a visit's scope.

    Args:
        context: the handlers' context.
        visit: the visit.
        text: the text that was searched for.
        results: the answer of the index.
    """
    records, store_error = fetch_records(context, results.hits)
    # The index may be behind: who is out of whose scope is decided by the newest record.
    shown = [hit for hit in results.hits if may_show(visit.scope, records.get(hit.dossier))]
    sights = {one: sight_in_list(context, visit, record) for one, record in records.items()}
    sought = Sought.of(text)
    twice = with_duplicates(
        [hit.dossier for hit in shown], visit.scope, context.archive, context.duplicates
    )
    cards = (
        _card(hit, sights.get(hit.dossier), visit, sought, is_near=results.approximate)
        for hit in shown
    )
    cards = (replace(card, may_be_twice=card.hit.dossier in twice) for card in cards)
    return FoundDossiers(tuple(cards), store_error)


def may_show(scope: Scope, record: Record | None) -> bool:
    """Tell whether a dossier that the index found is within a scope by its newest record."""
    return record is None or is_within(scope, record)


def fetch_records(context: AppContext, hits: Sequence[Hit]) -> tuple[dict[str, Record], str]:
    """Return the records of the hits by id, and why the store stopped answering, if it did."""
    records: dict[str, Record] = {}
    for hit in hits:
        try:
            record = context.archive.find_record(hit.dossier)
        except StorageUnavailableError as error:
            return records, str(error)
        if record:
            records[hit.dossier] = record
    return records, ""


def _card(
    hit: Hit, sight: Sight | None, visit: Visit, sought: Sought, *, is_near: bool
) -> ResultCard:
    dossier = sight.dossier if sight else None
    hit, is_closed = shown_hit(hit, sight, visit)
    words = SoughtText() if is_closed else sought.text
    has_title = dossier is not None and dossier.title != dossier.name
    more = [page for page in hit.pages if page != hit.page][:_MAX_MORE_PAGES] if words else []
    return ResultCard(
        hit=hit,
        url=dossier_url(hit.dossier, words),
        page_url=dossier_url(hit.dossier) if is_closed else page_url(hit.dossier, hit.page, words),
        snippet=snippet_html(hit.snippet) if words or not has_title else Markup(),
        more_pages=tuple((page, page_url(hit.dossier, page, words)) for page in more),
        dossier=dossier,
        page_count=len(dossier.page_refs()) if dossier else 0,
        thumbnail_url=sight.thumbnail_url(hit.page) if sight else None,
        reason=sought.reason(hit, dossier) if words else "",
        is_near=is_near and bool(words),
    )
