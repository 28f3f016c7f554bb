"""Keeps the page that somebody wanted before they signed in: a path of this room and no other."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote, urlsplit

from starlette.responses import RedirectResponse

_LONGEST = 1_000  # characters


def safe_path(wanted: str) -> str:
    r"""Return a path within this room, or an empty text for whatever leads elsewhere.

    Browsers take ``//host``, ``/\host`` and control characters for other sites.
    """
    is_path = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    if not is_path or len(wanted) > _LONGEST or "\\" in wanted or not wanted.isprintable():
        return ""
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or parts.path.startswith(("/dang-", "//")):
        return ""
    return wanted


def with_return(path: str, wanted: str) -> str:
    """Return a path of signing in that leads on to the wanted page afterwards."""
    safe = safe_path(wanted)
    return f"{path}?ve={quote(safe, safe='')}" if safe and safe != "/" else path


def go_to(path: str) -> RedirectResponse:
    """Return the answer that leads a browser on with a GET; with a type, as every answer has."""
    plain = {"Content-Type": "text/plain; charset=utf-8"}
    return RedirectResponse(path, HTTPStatus.SEE_OTHER, headers=plain)
