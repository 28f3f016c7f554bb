"""Fills the table of the review queue with many rows at once, as years of an office would."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from pipeline.review.items import ReviewItem


def insert(path: Path, items: Iterable[ReviewItem]) -> None:
    """Insert items, moments as microseconds since 1970, into the SQLite file of a queue."""
    names = ", ".join(ReviewItem._fields)
    places = ", ".join("?" for _ in ReviewItem._fields)
    rows = (tuple(item._replace(since=int(item.since.timestamp() * 1e6))) for item in items)  # type: ignore[arg-type]
    with closing(sqlite3.connect(path)) as db, db:
        db.executemany(f"INSERT INTO review_items_4 ({names}) VALUES ({places})", rows)


def insert_units(path: Path, dossiers: Iterable[str], key: str) -> None:
    """Say of dossiers in the SQLite file of a queue that they are of a unit, by its key."""
    rows = (("unit", key, dossier) for dossier in dossiers)
    with closing(sqlite3.connect(path)) as db, db:
        db.executemany("INSERT INTO review_keys_4 (kind, key, dossier) VALUES (?, ?, ?)", rows)
