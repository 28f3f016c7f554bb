"""``/khoe``: whether the parts answer, for monitors."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from pipeline.errors import SohoaError
from pipeline.intake import last_heartbeat
from pipeline.model import Query
from web.context import Here

router = APIRouter()


@router.get("/khoe")
def health(context: Here) -> Response:
    """Answer 200 when store and index answer and no watcher fell silent, 503 otherwise."""
    parts = {
        "storage": _state(context.archive.queued),
        "search": _state(lambda: context.index.find(Query("", limit=1))),
        "watch": _watch(context.settings.home),
    }
    is_well = all(state == "ok" for state in parts.values())
    status = HTTPStatus.OK if is_well else HTTPStatus.SERVICE_UNAVAILABLE
    return JSONResponse({"status": "ok" if is_well else "failing", "parts": parts}, status)


def _watch(home: Path) -> str:
    """A watcher that ended as it should is no trouble; one that died without a word is."""
    pulse = last_heartbeat(home)
    if pulse is None or not pulse.is_silent:
        return "ok"
    return f"`sohoa watch` im lặng từ {pulse.at:%Y-%m-%dT%H:%M:%SZ}. Khởi động lại nó."


def _state(ask: Callable[[], object]) -> str:
    try:
        ask()
    except SohoaError as error:
        return str(error)
    return "ok"
