"""Finds the API token of a call, in its Authorization header and nowhere else (RFC 6750).

Cookies count for nothing under ``/api``: a browser that another site steers cannot add the header
without asking first (CORS preflight), and nobody here says yes. So calls need no CSRF token.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from starlette.requests import Request

from pipeline.errors import SohoaError
from pipeline.model import ApiToken, Purpose
from pipeline.ports import Accounts
from web.people.cookies import Cookies

API = "/api"
PURPOSE_HEADER = "Sohoa-Purpose"
_LONGEST = 200  # characters of the header that are looked at; a token has 64
_TOKEN = re.compile(r"soh_[0-9a-f]{16}_[A-Za-z0-9_-]{43}")
_MAKE_ONE = "Người quản trị tạo token: sohoa user token TÊN --scope …"


class TokenMissingError(SohoaError):
    """A call of the API names no token."""

    http_status = 401


class TokenRefusedError(SohoaError):
    """The token is unknown, ended, revoked, or of a closed account; which of these is not said."""

    http_status = 401


class TokenExposedError(SohoaError):
    """A token came in an address or over open http, where others read it."""

    http_status = 400


def is_api(path: str) -> bool:
    """Tell whether a path is one of the API, which answers in JSON and asks for a token."""
    return path == API or path.startswith(f"{API}/")


def token_of(request: Request, accounts: Accounts) -> ApiToken:
    """Return the token of a call.

    Raises:
        AccountsUnavailableError: the database of accounts is away.
        TokenExposedError: it came over open http from another machine.
        TokenMissingError: there is none.
        TokenRefusedError: it opens nothing.
    """
    scheme, _, text = request.headers.get("authorization", "")[:_LONGEST].partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise TokenMissingError(
            "Cần token: gửi đầu «Authorization: Bearer soh_…».",
            f"{_MAKE_ONE} Cookie của trình duyệt không dùng được ở đây.",
        )
    if not Cookies(request).is_safe:
        raise TokenExposedError(
            "Token chỉ được gửi qua https.",
            "Dùng https, rồi thu hồi token này vì người khác có thể đã đọc được.",
        )
    token = accounts.tokens.find(text.strip())
    if token is None:
        raise TokenRefusedError("Token không dùng được.", f"Token có thể đã hết hạn. {_MAKE_ONE}")
    return token


def purpose_of(request: Request) -> Purpose | None:
    """Return what a call asks for a file for, by its header; None when it names no purpose."""
    named = request.headers.get(PURPOSE_HEADER, "")
    return Purpose(named) if named in set(Purpose) else None


def exposed_token(request: Request) -> str:
    """Return a token that stands in the address of a request; empty when there is none."""
    found = _TOKEN.search(unquote(f"{request.url.path}?{request.url.query}"))
    return found[0] if found else ""


def refuse_exposed() -> TokenExposedError:
    """Return the error that says what to do about a token in an address."""
    return TokenExposedError(
        "Token không được nằm trong địa chỉ: địa chỉ bị ghi lại ở nhiều nơi.",
        "Gửi token trong đầu Authorization. Token này coi như đã lộ: thu hồi nó, tạo token khác.",
    )
