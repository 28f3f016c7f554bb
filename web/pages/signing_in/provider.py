"""Routes ``/dang-nhap/co-quan…``: signing in through the office's OpenID provider."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import APIRouter, Query
from starlette.responses import Response

from pipeline.audit import AuditResult, Verb
from pipeline.errors import ObjectMissingError
from pipeline.people.errors import AccountError
from web.pages.signing_in.sign_in import SIGN_IN, Wanted, accounts_of, let_in, show_form
from web.people.cookies import LONGEST, PROVIDER, Cookies
from web.people.gate import Anyone, Asked, CurrentAsk, needs
from web.people.provider import Pending, Provider
from web.people.returning import go_to, safe_path

router = APIRouter(prefix=f"{SIGN_IN}/co-quan")

_BACK = f"{SIGN_IN}/co-quan/ve"
Sent = Annotated[str, Query(max_length=2_000)]


@router.get("", dependencies=[needs(Anyone.AT_ALL)])
def leave(asked: CurrentAsk, wanted: Wanted = "") -> Response:
    """Send the browser to the provider."""
    url, pending = _provider(asked).begin(_address(asked))
    response = go_to(url)
    cookies = Cookies(asked.request)
    kept = f"{pending.cookie} {quote(safe_path(wanted), safe='/?&=+')}".strip()
    # Of a path that is too long for the cookie nothing is kept; signing in goes on without it.
    cookies.set(response, PROVIDER, kept if len(kept) <= LONGEST else pending.cookie)
    return response


@router.get("/ve", dependencies=[needs(Anyone.AT_ALL)])
def come_back(asked: CurrentAsk, state: Sent = "", code: Sent = "") -> Response:
    """Take what the provider says of whoever comes back from it."""
    cookies = Cookies(asked.request)
    kept, _, quoted = cookies.get(PROVIDER).partition(" ")
    wanted = unquote(quoted)
    provider = _provider(asked)
    try:
        identity = provider.finish(_address(asked), Pending.of(kept), state, code)
    except AccountError as error:  # not recorded: anybody may ask for this, and fill the disk
        return _refused(asked, wanted, error)
    accounts = accounts_of(asked.context)
    try:
        signed = accounts.sign_ins.sign_in_by_provider(
            identity, asked.visit.visitor, asked.before_change
        )
    except AccountError as error:
        told = {"by": "provider"}
        asked.record(Verb.SIGN_IN, words=identity.name, result=AuditResult.REFUSED, detail=told)
        return _refused(asked, wanted, error)
    if asked.visit.session:
        accounts.sessions.sign_out(asked.visit.secret)
    response = let_in(asked, signed, wanted)
    cookies.remove(response, PROVIDER)
    return response


def _refused(asked: Asked, wanted: str, error: AccountError) -> Response:
    response = show_form(asked, wanted, error)
    Cookies(asked.request).remove(response, PROVIDER)
    return response


def _provider(asked: Asked) -> Provider:
    """Return the provider of the settings.

    Raises:
        ObjectMissingError: they name none.
    """
    accounts_of(asked.context)
    if asked.context.provider is None:
        raise ObjectMissingError("Không có trang này.", "Đăng nhập bằng tên và mật khẩu.")
    return asked.context.provider


def _address(asked: Asked) -> str:
    """Return the address of this room to which the provider sends people back."""
    url = asked.request.url
    return f"{url.scheme}://{url.netloc}{_BACK}"
