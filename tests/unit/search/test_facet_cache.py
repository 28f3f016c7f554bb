"""The facet cache has the numbers of the state that is read, however it was brought up to date."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from pipeline.model import Dossier, IndexEntry, PageState, Publication, Query
from search.sqlite import row_order, schema
from search.sqlite.facet_cache import FacetCache, current
from search.sqlite.index import SqliteIndex

RECEIVED = datetime(2024, 5, 1, tzinfo=UTC)


def paper(number: int, unit: str = "Một cửa", pages: int = 1, sequence: int = 1) -> Publication:
    entries = [IndexEntry(page, "đơn", PageState.READ, "Đơn") for page in range(1, pages + 1)]
    dossier = Dossier(f"{number:04}", f"d{number}", RECEIVED, unit=unit)
    return Publication(dossier, sequence, tuple(entries))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index.sqlite3"


@pytest.fixture
def db(path: Path) -> Iterator[sqlite3.Connection]:
    SqliteIndex(path).publish([paper(500)])
    connection = sqlite3.connect(path, isolation_level=None)
    yield connection
    connection.close()


def assert_same(cache: FacetCache, other: FacetCache) -> None:
    assert cache.newest == other.newest
    assert np.array_equal(cache.rows, other.rows)
    for facet, numbers in other.facets.items():
        assert np.array_equal(cache.facets[facet], numbers), facet


def test_what_is_caught_up_is_what_reading_anew_gives(path: Path, db: sqlite3.Connection) -> None:
    """Publishing, replacing with more and fewer pages, withdrawing, any order, seeded."""
    index, draw = SqliteIndex(path), random.Random(4)
    cache = current(db, None)
    for sequence in range(60):
        some = [draw.randrange(30) for _ in range(draw.randrange(1, 5))]
        if draw.random() < 0.3:
            index.withdraw(f"{some[0]:04}")
        else:
            units = draw.choice(["Một cửa", "Tư pháp", "Địa chính"])
            index.publish([paper(n, units, draw.randrange(1, 4), sequence) for n in some])
        cache = current(db, cache)
        assert_same(cache, current(db, None))


def test_only_what_changed_is_read(path: Path, db: sqlite3.Connection) -> None:
    """A wrong number in memory stays where nothing changed, so nothing else was read."""
    index = SqliteIndex(path)
    cache = current(db, None)
    cache.facets["unit"][:] = 77
    index.publish([paper(501)])
    assert 77 in current(db, cache).facets["unit"]


def test_moved_dossiers_are_caught_up_with(
    path: Path, db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_order, "_STEP", 4)
    index = SqliteIndex(path)
    index.publish([paper(0), paper(900)])
    cache = current(db, None)
    for number in range(1, 40):
        index.publish([paper(number)])
        cache = current(db, cache)
        assert_same(cache, current(db, None))


def test_who_missed_too_much_reads_anew(
    path: Path, db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "NOTED", 3)
    cache = current(db, None)
    cache.facets["unit"][:] = 77
    SqliteIndex(path).publish([paper(number) for number in range(5)])
    assert db.execute("SELECT count(*) FROM changes").fetchone() == (3,)
    assert_same(current(db, cache), current(db, None))


def test_nothing_is_read_when_nothing_changed(db: sqlite3.Connection) -> None:
    cache = current(db, None)
    assert current(db, cache) is cache


def test_a_transaction_sees_its_own_state(path: Path, db: sqlite3.Connection) -> None:
    db.execute("BEGIN")
    cache = current(db, None)
    SqliteIndex(path).publish([paper(1)])
    assert current(db, cache) is cache
    db.execute("COMMIT")
    assert len(current(db, cache).rows) == len(cache.rows) + 1


def test_an_index_made_anew_is_not_taken_for_the_old(path: Path, db: sqlite3.Connection) -> None:
    cache = current(db, None)
    index = SqliteIndex(path)
    index.clear()
    index.publish([paper(500, unit="Tư pháp")])
    assert_same(current(db, cache), current(db, None))


def test_another_opening_of_the_file_publishes_and_facets_follow(path: Path) -> None:
    reader, writer = SqliteIndex(path), SqliteIndex(path)
    assert reader.find(Query("đơn")).total == 0
    writer.publish([paper(1), paper(2, pages=2)])
    assert reader.find(Query("đơn")).facets["unit"] == {"Một cửa": 2}
    writer.publish([replace(paper(2, "Tư pháp"), sequence=2)])
    assert reader.find(Query("")).facets["unit"] == {"Một cửa": 1, "Tư pháp": 1}
    assert reader.find(Query("đơn", {"unit": "Tư pháp"})).total == 1
    writer.withdraw("0001")
    assert reader.find(Query("")).facets["unit"] == {"Tư pháp": 1}
