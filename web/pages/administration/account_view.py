"""Shows one account to administrators, with what was just done to it, and records changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import NamedTuple

from starlette.responses import Response

from pipeline.audit import AuditResult, Verb
from pipeline.model import Account, ApiToken, PersonRole, Scope, Session
from pipeline.people.errors import AccountError, AccountMissingError, AccountRefusedError
from pipeline.people.rights import ROLE_NAMES, needs_second_factor
from web.pages.signing_in.sign_in import accounts_of
from web.people.gate import Asked


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as administrators see it."""

    account: Account
    sessions: tuple[Session, ...]  # the living ones, newest first
    tokens: tuple[ApiToken, ...] = ()  # those that open something, newest first

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


class AccountChange(NamedTuple):
    """What was just done to an account, and what is shown once."""

    told: str  # Vietnamese
    password: str = ""
    before: Account | None = None  # what it was, to put it back


class WantedRights(NamedTuple):
    """Roles and scope as they were typed."""

    roles: frozenset[PersonRole]
    scope: Scope


def named_lines(lines: str) -> frozenset[str] | None:
    """Return the names that stand on lines of their own; None, which is all, for none."""
    return frozenset(filter(None, map(str.strip, lines.splitlines()))) or None


def show_account(
    asked: Asked,
    account: Account,
    done: AccountChange | None = None,
    error: AccountError | None = None,
) -> Response:
    """Show an account, with what was just done to it or why it was not."""
    accounts, now = accounts_of(asked.context), datetime.now(UTC)
    tokens = [one for one in accounts.tokens.of(account.name) if not one.is_revoked]
    return asked.context.render(
        "account.html",
        visit=asked.visit,
        status=error.http_status if error else HTTPStatus.OK,
        one=AccountView(
            account,
            accounts.sessions.of(account.id),
            tuple(one for one in tokens if one.ends > now),
        ),
        is_own=_is_own(asked, account),
        role_names=ROLE_NAMES,
        done=done,
        error=error,
    )


def record_change(
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


def find_account(asked: Asked, account: str) -> Account:
    """Return the account of an id. Raises ``AccountMissingError``."""
    for each in accounts_of(asked.context).people.everyone():
        if each.id == account:
            return each
    raise AccountMissingError("Không có tài khoản này.", "Chọn trong danh sách tài khoản.")


def other_account(asked: Asked, account: str) -> Account:
    """Return an account that is not the administrator's own.

    Raises:
        AccountMissingError: there is no such account.
        AccountRefusedError: it is their own: nobody raises, closes or resets themselves here.
    """
    found = find_account(asked, account)
    if _is_own(asked, found):
        raise AccountRefusedError(
            "Không tự thay đổi tài khoản của mình ở đây.",
            "Mật khẩu và phiên của bạn: trang có tên bạn; việc khác nhờ người quản trị khác.",
        )
    return found


def _is_own(asked: Asked, account: Account) -> bool:
    return asked.visit.session is not None and asked.visit.session.account.id == account.id
