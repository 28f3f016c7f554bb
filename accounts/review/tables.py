"""Defines the tables of the review queue, and the conditions under which a row is wanted."""

from __future__ import annotations

from datetime import datetime

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
    exists,
    false,
    not_,
    or_,
    select,
)

from accounts.schema import Moment
from pipeline.model import Scope
from pipeline.people.scopes import OPEN, unit_key
from pipeline.review.item_names import ItemName, Wanted
from pipeline.review.items import ReviewItem

# The tables of other shapes that came before those with a 4 in their names.
_NAMES = ("review_seen", "review_items", "review_skips", "review_answers")
FORMER = (
    *_NAMES,
    *(f"{name}_2" for name in _NAMES),
    *(f"{name}_3" for name in (*_NAMES, "review_keys")),
)
KEY = ("dossier", "scan", "number", "part", "field")
metadata = MetaData()


def _key() -> list[Column[str] | Column[int]]:
    return [
        Column("dossier", String, primary_key=True),
        Column("scan", String, primary_key=True),
        Column("number", Integer, primary_key=True),
        Column("part", Integer, primary_key=True),
        Column("field", String, primary_key=True),
    ]


SEEN = Table(
    "review_seen_4",
    metadata,
    Column("dossier", String, primary_key=True),
    Column("sequence", Integer, nullable=False),
)
KEYS = Table(  # whose the dossiers are
    "review_keys_4",
    metadata,
    Column("kind", String, primary_key=True),  # unit or type
    Column("key", String, primary_key=True),
    Column("dossier", String, primary_key=True),
)
ITEMS = Table(
    "review_items_4",
    metadata,
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
SKIPS = Table(
    "review_skips_4",
    metadata,
    *_key(),
    Column("by", String, primary_key=True),
    Column("why", String),
)
ANSWERS = Table(
    "review_answers_4",
    metadata,
    *_key(),
    Column("is_right", Boolean, nullable=False),
    Column("unit", String, nullable=False),
    Column("scanner", String, nullable=False),
)
ORDER = (ITEMS.c.rank, ITEMS.c.confidence, ITEMS.c.since, ITEMS.c.dossier, ITEMS.c.page)
Index("review_order_4", *ORDER)
Index("review_leases_4", ITEMS.c.leased_by)
Index("review_keys_of_4", KEYS.c.dossier)


def is_item(table: Table, item: ReviewItem) -> list[ColumnElement[bool]]:
    """Return the conditions of the row of one item."""
    return [table.c[name] == getattr(item, name) for name in KEY]


def is_free(now: datetime) -> ColumnElement[bool]:
    """Tell whether nobody has an item."""
    return or_(ITEMS.c.leased_until.is_(None), ITEMS.c.leased_until <= now)


def may_have(by: str, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return the conditions of rows that a person may be given, whoever has them now."""
    conditions = [_not_skipped(by), *within(ITEMS, wanted.scope)]
    conditions += [not_(_is_named(each)) for each in wanted.besides]
    if wanted.without:
        conditions.append(ITEMS.c.field.not_in(wanted.without))
    if wanted.dossier:
        conditions.append(ITEMS.c.dossier == wanted.dossier)
    return conditions


def _is_named(name: ItemName) -> ColumnElement[bool]:
    """Tell whether a row is the item of a name; the record that it names may be an older one."""
    named = {"dossier": name.dossier, "page": name.page, "part": name.part, "field": name.field}
    return and_(*(ITEMS.c[column] == value for column, value in named.items()))


def _not_skipped(by: str) -> ColumnElement[bool]:
    """Tell whether a person has not skipped an item."""
    same = (SKIPS.c[name] == ITEMS.c[name] for name in KEY)
    return ~exists().where(*same, SKIPS.c.by == by)


def within(table: Table, scope: Scope) -> list[ColumnElement[bool]]:
    """Return the conditions of rows of dossiers in a scope; none of a withheld one is kept."""
    if scope.levels is not None and OPEN not in scope.levels:
        return [false()]
    wanted = []
    if scope.units is not None:
        wanted.append(("unit", frozenset(map(unit_key, scope.units))))
    if scope.document_types is not None:
        wanted.append(("type", scope.document_types))
    return [
        table.c.dossier.in_(
            select(KEYS.c.dossier).where(KEYS.c.kind == kind, KEYS.c.key.in_(names))
        )
        for kind, names in wanted
    ]
