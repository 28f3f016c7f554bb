"""Defines the tables of the index of duplicates, and the two questions that are asked in SQL."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    or_,
    select,
    text,
    tuple_,
)

from pipeline.model import DossierPage, DuplicateKind, DuplicatePair, PagePlace

MOST_SHARED = 64  # pages: a bucket that more have, as the words of a form, tells nothing

TABLES = MetaData()
KEY = Table("duplicate_key", TABLES, Column("version", String(64), primary_key=True))
COMPARED = Table(
    "duplicate_dossiers",
    TABLES,
    Column("dossier", String(40), primary_key=True),
    Column("sequence", Integer, nullable=False),
)


def _where(prefix: str = "") -> list[Column[str] | Column[int]]:
    return [
        Column(f"{prefix}dossier", String(40), primary_key=True),
        Column(f"{prefix}scan", String(64), primary_key=True),
        Column(f"{prefix}number", Integer, primary_key=True),
    ]


PAPERS = Table(
    "duplicate_papers",
    TABLES,
    Column("key", String(32), primary_key=True),
    *_where(),
    Column("is_shared", Boolean, nullable=False),  # others had that key when they were kept
)
Index("duplicate_papers_of_dossier", PAPERS.c.dossier)
Index("duplicate_papers_shared", PAPERS.c.dossier, sqlite_where=PAPERS.c.is_shared)
PAGES = Table(
    "duplicate_pages",
    TABLES,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("dossier", String(40), nullable=False),
    Column("scan", String(64), nullable=False),
    Column("number", Integer, nullable=False),
    Column("buckets", LargeBinary, nullable=False),
    Index("duplicate_pages_of_dossier", "dossier"),
)
BUCKETS = Table(
    "duplicate_buckets",
    TABLES,
    Column("bucket", BigInteger, primary_key=True, autoincrement=False),
    Column("page", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,  # the pages of a bucket lie together
)
PAIRS = Table("duplicate_pairs", TABLES, *_where("one_"), *_where("other_"))
Index("duplicate_pairs_of_other", PAIRS.c.other_dossier)


def packed(buckets: Sequence[int]) -> bytes:
    """Return the buckets of a page as bytes."""
    return struct.pack(f"<{len(buckets)}q", *buckets)


def unpacked(data: bytes) -> tuple[int, ...]:
    """Return the buckets that ``packed`` wrote."""
    return struct.unpack(f"<{len(data) // 8}q", data)


def rare_pages(connection: Connection, buckets: Sequence[int]) -> Counter[int]:
    """Return how many of the buckets pages share, those aside that many pages have.

    Args:
        connection: the database.
        buckets: the buckets of a page; some tens at most.
    """
    one = "SELECT bucket, page FROM duplicate_buckets WHERE bucket = :b{} LIMIT :most"
    each = [f"SELECT * FROM ({one.format(at)}) AS s{at}" for at in range(len(buckets))]
    values = {f"b{at}": bucket for at, bucket in enumerate(buckets)}
    asked = text(" UNION ALL ".join(each))
    rows = connection.execute(asked, {**values, "most": MOST_SHARED + 1})
    found = [(row.bucket, row.page) for row in rows]
    sizes = Counter(bucket for bucket, _ in found)
    return Counter(page for bucket, page in found if sizes[bucket] <= MOST_SHARED)


def paper_pairs(
    connection: Connection, limit: int, of: ColumnElement[bool], *, each_once: bool
) -> list[tuple[Any, ...]]:
    """Return two papers of one key each: dossier, scan and number of either.

    Args:
        connection: the database.
        limit: how many are wanted at most.
        of: tells which papers stand first.
        each_once: whether two papers make one row, not two.
    """
    others = PAPERS.alias()
    here = tuple_(PAPERS.c.dossier, PAPERS.c.scan, PAPERS.c.number)
    there = tuple_(others.c.dossier, others.c.scan, others.c.number)
    wanted = (
        select(
            PAPERS.c.dossier,
            PAPERS.c.scan,
            PAPERS.c.number,
            others.c.dossier,
            others.c.scan,
            others.c.number,
        )
        .join(others, others.c.key == PAPERS.c.key)
        .where(of, PAPERS.c.is_shared, there < here if each_once else there != here)
        .order_by(PAPERS.c.dossier.desc(), PAPERS.c.number, others.c.dossier.desc())
        .limit(limit)
    )
    return list(map(tuple, connection.execute(wanted)))


def touches(dossier: str) -> ColumnElement[bool]:
    """Return the condition that a pair of alike pages has an end in a dossier."""
    return or_(PAIRS.c.one_dossier == dossier, PAIRS.c.other_dossier == dossier)


def page_in(dossier: str, scan: str, number: int) -> DossierPage:
    """Return the page that a row names."""
    return DossierPage(dossier, PagePlace(scan, number))


def pair_row(one: DossierPage, other: DossierPage) -> dict[str, str | int]:
    """Return two alike pages as a row of their table."""
    ends = (("one", one), ("other", other))
    return {
        f"{end}_{name}": value
        for end, (dossier, place) in ends
        for name, value in {"dossier": dossier, **place._asdict()}.items()
    }


def pairs_in(kind: DuplicateKind, rows: Iterable[Sequence[Any]]) -> Iterator[DuplicatePair]:
    """Yield the pairs of rows that name dossier, scan and number of either end."""
    for row in rows:
        yield DuplicatePair(kind, page_in(*row[:3]), page_in(*row[3:6]))
