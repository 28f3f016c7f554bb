"""Implements `DuplicateIndex` with SQLAlchemy: keyed hashes of papers and pages, and alike pages.

Beside the index of owners where that is served; in a file of its own in the home. A file that is
damaged is set aside, and a new one filled again from the store by whoever compares.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, insert, or_, select, update

from owners.duplicate_database import DuplicateDatabase
from owners.duplicate_marks import (
    forget_marks,
    marks_of,
    settle_marks,
    unsettle,
    unsettle_published,
    unsettled,
    write_marks,
)
from owners.duplicate_tables import (
    BUCKETS,
    COMPARED,
    PAGES,
    PAIRS,
    PAPERS,
    packed,
    page_in,
    pair_row,
    pairs_in,
    paper_pairs,
    rare_pages,
    touches,
    unpacked,
)
from pipeline.model import DossierPage, DossierPrints, DuplicateKind, DuplicatePair, UnsettledMarks

FILE = "duplicates.sqlite3"  # in the home
_AT_ONCE = 500  # values in one statement


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
        self._file = file
        self._database = DuplicateDatabase(connect, owners_key, file)

    def key(self) -> bytes:
        """Return the key of all hashes in it."""
        return self._database.key

    def sequences(self) -> dict[str, int]:
        """Return the number of the record that was compared, for each dossier."""
        with self._database.transaction() as connection:
            return {row.dossier: row.sequence for row in connection.execute(select(COMPARED))}

    def keep(self, prints: DossierPrints) -> None:
        """Replace what is known of a dossier; it counts as compared only after ``relate``."""
        with self._database.transaction(writing=True) as connection:
            unsettle(connection, prints.dossier)
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
        with self._database.transaction() as connection:
            shared = rare_pages(connection, buckets)
            best = sorted(shared, key=lambda page: (-shared[page], -page))[:limit]
            rows = connection.execute(select(PAGES).where(PAGES.c.id.in_(best)))
            found = {row.id: page_in(row.dossier, row.scan, row.number) for row in rows}
        return tuple(found[page] for page in best if page in found)

    def relate(self, dossier: str, sequence: int, pairs: Sequence[DuplicatePair]) -> None:
        """Replace the alike pages of a dossier, and note the record that was compared."""
        sorted_pairs = {tuple(sorted((pair.one, pair.other))) for pair in pairs}
        with self._database.transaction(writing=True) as connection:
            connection.execute(delete(PAIRS).where(touches(dossier)))
            if rows := [pair_row(*each) for each in sorted(sorted_pairs)]:
                connection.execute(insert(PAIRS), rows)
            mine = COMPARED.c.dossier == dossier
            connection.execute(update(COMPARED).where(mine).values(sequence=sequence))
            unsettle(connection, dossier)

    def find(self, dossier: str, limit: int) -> tuple[DuplicatePair, ...]:
        """Return the pairs of a dossier; ``one`` lies in it."""
        with self._database.transaction() as connection:
            mine = PAPERS.c.dossier == dossier
            papers = paper_pairs(connection, limit, mine, each_once=False)
            alike = connection.execute(select(PAIRS).where(touches(dossier)).limit(limit))
            pairs = [*pairs_in(DuplicateKind.PAPER, papers), *pairs_in(DuplicateKind.PAGE, alike)]
        return tuple(
            pair if pair.one.dossier == dossier else pair._replace(one=pair.other, other=pair.one)
            for pair in pairs[:limit]
        )

    def all(self, limit: int) -> tuple[DuplicatePair, ...]:
        """Return the pairs of all dossiers, papers first, those of the newest dossiers first."""
        with self._database.transaction() as connection:
            papers = paper_pairs(connection, limit, PAPERS.c.is_shared, each_once=True)
            newest = select(PAIRS).order_by(PAIRS.c.other_dossier.desc()).limit(limit)
            alike = connection.execute(newest)
            pairs = [*pairs_in(DuplicateKind.PAPER, papers), *pairs_in(DuplicateKind.PAGE, alike)]
        return tuple(pairs[:limit])

    def forget(self, dossiers: Sequence[str]) -> None:
        """Forget dossiers that the store has no more."""
        for at in range(0, len(dossiers), _AT_ONCE):
            with self._database.transaction(writing=True) as connection:
                forget_marks(connection, dossiers[at : at + _AT_ONCE])
                _forget(connection, dossiers[at : at + _AT_ONCE])

    def marks(self, dossiers: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Return what the search index is to say of those of the dossiers that have duplicates."""
        if self._file and not self._file.exists():  # whoever only asks makes none
            return {}
        with self._database.transaction() as connection:
            return marks_of(connection, dossiers)

    def unsettled(self, limit: int) -> tuple[UnsettledMarks, ...]:
        """Return dossiers of which the search index may have to say something else."""
        with self._database.transaction() as connection:
            return unsettled(connection, limit)

    def unsettle(self, dossiers: Sequence[str]) -> None:
        """Have what the search index says of dossiers, whatever it is, worked out and told anew."""
        with self._database.transaction(writing=True) as connection:
            unsettle_published(connection, dossiers)

    def mark(self, dossier: str, marks: Sequence[str]) -> None:
        """Note what the search index is to say of a dossier; it stays unsettled until told."""
        with self._database.transaction(writing=True) as connection:
            write_marks(connection, dossier, marks)

    def settle(self, told: UnsettledMarks) -> None:
        """Note that the search index says this, unless something changed meanwhile."""
        with self._database.transaction(writing=True) as connection:
            settle_marks(connection, told)

    def close(self) -> None:
        """Close the database."""
        self._database.close()


def _forget(connection: Connection, dossiers: Sequence[str]) -> None:
    mine = PAGES.c.dossier.in_(dossiers)
    for row in connection.execute(select(PAGES.c.id, PAGES.c.buckets).where(mine)).all():
        wanted = BUCKETS.c.bucket.in_(unpacked(row.buckets))
        connection.execute(delete(BUCKETS).where(wanted, BUCKETS.c.page == row.id))
    for table in (PAGES, PAPERS, COMPARED):
        connection.execute(delete(table).where(table.c.dossier.in_(dossiers)))
    ends = PAIRS.c.one_dossier.in_(dossiers), PAIRS.c.other_dossier.in_(dossiers)
    connection.execute(delete(PAIRS).where(or_(*ends)))
