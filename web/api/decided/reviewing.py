"""Routes ``/api/v1/review…``: the queue of doubtful fields and pages, and the true error rates."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from pipeline.audit import Verb
from pipeline.model import Right
from pipeline.review.item_names import PAGE, ItemName, parsed_name
from pipeline.review.report import ErrorRate
from web.api.answers import ApiAnswer, Moment, Text
from web.api.calls import api_router
from web.api.page_answers import Box
from web.pages.reviewing.check import paper
from web.pages.reviewing.quality import rates_for
from web.people.gate import CurrentAsk, in_scope, needs, own_call
from web.reviewing.deeds import Deed, ReviewAnswer, decide, give_back, take_back
from web.reviewing.desk import wanted_by
from web.reviewing.forms import ItemPath
from web.reviewing.shown import ItemView, show_item
from web.security import DossierId

router = api_router("review")

_DECIDES = [needs(Right.CORRECT), Depends(own_call)]
_DECIDES_AT = [*_DECIDES, Depends(in_scope)]
_LONGEST_NAME = 150
_MOST_IN_HAND = 100
Name = Annotated[str, Field(max_length=_LONGEST_NAME)]


class WaitingAnswer(ApiAnswer):
    """How much waits within the scope of the token, and about how long it takes."""

    fields: int
    pages: int
    seconds: int


class NextAsked(BaseModel):
    """Which item is wanted."""

    model_config = ConfigDict(extra="forbid")

    besides: tuple[Name, ...] = Field(
        default=(), max_length=_MOST_IN_HAND, description="names of items that are in hand already"
    )
    dossier: str = Field(default="", pattern=r"^[0-9a-f]{0,64}$", description="empty: of any")


class ReviewItemAnswer(ApiAnswer):
    """A field or page that somebody is to look at; whether it is of the sample is not told."""

    item: str = Field(description="its name: <dossier>-<version>.<page>-<field>")
    dossier: str
    code: Text | None
    field: str | None = Field(description="null: it is about a page")
    label: Text
    paper: Text = Field(description="type of the paper; empty: unknown")
    page: int = Field(description="page of the dossier where it was read, from 1")
    value: Text = Field(description="normalised: dates ISO; empty for a page")
    raw: Text = Field(description="as it was read")
    reasons: tuple[Text, ...]
    masked: bool = Field(description="its value is hidden from the token, which cannot decide")
    box: Box | None = Field(description="left, top, width, height in pixels of the original page")
    unit: Text
    scanner: Text
    since: Moment
    until: Moment = Field(description="then somebody else may be given it")


class NextAnswer(ApiAnswer):
    """The next item, which is nobody else's until then; null: nothing waits."""

    item: ReviewItemAnswer | None


class SentReview(BaseModel):
    """What is said of an item."""

    model_config = ConfigDict(extra="forbid")

    act: Literal["confirm", "correct", "reject", "turn", "leave_out"] = Field(
        description="of a field: confirm, correct (to value), reject: the paper has none; "
        "of a page: confirm (it stays as it was read), turn, leave_out (for a reason)"
    )
    value: str = Field(default="", max_length=2_000, description="as people write it")
    degrees: Literal[0, 90, 180, 270] = Field(default=0, description="clockwise; for turn")
    reason: str = Field(default="", max_length=500, description="kept in the history")


class SkipAsked(BaseModel):
    """Why an item is left to somebody else."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(default="", max_length=500)


class RateAnswer(ApiAnswer):
    """How often what machines hold certain proved wrong, in one group."""

    by: str = Field(description="all, field, unit or scanner")
    name: Text
    looked_at: int
    wrong: int
    rate: float = Field(description="0-1, as the others; 0 where none was looked at")
    low: float = Field(description="the true rate lies between low and high with 95 %")
    high: float


class RatesAnswer(ApiAnswer):
    """The true error rates of the dossiers within the scope of the token."""

    share: float = Field(description="share of certain fields that people look at as well, 0-1")
    rates: tuple[RateAnswer, ...]


@router.get("/review", dependencies=[needs(Right.CORRECT)])
def waiting_review(asked: CurrentAsk) -> WaitingAnswer:
    """Tell how many fields and pages wait, and about how long they take."""
    asked.context.review.keep_fresh()
    asked.record(Verb.LIST, detail={"what": "review"})
    return _waiting(asked)


@router.post("/review/next", dependencies=_DECIDES)
def next_item(asked: CurrentAsk, sent: NextAsked) -> NextAnswer:
    """Lease the next item, the most useful first; an item that the account has is given again."""
    review = asked.context.review
    review.keep_fresh()
    names: list[ItemName] = [name for each in sent.besides if (name := parsed_name(each))]
    wanted = wanted_by(asked.visit, sent.dossier)._replace(besides=tuple(names))
    taken = review.reviewing.take(asked.visit.name, wanted)
    return NextAnswer(item=_item(show_item(asked, taken)) if taken else None)


@router.post("/review/{dossier}/{item}/answer", dependencies=_DECIDES_AT)
def answer_item(
    asked: CurrentAsk, dossier: DossierId, item: ItemPath, sent: SentReview
) -> WaitingAnswer:
    """Decide about an item; who decided meanwhile, and what they wrote, is a conflict."""
    said = ReviewAnswer(Deed(sent.act), sent.value, sent.reason.strip(), sent.degrees)
    decide(asked, asked.context.review.reviewing.item(f"{dossier}-{item}"), said)
    return _waiting(asked)


@router.post("/review/{dossier}/{item}/skip", dependencies=_DECIDES_AT)
def skip_item(
    asked: CurrentAsk, dossier: DossierId, item: ItemPath, sent: SkipAsked
) -> WaitingAnswer:
    """Leave an item to others; the account is not given it again."""
    found = asked.context.review.reviewing.item(f"{dossier}-{item}")
    decide(asked, found, ReviewAnswer(Deed.SKIP, reason=sent.reason.strip()))
    return _waiting(asked)


@router.post("/review/{dossier}/{item}/release", dependencies=_DECIDES_AT)
def release_item(asked: CurrentAsk, dossier: DossierId, item: ItemPath) -> WaitingAnswer:
    """Give an item back, so that others are given it at once."""
    give_back(asked, asked.context.review.reviewing.item(f"{dossier}-{item}"))
    return _waiting(asked)


@router.post("/review/{dossier}/{item}/undo", dependencies=_DECIDES_AT)
def undo_item(asked: CurrentAsk, dossier: DossierId, item: ItemPath) -> WaitingAnswer:
    """Take back what the account itself decided last about an item, or that it skipped it."""
    take_back(asked, asked.context.review.reviewing.item(f"{dossier}-{item}"))
    return _waiting(asked)


@router.get("/review/rates", dependencies=[needs(Right.CORRECT)])
def review_rates(asked: CurrentAsk) -> RatesAnswer:
    """Tell how often what machines hold certain proved wrong, by field, unit and scanner."""
    asked.context.review.keep_fresh()
    asked.record(Verb.LIST, detail={"what": "review report"})
    share = asked.context.settings.review.sample
    return RatesAnswer(share=share, rates=tuple(map(_rate, rates_for(asked))))


@router.get(
    "/review/{dossier}/{item}/picture.webp",
    dependencies=[needs(Right.CORRECT), Depends(in_scope)],
    response_class=Response,
)
def item_picture(asked: CurrentAsk, dossier: DossierId, item: ItemPath) -> Response:
    """Return the place of a field cut out of its page's picture; of a page the whole picture."""
    return paper(asked, dossier, item)


def _waiting(asked: CurrentAsk) -> WaitingAnswer:
    waiting = asked.context.review.count(asked.visit, wanted_by(asked.visit))
    return WaitingAnswer(fields=waiting.fields, pages=waiting.pages, seconds=waiting.seconds)


def _item(view: ItemView) -> ReviewItemAnswer:
    item, finding = view.item, view.finding
    is_placed = finding is not None and finding.box is not None and not view.is_masked
    return ReviewItemAnswer(
        item=item.name,
        dossier=item.dossier,
        code=view.heading.code,
        field=None if item.field == PAGE else item.field,
        label=view.label,
        paper=view.paper,
        page=view.page,
        value=finding.value if finding else "",
        raw=finding.raw if finding else "",
        reasons=view.reasons,
        masked=view.is_masked,
        box=tuple(finding.box) if is_placed and finding and finding.box else None,
        unit=item.unit,
        scanner=item.scanner,
        since=item.since,
        until=view.until,
    )


def _rate(rate: ErrorRate) -> RateAnswer:
    return RateAnswer(**rate._asdict(), rate=rate.rate)
