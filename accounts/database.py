"""Opens the database of accounts (SQLite in the home, or PostgreSQL) and lends transactions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DBAPIError,
    IntegrityError,
    OperationalError,
    ProgrammingError,
    SQLAlchemyError,
)

from accounts.schema import SCHEMA
from pipeline.errors import AccountsUnavailableError, MisconfiguredError
from pipeline.settings import AccountSettings

FILE = "accounts.sqlite3"  # in the home
_DRIVER = "postgresql+psycopg"
_PATIENCE = 10.0  # seconds that a writer waits for another one, and a connection for the server
_CONNECTIONS = 10  # at a time, of one process


class Database:
    """The database, and its transactions.

    Whatever SQLAlchemy raises in one leaves as an error of ours, but for ``IntegrityError``, which
    tells that a name or key is taken.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def is_served(self) -> bool:
        """Whether it is PostgreSQL."""
        return self._engine.dialect.name == "postgresql"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Lend a transaction that reads; writers go on beside it."""
        with _translated(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Lend a transaction that writes; it is durable when the block is left without an error.

        In SQLite one writer goes after the other. In PostgreSQL what must not happen at the same
        time locks its rows.
        """
        writer = self._engine.execution_options(is_writing=True)
        with _translated(), writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def open_database(settings: AccountSettings, home: Path, file: str = FILE) -> Database:
    """Open the database; SQLite's file is made where it is missing, for its owner alone.

    Args:
        settings: the address of PostgreSQL; empty: SQLite.
        home: the folder of SQLite's file.
        file: the name of SQLite's file.

    Raises:
        AccountsUnavailableError: the file cannot be made.
        MisconfiguredError: the address is none of PostgreSQL.
    """
    if named := settings.url.get_secret_value().strip():
        return Database(_served(postgres_url(named)))
    path = home / file
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise _away(f"{path}: {error.strerror}") from error
    return Database(_embedded(path))


def postgres_url(named: str) -> URL:
    """Return an address of PostgreSQL in parts. Raises ``MisconfiguredError``: it is none."""
    try:
        url = make_url(named)
    except ArgumentError as error:
        raise _wrong_address() from error
    if url.drivername not in {"postgres", "postgresql", _DRIVER}:
        raise _wrong_address()
    return url.set(drivername=_DRIVER)


def _wrong_address() -> MisconfiguredError:
    return MisconfiguredError(
        "SOHOA_ACCOUNTS__URL không phải địa chỉ PostgreSQL.",
        "Viết: postgresql://người_dùng:mật_khẩu@máy:5432/cơ_sở_dữ_liệu; để trống thì dùng tệp "
        f"{FILE} trong thư mục của chương trình.",
    )


def _served(url: URL) -> Engine:
    engine = create_engine(
        url,
        connect_args={"connect_timeout": int(_PATIENCE)},
        pool_size=_CONNECTIONS,
        max_overflow=0,
        pool_timeout=_PATIENCE,
        pool_pre_ping=True,
        pool_recycle=1800,
    )

    @event.listens_for(engine, "connect")
    def _choose_schema(connection: Any, _record: object) -> None:
        connection.execute(f"SET search_path TO {SCHEMA}")
        connection.execute("SET statement_timeout TO '30s'")
        connection.commit()

    return engine


def _embedded(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": _PATIENCE, "check_same_thread": False},
        pool_size=_CONNECTIONS,
        max_overflow=0,
        pool_timeout=_PATIENCE,
    )

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we begin transactions, not Python's module
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",  # a session that ended must not come back after a power cut
            "foreign_keys = ON",
            "secure_delete = ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("is_writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def _translated() -> Iterator[None]:
    """Raise errors of ours in place of SQLAlchemy's."""
    try:
        yield
    except IntegrityError:
        raise
    except ProgrammingError as error:
        raise MisconfiguredError(
            f"Cơ sở dữ liệu tài khoản không làm theo yêu cầu: {_told(error)}.",
            f"Cho người dùng của SOHOA_ACCOUNTS__URL quyền tạo schema {SCHEMA}, rồi chạy "
            "`sohoa prepare`.",
        ) from error
    except OperationalError as error:
        raise _away(_told(error)) from error
    except DatabaseError as error:
        raise AccountsUnavailableError(
            f"Cơ sở dữ liệu tài khoản bị hỏng: {_told(error)}.",
            "Chép lại từ bản sao lưu (docs/operating.md, «Backup and restore»).",
        ) from error
    except SQLAlchemyError as error:  # no connection was free in time, a broken connection
        raise _away(type(error).__name__) from error


def _told(error: DBAPIError) -> str:
    """Return the first line of what the database said; it carries no values of ours."""
    return str(error.orig).partition("\n")[0].strip().rstrip(".")


def _away(why: str) -> AccountsUnavailableError:
    return AccountsUnavailableError(
        f"Không dùng được cơ sở dữ liệu tài khoản ({why}).",
        "Kiểm tra ổ đĩa hoặc máy chủ PostgreSQL, rồi thử lại; `sohoa doctor` nói rõ hơn.",
    )
