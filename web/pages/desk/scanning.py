"""Route ``/ban-quet``: the scanning desk of a day, and what people decide about files there."""

from __future__ import annotations

import time
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Form, Header
from fastapi import Query as Parameter
from starlette.responses import RedirectResponse, Response

from pipeline.audit import Verb
from pipeline.desk import decisions
from pipeline.duplicates.told import with_duplicates
from pipeline.model import ReceiptStatus, Right
from pipeline.versions import Act
from web.pages.desk.desk_view import build_desk_view, find_file, parse_day
from web.pages.desk.mending import check_unmended
from web.pages.first_steps import find_first_steps
from web.people.gate import CurrentAsk, needs, own_post

router = APIRouter(prefix="/ban-quet")

_DECIDES = [needs(Right.UPLOAD), Depends(own_post)]
Key = Annotated[str, Form(alias="dong", max_length=120)]
Back = Annotated[str, Form(alias="ve", max_length=200)]


class DeskAsked(NamedTuple):
    """Which part of the desk is asked for."""

    day: str
    tab: str
    page: int
    notice: str
    is_live: bool  # the page refreshes itself


def _desk_asked(
    day: Annotated[str, Parameter(alias="ngay", max_length=20)] = "",
    tab: Annotated[str, Parameter(alias="muc", max_length=10)] = "",
    page: Annotated[int, Parameter(alias="trang", ge=1, le=10_000)] = 1,
    notice: Annotated[str, Parameter(alias="bao", max_length=20)] = "",
    live: Annotated[str, Header(alias="x-sohoa-live", max_length=5)] = "",
) -> DeskAsked:
    return DeskAsked(day, tab, page, notice, bool(live))


@router.get("", dependencies=[needs(Right.VIEW_RECEIPTS)])
def desk(asked: CurrentAsk, wanted: Annotated[DeskAsked, Depends(_desk_asked)]) -> Response:
    """Show what became of each file of a day, and what is to do."""
    context, visit = asked.context, asked.visit
    view = build_desk_view(context, visit, parse_day(wanted.day), wanted.tab, wanted.page)
    told: dict[str, str | int] = {"what": "desk", "day": str(view.day), "page": view.page}
    who = visit.held.id if visit.held else visit.visitor.address
    due = context.suggested.due(f"{who} {told}", time.monotonic())
    if due or not wanted.is_live:  # a page that stays open asks every few seconds
        asked.record(Verb.LIST, detail=told | {"acts": max(due, 1)})
    has_stored = view.desk.counts[ReceiptStatus.ARCHIVED]
    steps = None if has_stored else find_first_steps(context, visit)
    dossiers = [row.dossier for row in view.rows if row.dossier]
    return context.render(
        "desk.html",
        visit=visit,
        view=view,
        notice=wanted.notice,
        steps=steps,
        twice=with_duplicates(dossiers, visit.scope, context.archive, context.duplicates),
    )


@router.post("/bo-qua", dependencies=_DECIDES)
def leave_out(
    asked: CurrentAsk,
    key: Key,
    reason: Annotated[str, Form(alias="ly-do", max_length=500)] = "",
    back: Back = "",
) -> Response:
    """Do nothing more with a file, for a reason."""
    target, _ = find_file(asked.context, asked.visit, key)
    asked.record(Verb.RECEIVE, detail={"what": "left_out", "drop": target.drop})
    act = Act(asked.visit.name, reason)
    check_unmended(asked, target)
    decisions.leave_out(target, asked.context.archive, act)
    return go_back(back, "bo-qua")


@router.post("/hoan-tac", dependencies=_DECIDES)
def reopen(asked: CurrentAsk, key: Key, back: Back = "") -> Response:
    """Take back a decision about a file."""
    target, _ = find_file(asked.context, asked.visit, key)
    asked.record(Verb.RECEIVE, detail={"what": "reopened", "drop": target.drop})
    decisions.reopen(target, asked.context.archive, Act(asked.visit.name))
    return go_back(back, "hoan-tac")


def go_back(back: str, notice: str) -> Response:
    """Lead back to the desk as it was shown: its day and tab, and nothing else of an address."""
    pairs = [part.split("=", 1) for part in back.split("&") if "=" in part]
    kept = {name: value for name, value in pairs if name in {"ngay", "muc"}}
    plain = [
        f"{n}={v}"
        for n, v in kept.items()
        if set(v) <= set("0123456789-abcdefghijklmnopqrstuvwxyz")
    ]
    return RedirectResponse(f"/ban-quet?{'&'.join([*plain, f'bao={notice}'])}", status_code=303)
