"""The proximity search finds what FTS5 finds, in the same order."""

from __future__ import annotations

import random
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.model import Dossier, IndexEntry, PageState, Publication, Query, Results
from search.query import expressions
from search.query.expressions import AllOf, AnyOf, Expression, Near, Words
from search.query.parser import parse
from search.sqlite import proximity, ranking
from search.sqlite.fts_query import match
from search.sqlite.index import SqliteIndex

DAY = datetime(2024, 5, 1, tzinfo=UTC)
VOCABULARY = "hoà hoa hồng Hoà đất đai dat 2024 12/2024 thửa thua số so ﬁ ½ ngày 01/05/2024".split()


def publications(draw: random.Random, dossiers: int) -> list[Publication]:
    made = []
    for number in range(dossiers):
        dossier = Dossier(f"{number:04}", f"d{number}", DAY + timedelta(days=number), unit="Tổ 1")
        findings = {"summary": text(draw, 6), "issued_on": "2024-05-01", "symbol": "QĐ-UBND"}
        entries = tuple(
            IndexEntry(page, text(draw, 40), PageState.READ, "Đơn", findings)
            for page in range(1, draw.randrange(2, 5))
        )
        made.append(Publication(dossier, 1, entries))
    return made


def text(draw: random.Random, words: int) -> str:
    rare = [f"w{draw.randrange(30)}" for _ in range(words // 3)]
    return " ".join([*draw.choices(VOCABULARY, k=words), *rare][:words])


@pytest.fixture
def index(tmp_path: Path) -> SqliteIndex:
    index = SqliteIndex(tmp_path / "index.sqlite3")
    index.publish(publications(random.Random(7), 150))
    return index


def sample_queries(number: int) -> list[Query]:
    draw = random.Random(11)
    typed = [text(draw, draw.randrange(1, 10)) for _ in range(number)]
    typed += ["hoà hoa hồng đất đai", '"đất đai" số 2024', "ngày 01/05/2024 hoà hồng", "hoà hoà"]
    filters = [{}, {"unit": "Tổ 1"}, {"year": "2024"}]
    return [Query(words, draw.choice(filters), draw.choice([3, 20, 500])) for words in typed]


def answers(index: SqliteIndex, queries: list[Query]) -> list[object]:
    return [_timeless(index.find(query)) for query in queries]


def _timeless(results: Results) -> object:
    return results.total, results.hits, results.facets


@pytest.mark.slow
def test_pages_that_are_read_rank_as_fts5_ranks_them(
    index: SqliteIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = sample_queries(120)
    monkeypatch.setattr(proximity, "_MOST", 0)
    by_fts5 = answers(index, queries)
    for most, rarest in [(3, 4), (20, 2), (100, 4), (10_000, 2), (10_000, 4)]:
        monkeypatch.setattr(proximity, "_MOST", most)
        monkeypatch.setattr(proximity, "_RAREST", rarest)
        assert answers(index, queries) == by_fts5


@pytest.mark.slow
def test_blocks_of_any_size_give_the_same(
    index: SqliteIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = sample_queries(40)
    monkeypatch.setattr(proximity, "_MOST", 0)
    in_one = answers(index, queries)
    for some, growth in [(1, 1), (2, 3), (7, 16)]:
        monkeypatch.setattr(ranking, "_SOME", some)
        monkeypatch.setattr(ranking, "_GROWTH", growth)
        assert answers(index, queries) == in_one


def test_holding_is_what_fts5_matches(index: SqliteIndex) -> None:
    """Of every page and every expression that is ever sifted, and of some that are not."""
    with index._connections.reading() as db:
        rows = [row for (row,) in db.execute("SELECT row FROM texts")]
        pages = [proximity._page(db, row) for row in rows]
        for expression in _expressions():
            found = db.execute("SELECT rowid FROM words WHERE words MATCH ?", (match(expression),))
            holding = {page.row for page in pages if proximity.holds(page, expression)}
            assert holding == {row for (row,) in found}, expression


def _expressions() -> list[Expression]:
    ranks = [rank for query in sample_queries(60) for rank in expressions.ranks(parse(query.text))]
    sifted = [rank.expression for rank in ranks if rank.near and rank.expression]
    assert len(sifted) > 100
    key = Words("keys", ("date·2024-05-01",))
    near = Near("exact", ("hòa", "hoa", "đất"))
    return [*sifted, key, near, AllOf((near, key)), AnyOf((key, near)), AnyOf(())]


def test_the_rarest_words_stand_near_each_other_wherever_the_rank_finds_a_page(
    index: SqliteIndex,
) -> None:
    with index._connections.reading() as db:
        for query in sample_queries(60):
            for rank in expressions.ranks(parse(query.text)):
                if len(rank.near) > 1 and rank.expression:
                    assert _found(db, rank.expression) <= _found(db, Near("folded", rank.near))


def _found(db: sqlite3.Connection, expression: Expression) -> set[int]:
    find = "SELECT rowid FROM words WHERE words MATCH ?"
    return {row for (row,) in db.execute(find, (match(expression),))}
