"""Routes below ``/nhat-ky`` that answer the auditor: is the log whole, and who saw a dossier."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from pipeline.audit import AuditFault, Flaw, KeptEntry
from pipeline.audit.entries import Verb
from pipeline.clock import today
from pipeline.documents import find_dossier_code
from pipeline.joining.codes import dossiers_of
from pipeline.model import Right
from storage import open_audit_trail
from web.context import AppContext
from web.pages.administration.audit_log import MOST, build_audit_log_view
from web.people.chain_check import ChainResult
from web.people.gate import CurrentAsk, needs, own_post

router = APIRouter(prefix="/nhat-ky")

_ASKED = [needs(Right.READ_AUDIT), Depends(own_post)]
_PATIENCE = 15.0  # seconds that the page waits for a verification; it goes on without
_MOST_FAULTS = 100  # on the page; `sohoa audit verify` prints them all
_ID = re.compile(r"[0-9a-f]{4,64}")
_FLAWS = {
    Flaw.CHANGED: "đã bị sửa",
    Flaw.MISSING: "bị mất",
    Flaw.REORDERED: "sai thứ tự",
    Flaw.UNREADABLE: "chưa đọc được",
    Flaw.TORN: "dở dang (tiến trình ghi chết giữa dòng)",
}


@dataclass(frozen=True, slots=True)
class ChainView:
    """What verifying the log found."""

    result: ChainResult

    @property
    def faults(self) -> tuple[str, ...]:
        """The places that are wrong, in words; the first ones."""
        report = self.result.report
        return tuple(map(_line, report.faults[:_MOST_FAULTS])) if report else ()


@dataclass(frozen=True, slots=True)
class WhoView:
    """Who saw, was handed or changed the dossiers of a code."""

    name: str  # as it was typed
    dossiers: tuple[str, ...]  # ids, joined ones included; empty: nobody has that code
    entries: tuple[KeptEntry, ...]  # newest first, at most MOST
    total: int


@router.post("/kiem-tra-chuoi", dependencies=_ASKED)
def verify_chain(asked: CurrentAsk) -> Response:
    """Verify the whole log as `sohoa audit verify` does, and say what was found."""
    context = asked.context
    asked.record(Verb.READ_AUDIT, detail={"what": "verify"})
    settings = context.settings
    trail = open_audit_trail(settings.storage, settings.home)
    chain = ChainView(context.chain.run(trail.verify, _PATIENCE))
    view = build_audit_log_view(context, today(), "", "")
    return context.render("audit_log.html", visit=asked.visit, view=view, chain=chain, who=None)


@router.post("/ai-da-xem", dependencies=_ASKED)
def who_saw(
    asked: CurrentAsk, name: Annotated[str, Form(alias="ma", max_length=100)] = ""
) -> Response:
    """Tell who saw the dossiers of a code or id, on whatever day, as `sohoa audit who` does."""
    context = asked.context
    ids = _ids(context, name.strip())
    detail: dict[str, str | int] = {"what": "who", "found": len(ids)}
    for dossier in ids or ("",):
        asked.record(Verb.READ_AUDIT, detail=detail, words=name.strip(), dossier=dossier)
    settings = context.settings
    trail = open_audit_trail(settings.storage, settings.home)
    found = [
        entry
        for dossier in ids
        for entry in trail.entries(having=dossier)
        if entry.text("dossier") == dossier and entry.text("verb") != Verb.READ_AUDIT
    ]
    found.sort(key=lambda entry: entry.at, reverse=True)
    who = WhoView(name.strip(), ids, tuple(found[:MOST]), len(found))
    view = build_audit_log_view(context, today(), "", "")
    return context.render("audit_log.html", visit=asked.visit, view=view, chain=None, who=who)


def _ids(context: AppContext, name: str) -> tuple[str, ...]:
    """Return the ids of the dossiers of a code or id, and of those joined into them."""
    code = find_dossier_code(name)
    if code:
        records = dossiers_of(code, context.archive, context.index)
    else:
        is_id = bool(_ID.fullmatch(name))
        record = context.archive.find_record(name) if is_id else None
        records = (record,) if record else ()
    named = (one for r in records for one in (r.dossier.id, *r.dossier.joined_from))
    return tuple(dict.fromkeys(named))


def _line(fault: AuditFault) -> str:
    where = f"{fault.segment}, dòng {fault.line}" if fault.line else fault.segment
    return f"{where}: {_FLAWS[fault.flaw]}"
