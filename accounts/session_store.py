"""Keeps sessions: opaque secrets of 256 bits, of which only the hash is stored."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, select, update

from accounts.database import Database
from accounts.rows import account_of, cleaned, end_sessions, new_id, secret_hash, step_of
from accounts.schema import accounts, sessions
from pipeline.model import Session, SignInStep, Visitor
from pipeline.people.errors import SessionEndedError
from pipeline.settings import AccountSettings

_UNFINISHED = timedelta(minutes=10)  # for the steps after the password
_SEEN_EVERY = timedelta(minutes=1)  # a request is noted once in this time
_CLOCKS_DIFFER = timedelta(minutes=5)  # by so much, between machines that share the database
_LONGEST_AGENT, _LONGEST_ADDRESS = 200, 64


class SessionStore:
    """The sessions; fulfils ``pipeline.ports.accounts.Sessions``."""

    def __init__(
        self, database: Database, settings: AccountSettings, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._idle = timedelta(minutes=settings.idle_minutes)
        self._longest = timedelta(hours=settings.session_hours)
        self._now = now

    def find(self, secret: str) -> Session | None:
        """Return the session of a secret, and note that it was seen; None when it has ended."""
        with self._database.reading() as connection:
            row = self._row(connection, secret)
        session = self._living(row)
        if session is None:
            return None
        now = self._now()
        if abs(now - session.seen) >= _SEEN_EVERY:
            with self._database.writing() as connection:
                mine = sessions.c.id == session.id
                connection.execute(update(sessions).where(mine).values(seen=now))
        return session

    def of(self, account: str) -> tuple[Session, ...]:
        """Return the living sessions of an account, newest first."""
        asked = _joined().where(sessions.c.account == account)
        with self._database.reading() as connection:
            rows = connection.execute(asked.order_by(sessions.c.created.desc())).all()
        return tuple(session for row in rows if (session := self._living(row)))

    def sign_out(self, secret: str) -> None:
        """End the session of a secret; none is fine."""
        with self._database.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.hash == secret_hash(secret)))

    def end(self, account: str, session: str = "") -> int:
        """End a session of an account, or all of them; return how many ended."""
        with self._database.writing() as connection:
            if not session:
                return end_sessions(connection, account)
            mine = (sessions.c.account == account) & (sessions.c.id == session)
            return connection.execute(delete(sessions).where(mine)).rowcount

    def begin(
        self, connection: Connection, account: str, visitor: Visitor, *, passed_factor: bool
    ) -> str:
        """Begin a session and return its secret.

        Args:
            connection: a transaction that writes.
            account: the account's id.
            visitor: the person who has signed in.
            passed_factor: the provider vouches for a second factor.
        """
        secret = secrets.token_urlsafe(32)
        now = self._now()
        row = {
            "id": new_id(),
            "hash": secret_hash(secret),
            "account": account,
            "passed_factor": passed_factor,
            "created": now,
            "seen": now,
            "address": cleaned(visitor.address, _LONGEST_ADDRESS),
            "agent": cleaned(visitor.agent, _LONGEST_AGENT),
        }
        connection.execute(sessions.insert().values(row))
        return secret

    def renew(self, connection: Connection, session: Session, **changes: Any) -> str:
        """Give a session another secret, and change it; the former secret opens nothing any more.

        Args:
            connection: a transaction that writes.
            session: the session.
            changes: values of other columns.

        Raises:
            SessionEndedError: it has ended meanwhile.
        """
        secret = secrets.token_urlsafe(32)
        values = {"hash": secret_hash(secret), "seen": self._now(), **changes}
        mine = sessions.c.id == session.id
        if not connection.execute(update(sessions).where(mine).values(values)).rowcount:
            raise session_ended()
        return secret

    def opened(self, connection: Connection, secret: str) -> Session:
        """Return the living session of a secret. Raises ``SessionEndedError``."""
        session = self._living(self._row(connection, secret))
        if session is None:
            raise session_ended()
        return session

    def sweep(self, connection: Connection) -> None:
        """Delete sessions that have ended by themselves."""
        now = self._now()
        is_over: ColumnElement[bool] = sessions.c.created < now - self._longest
        is_over |= sessions.c.seen < now - self._idle
        connection.execute(delete(sessions).where(is_over))

    def _row(self, connection: Connection, secret: str) -> Row[Any] | None:
        asked = _joined().where(sessions.c.hash == secret_hash(secret))
        return connection.execute(asked).first()

    def _living(self, row: Row[Any] | None) -> Session | None:
        if row is None or row.is_disabled:
            return None
        account, now = account_of(row), self._now()
        step = step_of(account, passed_factor=row.passed_factor)
        longest = self._longest if step is SignInStep.DONE else _UNFINISHED
        begun, seen = row.session_created, row.seen
        # A session from the future: the clock was set back, and by how much nobody knows.
        if not begun - _CLOCKS_DIFFER <= now < begun + longest or now >= seen + self._idle:
            return None
        return Session(
            id=row.session,
            account=account,
            step=step,
            created=begun,
            seen=seen,
            ends=begun + longest,
            address=row.address,
            agent=row.agent,
        )


def session_ended() -> SessionEndedError:
    """Return the error of a session that is not there any more."""
    return SessionEndedError("Phiên làm việc đã kết thúc.", "Đăng nhập lại.")


def _joined() -> Any:
    named = sessions.c.id.label("session"), sessions.c.created.label("session_created")
    others = sessions.c.passed_factor, sessions.c.seen, sessions.c.address, sessions.c.agent
    return select(accounts, *named, *others).join(sessions, sessions.c.account == accounts.c.id)
