"""Implements `OwnerIndex` with SQLAlchemy: keyed hashes of numbers, and where the papers lie."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from hashlib import sha256

from sqlalchemy import (
    Column,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    delete,
    insert,
    select,
)

from owners.database import transaction
from pipeline.model import OwnedPaper, OwnerPapers

_TABLES = MetaData()
_DOSSIERS = Table(
    "owned_dossiers",
    _TABLES,
    Column("dossier", String(40), primary_key=True),
    Column("sequence", Integer, nullable=False),
)
_PAPERS = Table(
    "owned_papers",
    _TABLES,
    Column("owner", LargeBinary(32), primary_key=True),
    Column("dossier", String(40), primary_key=True),
    Column("page", Integer, primary_key=True),
    Index("owned_papers_of_dossier", "dossier"),
    sqlite_with_rowid=False,  # the papers of an owner lie together
)
_AT_ONCE = 500  # values in one statement


class OwnerStore:
    """The index of owners.

    Args:
        connect: opens the database.
        key: returns the key of the hash.
    """

    def __init__(self, connect: Callable[[], Engine], key: Callable[[], bytes]) -> None:
        self._connect = connect
        self._key = key

    def keep(self, dossiers: Sequence[OwnerPapers]) -> None:
        """Replace what is known of dossiers, unless a newer record of them was kept before."""
        newest: dict[str, OwnerPapers] = {}
        for each in sorted(dossiers, key=lambda one: one.sequence):
            newest[each.dossier] = each
        for batch in _batches(sorted(newest)):
            self._replace({dossier: newest[dossier] for dossier in batch})

    def _replace(self, dossiers: dict[str, OwnerPapers]) -> None:
        known = select(_DOSSIERS).where(_DOSSIERS.c.dossier.in_(dossiers)).with_for_update()
        _ = self._secret  # made before others wait for the database
        with transaction(self._engine, writing=True) as connection:
            kept = {row.dossier: row.sequence for row in connection.execute(known)}
            new = [each for each in dossiers.values() if each.sequence >= kept.get(each.dossier, 0)]
            ids = [each.dossier for each in new]
            connection.execute(delete(_PAPERS).where(_PAPERS.c.dossier.in_(ids)))
            connection.execute(delete(_DOSSIERS).where(_DOSSIERS.c.dossier.in_(ids)))
            if new:
                rows = [{"dossier": each.dossier, "sequence": each.sequence} for each in new]
                connection.execute(insert(_DOSSIERS), rows)
            if papers := [
                {"owner": self._hashed(number), "dossier": each.dossier, "page": page}
                for each in new
                for number, page in each.numbers
            ]:
                connection.execute(insert(_PAPERS), papers)

    def find(self, number: str, limit: int) -> tuple[OwnedPaper, ...]:
        """Return where papers of the owner of a number lie, those of the newest dossiers first."""
        wanted = (
            select(_PAPERS.c.dossier, _PAPERS.c.page)
            .where(_PAPERS.c.owner == bindparam("owner"))
            .order_by(_PAPERS.c.dossier.desc(), _PAPERS.c.page)
            .limit(limit)
        )
        with transaction(self._engine) as connection:
            rows = connection.execute(wanted, {"owner": self._hashed(number)})
            return tuple(OwnedPaper(row.dossier, row.page) for row in rows)

    def keep_only(self, dossiers: Iterable[str]) -> None:
        """Forget all other dossiers: the store has them no more."""
        kept = set(dossiers)
        with transaction(self._engine) as connection:
            known = set(connection.execute(select(_DOSSIERS.c.dossier)).scalars())
        for batch in _batches(sorted(known - kept)):
            with transaction(self._engine, writing=True) as connection:
                for table in (_PAPERS, _DOSSIERS):
                    connection.execute(delete(table).where(table.c.dossier.in_(batch)))

    def close(self) -> None:
        """Close the database."""
        if "_engine" in self.__dict__:
            self._engine.dispose()

    @cached_property
    def _engine(self) -> Engine:
        engine = self._connect()
        with transaction(engine, writing=True) as connection:
            _TABLES.create_all(connection)
        return engine

    @cached_property
    def _secret(self) -> bytes:
        return self._key()

    def _hashed(self, number: str) -> bytes:
        return hmac.new(self._secret, f"sohoa owner: {number}".encode(), sha256).digest()


def _batches(values: Sequence[str]) -> list[list[str]]:
    return [list(values[at : at + _AT_ONCE]) for at in range(0, len(values), _AT_ONCE)]
