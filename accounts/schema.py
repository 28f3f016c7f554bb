"""Defines the tables of accounts, and how moments and sets of names are kept in them.

The migrations make them; ``REVISION`` is the newest, with which these definitions agree.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

REVISION = "0003"
SCHEMA = "sohoa_accounts"  # in PostgreSQL, where the database may be shared
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Moment(TypeDecorator[datetime]):
    """A moment with its zone, kept as microseconds since 1970: SQLite knows no zones."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Return microseconds."""
        return None if value is None else (value - _EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return a moment in UTC."""
        return None if value is None else _EPOCH + timedelta(microseconds=int(value))


class NameSet(TypeDecorator[frozenset[str]]):
    """A set of names, kept as a JSON list; None is kept as NULL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: frozenset[str] | None, dialect: Dialect) -> str | None:
        """Return a JSON list in the order of the names."""
        return None if value is None else json.dumps(sorted(value), ensure_ascii=False)

    def process_result_value(self, value: Any, dialect: Dialect) -> frozenset[str] | None:
        """Return the set."""
        return None if value is None else frozenset(json.loads(value))


metadata = MetaData()


def _account() -> Column[str]:
    return Column("account", String, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False)


accounts = Table(
    "accounts",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("folded", String, nullable=False, unique=True),  # the name without its case
    Column("password", String),  # argon2id; NULL: signs in through a provider only
    Column("roles", NameSet, nullable=False),
    Column("units", NameSet),
    Column("document_types", NameSet),
    Column("levels", NameSet),
    Column("is_disabled", Boolean, nullable=False),
    Column("must_change_password", Boolean, nullable=False),
    Column("created", Moment, nullable=False),
    Column("signed_in", Moment),
    Column("issuer", String),
    Column("subject", String),
    Column("factor", String),  # the key of the second factor, sealed
    Column("factor_begun", String),  # one that is not confirmed yet, sealed
    Column("factor_step", BigInteger, nullable=False),  # of the newest code that was taken
    UniqueConstraint("issuer", "subject"),
)
recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("mark", String, primary_key=True),
    _account(),
)
sessions = Table(
    "sessions",
    metadata,
    Column("id", String, primary_key=True),
    Column("hash", String, nullable=False, unique=True),  # SHA-256 of the secret
    _account(),
    Column("passed_factor", Boolean, nullable=False),
    Column("created", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
    Column("address", String, nullable=False),
    Column("agent", String, nullable=False),
)
purposes = Table(  # what somebody looks at the unmasked data of a dossier for
    "purposes",
    metadata,
    Column("session", String, ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("dossier", String, primary_key=True),
    Column("purpose", String, nullable=False),
    Column("file_number", String, nullable=False),
    Column("chosen", Moment, nullable=False),
)
saved_searches = Table(
    "saved_searches",
    metadata,
    Column("id", String, primary_key=True),
    _account(),
    Column("sealed", String, nullable=False),  # name and parameters, encrypted
    Column("created", Moment, nullable=False),
)
tokens = Table(
    "tokens",
    metadata,
    Column("id", String, primary_key=True),
    Column("hash", String, nullable=False),  # SHA-256 of the secret
    _account(),
    Column("rights", NameSet, nullable=False),
    Column("units", NameSet),
    Column("label", String, nullable=False),
    Column("created", Moment, nullable=False),
    Column("ends", Moment, nullable=False),
    Column("used", Moment),
    Column("is_revoked", Boolean, nullable=False),
)
places = Table(  # from where somebody has signed in
    "places",
    metadata,
    Column("account", String, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("address", String, primary_key=True),
    Column("seen", Moment, nullable=False),
)
failures = Table(  # attempts that count against the next one
    "failures",
    metadata,
    Column("key", String, primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("at", Moment, nullable=False),  # the newest
)
facts = Table(
    "facts",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)
