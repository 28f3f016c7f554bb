"""Signs people in with name and password, code, or a provider's word, and changes passwords."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from accounts.database import Database
from accounts.delays import Delays, Lane, network_of
from accounts.password_rules import check_password
from accounts.passwords import HashingGate, Passwords
from accounts.people_store import PeopleStore
from accounts.rows import end_sessions, find_row, folded
from accounts.schema import accounts, places
from accounts.second_factor import CodeBook
from accounts.session_store import SessionStore, session_ended
from pipeline.model import (
    ProvidedIdentity,
    Session,
    SignedIn,
    SignInStep,
    Visitor,
)
from pipeline.people.errors import SignInRefusedError, WeakPasswordError
from pipeline.ports.accounts import Before, nobody_is_told

_KNOWN_FOR = timedelta(days=90)  # an address from which the owner has signed in
_SWEEP_EVERY = timedelta(hours=1)


class Parts(NamedTuple):
    """What signing in is made of."""

    database: Database
    people: PeopleStore
    sessions: SessionStore
    codes: CodeBook
    passwords: Passwords
    gate: HashingGate
    delays: Delays
    now: Callable[[], datetime]


class SignInDesk:
    """Signs people in; fulfils ``pipeline.ports.accounts.SignIns``."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._swept = parts.now() - _SWEEP_EVERY

    def sign_in(self, name: str, password: str, visitor: Visitor) -> SignedIn:
        """Begin a session with name and password; its ``step`` says what is still asked."""
        parts = self._parts
        is_known = bool(parts.delays.known_device(name, visitor))
        parts.delays.refuse_remembered(name, visitor)
        with parts.gate.entered(is_known=is_known):
            row, lanes = self._counted(name, visitor)
            kept = None if row is None else row.password
            matches = parts.passwords.matches(kept, password)
            if row is None or row.is_disabled or kept is None or not matches:
                raise refused()
            renewed = kept
            if parts.passwords.is_outdated(kept):
                renewed = parts.passwords.hash(password)
        self._sweep()
        with parts.database.writing() as connection:
            mine = (accounts.c.id == row.id) & (accounts.c.password == kept)
            still = update(accounts).where(mine, ~accounts.c.is_disabled)
            if not connection.execute(still.values(password=renewed)).rowcount:
                raise refused()  # closed or reset while we compared
            parts.delays.forgive(connection, lanes)
            secret = parts.sessions.begin(connection, row.id, visitor, passed_factor=False)
            return self.signed_in(connection, secret, visitor)

    def sign_in_by_provider(
        self, identity: ProvidedIdentity, visitor: Visitor, before: Before = nobody_is_told
    ) -> SignedIn:
        """Begin the session of somebody a provider vouches for; the first time makes an account."""
        account = self._parts.people.provided(identity, before)
        if account.is_disabled:
            raise refused()
        with self._parts.database.writing() as connection:
            secret = self._parts.sessions.begin(
                connection, account.id, visitor, passed_factor=identity.has_second_factor
            )
            return self.signed_in(connection, secret, visitor)

    def enter_code(self, secret: str, code: str, visitor: Visitor) -> SignedIn:
        """Take the code of the second factor, or a recovery code, which then is used up."""
        parts = self._parts
        with parts.database.writing() as connection:
            session = parts.sessions.opened(connection, secret)
            if session.step is not SignInStep.CODE:
                raise session_ended()
            lanes = parts.delays.own_lanes("code", session.account.name, visitor)
            parts.delays.count(connection, lanes)
        with parts.database.writing() as connection:
            if not parts.codes.takes(connection, session.account.id, code):
                raise wrong_code()
            parts.delays.forgive(connection, lanes)
            renewed = parts.sessions.renew(connection, session, passed_factor=True)
            return self.signed_in(connection, renewed, visitor)

    def change_password(
        self, secret: str, old: str, new: str, visitor: Visitor, before: Before = nobody_is_told
    ) -> SignedIn:
        """Set one's own password; all other sessions end."""
        parts = self._parts
        session, kept, lanes = self._owner(secret, visitor)
        with parts.gate.entered(is_known=True):
            if not parts.passwords.matches(kept, old):
                raise SignInRefusedError("Mật khẩu cũ không đúng.", "Gõ lại mật khẩu đang dùng.")
            composed = check_password(new, session.account.name)
            if parts.passwords.matches(kept, composed):
                raise WeakPasswordError("Mật khẩu mới trùng mật khẩu cũ.", "Chọn mật khẩu khác.")
            made = parts.passwords.hash(composed)
        with parts.database.writing() as connection:
            mine = (accounts.c.id == session.account.id) & (accounts.c.password == kept)
            change = update(accounts).where(mine)
            values = {"password": made, "must_change_password": False}
            if not connection.execute(change.values(values)).rowcount:
                raise session_ended()  # an administrator reset it meanwhile
            before("password", session.account)
            parts.delays.forgive(connection, lanes)
            end_sessions(connection, session.account.id, but=session.id)
            renewed = parts.sessions.renew(connection, session)
            return self.signed_in(connection, renewed, visitor)

    def signed_in(self, connection: Connection, secret: str, visitor: Visitor) -> SignedIn:
        """Return a session that has just got its secret; note device and address when it is done.

        Args:
            connection: the transaction that gave it the secret.
            secret: its secret.
            visitor: the person who has it.
        """
        parts = self._parts
        session = parts.sessions.opened(connection, secret)
        if session.step is not SignInStep.DONE:
            return SignedIn(session, secret)
        account, now = session.account, parts.now()
        mine = accounts.c.id == account.id
        connection.execute(update(accounts).where(mine).values(signed_in=now))
        known = {"account": account.id, "address": network_of(visitor.address), "seen": now}
        dialect = postgresql if parts.database.is_served else sqlite
        noted = dialect.insert(places).values(known)
        connection.execute(
            noted.on_conflict_do_update(index_elements=["account", "address"], set_={"seen": now})
        )
        return SignedIn(session, secret, parts.delays.new_device(account.name))

    def _counted(self, name: str, visitor: Visitor) -> tuple[Row[Any] | None, tuple[Lane, ...]]:
        """Return the account of a name, after the attempt was counted: equal work for any name."""
        parts = self._parts
        with parts.database.writing() as connection:
            row = find_row(connection, folded(name))
            since = parts.now() - _KNOWN_FOR
            place = select(places).where(
                places.c.account == ("" if row is None else row.id),
                places.c.address == network_of(visitor.address),
                places.c.seen > since,
            )
            is_known = connection.execute(place).first() is not None
            lanes = parts.delays.lanes(name, visitor, is_known_address=is_known)
            parts.delays.count(connection, lanes)
        return row, lanes

    def _owner(self, secret: str, visitor: Visitor) -> tuple[Session, str, tuple[Lane, ...]]:
        """Return whose session it is and their hash, after the attempt was counted."""
        parts = self._parts
        with parts.database.writing() as connection:
            session = parts.sessions.opened(connection, secret)
            kept = connection.execute(
                select(accounts.c.password).where(accounts.c.id == session.account.id)
            ).scalar()
            if session.step is SignInStep.CODE or kept is None:
                raise session_ended()
            lanes = parts.delays.own_lanes("password", session.account.name, visitor)
            parts.delays.count(connection, lanes)
        return session, kept, lanes

    def _sweep(self) -> None:
        """Delete, once an hour, what has ended by itself."""
        now = self._parts.now()
        if abs(now - self._swept) < _SWEEP_EVERY:
            return
        self._swept = now
        with self._parts.database.writing() as connection:
            self._parts.sessions.sweep(connection)
            self._parts.delays.sweep(connection)
            connection.execute(delete(places).where(places.c.seen < now - _KNOWN_FOR))


def refused() -> SignInRefusedError:
    """Return the error of a name or password that is wrong, in the same words for all."""
    return SignInRefusedError(
        "Tên đăng nhập hoặc mật khẩu không đúng.",
        "Gõ lại; quên mật khẩu thì nhờ người quản trị đặt lại.",
    )


def wrong_code() -> SignInRefusedError:
    """Return the error of a code that is wrong or was used before."""
    return SignInRefusedError(
        "Mã xác nhận không đúng hoặc đã dùng.",
        "Chờ mã mới trên điện thoại, kiểm tra giờ của điện thoại, hoặc dùng mã dự phòng.",
    )
