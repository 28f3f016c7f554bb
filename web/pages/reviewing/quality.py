"""Route ``/kiem-tra/chat-luong``: how often what machines hold certain proves wrong."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from pipeline.audit import Verb
from pipeline.documents.fields import label_of
from pipeline.model import Right
from pipeline.review.report import ErrorRate, error_rates
from web.people.gate import Asked, CurrentAsk, needs

router = APIRouter(prefix="/kiem-tra")

_GROUPS = {"field": "Theo trường", "unit": "Theo đơn vị", "scanner": "Theo máy quét"}
_UNKNOWN = {"unit": "chưa rõ đơn vị", "scanner": "không ghi máy quét"}


@dataclass(frozen=True, slots=True)
class RateRow:
    """The rate of one group, as people read it."""

    name: str
    looked_at: int
    wrong: int
    rate: str  # percent, with a comma
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class QualityView:
    """The page of the true error rates."""

    total: RateRow
    groups: tuple[tuple[str, tuple[RateRow, ...]], ...]  # heading and rows
    share: str  # of certain fields that people look at


@router.get("/chat-luong", dependencies=[needs(Right.CORRECT)])
def quality(asked: CurrentAsk) -> Response:
    """Show the true error rates by field, unit and scanner, of the visitor's dossiers."""
    asked.context.review.keep_fresh()
    asked.record(Verb.LIST, detail={"what": "review report"})
    view = build_quality_view(rates_for(asked), asked.context.settings.review.sample)
    return asked.context.render("quality.html", visit=asked.visit, view=view)


def rates_for(asked: Asked) -> tuple[ErrorRate, ...]:
    """Return the error rates of the dossiers that a visitor may know of."""
    return error_rates(asked.context.review.queue.counts(asked.visit.scope))


def build_quality_view(rates: tuple[ErrorRate, ...], share: float) -> QualityView:
    """Build the view of the error rates.

    Args:
        rates: the rates, first the one of all fields.
        share: the share of certain fields that people look at, 0-1.
    """
    groups = (
        (heading, tuple(_row(rate) for rate in rates if rate.by == by))
        for by, heading in _GROUPS.items()
    )
    return QualityView(_row(rates[0]), tuple(each for each in groups if each[1]), percent(share))


def _row(rate: ErrorRate) -> RateRow:
    name = label_of(rate.name) if rate.by == "field" else rate.name or _UNKNOWN.get(rate.by, "")
    shown = percent(rate.rate), percent(rate.low), percent(rate.high)
    return RateRow(name, rate.looked_at, rate.wrong, *shown)


def percent(share: float) -> str:
    """Format a share of 0-1 as offices write it: ``1,25 %``."""
    return f"{100 * share:.2f}".rstrip("0").rstrip(".").replace(".", ",") + " %"
