"""Gives each request an id, which its answer, the logs and the audit log carry."""

from __future__ import annotations

import secrets

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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

        async def send_numbered(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = number
            await send(message)

        await self._app(scope, receive, send_numbered)
