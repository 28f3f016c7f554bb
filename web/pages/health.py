"""Route ``/khoe``, the health check: whether store, index and watcher answer, for monitoring."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from pipeline.errors import SohoaError
from pipeline.intake import last_heartbeat
from pipeline.model import Query
from web.context import Context

router = APIRouter()

_OK = "ok"


@router.get("/khoe")
def health(context: Context) -> Response:
    """Answer 200 when store and index answer and no watcher fell silent, 503 otherwise."""
    parts = {
        "storage": _check(context.archive.queued),
        "search": _check(lambda: context.index.find(Query("", limit=1))),
        "watch": _check_watcher(context.settings.home),
    }
    is_healthy = all(state == _OK for state in parts.values())
    status = HTTPStatus.OK if is_healthy else HTTPStatus.SERVICE_UNAVAILABLE
    return JSONResponse({"status": _OK if is_healthy else "failing", "parts": parts}, status)


def _check(probe: Callable[[], object]) -> str:
    try:
        probe()
    except SohoaError as error:
        return str(error)
    return _OK


def _check_watcher(home: Path) -> str:
    """A watcher that ended as it should is healthy; one that died without a word is not."""
    heartbeat = last_heartbeat(home)
    if heartbeat is None or not heartbeat.is_silent:
        return _OK
    return f"`sohoa watch` im lặng từ {heartbeat.at:%Y-%m-%dT%H:%M:%SZ}. Khởi động lại nó."
