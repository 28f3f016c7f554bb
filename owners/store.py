"""Implements `OwnerIndex` with SQLAlchemy: keyed hashes of numbers, and where the papers lie."""

from __future__ import annotations

import hmac
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TypeVar

from sqlalchemy import Connection, Engine, bindparam, delete, insert, or_, select

from owners.damage import aside, identity, set_aside
from owners.database import OwnersDamagedError, transaction
from owners.schema import BEHIND, DOSSIERS, FACTS, PAPERS, find_fact, make_tables
from pipeline.errors import MisconfiguredError, OwnersUnavailableError
from pipeline.model import OwnedPaper, OwnerPapers

_AT_ONCE = 500  # values in one statement
Told = TypeVar("Told")


class OwnerStore:
    """The index of owners.

    A damaged file, or one of a lost key, is set aside; the new one is told to be behind.

    Args:
        connect: opens the database.
        key: returns the key of the hash.
        file: the embedded database; None: it is served.
    """

    def __init__(
        self, connect: Callable[[], Engine], key: Callable[[], bytes], file: Path | None = None
    ) -> None:
        self._connect = connect
        self._key = key
        self._file = file
        self._lock = Lock()
        self._engine: Engine | None = None
        self._opened: tuple[int, int] | None = None  # which file that engine has

    def keep(self, dossiers: Sequence[OwnerPapers]) -> None:
        """Replace what is known of dossiers, unless a newer record of them was kept before."""
        newest: dict[str, OwnerPapers] = {}
        for each in sorted(dossiers, key=lambda one: one.sequence):
            newest[each.dossier] = each
        _ = self._secret  # made before others wait for the database
        for batch in _batches(sorted(newest)):
            wanted = {dossier: newest[dossier] for dossier in batch}
            self._run(partial(self._replace, wanted), writing=True)

    def _replace(self, dossiers: dict[str, OwnerPapers], connection: Connection) -> None:
        known = select(DOSSIERS).where(DOSSIERS.c.dossier.in_(dossiers)).with_for_update()
        kept = {row.dossier: row.sequence for row in connection.execute(known)}
        new = [each for each in dossiers.values() if each.sequence >= kept.get(each.dossier, 0)]
        ids = [each.dossier for each in new]
        connection.execute(delete(PAPERS).where(PAPERS.c.dossier.in_(ids)))
        connection.execute(delete(DOSSIERS).where(DOSSIERS.c.dossier.in_(ids)))
        if new:
            rows = [{"dossier": each.dossier, "sequence": each.sequence} for each in new]
            connection.execute(insert(DOSSIERS), rows)
        if papers := [
            {"owner": self._hashed(number), "dossier": each.dossier, "page": page}
            for each in new
            for number, page in each.numbers
        ]:
            connection.execute(insert(PAPERS), papers)

    def find(
        self, number: str, limit: int, after: OwnedPaper | None = None
    ) -> tuple[OwnedPaper, ...]:
        """Return where papers of the owner of a number lie, those of the newest dossiers first."""
        wanted = (
            select(PAPERS.c.dossier, PAPERS.c.page)
            .where(PAPERS.c.owner == bindparam("owner"))
            .order_by(PAPERS.c.dossier.desc(), PAPERS.c.page)
            .limit(limit)
        )
        if after:
            same = (PAPERS.c.dossier == after.dossier) & (PAPERS.c.page > after.page)
            wanted = wanted.where(or_(PAPERS.c.dossier < after.dossier, same))

        def ask(connection: Connection) -> tuple[OwnedPaper, ...]:
            rows = connection.execute(wanted, {"owner": self._hashed(number)})
            return tuple(OwnedPaper(row.dossier, row.page) for row in rows)

        return self._run(ask)

    def sequences(self) -> Iterator[tuple[str, int]]:
        """Yield the dossiers that are known, with the numbers of the records that said so."""
        wanted = select(DOSSIERS.c.dossier, DOSSIERS.c.sequence)
        rows = self._run(lambda connection: connection.execute(wanted).all())
        for row in rows:
            yield row.dossier, row.sequence

    def keep_only(self, dossiers: Iterable[str]) -> None:
        """Forget all other dossiers: the store has them no more."""
        kept = set(dossiers)

        def forget(batch: list[str], connection: Connection) -> None:
            for table in (PAPERS, DOSSIERS):
                connection.execute(delete(table).where(table.c.dossier.in_(batch)))

        for batch in _batches(sorted({dossier for dossier, _ in self.sequences()} - kept)):
            self._run(partial(forget, batch), writing=True)

    def is_behind(self) -> bool:
        """Tell whether the store is known to have more than is kept here."""
        return self._run(lambda connection: find_fact(connection, BEHIND)) is not None

    def caught_up(self) -> None:
        """Note that all of the store was kept here."""
        gone = delete(FACTS).where(FACTS.c.name == BEHIND)
        self._run(lambda connection: connection.execute(gone), writing=True)

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None

    def _run(self, work: Callable[[Connection], Told], *, writing: bool = False) -> Told:
        """Do something in a transaction, a second time over a new file where one is damaged."""
        try:
            with transaction(self._open(), writing=writing) as connection:
                return work(connection)
        except OwnersDamagedError:
            if self._file is None:
                raise
            self._set_aside(self._file)
        with transaction(self._open(), writing=writing) as connection:
            return work(connection)

    def _open(self) -> Engine:
        """Return the database, opened anew when another file stands in its place."""
        with self._lock:
            if self._engine is not None:
                if self._file is None or identity(self._file) == self._opened:
                    return self._engine
                self._engine.dispose()
                self._engine = None
            engine = self._connect()
            was_damaged = self._file is not None and aside(self._file).exists()
            known = make_tables(engine, self._fingerprint, is_behind=was_damaged)
            if known != self._fingerprint:
                engine.dispose()
                raise self._foreign()
            self._engine = engine
            self._opened = identity(self._file) if self._file else None
            return engine

    def _foreign(self) -> Exception:
        if self._file is not None:  # its key is lost: what it has can never be found again
            return OwnersDamagedError("Khóa của kho tổ chức, cá nhân đã đổi.", "`sohoa reindex`")
        return MisconfiguredError(
            "SOHOA_OWNERS__KEY không phải khóa mà kho của tổ chức, cá nhân được dựng với.",
            "Đặt cùng một khóa trên mọi máy. Nếu khóa đã mất: xóa schema sohoa_owners, rồi chạy "
            "`sohoa reindex`.",
        )

    def _set_aside(self, file: Path) -> None:
        self.close()
        try:
            set_aside(file, self._is_ours)
        except OSError as error:
            raise OwnersUnavailableError(
                f"Tệp kho của tổ chức, cá nhân bị hỏng và không chuyển đi được ({error.strerror}).",
                f"Xóa {file} rồi chạy `sohoa reindex`.",
            ) from error

    def _is_ours(self, database: sqlite3.Connection) -> bool:
        asked = "SELECT value FROM owned_facts WHERE name = 'key'"
        return database.execute(asked).fetchone() in {None, (self._fingerprint,)}

    @cached_property
    def _secret(self) -> bytes:
        return self._key()

    @property
    def _fingerprint(self) -> str:
        return hmac.new(self._secret, b"sohoa owners: fingerprint", sha256).hexdigest()[:32]

    def _hashed(self, number: str) -> bytes:
        return hmac.new(self._secret, f"sohoa owner: {number}".encode(), sha256).digest()


def _batches(values: Sequence[str]) -> list[list[str]]:
    return [list(values[at : at + _AT_ONCE]) for at in range(0, len(values), _AT_ONCE)]
