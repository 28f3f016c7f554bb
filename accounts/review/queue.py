"""Keeps the review queue in SQL: items, leases, skips, and answers about the sample.

All of it but leases and skips is derived from records and may be dropped at any time. Beside the
accounts in PostgreSQL, so that reading rooms share it; in a file of its own where it is embedded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    text,
    update,
)

from accounts.database import Database
from accounts.schema import Moment
from pipeline.review.items import ReviewItem, SampleAnswer

FILE = "review.sqlite3"
_LOCK = 0x5EC0_1DE5  # of PostgreSQL, while the tables are made
_DOSSIER_LOCK = text("SELECT pg_advisory_xact_lock(:lock, hashtext(:dossier))")
# The tables of another shape that came before those with a 2 in their names.
_FORMER = ("review_seen", "review_items", "review_skips", "review_answers")
_KEY = ("dossier", "scan", "number", "field")
_metadata = MetaData()


def _key() -> list[Column[str] | Column[int]]:
    return [
        Column("dossier", String, primary_key=True),
        Column("scan", String, primary_key=True),
        Column("number", Integer, primary_key=True),
        Column("field", String, primary_key=True),
    ]


_seen = Table(
    "review_seen_2",
    _metadata,
    Column("dossier", String, primary_key=True),
    Column("sequence", Integer, nullable=False),
)
_items = Table(
    "review_items_2",
    _metadata,
    *_key(),
    Column("sequence", Integer, nullable=False),
    Column("page", Integer, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("since", Moment, nullable=False),
    Column("is_sample", Boolean, nullable=False),
    Column("unit", String, nullable=False),
    Column("scanner", String, nullable=False),
    Column("leased_by", String),
    Column("leased_until", Moment),
)
_skips = Table(
    "review_skips_2",
    _metadata,
    *_key(),
    Column("by", String, primary_key=True),
    Column("why", String),
)
_answers = Table(
    "review_answers_2",
    _metadata,
    *_key(),
    Column("is_right", Boolean, nullable=False),
    Column("unit", String, nullable=False),
    Column("scanner", String, nullable=False),
)
_ORDER = (_items.c.rank, _items.c.confidence, _items.c.since, _items.c.dossier, _items.c.page)
Index("review_order_2", *_ORDER)
Index("review_leases_2", _items.c.leased_by)
_COLUMNS = [_items.c[name] for name in ReviewItem._fields]


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
            for name in _FORMER:
                connection.execute(text(f"DROP TABLE IF EXISTS {name}"))
            _metadata.create_all(connection)

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def sequences(self) -> dict[str, int]:
        """Return the number of the record that was looked at, for each dossier."""
        with self._database.reading() as connection:
            return {row.dossier: row.sequence for row in connection.execute(select(_seen))}

    def replace(
        self,
        dossier: str,
        sequence: int,
        items: Sequence[ReviewItem],
        answers: Sequence[SampleAnswer],
    ) -> None:
        """Put in what a record of a dossier says, in one step; leases of what stays, stay.

        Args:
            dossier: the dossier's id.
            sequence: the record's number; an older one than that looked at changes nothing.
            items: the fields to look at.
            answers: the answers about its sampled fields.
        """
        with self._database.writing() as connection:
            if self._database.is_served:  # in SQLite one writer goes after the other anyway
                connection.execute(_DOSSIER_LOCK, {"lock": _LOCK, "dossier": dossier})
            mine = _seen.c.dossier == dossier
            known = connection.execute(select(_seen.c.sequence).where(mine)).scalar()
            if known is not None and known > sequence:
                return
            of_mine = _items.c.dossier == dossier
            held = {
                (row.scan, row.number, row.field): (row.leased_by, row.leased_until)
                for row in connection.execute(select(_items).where(of_mine))
            }
            connection.execute(delete(_items).where(of_mine))
            connection.execute(delete(_answers).where(_answers.c.dossier == dossier))
            connection.execute(delete(_seen).where(mine))
            connection.execute(_seen.insert().values(dossier=dossier, sequence=sequence))
            for item in items:
                by, until = held.get((item.scan, item.number, item.field), (None, None))
                row = {**item._asdict(), "leased_by": by, "leased_until": until}
                connection.execute(_items.insert().values(row))
            for answer in answers:
                connection.execute(_answers.insert().values(answer._asdict()))

    def waiting(self, limit: int) -> tuple[int, tuple[ReviewItem, ...]]:
        """Return how many items wait, and the first of them."""
        with self._database.reading() as connection:
            count = connection.execute(select(func.count()).select_from(_items)).scalar()
            rows = connection.execute(select(*_COLUMNS).order_by(*_ORDER).limit(limit))
            return count or 0, tuple(ReviewItem(*row) for row in rows)

    def take(self, by: str, lasting: timedelta) -> ReviewItem | None:
        """Lease the first item that nobody has, or the one that this person has; None without one.

        Args:
            by: the person; what they skipped is not given to them again.
            lasting: after so long the item is free again, whatever became of the person.
        """
        now = self._now()
        mine = and_(_items.c.leased_by == by, _items.c.leased_until > now)
        free = or_(_items.c.leased_until.is_(None), _items.c.leased_until <= now)
        skipped = exists().where(*_same_key(_skips, _items), _skips.c.by == by)
        with self._database.writing() as connection:
            for which in (mine, free):
                asked = select(*_COLUMNS).where(which, ~skipped).order_by(*_ORDER).limit(1)
                if row := connection.execute(asked.with_for_update(skip_locked=True)).first():
                    item = ReviewItem(*row)
                    lease = {"leased_by": by, "leased_until": now + lasting}
                    connection.execute(update(_items).where(*_is(_items, item)).values(lease))
                    return item
        return None

    def holder(self, item: ReviewItem) -> str:
        """Return who has an item leased now; empty when nobody has."""
        asked = select(_items.c.leased_by).where(
            *_is(_items, item), _items.c.leased_until > self._now()
        )
        with self._database.reading() as connection:
            return connection.execute(asked).scalar() or ""

    def give_back(self, item: ReviewItem, by: str) -> None:
        """Free an item that a person has leased."""
        free = {"leased_by": None, "leased_until": None}
        with self._database.writing() as connection:
            mine = (*_is(_items, item), _items.c.leased_by == by)
            connection.execute(update(_items).where(*mine).values(free))

    def skip(self, item: ReviewItem, by: str, why: str) -> None:
        """Free an item and give it to this person no more; others still get it."""
        self.give_back(item, by)
        mine = (*_is(_skips, item), _skips.c.by == by)
        row = {name: getattr(item, name) for name in _KEY}
        with self._database.writing() as connection:
            connection.execute(delete(_skips).where(*mine))
            connection.execute(_skips.insert().values(**row, by=by, why=why))

    def counts(self) -> list[tuple[str, str, int, int]]:
        """Return of the sample: grouping, group, how many were looked at, how many were wrong."""
        wrong = func.sum(case((_answers.c.is_right, 0), else_=1))
        counted: list[tuple[str, str, int, int]] = []
        with self._database.reading() as connection:
            row = connection.execute(select(func.count(), wrong).select_from(_answers)).one()
            counted.append(("all", "", row[0], row[1] or 0))
            for name in ("field", "unit", "scanner"):
                column = _answers.c[name]
                asked = select(column, func.count(), wrong).group_by(column).order_by(column)
                counted += [(name, *row) for row in connection.execute(asked)]
        return counted


def _is(table: Table, item: ReviewItem) -> list[ColumnElement[bool]]:
    return [table.c[name] == getattr(item, name) for name in _KEY]


def _same_key(one: Table, other: Table) -> list[ColumnElement[bool]]:
    return [one.c[name] == other.c[name] for name in _KEY]
