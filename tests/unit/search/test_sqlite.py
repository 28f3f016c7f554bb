"""The file of the SQLite index: created anew when it is gone, damaged or of another version."""

from __future__ import annotations

import logging
import multiprocessing
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.errors import SearchUnavailableError
from pipeline.model import Dossier, IndexEntry, PageState, Publication, Query
from pipeline.ports import SearchIndex
from pipeline.settings import SearchSettings
from search import open_index
from search.sqlite import schema
from search.text import tokens

RECEIVED = datetime(2024, 5, 1, tzinfo=UTC)


def paper(dossier: str, text: str = "đơn đề nghị") -> Publication:
    return Publication(
        Dossier(dossier, dossier, RECEIVED), 1, (IndexEntry(1, text, PageState.READ),)
    )


def total(index: SearchIndex, text: str = "đơn") -> int:
    return index.find(Query(text)).total


def opened(folder: Path) -> SearchIndex:
    return open_index(SearchSettings(), folder)


def file_of(folder: Path) -> Path:
    return folder / "index.sqlite3"


def check(folder: Path) -> None:
    """FTS5's own check that its lists agree, and SQLite's of the whole file."""
    db = sqlite3.connect(file_of(folder))
    db.execute("INSERT INTO words(words, rank) VALUES ('integrity-check', 0)")
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()


def test_the_home_is_made_when_it_is_not_there(tmp_path: Path) -> None:
    index = opened(tmp_path / "new" / "home")
    assert total(index) == 0


def test_a_deleted_file_is_made_anew_even_while_the_index_is_open(tmp_path: Path) -> None:
    index, other = opened(tmp_path), opened(tmp_path)
    index.publish([paper("d1")])
    assert total(other) == 1
    for left in tmp_path.iterdir():
        left.unlink()
    assert total(other) == 0
    index.publish([paper("d2")])
    assert total(other) == total(index) == 1


def test_only_the_main_file_deleted_between_runs(tmp_path: Path) -> None:
    opened(tmp_path).publish([paper("d1")])
    file_of(tmp_path).unlink()
    index = opened(tmp_path)
    index.clear()
    index.publish([paper("d1"), paper("d2")])
    assert total(index) == 2
    check(tmp_path)


def test_a_damaged_file_says_so_and_clearing_mends_it(tmp_path: Path) -> None:
    file_of(tmp_path).write_bytes(b"no index at all " * 1000)
    index = opened(tmp_path)
    with pytest.raises(SearchUnavailableError) as raised:
        total(index)
    assert not raised.value.retryable
    assert str(file_of(tmp_path)) in raised.value.remedy
    index.clear()
    index.publish([paper("d1")])
    assert total(index) == 1


def test_an_index_of_another_version_starts_empty(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    opened(tmp_path).publish([paper("d1")])
    db = sqlite3.connect(file_of(tmp_path))
    db.execute("PRAGMA user_version = 7")
    db.close()
    with caplog.at_level(logging.WARNING):
        assert total(opened(tmp_path)) == 0
    assert "reindex" in caplog.text


def test_the_version_depends_on_the_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deleting from FTS5 needs the very words that were inserted, or terms without pages stay."""
    before = schema.version()
    monkeypatch.setattr(tokens, "PROBE", "other words")
    assert schema.version() != before


def test_a_place_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    with pytest.raises(SearchUnavailableError) as raised:
        total(opened(tmp_path / "home"))
    assert raised.value.remedy


def test_a_busy_index_is_unavailable_for_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.sqlite.connections.BUSY_SECONDS", 0.05)
    index = opened(tmp_path)
    index.publish([paper("d1")])
    other = sqlite3.connect(file_of(tmp_path), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(SearchUnavailableError) as raised:
        opened(tmp_path).publish([paper("d2")])
    assert raised.value.retryable
    assert total(index) == 1, "reading goes on"
    other.execute("ROLLBACK")
    other.close()


def test_a_publication_that_fails_leaves_the_dossier_as_it_was(tmp_path: Path) -> None:
    index = opened(tmp_path)
    index.publish([paper("d1")])
    twice = (IndexEntry(1, "mới", PageState.READ), IndexEntry(1, "trùng", PageState.READ))
    with pytest.raises(SearchUnavailableError):
        index.publish([replace(paper("d1"), entries=twice)])
    assert (total(index), total(index, "mới")) == (1, 0)
    check(tmp_path)


def test_erasing_leaves_nothing_behind(tmp_path: Path) -> None:
    index = opened(tmp_path)
    for version in range(5):
        text = f"Hoà thuận số {version} ưu tiên ½ ﬁ İ"
        index.publish([replace(paper(f"d{n}", text), sequence=version) for n in range(20)])
    for number in range(20):
        index.withdraw(f"d{number}")
    check(tmp_path)
    db = sqlite3.connect(file_of(tmp_path))
    assert db.execute("SELECT count(*) FROM vocabulary").fetchone() == (0,)
    for table in ("texts", "entries", "dossiers"):
        assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    db.close()


def _publish_many(folder: Path, start: int) -> None:
    index = opened(folder)
    for number in range(start, 40, 4):
        index.publish([paper(f"d{number:02}")])


@pytest.mark.slow
def test_several_processes_make_and_fill_one_index(tmp_path: Path) -> None:
    """The watcher, the reading room and a command may all start on an empty home at once."""
    spawned = multiprocessing.get_context("spawn")
    workers = [spawned.Process(target=_publish_many, args=(tmp_path, n)) for n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]
    index = opened(tmp_path)
    hits = index.find(Query("đơn", limit=100)).hits
    assert [hit.dossier for hit in hits] == [f"d{number:02}" for number in reversed(range(40))]
    check(tmp_path)
