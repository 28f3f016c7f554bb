"""Gives each request an id, which its answer, the audit log and a line of the log carry."""

from __future__ import annotations

import logging
import secrets
import time

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

HEADER = "X-Request-Id"


class RequestIds:
    """ASGI middleware that numbers requests; what a visitor sends under this name is not read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its id, and tell it in the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        number = scope["request_id"] = secrets.token_hex(8)
        began, status = time.monotonic(), 0

        async def send_numbered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = number
            await send(message)

        try:
            await self._app(scope, receive, send_numbered)
        finally:
            told = {"request": number, "method": scope["method"], "route": _route(scope)}
            told |= {"status": str(status), "ms": f"{1000 * (time.monotonic() - began):.0f}"}
            log.info("%(method)s %(route)s %(status)s", told, extra=told)


def _route(scope: Scope) -> str:
    """Return the pattern of the route that answered: its path and query may tell of people."""
    return str(getattr(scope.get("route"), "path", "-"))
