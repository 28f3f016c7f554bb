"""Notes what the search index is to say of a dossier's duplicates, and whether it says so yet.

A dossier has a row since it first had a partner: another dossier with an equal paper, or an alike
page; or since the search index may say something else of it. ``changed`` counts how often its
partners, or they themselves, became others; ``told`` is that count when what is said of it was last
worked out. So a change in between is never taken for told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    String,
    Table,
    Text,
    and_,
    case,
    delete,
    insert,
    or_,
    select,
    update,
)

from owners.duplicate_tables import PAIRS, PAPERS, TABLES, touches
from pipeline.model import UnsettledMarks

_AT_ONCE = 500  # values in one statement
_LINE = "\n"
_MARKS = Table(
    "duplicate_marks",
    TABLES,
    Column("dossier", String(40), primary_key=True),
    Column("marks", Text, nullable=False),  # one a line
    Column("is_published", Boolean, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("told", Integer, nullable=False),
)
_IS_UNSETTLED = or_(_MARKS.c.changed > _MARKS.c.told, ~_MARKS.c.is_published)


def marks_of(connection: Connection, dossiers: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the marks of those of the dossiers that have any."""
    found = {}
    for some in _batches(dossiers):
        wanted = select(_MARKS.c.dossier, _MARKS.c.marks).where(
            _MARKS.c.dossier.in_(some), _MARKS.c.marks != ""
        )
        for row in connection.execute(wanted):
            found[row.dossier] = tuple(row.marks.split(_LINE))
    return found


def unsettled(connection: Connection, limit: int) -> tuple[UnsettledMarks, ...]:
    """Return the dossiers whose marks are to be worked out, or told, anew."""
    rows = connection.execute(select(_MARKS).where(_IS_UNSETTLED).limit(limit))
    return tuple(
        UnsettledMarks(
            row.dossier, row.changed, tuple(filter(None, row.marks.split(_LINE))), row.is_published
        )
        for row in rows
    )


def write_marks(connection: Connection, dossier: str, marks: Sequence[str]) -> None:
    """Note the marks of a dossier, which the search index has not been told yet."""
    mine = _MARKS.c.dossier == dossier
    values = {"marks": _LINE.join(marks), "is_published": False}
    connection.execute(update(_MARKS).where(mine).values(**values))


def settle_marks(connection: Connection, told: UnsettledMarks) -> None:
    """Note that the search index was told these marks, unless there is something newer by now."""
    same = and_(_MARKS.c.marks == _LINE.join(told.marks), _MARKS.c.changed <= told.changed)
    connection.execute(
        update(_MARKS)
        .where(_MARKS.c.dossier == told.dossier)
        .values(
            is_published=case((same, True), else_=_MARKS.c.is_published),
            told=case((_MARKS.c.told < told.changed, told.changed), else_=_MARKS.c.told),
        )
    )


def unsettle(connection: Connection, dossier: str) -> None:
    """Note that a dossier is compared anew: what is said of it and its partners may change."""
    partners = set(_partners(connection, dossier))
    _count_change(connection, partners | {dossier}, has_partner=bool(partners))


def unsettle_published(connection: Connection, dossiers: Sequence[str]) -> None:
    """Note that the search index may say something else of dossiers than their marks."""
    _count_change(connection, dossiers, has_partner=True)
    for some in _batches(dossiers):
        mine = _MARKS.c.dossier.in_(some)
        connection.execute(update(_MARKS).where(mine).values(is_published=False))


def unsettle_all(connection: Connection) -> None:
    """Have all be told that have a partner: the table is new, and the pairs are older."""
    for column in (PAIRS.c.one_dossier, PAIRS.c.other_dossier):
        _count_change(
            connection, connection.execute(select(column).distinct()).scalars(), has_partner=True
        )
    shared = select(PAPERS.c.dossier).where(
        PAPERS.c.key.in_(select(PAPERS.c.key).where(PAPERS.c.is_shared))
    )
    _count_change(connection, connection.execute(shared.distinct()).scalars(), has_partner=True)


def forget_marks(connection: Connection, dossiers: Sequence[str]) -> None:
    """Forget dossiers that the store has no more; their partners are told so."""
    for dossier in dossiers:
        unsettle(connection, dossier)
    connection.execute(delete(_MARKS).where(_MARKS.c.dossier.in_(dossiers)))


def _partners(connection: Connection, dossier: str) -> Iterator[str]:
    """Yield the dossiers that share a paper or an alike page with one, but for itself."""
    pairs = select(PAIRS.c.one_dossier, PAIRS.c.other_dossier).where(touches(dossier)).distinct()
    for row in connection.execute(pairs):
        yield from row
    keys = select(PAPERS.c.key).where(PAPERS.c.dossier == dossier)
    others = select(PAPERS.c.dossier).where(PAPERS.c.key.in_(keys), PAPERS.c.dossier != dossier)
    yield from connection.execute(others.distinct()).scalars()


def _count_change(connection: Connection, dossiers: Iterable[str], *, has_partner: bool) -> None:
    for some in _batches(sorted(set(dossiers))):
        mine = _MARKS.c.dossier.in_(some)
        known = set(connection.execute(select(_MARKS.c.dossier).where(mine)).scalars())
        connection.execute(update(_MARKS).where(mine).values(changed=_MARKS.c.changed + 1))
        fresh = {"marks": "", "is_published": True, "changed": 1, "told": 0}
        if rows := [
            {"dossier": each, **fresh} for each in some if has_partner and each not in known
        ]:
            connection.execute(insert(_MARKS), rows)


def _batches(dossiers: Sequence[str]) -> Iterator[Sequence[str]]:
    for at in range(0, len(dossiers), _AT_ONCE):
        yield dossiers[at : at + _AT_ONCE]
