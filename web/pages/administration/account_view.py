"""Shows one account to administrators, with what was just done to it, and records changes."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import NamedTuple

from starlette.responses import Response

from pipeline.audit import AuditResult, Verb
from pipeline.model import Account, ApiToken, Session
from pipeline.people.errors import AccountError, AccountMissingError, AccountRefusedError
from pipeline.people.rights import ROLE_NAMES, needs_second_factor
from web.pages.administration.wanted_rights import WantedRights, held_by, held_text
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
        units, types = self.account.scope.units, self.account.scope.document_types
        nothing = [
            word
            for limit, word in ((units, "không đơn vị nào"), (types, "không loại giấy tờ nào"))
            if limit == frozenset()
        ]
        return "; ".join((*nothing, *sorted(units or ()), *sorted(types or ())))


class AccountChange(NamedTuple):
    """What was just done to an account, and what is shown once."""

    told: str  # Vietnamese
    password: str = ""
    before: Account | None = None  # what it was, to put it back


def show_account(
    asked: Asked,
    account: Account,
    done: AccountChange | None = None,
    error: AccountError | None = None,
) -> Response:
    """Show an account, with what was just done to it or why it was not."""
    accounts, now = accounts_of(asked.context), datetime.now(UTC)
    before = held_by(done.before) if done and done.before else None
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
        held=held_text(held_by(account)),
        before=held_text(before) if before and before != held_by(account) else "",
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
        limits = zip(("units", "types", "levels"), astuple(wanted.scope), strict=True)
        told = {name: limit for name, limit in limits if limit is not None}
        detail |= {name: ",".join(sorted(limit)) for name, limit in told.items()}
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
