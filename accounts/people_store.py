"""Keeps accounts: making, closing, roles and scope, resets, and people whom a provider knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.exc import IntegrityError

from accounts import second_factor
from accounts.database import Database
from accounts.keys import KeyRing
from accounts.password_rules import check_password
from accounts.passwords import Passwords
from accounts.role_changes import keep_an_admin, locked_as, replace_roles, with_rights_of
from accounts.rows import (
    LONGEST_NAME,
    account_of,
    cleaned,
    end_sessions,
    folded,
    new_id,
    row_named,
    scope_values,
)
from accounts.schema import accounts, failures
from pipeline.model import Account, NewAccount, PersonRole, ProvidedIdentity, Scope, Subject
from pipeline.people.errors import AccountRefusedError, SignInRefusedError
from pipeline.people.rights import conflict
from pipeline.ports.accounts import Before

_NAME = re.compile(r"[\w](?:[\w.@-]*[\w])?")
_MOST_NAMESAKES = 100


class PeopleStore:
    """The accounts; fulfils ``pipeline.ports.accounts.People``."""

    def __init__(
        self, database: Database, keys: KeyRing, passwords: Passwords, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._keys = keys
        self._passwords = passwords
        self._now = now

    def is_empty(self) -> bool:
        """Tell whether nobody has an account yet."""
        with self._database.reading() as connection:
            return connection.execute(select(accounts.c.id).limit(1)).first() is None

    def everyone(self) -> tuple[Account, ...]:
        """Return all accounts, by name."""
        with self._database.reading() as connection:
            rows = connection.execute(select(accounts).order_by(accounts.c.folded)).all()
        return tuple(map(account_of, rows))

    def named(self, name: str) -> Account:
        """Return the account of a name, whatever its case. Raises ``AccountMissingError``."""
        with self._database.reading() as connection:
            return account_of(row_named(connection, name))

    def add(self, new: NewAccount, password: str, *, must_change: bool) -> Account:
        """Make an account; without a password it signs in through a provider only."""
        name = _checked_name(new.name)
        _refuse_conflict(new.roles)
        made = self._passwords.hash(check_password(password, name)) if password else None
        with self._unique(name), self._database.writing() as connection:
            self._insert(connection, new, name, password=made, must_change=must_change)
        return self.named(name)

    def set_roles(
        self,
        name: str,
        roles: frozenset[PersonRole],
        scope: Scope,
        instead_of: tuple[frozenset[PersonRole], Scope] | None = None,
    ) -> Account:
        """Replace roles and scope; what falls away does so at once, a rise ends all sessions."""
        _refuse_conflict(roles)
        with self._database.writing() as connection:
            before = account_of(row_named(connection, name))
            if PersonRole.ADMIN not in roles:
                keep_an_admin(connection, before)
            if instead_of is not None:
                before = locked_as(connection, before.id, *instead_of)
            replace_roles(connection, before, roles, scope)
        return self.named(name)

    def set_disabled(self, name: str, *, is_disabled: bool) -> Account:
        """Close an account, which ends its sessions, or open it."""
        with self._database.writing() as connection:
            row = row_named(connection, name)
            if is_disabled:
                keep_an_admin(connection, account_of(row))
            values = {"is_disabled": is_disabled}
            connection.execute(update(accounts).where(accounts.c.id == row.id).values(values))
            if is_disabled:
                end_sessions(connection, row.id)
        return self.named(name)

    def reset(
        self, name: str, password: str, *, must_change: bool, forgets_second_factor: bool = False
    ) -> Account:
        """Set another password; end all sessions; forget the delays after wrong passwords."""
        account = self.named(name)
        made = self._passwords.hash(check_password(password, account.name))
        with self._database.writing() as connection:
            values = {"password": made, "must_change_password": must_change}
            connection.execute(update(accounts).where(accounts.c.id == account.id).values(values))
            end_sessions(connection, account.id)
            mark = self._keys.mark("name", folded(name))
            counted = [f"{what}:{mark}" for what in ("name", "code", "enrolment", "password")]
            connection.execute(delete(failures).where(failures.c.key.in_(counted)))
            if forgets_second_factor:
                second_factor.forget(connection, account.id)
        return self.named(name)

    def link(self, name: str, subject: Subject) -> Account:
        """Let somebody sign in through an OpenID provider too."""
        taken = "Người này ở nhà cung cấp đã gắn với tài khoản khác."
        with self._unique(name, taken), self._database.writing() as connection:
            row = row_named(connection, name)
            values = subject._asdict()
            connection.execute(update(accounts).where(accounts.c.id == row.id).values(values))
        return self.named(name)

    def provided(self, identity: ProvidedIdentity, before: Before) -> Account:
        """Return the account of somebody a provider vouches for, with the roles it says.

        The scope of an account that exists stays as an administrator set it, but for its units
        where the provider says those too.

        Args:
            identity: the person, as the provider describes them.
            before: told of an account that is made or has other rights, before it is committed.

        Raises:
            SignInRefusedError: no group has a role here; the sessions there are have ended.
        """
        mine = (accounts.c.issuer == identity.subject.issuer) & (
            accounts.c.subject == identity.subject.subject
        )
        if conflict(identity.roles):
            with self._database.writing() as connection:  # who left all groups leaves at once
                if row := connection.execute(select(accounts).where(mine)).first():
                    end_sessions(connection, row.id)
            raise SignInRefusedError(
                "Tài khoản của bạn chưa được giao vai trò nào dùng được ở đây.",
                "Nhờ người quản trị kiểm tra nhóm của bạn ở nhà cung cấp đăng nhập.",
            )
        for number in range(1, _MOST_NAMESAKES):
            with self._database.writing() as connection:
                if row := connection.execute(select(accounts).where(mine)).first():
                    return with_rights_of(connection, account_of(row), identity, before)
            self._try_to_add(identity, number, before)
        raise _name_taken(identity.name)

    def _try_to_add(self, identity: ProvidedIdentity, number: int, before: Before) -> None:
        """Make the account under its name, or the name and a number; one that is taken stays."""
        name = re.sub(r"[^\w.@-]+", ".", cleaned(identity.name, LONGEST_NAME - 4)).strip(".@-")
        name = (name or "user") + (f"-{number}" if number > 1 else "")
        new = NewAccount(name, identity.roles, identity.scope, identity.subject)
        try:
            with self._database.writing() as connection:
                self._insert(connection, new, name, password=None, must_change=False)
                before("add", account_of(row_named(connection, name)))
        except IntegrityError:
            return  # the name is somebody else's, or another process has just made this account

    def _insert(
        self,
        connection: Connection,
        new: NewAccount,
        name: str,
        *,
        password: str | None,
        must_change: bool,
    ) -> None:
        values: dict[str, Any] = {
            "id": new_id(),
            "name": name,
            "folded": folded(name),
            "password": password,
            "roles": frozenset(map(str, new.roles)),
            **scope_values(new.scope),
            "is_disabled": False,
            "must_change_password": must_change,
            "created": self._now(),
            "factor_step": -1,
            **(new.subject._asdict() if new.subject else {}),
        }
        connection.execute(accounts.insert().values(values))

    @contextmanager
    def _unique(self, name: str, message: str = "") -> Iterator[None]:
        try:
            yield
        except IntegrityError as error:
            raise AccountRefusedError(message) if message else _name_taken(name) from error


def _checked_name(name: str) -> str:
    """Return the form of a new name that is kept."""
    kept = cleaned(name, LONGEST_NAME + 1)
    if not _NAME.fullmatch(kept) or len(kept) > LONGEST_NAME:
        raise AccountRefusedError(
            "Tên tài khoản không dùng được.",
            f"Dùng chữ, số và . _ - @, nhiều nhất {LONGEST_NAME} ký tự.",
        )
    return kept


def _refuse_conflict(roles: frozenset[PersonRole]) -> None:
    if why := conflict(roles):
        raise AccountRefusedError(why)


def _name_taken(name: str) -> AccountRefusedError:
    return AccountRefusedError(
        f"Đã có tài khoản «{cleaned(name, LONGEST_NAME)}».", "Chọn tên khác; xem: sohoa user list"
    )
