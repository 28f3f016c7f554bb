"""Route ``/phien``: one's own sessions and API tokens, each of which can be ended."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from pipeline.audit import Verb
from pipeline.model import ApiToken, Session
from pipeline.people.rights import ROLE_NAMES
from pipeline.people.token_facts import token_facts
from web.context import AppContext, Context
from web.pages.signing_in.sign_in import accounts_of
from web.people.gate import Anyone, CurrentVisit, needs, own_post
from web.people.recording import record_act
from web.people.returning import go_to
from web.people.visits import OWN_PAGE, Visit

router = APIRouter()


@router.get(OWN_PAGE, dependencies=[needs(Anyone.SIGNED_IN)])
def sessions(context: Context, visit: CurrentVisit) -> Response:
    """Show where one is signed in, and which machines call under one's name."""
    mine, accounts = _session(visit), accounts_of(context)
    return context.render(
        "sessions.html",
        visit=visit,
        sessions=accounts.sessions.of(mine.account.id),
        tokens=_usable_tokens(context, mine),
        mine=mine,
        roles=[ROLE_NAMES[role] for role in sorted(mine.account.roles)],
    )


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


@router.post("/phien/token", dependencies=[needs(Anyone.SIGNED_IN), Depends(own_post)])
def revoke(
    context: Context,
    visit: CurrentVisit,
    token: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Revoke one of one's own tokens; another account's is not touched."""
    for one in _usable_tokens(context, _session(visit)):
        if one.id == token:
            told = {"what": "token revoked", **token_facts(one)}
            record_act(context.audit, visit, Verb.MANAGE, detail=told)
            accounts_of(context).tokens.revoke(one.id)
    return go_to(OWN_PAGE)


def _usable_tokens(context: AppContext, mine: Session) -> list[ApiToken]:
    """Return the account's own tokens that open something, newest first."""
    now = datetime.now(UTC)
    every = accounts_of(context).tokens.of(mine.account.name)
    return [one for one in every if not one.is_revoked and one.ends > now]


def _to_end(context: AppContext, mine: Session, wanted: str) -> list[str]:
    living = accounts_of(context).sessions.of(mine.account.id)
    others = [one.id for one in living if one.id != mine.id]
    return [one for one in others if wanted in ("", one)]


def _session(visit: Visit) -> Session:
    assert visit.session is not None  # the route needs it
    return visit.session
