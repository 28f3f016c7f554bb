"""Routes ``/tai-khoan/{account}/token…``: tokens that programs call with for an account."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from pipeline.audit import AuditResult
from pipeline.model import Right, TokenRequest
from pipeline.people.errors import AccountError, AccountRefusedError
from web.pages.administration.account_view import (
    AccountChange,
    named_lines,
    other_account,
    record_change,
    show_account,
)
from web.pages.administration.accounts import AccountId, Lines
from web.pages.signing_in.sign_in import accounts_of
from web.people.gate import CurrentAsk, needs, own_post

router = APIRouter(prefix="/tai-khoan")

_CHANGES = [needs(Right.MANAGE_ACCOUNTS), Depends(own_post)]
_MOST_DAYS = 90


def _wanted(
    rights: Annotated[list[str], Form(alias="quyen", max_length=20)] = [],  # noqa: B006 — FastAPI copies it
    days: Annotated[int, Form(alias="ngay", ge=1, le=_MOST_DAYS)] = _MOST_DAYS,
    units: Annotated[Lines, Form(alias="don-vi")] = "",
    label: Annotated[str, Form(alias="may", max_length=200)] = "",
) -> TokenRequest:
    known = {str(right): right for right in Right}
    if not rights or set(rights) - known.keys():
        raise AccountRefusedError("Token cần ít nhất một quyền có thật.", "Chọn lại các quyền.")
    chosen = frozenset(known[right] for right in rights)
    return TokenRequest(chosen, days, named_lines(units), label.strip())


@router.post("/{account}/token", dependencies=_CHANGES)
def make(
    asked: CurrentAsk, account: AccountId, wanted: Annotated[TokenRequest, Depends(_wanted)]
) -> Response:
    """Make a token, and show it once."""
    found = other_account(asked, account)
    record_change(asked, "token", found.name)
    try:
        _, text = accounts_of(asked.context).tokens.make(found.name, wanted)
    except AccountError as error:
        record_change(asked, "token", found.name, result=AuditResult.REFUSED)
        return show_account(asked, found, error=error)
    return show_account(asked, found, AccountChange("Đã tạo token.", token=text))


@router.post("/{account}/token/thu-hoi", dependencies=_CHANGES)
def revoke(
    asked: CurrentAsk,
    account: AccountId,
    token: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Revoke a token of an account; another account's is not touched."""
    found = other_account(asked, account)
    tokens = accounts_of(asked.context).tokens
    if token not in {one.id for one in tokens.of(found.name)}:
        raise AccountRefusedError("Tài khoản này không có token đó.", "Tải lại trang.")
    record_change(asked, "token revoked", found.name)
    tokens.revoke(token)
    return show_account(
        asked, found, AccountChange("Đã thu hồi token; chương trình dùng nó bị chặn ngay.")
    )
