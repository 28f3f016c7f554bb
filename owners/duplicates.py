"""Implements `DuplicateIndex` with SQLAlchemy: keyed hashes of papers and pages, and alike pages.

Beside the index of owners where that is served; in a file of its own in the home. A file that is
damaged is set aside, and a new one filled again from the store by whoever compares.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, delete, insert, or_, select, text, update
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from owners.damage import identity, set_aside, tells_of_damage
from owners.database import make_file
from owners.duplicate_tables import (
    BUCKETS,
    COMPARED,
    KEY,
    PAGES,
    PAIRS,
    PAPERS,
    TABLES,
    packed,
    paper_pairs,
    rare_pages,
    unpacked,
)
from owners.schema import make_schema
from pipeline.duplicates.prints import VERSION
from pipeline.errors import DuplicatesUnavailableError, OwnersUnavailableError
from pipeline.model import DossierPage, DossierPrints, DuplicateKind, DuplicatePair, PagePlace

FILE = "duplicates.sqlite3"  # in the home
_AT_ONCE = 500  # values in one statement
_LOCK = 0x5EC0_1DE6  # of PostgreSQL, while tables are made


class DuplicateStore:
    """The index of duplicates.

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

    def key(self) -> bytes:
        """Return the key of all hashes in it."""
        return self._secret

    def sequences(self) -> dict[str, int]:
        """Return the number of the record that was compared, for each dossier."""
        with self._transaction() as connection:
            return {row.dossier: row.sequence for row in connection.execute(select(COMPARED))}

    def keep(self, prints: DossierPrints) -> None:
        """Replace what is known of a dossier; it counts as compared only after ``relate``."""
        with self._transaction(writing=True) as connection:
            _forget(connection, [prints.dossier])
            connection.execute(insert(COMPARED), {"dossier": prints.dossier, "sequence": 0})
            for key, place in dict.fromkeys(prints.papers):
                shared = update(PAPERS).where(PAPERS.c.key == key).values(is_shared=True)
                is_shared = connection.execute(shared).rowcount > 0
                row = {"key": key, "dossier": prints.dossier, **place._asdict()}
                connection.execute(insert(PAPERS), {**row, "is_shared": is_shared})
            for page in prints.pages:
                row = {"dossier": prints.dossier, **page.place._asdict()}
                made = connection.execute(insert(PAGES), {**row, "buckets": packed(page.buckets)})
                (number,) = made.inserted_primary_key or (None,)
                rows = [{"bucket": bucket, "page": number} for bucket in page.buckets]
                connection.execute(insert(BUCKETS), rows)

    def candidates(self, buckets: Sequence[int], limit: int) -> tuple[DossierPage, ...]:
        """Return the pages that share rare buckets, those that share most of them first."""
        if not buckets:
            return ()
        with self._transaction() as connection:
            shared = rare_pages(connection, buckets)
            best = sorted(shared, key=lambda page: (-shared[page], -page))[:limit]
            rows = connection.execute(select(PAGES).where(PAGES.c.id.in_(best)))
            found = {row.id: _page(row.dossier, row.scan, row.number) for row in rows}
        return tuple(found[page] for page in best if page in found)

    def relate(self, dossier: str, sequence: int, pairs: Sequence[DuplicatePair]) -> None:
        """Replace the alike pages of a dossier, and note the record that was compared."""
        sorted_pairs = {tuple(sorted((pair.one, pair.other))) for pair in pairs}
        with self._transaction(writing=True) as connection:
            connection.execute(delete(PAIRS).where(_touches(dossier)))
            if rows := [_row(*each) for each in sorted(sorted_pairs)]:
                connection.execute(insert(PAIRS), rows)
            mine = COMPARED.c.dossier == dossier
            connection.execute(update(COMPARED).where(mine).values(sequence=sequence))

    def find(self, dossier: str, limit: int) -> tuple[DuplicatePair, ...]:
        """Return the pairs of a dossier; ``one`` lies in it."""
        with self._transaction() as connection:
            mine = PAPERS.c.dossier == dossier
            papers = paper_pairs(connection, limit, mine, each_once=False)
            alike = connection.execute(select(PAIRS).where(_touches(dossier)).limit(limit))
            pairs = [*_pairs(DuplicateKind.PAPER, papers), *_pairs(DuplicateKind.PAGE, alike)]
        return tuple(
            pair if pair.one.dossier == dossier else pair._replace(one=pair.other, other=pair.one)
            for pair in pairs[:limit]
        )

    def all(self, limit: int) -> tuple[DuplicatePair, ...]:
        """Return the pairs of all dossiers, papers first, those of the newest dossiers first."""
        with self._transaction() as connection:
            papers = paper_pairs(connection, limit, PAPERS.c.is_shared, each_once=True)
            newest = select(PAIRS).order_by(PAIRS.c.other_dossier.desc()).limit(limit)
            alike = connection.execute(newest)
            pairs = [*_pairs(DuplicateKind.PAPER, papers), *_pairs(DuplicateKind.PAGE, alike)]
        return tuple(pairs[:limit])

    def keep_only(self, dossiers: Iterable[str]) -> None:
        """Forget all other dossiers: the store has them no more."""
        gone = sorted(self.sequences().keys() - set(dossiers))
        for at in range(0, len(gone), _AT_ONCE):
            with self._transaction(writing=True) as connection:
                _forget(connection, gone[at : at + _AT_ONCE])

    def close(self) -> None:
        """Close the database."""
        if "_engine" in self.__dict__:
            self._engine.dispose()

    @cached_property
    def _secret(self) -> bytes:
        return hmac.digest(self._owners_key(), b"sohoa duplicates", "sha256")

    @cached_property
    def _engine(self) -> Engine:
        return self._connect()

    @contextmanager
    def _transaction(self, *, writing: bool = False) -> Iterator[Connection]:
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
        file = identity(self._file) if self._file else (0, 0)
        with self._lock:
            if file is not None and file == self._ready:
                return
            self._engine.dispose()  # a file that was replaced must not live on in open connections
            version = hashlib.sha256(self._secret + VERSION.encode()).hexdigest()
            with self._engine.execution_options(is_writing=True).begin() as connection:
                if self._file is None:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
                    make_schema(connection)
                TABLES.create_all(connection)
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


def _forget(connection: Connection, dossiers: Sequence[str]) -> None:
    mine = PAGES.c.dossier.in_(dossiers)
    for row in connection.execute(select(PAGES.c.id, PAGES.c.buckets).where(mine)).all():
        wanted = BUCKETS.c.bucket.in_(unpacked(row.buckets))
        connection.execute(delete(BUCKETS).where(wanted, BUCKETS.c.page == row.id))
    for table in (PAGES, PAPERS, COMPARED):
        connection.execute(delete(table).where(table.c.dossier.in_(dossiers)))
    ends = PAIRS.c.one_dossier.in_(dossiers), PAIRS.c.other_dossier.in_(dossiers)
    connection.execute(delete(PAIRS).where(or_(*ends)))


def _touches(dossier: str) -> ColumnElement[bool]:
    return or_(PAIRS.c.one_dossier == dossier, PAIRS.c.other_dossier == dossier)


def _page(dossier: str, scan: str, number: int) -> DossierPage:
    return DossierPage(dossier, PagePlace(scan, number))


def _row(one: DossierPage, other: DossierPage) -> dict[str, str | int]:
    ends = (("one", one), ("other", other))
    return {
        f"{end}_{name}": value
        for end, (dossier, place) in ends
        for name, value in {"dossier": dossier, **place._asdict()}.items()
    }


def _pairs(kind: DuplicateKind, rows: Iterable[Sequence[Any]]) -> Iterator[DuplicatePair]:
    for row in rows:
        yield DuplicatePair(kind, _page(*row[:3]), _page(*row[3:6]))


def _away(why: str) -> DuplicatesUnavailableError:
    return DuplicatesUnavailableError(
        f"Không dùng được danh sách trùng ({why}).",
        "Kiểm tra ổ đĩa hoặc máy chủ PostgreSQL rồi thử lại; tệp hỏng được tự dựng lại từ kho.",
    )
