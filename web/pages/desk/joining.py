"""Routes ``/ban-quet/ghep/…`` and ``/ban-quet/hai-mat``: a person joins what came apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from starlette.responses import RedirectResponse, Response

from pipeline import corrections
from pipeline.access import check_hand_out, may_hand_out
from pipeline.audit import Verb
from pipeline.corrections import JoinPlace, JoinWhere
from pipeline.errors import CorrectionRefusedError
from pipeline.joining.passes import names_backs
from pipeline.model import Record, Right
from pipeline.people.scopes import is_within
from pipeline.versions import Act, missing_record
from pipeline.vietnamese import fold
from search.text.entries import Heading, heading
from web.masked.sight import Sight, sight_of
from web.pages.mending.fields import publish_or_queue
from web.people.gate import Asked, CurrentAsk, in_scope, needs, own_post
from web.security import DossierId

router = APIRouter(prefix="/ban-quet")

_PAGE_NAMED = re.compile(r"\b(?:trang|tr|page)[ ._-]{0,3}(\d{1,4})\b")
_MOST_LEAVES = 200  # thumbnails of a dossier that are shown
PAIR = "ghép hai mặt ở bàn quét"
Id = Annotated[str, Form(max_length=64, pattern=r"^[0-9a-f]{1,64}$")]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page as a thumbnail."""

    number: int
    url: str | None
    told: str = ""


@dataclass(frozen=True, slots=True)
class SideShown:
    """A dossier beside another one."""

    id: str
    heading: Heading
    name: str
    version: int
    leaves: tuple[Leaf, ...]
    pages: int


@router.get("/ghep/{dossier}", dependencies=[needs(Right.JOIN), Depends(in_scope)])
def compare(asked: CurrentAsk, dossier: DossierId) -> Response:
    """Show a later drop beside the dossier of its code."""
    newer = _record(asked, dossier)
    into = newer.dossier.joined_into or newer.dossier.proposed_join
    if into is None:
        raise CorrectionRefusedError(
            "Tệp này không chờ ghép vào hồ sơ nào.", "Có người vừa quyết định: tải lại bàn quét."
        )
    older = _record(asked, into)
    for record in (newer, older):
        asked.record(Verb.VIEW, of=record.dossier)
    if not newer.dossier.joined_into:
        check_hand_out(newer)
    return asked.context.render(
        "desk_join.html",
        may_join=may_hand_out(older),
        visit=asked.visit,
        is_joined=newer.dossier.joined_into is not None,
        newer=_side(asked, newer),
        older=_side(asked, older),
        named=named_page(newer.dossier.name),
    )


def named_page(name: str) -> int:
    """Return the page that the name of a later scan says it is («trang 2 quét lại»); 0 if none."""
    found = _PAGE_NAMED.search(fold(name))
    return int(found[1]) if found else 0


@router.post(
    "/ghep/{dossier}", dependencies=[needs(Right.JOIN), Depends(own_post), Depends(in_scope)]
)
def decide(
    asked: CurrentAsk,
    dossier: DossierId,
    deed: Annotated[str, Form(alias="viec", max_length=20)],
    page: Annotated[int, Form(alias="trang", ge=0, le=1_000_000)] = 0,
    seen: Annotated[int | None, Form(alias="ban", ge=1)] = None,
) -> Response:
    """Join the two as was decided, keep them apart, or take them apart again."""
    newer = _record(asked, dossier)
    into = newer.dossier.joined_into or newer.dossier.proposed_join or ""
    older = _record(asked, into) if into else newer
    is_apart = deed in ("rieng", "tach")
    for record in {newer.dossier.id: newer, older.dossier.id: older}.values():
        verb = Verb.SEPARATE if is_apart else Verb.JOIN
        asked.record(verb, of=record.dossier, detail={"newer": dossier, "older": into})
    archive, act = asked.context.archive, Act(asked.visit.actor)
    if deed == "rieng":
        changed = [corrections.separate(dossier, archive, act)]
    elif deed == "tach":
        parted = corrections.part_again(dossier, archive, act)
        changed = [parted.older, parted.newer]
    else:
        place = JoinPlace(_where(deed), page, seen)
        act = act._replace(reason="quét lại" if place.where is JoinWhere.INSTEAD else "bổ sung")
        done = corrections.join_at(dossier, into, place, archive, act)
        changed = [done.older, done.newer]
    _publish(asked, changed)
    target = f"/ban-quet/ghep/{dossier}" if not is_apart else "/ban-quet?bao=da-tach"
    return RedirectResponse(target, status_code=303)


@router.get("/hai-mat", dependencies=[needs(Right.JOIN)])
def preview(
    asked: CurrentAsk,
    chosen: Annotated[list[str], Query(alias="ho-so", max_length=20)] = [],  # noqa: B006
    order: Annotated[str, Query(alias="thu-tu", max_length=10)] = "",
) -> Response:
    """Show the sheets of two passes of a stack as they would be put together."""
    if len(chosen) != 2:
        raise CorrectionRefusedError("Chọn đúng hai tệp để ghép hai mặt.", "Quay lại bàn quét.")
    fronts, backs = _in_order([_record(asked, each) for each in chosen], is_given=bool(order))
    for record in (fronts, backs):
        check_hand_out(record)
        asked.record(Verb.VIEW, of=record.dossier)
    corrections.sides_of(fronts.dossier, backs.dossier)
    sights = [sight_of(asked.context, asked.visit, each) for each in (fronts, backs)]
    count = fronts.dossier.scans[0].pages
    sheets = [
        Leaf(2 * at + side + 1, sights[side].thumbnail_url(number), ("Mặt trước", "Mặt sau")[side])
        for at in range(min(count, _MOST_LEAVES))
        for side, number in enumerate((at + 1, count - at))
    ]
    return asked.context.render(
        "desk_sides.html",
        visit=asked.visit,
        fronts=_side(asked, fronts),
        backs=_side(asked, backs),
        sheets=sheets,
    )


@router.post("/hai-mat", dependencies=[needs(Right.JOIN), Depends(own_post)])
def pair(
    asked: CurrentAsk,
    fronts: Annotated[Id, Form(alias="truoc")],
    backs: Annotated[Id, Form(alias="sau")],
) -> Response:
    """Put two passes of a stack together."""
    for record in (_record(asked, fronts), _record(asked, backs)):
        told = {"newer": backs, "older": fronts}
        asked.record(Verb.JOIN, of=record.dossier, detail=told)
    act = Act(asked.visit.actor, PAIR)
    done = corrections.join_sides(fronts, backs, asked.context.archive, act)
    _publish(asked, [done.older, done.newer])
    return RedirectResponse(f"/ban-quet/ghep/{backs}", status_code=303)


def _in_order(records: list[Record], *, is_given: bool) -> list[Record]:
    """Return the fronts, then the backs: by their names, else as they came."""
    if is_given:
        return records
    return sorted(records, key=lambda one: (names_backs(one.dossier.name), one.dossier.received))


def _publish(asked: Asked, changed: list[Record]) -> None:
    for record in changed:
        if not asked.context.archive.is_queued(record.dossier.id):
            publish_or_queue(asked.context, record)


def _record(asked: Asked, dossier: str) -> Record:
    """Return a dossier that the visitor may know of. Raises ``ObjectMissingError``."""
    if not dossier or not set(dossier) <= set("0123456789abcdef"):
        raise missing_record("này")
    record = asked.context.record(dossier)
    if not is_within(asked.visit.scope, record):
        raise missing_record(dossier)
    return record


def _side(asked: Asked, record: Record) -> SideShown:
    sight: Sight = sight_of(asked.context, asked.visit, record)
    shown = sight.dossier
    if not may_hand_out(record):
        return SideShown(shown.id, heading(shown), "", record.sequence, (), 0)
    total = len(shown.pages)
    leaves = tuple(
        Leaf(number, sight.thumbnail_url(number))
        for number in range(1, min(total, _MOST_LEAVES) + 1)
    )
    pages = total or sum(scan.pages for scan in shown.scans)
    return SideShown(shown.id, heading(shown), shown.name, record.sequence, leaves, pages)


def _where(deed: str) -> JoinWhere:
    known = {"thay": JoinWhere.INSTEAD, "sau": JoinWhere.BEHIND, "cuoi": JoinWhere.END}
    if deed not in known:
        raise CorrectionRefusedError("Chưa chọn cách ghép.", "Bấm một trong các nút.")
    return known[deed]
