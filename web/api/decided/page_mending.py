"""Routes ``…/pages/…``: what a person decides about single pages and their words."""

from __future__ import annotations

from typing import Literal

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field

from pipeline import corrections
from pipeline.audit import Verb
from pipeline.corrections import PageSeen
from pipeline.model import PagePlace, Right
from pipeline.versions import Act
from web.api.calls import api_router
from web.api.decided.decisions import Decision, DecisionAnswer, told_changes
from web.people.gate import Asked, CurrentAsk, in_scope, needs, own_call
from web.security import DossierId, PageNumber

router = api_router("corrections")

_DECIDES = [needs(Right.CORRECT), Depends(own_call), Depends(in_scope)]
_MOST_LINES, _MOST_PAGES = 500, 20_000


class PageDecision(Decision):
    """A decision about pages of a version that was looked at."""

    seen: int | None = Field(
        default=None,
        ge=1,
        description="version whose page numbers are meant: who decided about it since is told",
    )


class SentLine(BaseModel):
    """A line of a page as it should be read."""

    model_config = ConfigDict(extra="forbid")

    line: int = Field(ge=1, le=100_000, description="its number on the page")
    text: str = Field(max_length=1_000, description="all its words; empty: there are none")


class SentWords(PageDecision):
    """Lines of a page as they should be read."""

    lines: tuple[SentLine, ...] = Field(min_length=1, max_length=_MOST_LINES)


class SentTurn(PageDecision):
    """How far a page is turned from how it is shown."""

    degrees: Literal[90, 180, 270] = Field(description="clockwise")


class SentReplacement(PageDecision):
    """The page that stands in the place of another one."""

    by: int = Field(ge=1, le=1_000_000, description="its number within the dossier")


class SentPlace(PageDecision):
    """A page that was left out."""

    scan: str = Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of its file")
    number: int = Field(ge=1, le=1_000_000, description="its number within the file")


class SentOrder(PageDecision):
    """The numbers of all pages of a dossier in the order wanted."""

    order: tuple[int, ...] = Field(min_length=1, max_length=_MOST_PAGES)


@router.post("/dossiers/{dossier}/pages/{number}/words", dependencies=_DECIDES)
def mend_words(
    asked: CurrentAsk, dossier: DossierId, number: PageNumber, sent: SentWords
) -> DecisionAnswer:
    """Write lines of a page anew; what was read stays, and no later reading undoes it."""
    act = _act(asked, dossier, sent, words_of_page=number)
    lines = {each.line: each.text for each in sent.lines}
    target, archive = PageSeen(dossier, number, sent.seen), asked.context.archive
    return told_changes(asked.context, corrections.mend_words(target, lines, archive, act))


@router.post("/dossiers/{dossier}/pages/{number}/turn", dependencies=_DECIDES)
def turn_page(
    asked: CurrentAsk, dossier: DossierId, number: PageNumber, sent: SentTurn
) -> DecisionAnswer:
    """Turn a page from how it is shown; it is read anew."""
    act = _act(asked, dossier, sent, turned_page=number)
    target, archive = PageSeen(dossier, number, sent.seen), asked.context.archive
    return told_changes(asked.context, corrections.turn_page(target, sent.degrees, archive, act))


@router.post("/dossiers/{dossier}/pages/{number}/leave-out", dependencies=_DECIDES)
def leave_page_out(
    asked: CurrentAsk, dossier: DossierId, number: PageNumber, sent: PageDecision
) -> DecisionAnswer:
    """Leave a page out of the dossier, for a reason; its file stays as it is."""
    act = _act(asked, dossier, sent, left_out_page=number)
    target, archive = PageSeen(dossier, number, sent.seen), asked.context.archive
    return told_changes(asked.context, corrections.leave_out(target, archive, act))


@router.post("/dossiers/{dossier}/pages/{number}/replace", dependencies=_DECIDES)
def replace_page(
    asked: CurrentAsk, dossier: DossierId, number: PageNumber, sent: SentReplacement
) -> DecisionAnswer:
    """Have another page of the dossier stand in the place of a page, for a reason."""
    act = _act(asked, dossier, sent, replaced_page=number, by_page=sent.by)
    target, archive = PageSeen(dossier, number, sent.seen), asked.context.archive
    return told_changes(asked.context, corrections.replace_page(target, sent.by, archive, act))


@router.post("/dossiers/{dossier}/pages/restore", dependencies=_DECIDES)
def restore_page(asked: CurrentAsk, dossier: DossierId, sent: SentPlace) -> DecisionAnswer:
    """Take a page that was left out or replaced back into the dossier."""
    act = _act(asked, dossier, sent, restored_page=sent.number)
    place, archive = PagePlace(sent.scan, sent.number), asked.context.archive
    done = corrections.restore(dossier, place, archive, act, seen=sent.seen)
    return told_changes(asked.context, done)


@router.post("/dossiers/{dossier}/pages/order", dependencies=_DECIDES)
def reorder_pages(asked: CurrentAsk, dossier: DossierId, sent: SentOrder) -> DecisionAnswer:
    """Put the pages of the dossier into another order."""
    act, archive = _act(asked, dossier, sent, ordered_pages=len(sent.order)), asked.context.archive
    done = corrections.reorder(dossier, sent.order, archive, act, seen=sent.seen)
    return told_changes(asked.context, done)


def _act(asked: Asked, dossier: str, sent: Decision, **told: int) -> Act:
    """Record what is about to be decided; return who decides, and why."""
    asked.record(Verb.CORRECT, of=asked.context.record(dossier).dossier, detail=told)
    return Act(asked.visit.name, sent.reason)
