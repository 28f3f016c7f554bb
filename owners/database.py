"""Opens the database of the index of owners: SQLite in the home, or PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from owners.damage import tells_of_damage
from pipeline.errors import MisconfiguredError, OwnersUnavailableError
from pipeline.settings import OwnerSettings

FILE = "owners.sqlite3"  # in the home
SCHEMA = "sohoa_owners"  # in PostgreSQL
_DRIVER = "postgresql+psycopg"
_PATIENCE = 20.0  # seconds that a writer waits for another one, and a connection for the server


class OwnersDamagedError(OwnersUnavailableError):
    """SQLite's file is no database any more, or has damaged pages."""


def open_engine(settings: OwnerSettings, home: Path, file: str = FILE) -> Engine:
    """Open the database; SQLite's file is made where it is missing, for its owner alone.

    Args:
        settings: the address of PostgreSQL; empty: SQLite.
        home: the folder of SQLite's file.
        file: the name of SQLite's file.

    Raises:
        MisconfiguredError: the address is none of PostgreSQL.
        OwnersUnavailableError: the file cannot be made.
    """
    if named := settings.url.get_secret_value().strip():
        return _served(_postgres_url(named))
    path = home / file
    try:
        make_file(path)
    except OSError as error:
        raise _away(f"{path}: {error.strerror}") from error
    return _embedded(path)


def make_file(path: Path) -> None:
    """Make SQLite's file where it is missing, for its owner alone. Raises ``OSError``."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


@contextmanager
def transaction(engine: Engine, *, writing: bool = False) -> Iterator[Connection]:
    """Lend a transaction; SQLite's writers go one after the other.

    Raises:
        OwnersDamagedError: SQLite's file is damaged.
        OwnersUnavailableError: the database is away, locked or full.
    """
    try:
        with engine.execution_options(is_writing=writing).begin() as connection:
            yield connection
    except DBAPIError as error:
        why = str(error.orig).partition("\n")[0].strip().rstrip(".")
        raise _damaged(why) if tells_of_damage(error) else _away(why) from error
    except SQLAlchemyError as error:
        raise _away(type(error).__name__) from error


def _served(url: URL) -> Engine:
    patience = {"connect_timeout": int(_PATIENCE)}
    engine = create_engine(url, connect_args=patience, pool_pre_ping=True)

    @event.listens_for(engine, "connect")
    def _choose_schema(connection: Any, _record: object) -> None:
        connection.execute(f"SET search_path TO {SCHEMA}")
        connection.commit()

    return engine


def _embedded(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": _PATIENCE, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we begin transactions, not Python's module
        # What a power cut takes is published again, or comes back with `sohoa reindex`.
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("is_writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgres_url(named: str) -> URL:
    try:
        url = make_url(named)
    except ArgumentError:
        url = None
    if url is None or url.drivername not in {"postgres", "postgresql", _DRIVER}:
        raise MisconfiguredError(
            "SOHOA_OWNERS__URL không phải địa chỉ PostgreSQL.",
            "Viết: postgresql://người_dùng:mật_khẩu@máy:5432/cơ_sở_dữ_liệu; để trống thì dùng tệp "
            f"{FILE} trong thư mục của chương trình.",
        )
    return url.set(drivername=_DRIVER)


def _away(why: str) -> OwnersUnavailableError:
    return OwnersUnavailableError(
        f"Không dùng được cơ sở dữ liệu kho của tổ chức, cá nhân ({why}).",
        "Kiểm tra ổ đĩa hoặc máy chủ PostgreSQL, rồi thử lại; `sohoa doctor` nói rõ hơn.",
    )


def _damaged(why: str) -> OwnersDamagedError:
    return OwnersDamagedError(
        f"Tệp kho của tổ chức, cá nhân bị hỏng ({why}).", "Xóa tệp rồi chạy `sohoa reindex`."
    )
