"""Routes ``/api/v1/duplicates`` and ``…/duplicates``: what the store may hold twice."""

from __future__ import annotations

from fastapi import Depends
from pydantic import Field

from pipeline.audit import Verb
from pipeline.corrections import PageSeen
from pipeline.duplicates.found import Duplicate, DuplicateSide, DuplicatesNow
from pipeline.model import Right
from pipeline.people.scopes import is_within
from web.api.answers import ApiAnswer, Text
from web.api.calls import api_router
from web.api.decided.decisions import Decision, DecisionAnswer, told_changes
from web.pages.dossiers.duplicates import duplicates_of, set_apart_by
from web.people.gate import CurrentAsk, in_scope, needs, own_call
from web.security import DossierId

router = api_router("duplicates")

_MOST_LOOKED = 500  # pairs of all units of which those in scope are told


class PlaceAnswer(ApiAnswer):
    """A page, or a paper by its first page."""

    dossier: str
    code: Text | None
    page: int
    paper: Text = Field(description="type of the document it is on; empty: unknown")
    version: int


class DuplicateAnswer(ApiAnswer):
    """Two places that may hold the same."""

    kind: str = Field(
        description="paper: equal number, symbol, date and issuer; page: nearly the same page"
    )
    one: PlaceAnswer
    other: PlaceAnswer


class DuplicatesAnswer(ApiAnswer):
    """What may be held twice, within the scope of the token."""

    duplicates: tuple[DuplicateAnswer, ...]


class SetApart(Decision):
    """That two pages, or the papers they begin, are no duplicates."""

    page: int = Field(ge=1, le=1_000_000)
    other: str = Field(pattern=r"^[0-9a-f]{1,64}$", description="id of the other dossier")
    other_page: int = Field(ge=1, le=1_000_000)
    seen: int | None = Field(default=None, ge=1, description="version that was looked at")
    other_seen: int | None = Field(default=None, ge=1, description="and of the other dossier")


@router.get("/duplicates", dependencies=[needs(Right.SEARCH)])
def all_duplicates(asked: CurrentAsk) -> DuplicatesAnswer:
    """Return what the store may hold twice: papers first, the newest dossiers first."""
    context, scope = asked.context, asked.visit.scope
    now = DuplicatesNow(context.archive, lambda record: is_within(scope, record))
    return _told(asked, list(now.holding(context.duplicates.all(_MOST_LOOKED))))


@router.get("/dossiers/{dossier}/duplicates", dependencies=[needs(Right.VIEW), Depends(in_scope)])
def duplicates_of_dossier(asked: CurrentAsk, dossier: DossierId) -> DuplicatesAnswer:
    """Return what of a dossier it, or another one, may hold a second time."""
    asked.context.record_to_hand_out(dossier)
    return _told(asked, duplicates_of(asked.context, dossier, asked.visit.scope))


@router.post(
    "/dossiers/{dossier}/not-duplicates",
    dependencies=[needs(Right.CORRECT), Depends(own_call), Depends(in_scope)],
)
def not_duplicates(asked: CurrentAsk, dossier: DossierId, sent: SetApart) -> DecisionAnswer:
    """Note that two are no duplicates; undone like any correction."""
    one = PageSeen(dossier, sent.page, sent.seen)
    other = PageSeen(sent.other, sent.other_page, sent.other_seen)
    record = set_apart_by(asked.context, asked.visit, one, other, sent.reason)
    return told_changes(asked.context, record)


def _told(asked: CurrentAsk, found: list[Duplicate]) -> DuplicatesAnswer:
    asked.record(Verb.LIST, detail={"what": "duplicates", "found": len(found)})
    shown = (side.record.dossier for each in found for side in (each.one, each.other))
    for dossier in {each.id: each for each in shown}.values():
        asked.record(Verb.VIEW, of=dossier, detail={"what": "duplicates"})
    return DuplicatesAnswer(
        duplicates=tuple(
            DuplicateAnswer(kind=str(each.kind), one=_place(each.one), other=_place(each.other))
            for each in found
        )
    )


def _place(side: DuplicateSide) -> PlaceAnswer:
    dossier = side.record.dossier
    return PlaceAnswer(
        dossier=dossier.id,
        code=dossier.code,
        page=side.page,
        paper=dossier.documents[side.paper - 1].type if side.paper else "",
        version=side.record.sequence,
    )
