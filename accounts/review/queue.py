"""Keeps the review queue in SQL: items, leases, skips, and answers about the sample.

All of it but leases and skips is derived from records and may be dropped at any time. Beside the
accounts in PostgreSQL, so that reading rooms share it; in a file of its own where it is embedded.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    and_,
    case,
    delete,
    func,
    or_,
    select,
    text,
    update,
)

from accounts.database import Database
from accounts.review.tables import (
    ANSWERS,
    FORMER,
    ITEMS,
    KEY,
    KEYS,
    ORDER,
    SEEN,
    SKIPS,
    is_free,
    is_item,
    may_have,
    metadata,
    within,
)
from pipeline.model import EVERYTHING, Scope
from pipeline.ports.review import ANY, NO_KEYS
from pipeline.review.item_names import PAGE, ScopeKeys, Wanted
from pipeline.review.items import ReviewItem, SampleAnswer

FILE = "review.sqlite3"
_AT_ONCE = 500  # dossiers in one statement
_LOCK = 0x5EC0_1DE5  # of PostgreSQL, while the tables are made
_DOSSIER_LOCK = text("SELECT pg_advisory_xact_lock(:lock, hashtext(:dossier))")
_COLUMNS = [ITEMS.c[name] for name in ReviewItem._fields]


def _present() -> datetime:
    return datetime.now(UTC)


class ReviewStore:
    """The review queue; usable by many processes at once."""

    def __init__(self, database: Database, now: Callable[[], datetime] = _present) -> None:
        """Make the tables where they are missing; those of another shape go.

        Args:
            database: where they are.
            now: tells the present moment, with its zone.
        """
        self._database, self._now = database, now
        with database.writing() as connection:
            if database.is_served:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            for name in FORMER:
                connection.execute(text(f"DROP TABLE IF EXISTS {name}"))
            metadata.create_all(connection)

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def sequences(self) -> dict[str, int]:
        """Return the number of the record that was looked at, for each dossier."""
        with self._database.reading() as connection:
            return {row.dossier: row.sequence for row in connection.execute(select(SEEN))}

    def replace(
        self,
        dossier: str,
        sequence: int,
        items: Sequence[ReviewItem],
        answers: Sequence[SampleAnswer],
        keys: ScopeKeys = NO_KEYS,
    ) -> None:
        """Put in what a record of a dossier says; as ``ReviewQueue`` has it."""
        with self._database.writing() as connection:
            if self._database.is_served:  # in SQLite one writer goes after the other anyway
                connection.execute(_DOSSIER_LOCK, {"lock": _LOCK, "dossier": dossier})
            mine = SEEN.c.dossier == dossier
            known = connection.execute(select(SEEN.c.sequence).where(mine)).scalar()
            if known is not None and known > sequence:
                return
            of_mine = ITEMS.c.dossier == dossier
            held = {
                (row.scan, row.number, row.part, row.field): (row.leased_by, row.leased_until)
                for row in connection.execute(select(ITEMS).where(of_mine))
            }
            connection.execute(delete(ITEMS).where(of_mine))
            connection.execute(delete(ANSWERS).where(ANSWERS.c.dossier == dossier))
            connection.execute(delete(SEEN).where(mine))
            connection.execute(delete(KEYS).where(KEYS.c.dossier == dossier))
            connection.execute(SEEN.insert().values(dossier=dossier, sequence=sequence))
            for item in items:
                where = item.scan, item.number, item.part, item.field
                by, until = held.get(where, (None, None))
                row = {**item._asdict(), "leased_by": by, "leased_until": until}
                connection.execute(ITEMS.insert().values(row))
            for answer in answers:
                connection.execute(ANSWERS.insert().values(answer._asdict()))
            for kind, names in (("unit", keys.units), ("type", keys.types)):
                for key in names:
                    row = {"kind": kind, "key": key, "dossier": dossier}
                    connection.execute(KEYS.insert().values(row))

    def forget(self, dossiers: Collection[str]) -> None:
        """Drop what records of dossiers said, with leases; as ``ReviewQueue`` has it."""
        gone = sorted(dossiers)
        for at in range(0, len(gone), _AT_ONCE):
            names = gone[at : at + _AT_ONCE]
            with self._database.writing() as connection:
                for table in (ITEMS, ANSWERS, KEYS, SEEN):
                    connection.execute(delete(table).where(table.c.dossier.in_(names)))

    def waiting(self, limit: int) -> tuple[int, tuple[ReviewItem, ...]]:
        """Return how many items wait, and the first of them."""
        with self._database.reading() as connection:
            count = connection.execute(select(func.count()).select_from(ITEMS)).scalar()
            rows = connection.execute(select(*_COLUMNS).order_by(*ORDER).limit(limit))
            return count or 0, tuple(ReviewItem(*row) for row in rows)

    def counted(self, by: str, wanted: Wanted = ANY) -> tuple[int, int]:
        """Return how many fields and how many pages wait; as ``ReviewQueue`` has it."""
        pages = func.sum(case((ITEMS.c.field == PAGE, 1), else_=0))
        asked = select(func.count(), pages).where(*may_have(by, wanted))
        with self._database.reading() as connection:
            total, of_pages = connection.execute(asked).one()
        return total - (of_pages or 0), of_pages or 0

    def take(self, by: str, lasting: timedelta, wanted: Wanted = ANY) -> ReviewItem | None:
        """Lease the first item that nobody has, or one's own; as ``ReviewQueue`` has it."""
        now, may = self._now(), may_have(by, wanted)
        mine = and_(ITEMS.c.leased_by == by, ITEMS.c.leased_until > now)
        with self._database.writing() as connection:
            for which in (mine, is_free(now)):
                asked = select(*_COLUMNS).where(which, *may).order_by(*ORDER).limit(1)
                if row := connection.execute(asked.with_for_update(skip_locked=True)).first():
                    item = ReviewItem(*row)
                    lease = {"leased_by": by, "leased_until": now + lasting}
                    connection.execute(update(ITEMS).where(*is_item(ITEMS, item)).values(lease))
                    return item
        return None

    def claim(self, item: ReviewItem, by: str, lasting: timedelta) -> bool:
        """Lease one item unless somebody else has it; as ``ReviewQueue`` has it."""
        now = self._now()
        may = or_(ITEMS.c.leased_by == by, is_free(now))
        lease = {"leased_by": by, "leased_until": now + lasting}
        with self._database.writing() as connection:
            done = connection.execute(update(ITEMS).where(*is_item(ITEMS, item), may).values(lease))
            return done.rowcount == 1

    def holder(self, item: ReviewItem) -> str:
        """Return who has an item leased now; empty when nobody has."""
        asked = select(ITEMS.c.leased_by).where(
            *is_item(ITEMS, item), ITEMS.c.leased_until > self._now()
        )
        with self._database.reading() as connection:
            return connection.execute(asked).scalar() or ""

    def give_back(self, item: ReviewItem | None, by: str) -> None:
        """Free an item that a person has leased; None: all that they have."""
        free = {"leased_by": None, "leased_until": None}
        which = is_item(ITEMS, item) if item else []
        with self._database.writing() as connection:
            mine = (*which, ITEMS.c.leased_by == by)
            connection.execute(update(ITEMS).where(*mine).values(free))

    def skip(self, item: ReviewItem, by: str, why: str) -> None:
        """Free an item and give it to this person no more; others still get it."""
        self.give_back(item, by)
        mine = (*is_item(SKIPS, item), SKIPS.c.by == by)
        row = {name: getattr(item, name) for name in KEY}
        with self._database.writing() as connection:
            connection.execute(delete(SKIPS).where(*mine))
            connection.execute(SKIPS.insert().values(**row, by=by, why=why))

    def unskip(self, item: ReviewItem, by: str) -> bool:
        """Give an item to a person again; tell whether they had skipped it."""
        with self._database.writing() as connection:
            mine = (*is_item(SKIPS, item), SKIPS.c.by == by)
            return connection.execute(delete(SKIPS).where(*mine)).rowcount > 0

    def counts(self, scope: Scope = EVERYTHING) -> list[tuple[str, str, int, int]]:
        """Return of the sample: grouping, group, how many were looked at, how many were wrong."""
        wrong = func.sum(case((ANSWERS.c.is_right, 0), else_=1))
        counted: list[tuple[str, str, int, int]] = []
        may = within(ANSWERS, scope)
        with self._database.reading() as connection:
            row = connection.execute(select(func.count(), wrong).where(*may)).one()
            counted.append(("all", "", row[0], row[1] or 0))
            for name in ("field", "unit", "scanner"):
                column = ANSWERS.c[name]
                asked = select(column, func.count(), wrong).where(*may)
                asked = asked.group_by(column).order_by(column)
                counted += [(name, *row) for row in connection.execute(asked)]
        return counted
