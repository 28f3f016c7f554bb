"""Route ``/tai-khoan/{account}/token/thu-hoi``: tokens of programs are revoked by administrators.

No token is made here: whoever holds its text sees what the account sees and acts under its name,
and an administrator sees no papers. Whoever looks after the machine makes it: ``sohoa user token``.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from pipeline.audit import Verb
from pipeline.model import Right
from pipeline.people.errors import AccountRefusedError
from pipeline.people.token_facts import token_facts
from web.pages.administration.account_view import AccountChange, other_account, show_account
from web.pages.administration.accounts import AccountId
from web.pages.signing_in.sign_in import accounts_of
from web.people.gate import CurrentAsk, needs, own_post

router = APIRouter(prefix="/tai-khoan")

_CHANGES = [needs(Right.MANAGE_ACCOUNTS), Depends(own_post)]


@router.post("/{account}/token/thu-hoi", dependencies=_CHANGES)
def revoke(
    asked: CurrentAsk,
    account: AccountId,
    token: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Revoke a token of an account; another account's is not touched."""
    found = other_account(asked, account)
    tokens = accounts_of(asked.context).tokens
    held = {one.id: one for one in tokens.of(found.name)}.get(token)
    if held is None:
        raise AccountRefusedError("Tài khoản này không có token đó.", "Tải lại trang.")
    told = {"what": "user token revoked", "subject": found.name, **token_facts(held)}
    asked.record(Verb.MANAGE, detail=told)
    tokens.revoke(held.id)
    return show_account(
        asked, found, AccountChange("Đã thu hồi token; chương trình dùng nó bị chặn ngay.")
    )
