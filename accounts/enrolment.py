"""Sets up second factors within a session: a key first, then its first code."""

from __future__ import annotations

from accounts.session_store import session_ended
from accounts.sign_in import Parts, SignInDesk, wrong_code
from pipeline.model import Enrolment, Session, SignedIn, SignInStep, Visitor
from pipeline.people.errors import AccountRefusedError
from pipeline.ports.accounts import Before, nobody_is_told

_MAY_ENROL = (SignInStep.ENROLMENT, SignInStep.DONE)


class EnrolmentDesk:
    """Sets up second factors; fulfils ``pipeline.ports.accounts.SecondFactors``."""

    def __init__(self, parts: Parts, desk: SignInDesk) -> None:
        self._parts = parts
        self._desk = desk

    def begin(self, secret: str) -> Enrolment:
        """Return a new key for an authenticator application; it counts once it is confirmed."""
        with self._parts.database.writing() as connection:
            session = self._parts.sessions.opened(connection, secret)
            _refuse_unless_due(session)
            return self._parts.codes.begin(connection, session.account)

    def confirm(
        self, secret: str, code: str, visitor: Visitor, before: Before = nobody_is_told
    ) -> tuple[SignedIn, tuple[str, ...]]:
        """Take the first code; return the session, and recovery codes to be shown once."""
        parts = self._parts
        with parts.database.writing() as connection:
            session = parts.sessions.opened(connection, secret)
            _refuse_unless_due(session)
            lanes = parts.delays.own_lanes("enrolment", session.account.name, visitor)
            parts.delays.count(connection, lanes)
        with parts.database.writing() as connection:
            made = parts.codes.confirm(connection, session.account.id, code)
            if not made:
                raise wrong_code()
            before("second factor", session.account)
            parts.delays.forgive(connection, lanes)
            renewed = parts.sessions.renew(connection, session, passed_factor=True)
            return self._desk.signed_in(connection, renewed, visitor), made


def _refuse_unless_due(session: Session) -> None:
    """Refuse to set up what comes later, or is there: who took over a session could replace it."""
    if session.step not in _MAY_ENROL:
        raise session_ended()
    if session.account.has_second_factor:
        raise AccountRefusedError(
            "Tài khoản đã có lớp bảo vệ thứ hai.",
            "Đổi điện thoại: nhờ người quản trị chạy `sohoa user reset --second-factor`.",
        )
