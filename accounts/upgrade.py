"""Brings the tables of accounts to this version, under one lock; a newer database is refused."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, text

from accounts.database import Database
from accounts.schema import REVISION, SCHEMA
from pipeline.errors import MisconfiguredError

_FOLDER = Path(__file__).parent / "migrations"
_VERSIONS = "alembic_version"  # Alembic's own table
_LOCK = 0x50_48_4F_41  # any number that is the same for all of us


def upgrade(database: Database) -> None:
    """Run the steps that are missing; of processes that start at once one does, the others wait.

    All steps are one transaction: whoever is killed in between leaves the tables as they were.

    Raises:
        AccountsUnavailableError: the database is away or locked for too long.
        MisconfiguredError: a newer version has written it, or we may not make our schema.
    """
    with database.reading() as connection:
        found = revision_of(connection, is_served=database.is_served)
    if found == REVISION:
        return
    with database.writing() as connection:
        if database.is_served:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            if not inspect(connection).has_schema(SCHEMA):
                connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
        found = revision_of(connection, is_served=database.is_served)
        if found != REVISION:  # nobody else did it while we waited
            _refuse_newer(found)
            command.upgrade(_config(connection, is_served=database.is_served), REVISION)


def revision_of(connection: Connection, *, is_served: bool) -> str:
    """Return the number of the newest step that was run; empty for an empty database."""
    schema = SCHEMA if is_served else None
    if not inspect(connection).has_table(_VERSIONS, schema=schema):
        return ""
    return str(connection.execute(text(f"SELECT version_num FROM {_VERSIONS}")).scalar() or "")


def _refuse_newer(found: str) -> None:
    """Refuse what no step of ours has made; steps are numbered in the order they were written."""
    if found > REVISION:
        raise MisconfiguredError(
            f"Cơ sở dữ liệu tài khoản đã được phiên bản mới hơn nâng cấp (bước {found}, phiên bản "
            f"này biết đến {REVISION}).",
            "Cài lại phiên bản mới của Sohoa, hoặc khôi phục bản sao lưu trước khi nâng cấp.",
        )


def _config(connection: Connection, *, is_served: bool) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    config.attributes["schema"] = SCHEMA if is_served else None
    return config
