"""Routes ``/giu-lai…``: withheld dossiers, and the two people who let one go."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from starlette.responses import Response

from pipeline.access import withholding
from pipeline.audit import Verb
from pipeline.errors import MisconfiguredError, SearchUnavailableError
from pipeline.masking import mask_text
from pipeline.model import Account, Dossier, ProposedLift, Record, Right, Scope, Withheld
from pipeline.model import Query as Search
from pipeline.people import lifting
from pipeline.people.scopes import HELD, is_within
from pipeline.stages import publish
from web.context import AppContext
from web.pages.signing_in.sign_in import accounts_of
from web.people.gate import Asked, CurrentAsk, in_scope, needs, own_post
from web.people.returning import go_to
from web.security import DossierId

router = APIRouter(prefix="/giu-lai")

MOST = 200  # dossiers that are listed; `sohoa withheld list` prints them all
_DECIDES = [needs(Right.LIFT_WITHHELD), Depends(own_post), Depends(in_scope)]
Seen = Annotated[int, Form(alias="ban", ge=1, le=10_000_000)]


@dataclass(frozen=True, slots=True)
class WithheldDossierView:
    """A withheld dossier, with what may be told of it: nothing of its papers."""

    dossier: Dossier
    withheld: Withheld
    sequence: int  # of the record that is shown: a decision is about this one
    proposal: ProposedLift | None
    is_own: bool  # the visitor proposed it, and so cannot approve it

    @property
    def page_count(self) -> int:
        """Number of pages of all files."""
        return len(self.dossier.page_refs())


@dataclass(frozen=True, slots=True)
class WithheldView:
    """The page of withheld dossiers."""

    dossiers: tuple[WithheldDossierView, ...]  # those that wait for a decision first
    total: int


@router.get("", dependencies=[needs(Right.VIEW_WITHHELD)])
def withheld(
    asked: CurrentAsk,
    dossier: Annotated[str, Query(alias="ho-so", pattern=r"^[0-9a-f]{0,64}$")] = "",
    done: Annotated[str, Query(alias="bao", max_length=20)] = "",
) -> Response:
    """Show withheld dossiers, or one of them, and what was proposed about them."""
    account = _account(asked)
    view = build_withheld_view(asked.context, account, dossier)
    asked.record(Verb.LIST, detail={"what": "withheld"}, dossier=dossier)
    may_lift = Right.LIFT_WITHHELD in asked.visit.rights
    return asked.context.render(
        "withheld.html",
        visit=asked.visit,
        view=view,
        done=done,
        may_lift=may_lift,
        one=dossier,
    )


@router.post("/{dossier}/de-nghi", dependencies=_DECIDES)
def propose(
    asked: CurrentAsk,
    dossier: DossierId,
    reason: Annotated[str, Form(alias="ly-do", max_length=2_000)] = "",
) -> Response:
    """Propose to let a dossier go."""
    archive, account = asked.context.archive, _account(asked)
    asked.record(Verb.LIFT, detail={"step": "propose"}, dossier=dossier, words=reason)
    return _done(asked, "de-nghi", lambda: lifting.propose(dossier, archive, account, reason))


@router.post("/{dossier}/duyet", dependencies=_DECIDES)
def approve(asked: CurrentAsk, dossier: DossierId, seen: Seen) -> Response:
    """Let a dossier go, as somebody else proposed; it is read and found again."""
    archive, people = asked.context.archive, accounts_of(asked.context).people
    account = _account(asked)
    asked.record(Verb.LIFT, detail={"step": "approve", "record": seen}, dossier=dossier)
    return _done(
        asked, "duyet", lambda: lifting.approve(dossier, archive, people, account, seen=seen)
    )


@router.post("/{dossier}/tu-choi", dependencies=_DECIDES)
def refuse(asked: CurrentAsk, dossier: DossierId, seen: Seen) -> Response:
    """Refuse a proposal, or withdraw one's own."""
    archive, account = asked.context.archive, _account(asked)
    asked.record(Verb.LIFT, detail={"step": "refuse", "record": seen}, dossier=dossier)
    return _done(asked, "tu-choi", lambda: lifting.refuse(dossier, archive, account, seen=seen))


def build_withheld_view(context: AppContext, account: Account, dossier: str = "") -> WithheldView:
    """Build the page of withheld dossiers that somebody may know of.

    Args:
        context: the handlers' context.
        account: the account of the visitor.
        dossier: the only dossier that is shown; empty: all.

    Raises:
        SearchUnavailableError: the index does not answer.
    """
    scope = account.scope
    if scope.levels is not None and HELD not in scope.levels:
        return WithheldView((), 0)
    held = Scope(scope.units, scope.document_types, frozenset({HELD}))
    if dossier:
        ids, total = [dossier], 1
    else:
        # Nothing of a withheld dossier is indexed, so not its unit either: records tell the scope.
        everywhere = Scope(levels=frozenset({HELD}))
        found = context.index.find(Search("", limit=MOST, scope=everywhere))
        ids, total = [hit.dossier for hit in found.hits], found.total
    records = (context.archive.find_record(each) for each in ids)
    known = [record for record in records if record and is_within(held, record)]
    views = [view for record in known if (view := _view(record, account))]
    if held.units is not None or held.document_types is not None:
        total = len(views)  # others are not even counted
    return WithheldView(tuple(sorted(views, key=lambda view: view.proposal is None)), total)


def _view(record: Record, account: Account) -> WithheldDossierView | None:
    since, proposal = withholding(record), lifting.standing_proposal(record)
    if since is None:  # let go since the index was written
        return None
    is_own = proposal is not None and proposal.account == account.id
    since = replace(since, why=mask_text(since.why))
    proposal = proposal and replace(proposal, why=mask_text(proposal.why))
    return WithheldDossierView(record.dossier, since, record.sequence, proposal, is_own)


def _done(asked: Asked, step: str, act: Callable[[], Record]) -> Response:
    """Do what was recorded, and lead back to the list.

    The index gets the new number where this process may write to it; elsewhere, and while it is
    away, it stays a record behind, of the same content, until the dossier is read.
    """
    record = act()
    if record.dossier.outcome is not None:
        with suppress(SearchUnavailableError, MisconfiguredError):
            publish(record, asked.context.archive, asked.context.index)
    return go_to(f"/giu-lai?bao={step}")


def _account(asked: Asked) -> Account:
    assert asked.visit.session is not None  # the right needs an account
    return asked.visit.session.account
