"""Routes ``/tai-khoan…``: accounts of people, for administrators; no papers are seen here."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Form, Path
from starlette.responses import Response

from accounts import first_password
from pipeline.audit import AuditResult, Verb
from pipeline.model import Account, NewAccount, PersonRole, Right, Scope, Session
from pipeline.people.errors import AccountError, AccountMissingError, AccountRefusedError
from pipeline.people.rights import ROLE_NAMES, needs_second_factor
from pipeline.people.scopes import OPEN
from web.pages.signing_in.sign_in import accounts_of
from web.people.gate import Asked, CurrentAsk, needs, own_post
from web.people.returning import go_to

router = APIRouter(prefix="/tai-khoan")

_SEES = [needs(Right.MANAGE_ACCOUNTS)]
_CHANGES = [needs(Right.MANAGE_ACCOUNTS), Depends(own_post)]
AccountId = Annotated[str, Path(pattern=r"^[0-9a-f]{1,32}$")]
Lines = Annotated[str, Form(max_length=10_000)]


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as administrators see it."""

    account: Account
    sessions: tuple[Session, ...]  # the living ones, newest first

    @property
    def roles(self) -> tuple[str, ...]:
        """The names of its roles."""
        return tuple(ROLE_NAMES[role] for role in sorted(self.account.roles))

    @property
    def lacks_second_factor(self) -> bool:
        """Whether its roles demand a second factor that is not set up yet."""
        return needs_second_factor(self.account.roles) and not self.account.has_second_factor

    @property
    def scope_words(self) -> str:
        """The units and document types it is limited to, on one line; empty: everything."""
        scope = self.account.scope
        limits = (*sorted(scope.units or ()), *sorted(scope.document_types or ()))
        return "; ".join(limits)


class WantedRights(NamedTuple):
    """Roles and scope as they were typed."""

    roles: frozenset[PersonRole]
    scope: Scope


def _wanted_rights(
    roles: Annotated[list[str], Form(alias="vai-tro", max_length=20)] = [],  # noqa: B006 — FastAPI copies it
    units: Annotated[Lines, Form(alias="don-vi")] = "",
    types: Annotated[Lines, Form(alias="loai")] = "",
    only_open: Annotated[str, Form(alias="chi-thuong", max_length=10)] = "",
) -> WantedRights:
    known = {str(role): role for role in PersonRole}
    if set(roles) - known.keys():
        raise AccountRefusedError("Không có vai trò này.", "Tải lại trang rồi chọn lại.")
    levels = frozenset({OPEN}) if only_open else None
    scope = Scope(_named(units), _named(types), levels)
    return WantedRights(frozenset(known[role] for role in roles), scope)


def _named(lines: str) -> frozenset[str] | None:
    """Return the names that stand on lines of their own; None, which is all, for none."""
    return frozenset(filter(None, map(str.strip, lines.splitlines()))) or None


Wanted = Annotated[WantedRights, Depends(_wanted_rights)]


@router.get("", dependencies=_SEES)
def everyone(asked: CurrentAsk) -> Response:
    """List all accounts, with the form of a new one."""
    asked.record(Verb.LIST, detail={"what": "accounts"})
    return _list(asked)


@router.post("", dependencies=_CHANGES)
def add(
    asked: CurrentAsk,
    wanted: Wanted,
    name: Annotated[str, Form(alias="ten", max_length=200)] = "",
) -> Response:
    """Make an account, and show its first password once."""
    _record(asked, "add", name, wanted)
    password = first_password()
    try:
        new = NewAccount(name, wanted.roles, wanted.scope)
        account = accounts_of(asked.context).people.add(new, password, must_change=True)
    except AccountError as error:
        _record(asked, "add", name, result=AuditResult.REFUSED)
        return _list(asked, error)
    return _one(asked, account, "Đã tạo tài khoản.", password)


@router.get("/{account}", dependencies=_SEES)
def one(asked: CurrentAsk, account: AccountId) -> Response:
    """Show an account, where it is signed in, and what may be changed."""
    found = _account(asked, account)
    asked.record(Verb.LIST, detail={"what": "account", "subject": found.name})
    return _one(asked, found)


@router.post("/{account}/vai-tro", dependencies=_CHANGES)
def set_roles(asked: CurrentAsk, account: AccountId, wanted: Wanted) -> Response:
    """Replace roles and scope."""
    found = _other(asked, account)
    _record(asked, "roles", found.name, wanted)
    try:
        people = accounts_of(asked.context).people
        changed = people.set_roles(found.name, wanted.roles, wanted.scope)
    except AccountError as error:
        _record(asked, "roles", found.name, result=AuditResult.REFUSED)
        return _one(asked, found, error=error)
    return _one(asked, changed, "Đã thay vai trò và phạm vi.")


@router.post("/{account}/khoa", dependencies=_CHANGES)
def set_disabled(
    asked: CurrentAsk,
    account: AccountId,
    is_disabled: Annotated[bool, Form(alias="dong")],
) -> Response:
    """Close an account, which ends its sessions, or open it again."""
    found = _other(asked, account)
    _record(asked, "disable" if is_disabled else "enable", found.name)
    people = accounts_of(asked.context).people
    changed = people.set_disabled(found.name, is_disabled=is_disabled)
    return _one(asked, changed, "Đã khóa tài khoản." if is_disabled else "Đã mở lại tài khoản.")


@router.post("/{account}/dat-lai", dependencies=_CHANGES)
def reset(
    asked: CurrentAsk,
    account: AccountId,
    forgets: Annotated[str, Form(alias="lop-hai", max_length=10)] = "",
) -> Response:
    """Set another first password and show it once; a lost second factor may be forgotten too."""
    found = _other(asked, account)
    _record(asked, "reset second factor" if forgets else "reset", found.name)
    password = first_password()
    changed = accounts_of(asked.context).people.reset(
        found.name, password, must_change=True, forgets_second_factor=bool(forgets)
    )
    return _one(asked, changed, "Đã đặt lại mật khẩu; mọi phiên đã kết thúc.", password)


@router.post("/{account}/phien", dependencies=_CHANGES)
def end_sessions(asked: CurrentAsk, account: AccountId) -> Response:
    """End all sessions of an account."""
    found = _other(asked, account)
    _record(asked, "end sessions", found.name)
    accounts_of(asked.context).sessions.end(found.id)
    return go_to(f"/tai-khoan/{found.id}")


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


def _one(
    asked: Asked,
    account: Account,
    done: str = "",
    password: str = "",
    error: AccountError | None = None,
) -> Response:
    return asked.context.render(
        "account.html",
        visit=asked.visit,
        status=error.http_status if error else HTTPStatus.OK,
        one=AccountView(account, accounts_of(asked.context).sessions.of(account.id)),
        is_own=_is_own(asked, account),
        role_names=ROLE_NAMES,
        done=done,
        password=password,
        error=error,
    )


def _record(
    asked: Asked,
    what: str,
    subject: str,
    wanted: WantedRights | None = None,
    result: AuditResult = AuditResult.DONE,
) -> None:
    """Record a change before it is made: to whose account, and which roles it is to have."""
    detail = {"what": f"user {what}", "subject": subject}
    if wanted:
        detail["roles"] = ",".join(sorted(wanted.roles))
        if wanted.scope.units is not None:
            detail["units"] = ",".join(sorted(wanted.scope.units))
    asked.record(Verb.MANAGE, detail=detail, result=result)


def _account(asked: Asked, account: str) -> Account:
    """Return the account of an id. Raises ``AccountMissingError``."""
    for each in accounts_of(asked.context).people.everyone():
        if each.id == account:
            return each
    raise AccountMissingError("Không có tài khoản này.", "Chọn trong danh sách tài khoản.")


def _other(asked: Asked, account: str) -> Account:
    """Return an account that is not the administrator's own.

    Raises:
        AccountMissingError: there is no such account.
        AccountRefusedError: it is their own: nobody raises, closes or resets themselves here.
    """
    found = _account(asked, account)
    if _is_own(asked, found):
        raise AccountRefusedError(
            "Không tự thay đổi tài khoản của mình ở đây.",
            "Mật khẩu và phiên của bạn: trang có tên bạn; việc khác nhờ người quản trị khác.",
        )
    return found


def _is_own(asked: Asked, account: Account) -> bool:
    return asked.visit.session is not None and asked.visit.session.account.id == account.id
