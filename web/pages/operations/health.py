"""Routes ``/khoe``, ``/healthz`` and ``/readyz``: whether the room and its parts answer."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from ipaddress import ip_address

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from pipeline.errors import SohoaError
from pipeline.model import Query
from web.context import AppContext, Context
from web.people.cookies import is_relayed
from web.people.gate import Anyone, needs

router = APIRouter()

_OK = "ok"


@router.get("/khoe", dependencies=[needs(Anyone.AT_ALL)])
def health(request: Request, context: Context) -> Response:
    """Answer 200 when store and index answer and no watcher fell silent, 503 otherwise.

    What is wrong with which part is told to programs of this machine alone: others learn whether
    all is well, and whether somebody watches the folders.
    """
    parts = _store_and_index(request, context) | {"watch": _check_watcher(context)}
    is_healthy = all(state == _OK for state in parts.values())
    status = HTTPStatus.OK if is_healthy else HTTPStatus.SERVICE_UNAVAILABLE
    answer: dict[str, object] = {
        "status": _OK if is_healthy else "failing",
        "watching": context.watchers.trouble() == "",
    }
    if is_local(request):
        answer["parts"] = parts
    return JSONResponse(answer, status)


@router.get("/healthz", dependencies=[needs(Anyone.AT_ALL)])
def is_alive() -> Response:
    """Answer 200 while this process answers at all; asks nothing else, so restarts help."""
    return JSONResponse({"status": _OK})


@router.get("/readyz", dependencies=[needs(Anyone.AT_ALL)])
def is_ready(request: Request, context: Context) -> Response:
    """Answer 200 when visitors can be served: store, index and accounts answer; else 503."""
    parts = _store_and_index(request, context)
    parts["accounts"] = _ask(request, context, "accounts", context.visits.accounts)
    is_well = all(state == _OK for state in parts.values())
    status = HTTPStatus.OK if is_well else HTTPStatus.SERVICE_UNAVAILABLE
    return JSONResponse({"status": _OK if is_well else "failing"}, status)


def _store_and_index(request: Request, context: AppContext) -> dict[str, str]:
    def search() -> object:
        return context.index.find(Query("", limit=1))

    return {
        "storage": _ask(request, context, "storage", context.archive.queued),
        "search": _ask(request, context, "search", search),
    }


def _ask(request: Request, context: AppContext, part: str, probe: Callable[[], object]) -> str:
    """Ask a part for a program of this machine; others get an answer that is seconds old.

    Whoever reaches the room may ask: without this they could keep store and index busy.
    """
    if is_local(request):
        return _check(probe)
    return context.probes.ask(part, lambda: _check(probe))


def is_local(request: Request) -> bool:
    """Tell whether a program of this machine asks, and not a proxy for somebody else."""
    if is_relayed(request):
        return False
    try:
        return ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        return False


def _check(probe: Callable[[], object]) -> str:
    try:
        probe()
    except SohoaError as error:
        return str(error)
    return _OK


def _check_watcher(context: AppContext) -> str:
    """A watcher that ended as it should is healthy; one that died without a word is not."""
    return context.watchers.silence() or _OK
