"""Routes ``/kho/…`` that write: a paper is used again, whose a paper is, and taking both back."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Form, Query
from starlette.responses import Response

from pipeline import clock, corrections
from pipeline.audit import Verb
from pipeline.corrections import PaperSeen, Reuse
from pipeline.errors import CorrectionRefusedError
from pipeline.model import Dossier, OwnedPaper, Record, Right
from pipeline.people.scopes import is_within
from pipeline.versions import Act, missing_record
from web.masked.sight import sight_to_hand_out
from web.pages.mending.fields import publish_or_queue
from web.pages.owners.owner_store import show_store
from web.pages.owners.owner_view import OpenedBy
from web.people.gate import Asked, CurrentAsk, in_scope, needs, own_post
from web.security import DossierId, PageNumber

router = APIRouter(prefix="/kho/{dossier}/{number}")

_DECIDES = [needs(Right.CORRECT), Depends(own_post), Depends(in_scope)]
_ID = r"^[0-9a-f]{1,64}$"


class StoreAt(NamedTuple):
    """The store on whose page something was done."""

    asked: Asked
    dossier: str
    number: int
    owner: int

    def after(self, act: Callable[[], Record], what: str) -> Response:
        """Do something, and show the store with what was done, or with why it could not be."""
        told: dict[str, object]
        status = HTTPStatus.OK
        try:
            record = act()
        except CorrectionRefusedError as error:
            told, status = {"error": f"{error.message} {error.remedy}"}, HTTPStatus.CONFLICT
        else:
            publish_or_queue(self.asked.context, record)
            told = {"done": Done(what, record.dossier.id, record.sequence)}
        return show_store(self.asked, self.opened, clock.today(), told, status)

    @property
    def opened(self) -> OpenedBy:
        """The paper through whose owner it is opened, as it is now."""
        sight = sight_to_hand_out(self.asked.context, self.asked.visit, self.dossier)
        return OpenedBy(sight, self.number, self.owner)


class Done(NamedTuple):
    """What was done, and the version that takes it back."""

    what: str
    dossier: str
    version: int


def store_at(
    asked: CurrentAsk,
    dossier: DossierId,
    number: PageNumber,
    owner: Annotated[int, Query(alias="chu", ge=1, le=3)] = 1,
) -> StoreAt:
    """Return the store that a request names."""
    return StoreAt(asked, dossier, number, owner)


def named_paper(
    held: Annotated[str, Form(alias="giay-cua", pattern=_ID)],
    page: Annotated[int, Form(alias="trang", ge=1)],
    part: Annotated[int, Form(alias="phan", ge=1)],
) -> OwnedPaper:
    """Return the paper of the store that a form names."""
    return OwnedPaper(held, page, part)


Store = Annotated[StoreAt, Depends(store_at)]
NamedPaper = Annotated[OwnedPaper, Depends(named_paper)]


@router.post("/dung-lai", dependencies=_DECIDES)
def use_again(
    store: Store,
    held: NamedPaper,
    target: Annotated[str, Form(alias="cho", pattern=_ID)],
    component: Annotated[int, Form(alias="thanh-phan", ge=1, le=1_000)],
) -> Response:
    """Have a paper stand for a component that another dossier of its owner lacks."""
    asked = store.asked
    _known(asked, held.dossier)
    listed = _known(asked, target).components
    if component > len(listed):
        raise missing_record(target)
    asked.record(Verb.VIEW, of=_known(asked, held.dossier), detail={"what": "reused"})
    asked.record(Verb.CORRECT, of=_known(asked, target), detail={"reused": held.dossier})
    reuse = Reuse(listed[component - 1].name, held, clock.today(), component)
    act = Act(asked.visit.actor)
    return store.after(
        lambda: corrections.reuse_paper(target, reuse, asked.context.archive, act),
        "Đã ghi: dùng lại giấy tờ này, không cần quét lại.",
    )


@router.post("/de-xuat", dependencies=_DECIDES)
def decide_suggestion(
    store: Store,
    suggested: NamedPaper,
    seen: Annotated[int, Form(alias="ban", ge=1)],
    is_theirs: Annotated[bool, Form(alias="dung")],
) -> Response:
    """Say that a paper of the same name and birth is this person's, or is not."""
    asked = store.asked
    number = store.opened.number
    of = _known(asked, suggested.dossier)
    asked.record(Verb.CORRECT, of=of, detail={"owner": "confirmed" if is_theirs else "rejected"})
    paper = PaperSeen(suggested.dossier, suggested.page, suggested.part, seen)
    act = Act(asked.visit.actor)
    return store.after(
        lambda: corrections.decide_owner(
            paper, number, asked.context.archive, act, is_theirs=is_theirs
        ),
        "Đã ghi: giấy tờ này của người này." if is_theirs else "Đã ghi: không phải của người này.",
    )


@router.post("/hoan-tac", dependencies=_DECIDES)
def take_back_here(
    store: Store,
    changed: Annotated[str, Form(alias="giay-cua", pattern=_ID)],
    version: Annotated[int, Form(alias="ban", ge=1)],
) -> Response:
    """Take back what was done on this page."""
    asked = store.asked
    asked.record(Verb.CORRECT, of=_known(asked, changed), detail={"undone": version})
    act = Act(asked.visit.actor)
    return store.after(
        lambda: corrections.undo(changed, version, asked.context.archive, act), "Đã hoàn tác."
    )


def _known(asked: Asked, dossier: str) -> Dossier:
    """Return a dossier that the visitor may know of.

    Raises:
        ObjectMissingError: there is none, in the words of an id that nobody has.
    """
    record = asked.context.record(dossier)
    if not is_within(asked.visit.scope, record):
        raise missing_record(dossier)
    return record.dossier
