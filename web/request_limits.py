"""Refuses requests before they are read: foreign host names, large bodies, silent connections."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

MAX_BODY = 64_000  # bytes: a form of ours has some hundred, an upload has a limit of its own
UPLOADS = "/api/v1/uploads"
DESK_FILES, DESK_UNLOCK, DESK_PARTS = "/ban-quet/tep", "/ban-quet/mo-khoa", "/ban-quet/gui"
API_PARTS = f"{UPLOADS}/parts"
MAX_PART = 16 << 20  # bytes of a part of a file
_FORM_OVERHEAD = 1_000_000  # bytes: boundaries and names of an upload's parts
_SLOWEST_UPLOAD = 64_000  # bytes between two looks at a connection
_WASTED = 32 << 20  # bytes of a body that are read after it was answered, so that senders notice
SILENCE_SECONDS = 15.0  # between two looks at what a connection waits for

# scope, status, message, remedy -> an error page, or what the API says
Refuse = Callable[[Scope, int, str, str], Response]


def is_of_files(path: str) -> bool:
    """Tell whether whole files are sent to an address."""
    return path in (UPLOADS, DESK_FILES, DESK_UNLOCK)


def is_of_parts(path: str) -> bool:
    """Tell whether parts of a file are sent to an address."""
    return path.startswith((f"{DESK_PARTS}/", f"{API_PARTS}/"))


class BodyTooLargeError(Exception):
    """A request has sent more than it may."""


class RequestLimits:
    """ASGI middleware that checks host name and body size before anything is parsed.

    Args:
        app: the application.
        host_names: names that visitors may use; any other is refused (against DNS rebinding).
        refuse: returns the page that says what was wrong.
        upload_bytes: the largest upload; its form may have a million bytes more.
    """

    def __init__(
        self, app: ASGIApp, host_names: list[str], refuse: Refuse, upload_bytes: int = MAX_BODY
    ) -> None:
        self._upload_bytes = upload_bytes
        self._app = app
        self._host_names = {name.lower() for name in host_names}
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it at once."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers, most = Headers(scope=scope), self._most(scope)
        if refusal := self._refusal(scope, headers, most):
            await refusal(scope, receive, send)
            return
        received = 0

        async def receive_some() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                raise BodyTooLargeError
            return message

        async def send_unless_too_large(message: Message) -> None:
            # FastAPI makes an answer of its own of what went wrong while a form was read.
            if received <= most:
                await send(message)

        with suppress(BodyTooLargeError):
            await self._app(scope, receive_some, send_unless_too_large)
        if received > most:
            await self._too_large(scope, most)(scope, receive, send)

    def _most(self, scope: Scope) -> int:
        """Return how many bytes the body of a request may have."""
        if scope["method"] == "PATCH" and is_of_parts(scope["path"]):
            return MAX_PART
        is_upload = is_of_files(scope["path"]) and scope["method"] == "POST"
        return self._upload_bytes + _FORM_OVERHEAD if is_upload else MAX_BODY

    def _refusal(self, scope: Scope, headers: Headers, most: int) -> Response | None:
        host = headers.get("host", "").rsplit(":", 1)[0].strip("[]").lower()
        if "*" not in self._host_names and host not in self._host_names:
            return self._refuse(
                scope,
                HTTPStatus.BAD_REQUEST,
                "Tên máy trong địa chỉ này không phải của phòng đọc.",
                "Mở phòng đọc bằng đúng địa chỉ được cấp; người vận hành thêm tên ở web.names.",
            )
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > most:
            return self._too_large(scope, most)
        return None

    def _too_large(self, scope: Scope, most: int) -> Response:
        remedy = "Hãy dùng các nút và ô nhập trong phòng đọc."
        if most > MAX_BODY:
            remedy = f"Mỗi lần gửi nhiều nhất {self._upload_bytes >> 20} MiB: chia ra nhiều lần."
        return self._refuse(
            scope, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Yêu cầu gửi lên quá lớn.", remedy
        )


class ImpatientProtocol(H11Protocol):
    """HTTP/1.1 for uvicorn that ends connections on which no whole request arrives in time.

    Without it some hundred half-open connections keep everybody else out: uvicorn itself limits
    only the silence after an answer, and one byte ends that. Here each connection is looked at
    again and again; one that waits for the same request twice in a row is closed, however many
    bytes of it came meanwhile. While an answer is made or sent nothing is counted. An upload may
    take long, but not trickle: 64,000 bytes must come between two looks. Of a body that was
    answered before it came, as one that is too large, 32 MiB more are read and thrown away: the
    sender may read the answer, and does not send two gigabytes first.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to look."""
        super().connection_made(transport)
        self._received = self._wasted = 0  # bytes
        self._waited_for = self._wait()
        self._patience = self.loop.call_later(SILENCE_SECONDS, self._look)

    def data_received(self, data: bytes) -> None:
        """Count what comes, and end what goes on though it was answered."""
        self._received += len(data)
        cycle: Any = self.cycle
        if cycle is not None and cycle.response_complete and cycle.more_body:
            self._wasted += len(data)
            if self._wasted > _WASTED:
                self.transport.close()
                return
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Look no more."""
        self._patience.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        wait = self._wait()
        if wait is not None and wait == self._waited_for:
            self.transport.close()
            return
        self._waited_for = wait
        self._patience = self.loop.call_later(SILENCE_SECONDS, self._look)

    def _wait(self) -> tuple[Any, str] | None:
        """Return for what of the client it waits, and after which request; None: for nothing."""
        cycle: Any = self.cycle
        if cycle is None:
            return None, "request"
        if cycle.response_complete:  # uvicorn's own timer, where it runs, ends the silence sooner
            return (cycle, "request") if self.timeout_keep_alive_task is None else None
        if not cycle.more_body or cycle.response_started:
            return None
        path = cycle.scope["path"]
        is_upload = is_of_files(path) or is_of_parts(path)
        return cycle, f"body {self._received // _SLOWEST_UPLOAD if is_upload else 0}"
