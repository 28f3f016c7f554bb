"""Opens and pools connections to the index file, for any number of threads and processes.

Write-ahead logging lets many read while one writes. Idle connections are kept for the next call;
one whose file was deleted or replaced meanwhile is thrown away, so an index that somebody
removed is made anew by the next call.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import SearchUnavailableError
from search.sqlite import file_swap, schema

log = logging.getLogger(__name__)

BUSY_SECONDS = 30.0  # a dossier of a thousand pages is written in under a second
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # once publish returns, the work is dequeued
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -32768",  # KiB
)
_REBUILD = "Hãy xóa tệp chỉ mục này rồi dựng lại chỉ mục từ kho lưu trữ: {path}"
_WAIT = "Hãy kiểm tra ổ đĩa còn chỗ và quyền ghi vào thư mục, rồi thử lại: {path}"
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class _Open(NamedTuple):
    db: sqlite3.Connection
    file: tuple[int, int]  # device and inode: tells whether the path still names this file


class Connections:
    """A pool of connections to one index file, which is created when there is none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._idle: list[_Open] = []

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that sees one state of the index from beginning to end."""
        with self._transaction("BEGIN") as db:
            yield db

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection whose changes are kept together, or not at all."""
        with self._transaction("BEGIN IMMEDIATE") as db:
            yield db

    def remove(self) -> None:
        """Delete the file and what SQLite keeps beside it; the next call makes it anew."""
        while self._idle:
            self._idle.pop().db.close()
        with translated(self.path):
            file_swap.remove(self.path)

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with translated(self.path):
            connection = self._take()
            try:
                connection.db.execute(begin)
                yield connection.db
                connection.db.execute("COMMIT")
            except BaseException:
                connection.db.close()  # rolls back
                raise
            self._idle.append(connection)

    def _take(self) -> _Open:
        while self._idle:
            connection = self._idle.pop()
            if connection.file == _identity(self.path):
                return connection
            connection.db.close()
        return self._open()

    def _open(self) -> _Open:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.touch(mode=0o600)  # SQLite gives its own files beside it the same rights
        db = sqlite3.connect(
            self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            _prepare(db)
            file = _identity(self.path)
        except BaseException:
            db.close()
            raise
        if file is None:
            db.close()
            raise sqlite3.OperationalError("the index file vanished while it was opened")
        return _Open(db, file)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn errors of SQLite and of the file system into ``SearchUnavailableError``."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _DAMAGED:
            raise DamagedIndexError(
                "Tệp chỉ mục tìm kiếm bị hỏng.", _REBUILD.format(path=path)
            ) from error
        if code in _BUSY:
            raise SearchUnavailableError(
                "Chỉ mục tìm kiếm đang bận.", "Hãy thử lại sau ít phút."
            ) from error
        raise SearchUnavailableError(
            "Không đọc hoặc ghi được chỉ mục tìm kiếm.", _WAIT.format(path=path)
        ) from error


class DamagedIndexError(SearchUnavailableError):
    """The file is damaged; only rebuilding the index helps."""

    retryable = False


def _prepare(db: sqlite3.Connection) -> None:
    _set(db)
    if schema.is_current(db):
        return
    db.execute("BEGIN IMMEDIATE")
    if not schema.is_current(db):
        if db.execute("PRAGMA user_version").fetchone()[0]:
            log.warning("the search index is of another version and starts empty: reindex")
        schema.make(db)
    db.execute("COMMIT")


def _set(db: sqlite3.Connection) -> None:
    """Set the connection up; switching to WAL does not wait for others by itself."""
    deadline = time.monotonic() + BUSY_SECONDS
    for pragma in _PRAGMAS:
        while True:
            try:
                db.execute(pragma)
                break
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF not in _BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino
