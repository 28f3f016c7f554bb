"""Route ``/phien``: one's own sessions, each of which can be ended."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from pipeline.audit import Verb
from pipeline.model import Session
from pipeline.people.rights import ROLE_NAMES
from web.context import AppContext, Context
from web.pages.sign_in import accounts_of
from web.people.gate import Anyone, CurrentVisit, needs, own_post
from web.people.recording import record_act
from web.people.returning import go_to
from web.people.visits import OWN_PAGE, Visit

router = APIRouter()


@router.get(OWN_PAGE, dependencies=[needs(Anyone.SIGNED_IN)])
def sessions(context: Context, visit: CurrentVisit) -> Response:
    """Show where one is signed in."""
    mine = _session(visit)
    living = accounts_of(context).sessions.of(mine.account.id)
    roles = [ROLE_NAMES[role] for role in sorted(mine.account.roles)]
    return context.render("sessions.html", visit=visit, sessions=living, mine=mine, roles=roles)


@router.post("/phien/ket-thuc", dependencies=[needs(Anyone.SIGNED_IN), Depends(own_post)])
def end(
    context: Context,
    visit: CurrentVisit,
    session: Annotated[str, Form(alias="phien", max_length=64)] = "",
) -> Response:
    """End one of one's own sessions, or all but this one."""
    mine = _session(visit)
    for one in _to_end(context, mine, session):
        record_act(context.audit, visit, Verb.SIGN_OUT, detail={"ended": one})
        accounts_of(context).sessions.end(mine.account.id, one)
    return go_to(OWN_PAGE)


def _to_end(context: AppContext, mine: Session, wanted: str) -> list[str]:
    living = accounts_of(context).sessions.of(mine.account.id)
    others = [one.id for one in living if one.id != mine.id]
    return [one for one in others if wanted in ("", one)]


def _session(visit: Visit) -> Session:
    assert visit.session is not None  # the route needs it
    return visit.session
