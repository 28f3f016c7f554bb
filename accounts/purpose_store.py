"""Keeps the purposes that unmasked data is looked at for, with the sessions they were chosen in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from accounts.database import Database
from accounts.rows import cleaned
from accounts.schema import purposes, sessions
from accounts.session_store import session_ended
from pipeline.model import Purpose, PurposeChoice

HOLDS = timedelta(minutes=30)
_CLOCKS_DIFFER = timedelta(minutes=5)  # by so much, between machines that share the database
_LONGEST_NUMBER = 60


class PurposeStore:
    """The purposes; fulfils ``pipeline.ports.purposes.Purposes``."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def choose(
        self, session: str, dossier: str, purpose: Purpose, file_number: str = ""
    ) -> PurposeChoice:
        """Keep what somebody looks at a dossier for, in place of what was chosen before."""
        now, number = self._now(), cleaned(file_number, _LONGEST_NUMBER)
        row = {
            "session": session,
            "dossier": dossier,
            "purpose": str(purpose),
            "file_number": number,
            "chosen": now,
        }
        mine = (purposes.c.session == session) & (purposes.c.dossier == dossier)
        with self._database.writing() as connection:
            living = select(sessions.c.id).where(sessions.c.id == session)
            if connection.execute(living).first() is None:
                raise session_ended()
            connection.execute(delete(purposes).where(mine | (purposes.c.chosen < now - HOLDS)))
            connection.execute(purposes.insert().values(row))
        return PurposeChoice(purpose, number, now + HOLDS)

    def chosen(self, session: str, dossier: str) -> PurposeChoice | None:
        """Return what was chosen and still holds; None when nothing does."""
        mine = (purposes.c.session == session) & (purposes.c.dossier == dossier)
        with self._database.reading() as connection:
            row = connection.execute(select(purposes).where(mine)).first()
        if row is None or not row.chosen - _CLOCKS_DIFFER <= self._now() < row.chosen + HOLDS:
            return None
        return PurposeChoice(Purpose(row.purpose), row.file_number, row.chosen + HOLDS)

    def drop(self, session: str, dossier: str) -> None:
        """Forget what was chosen for a dossier; nothing is fine."""
        mine = (purposes.c.session == session) & (purposes.c.dossier == dossier)
        with self._database.writing() as connection:
            connection.execute(delete(purposes).where(mine))
