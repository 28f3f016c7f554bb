"""Protects visitors: security headers, patterns of path parameters, refusal of cross-site posts."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Path, Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.errors import SohoaError

# Nothing is loaded from elsewhere, nothing inline runs, no other page may frame this one.
_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_HSTS = "max-age=31536000"  # a year; told over TLS alone (RFC 6797, 7.2)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

DossierId = Annotated[str, Path(pattern=r"^[0-9a-f]{1,64}$")]
ScanHash = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
PageNumber = Annotated[int, Path(ge=1, le=1_000_000)]


class CrossSitePostError(SohoaError):
    """A POST that did not come from a page of this application (CSRF)."""

    http_status = 403


class SecurityHeaders:
    """ASGI middleware that adds the security headers to every response that lacks them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the headers of its response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                add_security_headers(headers)
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", _HSTS)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def add_security_headers(headers: MutableHeaders) -> None:
    """Set the security headers that are missing; by default nothing may be cached.

    Pages show people's papers, so ``no-store`` stands unless a response allows caching itself.
    """
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Cache-Control", "no-store")


def require_same_origin(request: Request) -> None:
    """Refuse a POST that another site's page may have sent.

    Browsers send ``Sec-Fetch-Site`` or at least ``Origin`` with every POST (Fetch standard); one
    that carries neither is refused too.

    Raises:
        CrossSitePostError: the request is not known to come from a page of this application.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        is_same_origin = site == "same-origin"
    else:
        is_same_origin = origin is not None and urlsplit(origin).netloc == request.headers.get(
            "host"
        )
    if not is_same_origin:
        raise CrossSitePostError(
            "Yêu cầu không đến từ phòng đọc nên không được thực hiện.",
            "Hãy mở trang này trong phòng đọc rồi bấm lại nút.",
        )
