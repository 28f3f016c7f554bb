"""Binds a database of accounts to its key, so that a wrong key is noticed at the start."""

from __future__ import annotations

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from accounts.database import Database
from accounts.keys import KeyRing, foreign_key
from accounts.schema import accounts, facts, failures, recovery_codes, saved_searches, sessions

_KEY = "key"  # name of the fact


def check_key(database: Database, keys: KeyRing) -> None:
    """Note which key a new database belongs to; refuse another one later.

    Raises:
        AccountsUnavailableError: the database is away.
        MisconfiguredError: it belongs to another key.
    """
    known = _known_key(database)
    if known is None:
        dialect = postgresql if database.is_served else sqlite
        note = dialect.insert(facts).values(name=_KEY, value=keys.fingerprint)
        with database.writing() as connection:
            connection.execute(note.on_conflict_do_nothing())
        known = _known_key(database)
    if known != keys.fingerprint:
        raise foreign_key()


def accept_key(database: Database, keys: KeyRing) -> int:
    """Bind a database to another key, and forget what the former one encrypted or marked.

    Returns:
        The number of accounts that had a second factor.
    """
    with database.writing() as connection:
        for table in (recovery_codes, failures, sessions, saved_searches):
            connection.execute(delete(table))
        had = accounts.c.factor.is_not(None)
        count = connection.execute(select(func.count()).select_from(accounts).where(had)).scalar()
        values = {"factor": None, "factor_begun": None, "factor_step": -1}
        connection.execute(update(accounts).values(values))
        connection.execute(delete(facts).where(facts.c.name == _KEY))
        connection.execute(facts.insert().values(name=_KEY, value=keys.fingerprint))
    return count or 0


def _known_key(database: Database) -> str | None:
    with database.reading() as connection:
        asked = select(facts.c.value).where(facts.c.name == _KEY)
        return connection.execute(asked).scalar()
