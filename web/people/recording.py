"""Records in the audit log what is about to be shown or changed. No log, no paper."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Any

from fastapi import Request

from pipeline.audit import AuditEntry, AuditResult, Verb
from pipeline.audit.alarms import own_units
from pipeline.model import Dossier
from pipeline.people.scopes import unit_key, units_of
from pipeline.ports.audit import AuditLog
from web.people.visits import Visit

SELDOM_SECONDS = 15 * 60.0  # of one entry for acts that are too small for one each
SELDOM_ACTS = 100  # such acts of one entry
_MOST_KEPT = 10_000  # sessions


class RecordedSeldom:
    """Counts acts too small for an entry each, such as letters typed; safe among threads.

    The first act of somebody is recorded, later ones after some time or when they are many, so a
    list read out by small questions shows in the log.
    """

    def __init__(self) -> None:
        self._acts = OrderedDict[str, tuple[float, int]]()  # when recorded last, acts since
        self._lock = Lock()

    def due(self, key: str, now: float) -> int:
        """Count an act; return how many acts are to be recorded now, 0 for none.

        Args:
            key: the name of whoever acts.
            now: seconds of any clock that only goes forward.
        """
        with self._lock:
            last, acts = self._acts.pop(key, (float("-inf"), 0))
            acts += 1
            is_due = now - last >= SELDOM_SECONDS or acts >= SELDOM_ACTS
            self._acts[key] = (now, 0) if is_due else (last, acts)
            while len(self._acts) > _MOST_KEPT:
                self._acts.popitem(last=False)
        return acts if is_due else 0


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
        mine = visit.scope.units or frozenset()
        keys = set(map(unit_key, units_of(of)))
        own = {unit for unit in mine if unit_key(unit) in keys}
        if unit := min(own, default=of.unit):
            told["unit"] = unit
        if visit.scope.units is not None:
            told["own_units"] = own_units(visit.scope.units)
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
