"""Shows what of a dossier another one may hold as well; a person may say that it does not."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from pipeline import corrections
from pipeline.access import may_hand_out
from pipeline.audit import Verb
from pipeline.corrections import PageSeen
from pipeline.duplicates.found import MOST_PAIRS, Duplicate, DuplicateSide, DuplicatesNow
from pipeline.duplicates.told import settle_now
from pipeline.errors import ServiceUnavailableError
from pipeline.model import DuplicateKind, Record, Right, Scope
from pipeline.people.scopes import is_within
from pipeline.versions import Act, missing_record
from web.context import AppContext, Context
from web.masked.sight import Sight
from web.pages.mending.fields import back_to, publish_or_queue
from web.people.gate import CurrentVisit, in_scope, needs, own_post
from web.people.recording import record_act
from web.people.visits import Visit
from web.security import DossierId
from web.urls import page_url

log = logging.getLogger(__name__)

router = APIRouter(prefix="/ho-so")

_ID, _NUMBER = r"[0-9a-f]{1,64}", r"[1-9][0-9]{0,6}"


@dataclass(frozen=True, slots=True)
class DuplicateView:
    """Two places that may hold the same, as the dossier's page shows them."""

    is_paper: bool  # else a page
    page: int  # within the dossier, from 1
    url: str
    paper: str  # type of the paper that the page is on; empty: unknown
    other: str  # id of the other dossier
    named: str  # the other's code, else its id; empty: it is this dossier
    other_page: int
    other_at: str  # its URL
    version: int  # of this dossier, as it was seen
    other_version: int


def duplicates_shown(sight: Sight, scope: Scope) -> tuple[DuplicateView, ...]:
    """Return what of a dossier may be held twice; nothing while the index is away.

    Args:
        sight: the dossier as it is shown.
        scope: the dossiers whose existence the visitor may know.
    """
    if not may_hand_out(sight.record):
        return ()
    try:
        found = duplicates_of(sight.context, sight.dossier.id, scope)
    except ServiceUnavailableError as error:  # a hint, which must not keep the dossier away
        log.warning("duplicates are not shown: %s", error)
        return ()
    return tuple(map(_view, found))


def duplicates_of(context: AppContext, dossier: str, scope: Scope) -> list[Duplicate]:
    """Return what of a dossier may be held twice, as far as the visitor may know of the other.

    Raises:
        DuplicatesUnavailableError: the index of duplicates is away.
    """
    now = DuplicatesNow(context.archive, lambda record: is_within(scope, record))
    return list(now.holding(context.duplicates.find(dossier, MOST_PAIRS)))


def _view(found: Duplicate) -> DuplicateView:
    one, other = found.one, found.other
    mine, theirs = one.record.dossier, other.record.dossier
    return DuplicateView(
        is_paper=found.kind is DuplicateKind.PAPER,
        page=one.page,
        url=page_url(mine.id, one.page),
        paper=_paper(one),
        other=theirs.id,
        named="" if theirs.id == mine.id else theirs.code or theirs.id,
        other_page=other.page,
        other_at=page_url(theirs.id, other.page),
        version=one.record.sequence,
        other_version=other.record.sequence,
    )


def _paper(side: DuplicateSide) -> str:
    return side.record.dossier.documents[side.paper - 1].type if side.paper else ""


@router.post(
    "/{dossier}/khong-trung",
    dependencies=[needs(Right.CORRECT), Depends(own_post), Depends(in_scope)],
)
def set_apart(
    context: Context,
    visit: CurrentVisit,
    dossier: DossierId,
    mine: Annotated[str, Form(alias="trang", pattern=rf"^{_NUMBER}:{_NUMBER}$")],
    other: Annotated[
        str, Form(alias="trang-kia", pattern=rf"^[0-9a-f]{{1,64}}:{_NUMBER}:{_NUMBER}$")
    ],
) -> Response:
    """Note that two pages, or the papers that they begin, are no duplicates.

    A page is sent as its number and the version of the dossier that was looked at.
    """
    page, version = map(int, mine.split(":"))
    beside, *place = other.split(":")
    seen = PageSeen(dossier, page, version), PageSeen(beside, *map(int, place))
    record = set_apart_by(context, visit, *seen, "")
    publish_or_queue(context, record)
    return back_to(record)


def set_apart_by(
    context: AppContext, visit: Visit, one: PageSeen, other: PageSeen, reason: str
) -> Record:
    """Note what a visitor says of two pages; both dossiers must be within their scope.

    Args:
        context: the handlers' context.
        visit: the visit.
        one: the page of the dossier that keeps the note.
        other: the other page.
        reason: why, in the words of the visitor.

    Raises:
        ObjectMissingError: there is no other dossier, or the visitor may not know of it.
    """
    beside = context.archive.find_record(other.dossier)
    if beside is None or not is_within(visit.scope, beside):
        raise missing_record(other.dossier)
    told: dict[str, str | int] = {"not_duplicate_of": other.dossier, "other_page": other.page}
    mine = context.record(one.dossier).dossier
    record_act(context.audit, visit, Verb.CORRECT, mine, told, page=one.page)
    said = corrections.set_apart(one, other, context.archive, Act(visit.name, reason))
    _tell_at_once(context, one.dossier, other.dossier)
    return said


def _tell_at_once(context: AppContext, *dossiers: str) -> None:
    """Have a search for duplicates leave both out from now on, not when the watcher next looks."""
    try:
        for dossier in dossiers:
            settle_now(dossier, context.archive, context.duplicates, context.index)
    except ServiceUnavailableError as error:  # what was said stands in the record
        log.warning("the search index is told of duplicates later: %s", error)
