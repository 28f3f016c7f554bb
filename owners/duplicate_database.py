"""Opens the database of the index of duplicates, makes its tables, and mends what is damaged."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from owners.damage import identity, set_aside, tells_of_damage
from owners.database import make_file
from owners.duplicate_marks import unsettle_all
from owners.duplicate_tables import KEY, TABLES
from owners.schema import make_schema
from pipeline.duplicates.prints import VERSION
from pipeline.errors import DuplicatesUnavailableError, OwnersUnavailableError

_LOCK = 0x5EC0_1DE6  # of PostgreSQL, while tables are made


class DuplicateDatabase:
    """The database of the index of duplicates.

    Args:
        connect: opens the database.
        owners_key: returns the key of the index of owners, from which this one's comes.
        file: SQLite's file; None where the database is served.
    """

    def __init__(
        self, connect: Callable[[], Engine], owners_key: Callable[[], bytes], file: Path | None
    ) -> None:
        self._connect, self._owners_key, self._file = connect, owners_key, file
        self._lock = threading.Lock()
        self._ready: tuple[int, int] | None = None  # which file has the tables

    def close(self) -> None:
        """Close it."""
        if "_engine" in self.__dict__:
            self._engine.dispose()

    @cached_property
    def key(self) -> bytes:
        """The key of all hashes in it."""
        return hmac.digest(self._owners_key(), b"sohoa duplicates", "sha256")

    @cached_property
    def _engine(self) -> Engine:
        return self._connect()

    @contextmanager
    def transaction(self, *, writing: bool = False) -> Iterator[Connection]:
        """Lend a transaction over tables that are there, filled under the present key.

        Raises:
            DuplicatesUnavailableError: the database is away, locked, full or was damaged.
        """
        with self._translated():
            self._make_ready()
            with self._engine.execution_options(is_writing=writing).begin() as connection:
                yield connection

    def _make_ready(self) -> None:
        """Make the tables where they are missing; empty those of another key or version."""
        if self._file and not self._file.exists():
            make_file(self._file)
            self._ready = None  # a new file may have the number of the one that was removed
        file = identity(self._file) if self._file else (0, 0)
        with self._lock:
            if file is not None and file == self._ready:
                return
            self._engine.dispose()  # a file that was replaced must not live on in open connections
            version = hashlib.sha256(self.key + VERSION.encode()).hexdigest()
            with self._engine.execution_options(is_writing=True).begin() as connection:
                if self._file is None:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
                    make_schema(connection)
                is_older = not inspect(connection).has_table("duplicate_marks")
                TABLES.create_all(connection)
                if is_older:
                    unsettle_all(connection)
                if connection.execute(select(KEY.c.version)).scalars().all() != [version]:
                    for table in reversed(TABLES.sorted_tables):
                        connection.execute(delete(table))
                    connection.execute(insert(KEY), {"version": version})
            self._ready = file

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OwnersUnavailableError as error:
            raise _away(error.message) from error
        except DBAPIError as error:
            self._ready = None  # somebody may have made it anew
            if self._file and tells_of_damage(error):
                self._set_aside(self._file)
            raise _away(str(error.orig).partition("\n")[0].strip().rstrip(".")) from error
        except SQLAlchemyError as error:
            raise _away(type(error).__name__) from error
        except OSError as error:
            raise _away(error.strerror or type(error).__name__) from error

    def _set_aside(self, file: Path) -> None:
        """Make room for a new file; whoever compares finds it empty, and fills it."""
        try:
            set_aside(file)
        except OSError as error:
            raise _away(error.strerror or type(error).__name__) from error


def _away(why: str) -> DuplicatesUnavailableError:
    return DuplicatesUnavailableError(
        f"Không dùng được danh sách trùng ({why}).",
        "Kiểm tra ổ đĩa hoặc máy chủ PostgreSQL rồi thử lại; tệp hỏng được tự dựng lại từ kho.",
    )
