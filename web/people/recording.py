"""Records in the audit log what is about to be shown or changed. No log, no paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request

from pipeline.audit import AuditEntry, AuditResult, Verb
from pipeline.model import Dossier
from pipeline.ports.audit import AuditLog
from web.people.visits import Visit


def record_act(
    log: AuditLog,
    visit: Visit,
    verb: Verb,
    of: Dossier | None = None,
    detail: Mapping[str, str | int] | None = None,
    **more: Any,
) -> None:
    """Record an act; it is on the disk when this returns.

    Args:
        log: the audit log.
        visit: the visit of whoever does it.
        verb: the act that is about to be shown, handed out or changed.
        of: the dossier, where it is about one.
        detail: further values that help the auditor; no personal data.
        more: other fields of ``AuditEntry``: page, words, result, dossier.

    Raises:
        AuditUnavailableError: it could not be written; nothing may be handed out.
    """
    told = dict(detail or {})
    if of is not None:
        more["dossier"] = of.id
        if of.unit:
            told["unit"] = of.unit
        if visit.scope.units is not None:
            told["own_units"] = ",".join(sorted(visit.scope.units))
    entry = AuditEntry(
        verb=verb,
        account=visit.name,
        session=visit.held.id if visit.held else "",
        address=visit.visitor.address,
        request=visit.request,
        detail=told,
        **more,
    )
    log.record(entry)


def record_refusal(log: AuditLog, request: Request, error: Exception) -> None:
    """Record that somebody with an account was refused; guests would fill the disk.

    Raises:
        AuditUnavailableError: it could not be written.
    """
    visit: Visit | None = getattr(request.state, "visit", None)
    verb: Verb | None = getattr(request.state, "verb", None)
    if visit is None or verb is None or not visit.name:
        return
    asked = request.path_params.get("dossier", "")
    dossier = asked if set(asked) <= set("0123456789abcdef") and len(asked) <= 64 else ""
    reason = type(error).__name__.removesuffix("Error")
    told = {"reason": reason}
    refused = AuditResult.REFUSED
    record_act(log, visit, verb, detail=told, dossier=dossier, result=refused)
