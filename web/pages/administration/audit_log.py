"""Route ``/nhat-ky``: a day of the audit log and its alarms, for the auditor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from pipeline.audit import Alarm, KeptEntry, find_alarms
from pipeline.audit.entries import Verb
from pipeline.clock import today
from pipeline.model import Right
from storage import open_audit_trail
from web.context import AppContext
from web.day_pages import DayView
from web.people.gate import CurrentAsk, needs

router = APIRouter()

MOST = 500  # entries on a page; `sohoa audit show` prints them all
_FIRST, _LAST = date(2000, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True, slots=True)
class AuditLogView(DayView):
    """The auditor's page."""

    account: str
    dossier: str
    entries: tuple[KeptEntry, ...]  # newest first, at most MOST
    total: int
    alarms: tuple[Alarm, ...]


@router.get("/nhat-ky", dependencies=[needs(Right.READ_AUDIT)])
def audit_log(
    asked: CurrentAsk,
    day: Annotated[date | None, Query(alias="ngay", ge=_FIRST, le=_LAST)] = None,
    account: Annotated[str, Query(alias="tai-khoan", max_length=200)] = "",
    dossier: Annotated[str, Query(alias="ho-so", pattern=r"^[0-9a-f]{0,64}$")] = "",
) -> Response:
    """Show what was done on a day: by one account, or to one dossier, where that is asked."""
    view = build_audit_log_view(asked.context, day or today(), account.strip(), dossier)
    told = {"day": str(view.day), "shown": len(view.entries)}
    asked.record(Verb.READ_AUDIT, detail=told, words=account, dossier=dossier)
    return asked.context.render(
        "audit_log.html", visit=asked.visit, view=view, chain=None, who=None
    )


def build_audit_log_view(
    context: AppContext, day: date, account: str, dossier: str
) -> AuditLogView:
    """Build the auditor's page.

    Args:
        context: the handlers' context.
        day: the day, by the office's clock.
        account: the name of the account whose entries are shown; empty: all.
        dossier: the id of the dossier whose entries are shown; empty: all.

    Raises:
        StorageUnavailableError: the sealed segments cannot be read.
    """
    settings = context.settings
    kept = open_audit_trail(settings.storage, settings.home).entries(day, day)
    alarms = find_alarms(
        kept,
        handed_out=settings.audit.handed_out_an_hour,
        foreign_unit=settings.audit.foreign_units_an_hour,
        failed_sign_ins=settings.audit.failed_sign_ins_an_hour,
    )
    shown = [
        one
        for one in reversed(kept)
        if account in ("", one.text("account")) and dossier in ("", one.text("dossier"))
    ]
    few = tuple(shown[:MOST])
    return AuditLogView(day, today(), account, dossier, few, len(shown), tuple(alarms))
