"""Routes ``/tai-khoan…``: accounts of people, for administrators; no papers are seen here."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Form, Path
from starlette.responses import Response

from accounts import first_password
from pipeline.audit import AuditResult, Verb
from pipeline.model import Account, NewAccount, Right
from pipeline.people.errors import AccountError
from pipeline.people.rights import (
    ROLE_NAMES,
)
from web.pages.administration.account_view import (
    AccountChange,
    AccountView,
    find_account,
    other_account,
    record_change,
    show_account,
)
from web.pages.administration.wanted_rights import (
    Carried,
    Wanted,
    WantedRights,
    held_by,
    read_held,
)
from web.pages.signing_in.sign_in import accounts_of
from web.people.gate import Asked, CurrentAsk, needs, own_post
from web.people.returning import go_to

router = APIRouter(prefix="/tai-khoan")

_SEES = [needs(Right.MANAGE_ACCOUNTS)]
CHANGES = [needs(Right.MANAGE_ACCOUNTS), Depends(own_post)]
AccountId = Annotated[str, Path(pattern=r"^[0-9a-f]{1,32}$")]


@router.get("", dependencies=_SEES)
def everyone(asked: CurrentAsk) -> Response:
    """List all accounts, with the form of a new one."""
    asked.record(Verb.LIST, detail={"what": "accounts"})
    return _list(asked)


@router.post("", dependencies=CHANGES)
def add(
    asked: CurrentAsk,
    wanted: Wanted,
    name: Annotated[str, Form(alias="ten", max_length=200)] = "",
) -> Response:
    """Make an account, and show its first password once."""
    record_change(asked, "add", name, wanted)
    password = first_password()
    try:
        new = NewAccount(name, wanted.roles, wanted.scope)
        account = accounts_of(asked.context).people.add(new, password, must_change=True)
    except AccountError as error:
        record_change(asked, "add", name, result=AuditResult.REFUSED)
        return _list(asked, error)
    return show_account(asked, account, AccountChange("Đã tạo tài khoản.", password))


@router.get("/{account}", dependencies=_SEES)
def one(asked: CurrentAsk, account: AccountId) -> Response:
    """Show an account, where it is signed in, and what may be changed."""
    found = find_account(asked, account)
    asked.record(Verb.LIST, detail={"what": "account", "subject": found.name})
    return show_account(asked, found)


@router.post("/{account}/vai-tro", dependencies=CHANGES)
def set_roles(
    asked: CurrentAsk,
    account: AccountId,
    wanted: Wanted,
    seen: Annotated[Carried, Form(alias="dang-co")] = "",
) -> Response:
    """Replace the roles and scope that the page showed; others by now stay, and it is told."""
    found = other_account(asked, account)
    held = read_held(seen) if seen else held_by(found)
    return _replace(asked, found, Replacing("roles", wanted, held, "Đã thay vai trò và phạm vi."))


@router.post("/{account}/vai-tro/hoan-tac", dependencies=CHANGES)
def undo_roles(
    asked: CurrentAsk,
    account: AccountId,
    seen: Annotated[Carried, Form(alias="dang-co")] = "",
    before: Annotated[Carried, Form(alias="nhu-truoc")] = "",
) -> Response:
    """Put roles and scope back as they were before a change, if it is still what holds."""
    found = other_account(asked, account)
    done = "Đã hoàn tác: vai trò và phạm vi như trước."
    change = Replacing("roles undone", read_held(before), read_held(seen), done)
    return _replace(asked, found, change)


@router.post("/{account}/khoa", dependencies=CHANGES)
def set_disabled(
    asked: CurrentAsk,
    account: AccountId,
    is_disabled: Annotated[bool, Form(alias="dong")],
) -> Response:
    """Close an account, which ends its sessions, or open it again."""
    found = other_account(asked, account)
    record_change(asked, "disable" if is_disabled else "enable", found.name)
    people = accounts_of(asked.context).people
    changed = people.set_disabled(found.name, is_disabled=is_disabled)
    done = "Đã khóa tài khoản." if is_disabled else "Đã mở lại tài khoản."
    return show_account(asked, changed, AccountChange(done))


@router.post("/{account}/dat-lai", dependencies=CHANGES)
def reset(
    asked: CurrentAsk,
    account: AccountId,
    forgets: Annotated[str, Form(alias="lop-hai", max_length=10)] = "",
) -> Response:
    """Set another first password and show it once; a lost second factor may be forgotten too."""
    found = other_account(asked, account)
    record_change(asked, "reset second factor" if forgets else "reset", found.name)
    password = first_password()
    changed = accounts_of(asked.context).people.reset(
        found.name, password, must_change=True, forgets_second_factor=bool(forgets)
    )
    return show_account(
        asked, changed, AccountChange("Đã đặt lại mật khẩu; mọi phiên đã kết thúc.", password)
    )


@router.post("/{account}/phien", dependencies=CHANGES)
def end_sessions(
    asked: CurrentAsk,
    account: AccountId,
    session: Annotated[str, Form(alias="phien", max_length=64)] = "",
) -> Response:
    """End a session of an account, or all of them."""
    found = other_account(asked, account)
    record_change(asked, "end session" if session else "end sessions", found.name)
    accounts_of(asked.context).sessions.end(found.id, session)
    return go_to(f"/tai-khoan/{found.id}")


class Replacing(NamedTuple):
    """Roles and scope that are to stand in place of others."""

    what: str  # as the log calls it
    wanted: WantedRights
    held: WantedRights
    told: str  # Vietnamese


def _replace(asked: Asked, found: Account, change: Replacing) -> Response:
    wanted, held = change.wanted, change.held
    record_change(asked, change.what, found.name, wanted)
    people = accounts_of(asked.context).people
    try:
        changed = people.set_roles(found.name, wanted.roles, wanted.scope, held)
    except AccountError as error:
        record_change(asked, change.what, found.name, result=AuditResult.REFUSED)
        return show_account(asked, people.named(found.name), error=error)
    before = replace(found, roles=held.roles, scope=held.scope)
    return show_account(asked, changed, AccountChange(change.told, before=before))


def _list(asked: Asked, error: AccountError | None = None) -> Response:
    accounts = accounts_of(asked.context)
    views = [
        AccountView(account, accounts.sessions.of(account.id))
        for account in accounts.people.everyone()
    ]
    return asked.context.render(
        "accounts.html",
        visit=asked.visit,
        status=error.http_status if error else HTTPStatus.OK,
        people=views,
        role_names=ROLE_NAMES,
        error=error,
    )
