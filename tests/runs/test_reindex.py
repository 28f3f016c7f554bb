"""`sohoa reindex` while people search and dossiers are published: nobody notices."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.upkeep import reindex
from flows.upkeep.reindex import rebuild_index
from pipeline import stages
from pipeline.errors import SearchUnavailableError
from pipeline.model import Dossier, Outcome, PageNote, PageRef, PageState, Query, Record, Scan
from pipeline.ports import Archive, Rebuild, SearchIndex
from pipeline.settings import SearchSettings, StorageSettings
from search import open_index
from storage import open_archive
from tests.support.servers import fresh_alias, has_elasticsearch
from tests.support.stored import TextReader

DOSSIERS, PAGES = 200, 15
OpenIndex = Callable[[], SearchIndex]


@pytest.fixture(
    params=[
        "embedded",
        pytest.param(
            "elasticsearch",
            marks=[
                pytest.mark.services,
                pytest.mark.skipif(not has_elasticsearch(), reason="no Elasticsearch"),
            ],
        ),
    ]
)
def open_again(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenIndex]:
    """Opens the index as another process would."""
    if request.param == "embedded":
        yield lambda: open_index(SearchSettings(), tmp_path)
        return
    with fresh_alias() as settings:
        yield lambda: open_index(settings, tmp_path)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """A store of 200 dossiers with 15 pages each; they share one scan, which is stored once."""
    archive = open_archive(StorageSettings(), tmp_path)
    paper = tmp_path / "scan.txt"
    paper.write_text("\n".join(f"quyết định giao đất trang {n}" for n in range(PAGES)))
    scan = archive.keep_original(paper)
    for number in range(1, PAGES + 1):
        reading = TextReader().read_page(paper, number)
        archive.keep_page(PageRef("d0000", scan, number), TextReader.recipe, reading)
    for number in range(DOSSIERS):
        archive.keep_record(record(f"d{number:04}", scan, 1))
    return archive


def record(dossier: str, scan: str, sequence: int, name: str = "cũ") -> Record:
    now = datetime.now(UTC)
    notes = tuple(
        PageNote(scan, page, TextReader.recipe, PageState.READ, 1.0, 0.0)
        for page in range(1, PAGES + 1)
    )
    state = Dossier(
        dossier, name, now, outcome=Outcome.COMPLETE, pages=notes,
        scans=(Scan(scan, "scan.txt", 1, "application/pdf", PAGES),),
    )  # fmt: skip
    return Record(sequence, now, "sohoa", "digitised", state)


@contextmanager
def searching(index: SearchIndex) -> Iterator[list[int]]:
    """Search all the time; what each search found is in the list, an error as -1."""
    found: list[int] = []
    stop = threading.Event()

    def search() -> None:
        while not stop.is_set():
            try:
                found.append(index.find(Query("giao đất")).total)
            except SearchUnavailableError:
                found.append(-1)

    thread = threading.Thread(target=search)
    thread.start()
    yield found
    stop.set()
    thread.join()


def test_searches_never_fail_and_what_is_published_meanwhile_stays(
    archive: Archive, open_again: OpenIndex
) -> None:
    index = open_again()
    rebuild_index(archive, index, list)
    other = open_again()
    newest = stages.newest_record("d0000", archive)

    def publishing(dossiers: list[str]) -> Iterable[str]:
        for number, dossier in enumerate(dossiers):
            if number % 20 == 10:  # one that is built already, one that is not, and a new one
                for late in (dossiers[number - 5], dossiers[-number], f"e{number:04}"):
                    state = replace(newest.dossier, id=late, name="mới")
                    changed = replace(newest, sequence=1 + (late[0] == "d"), dossier=state)
                    archive.keep_record(changed)
                    stages.publish(changed, archive, other)
            yield dossier

    with searching(open_again()) as found:
        rebuilt = rebuild_index(archive, index, publishing)
        after = len(found)
        while len(found) < after + 5:
            pass
    assert min(found) >= DOSSIERS, "failed or empty searches"
    assert len(found) > 20
    assert rebuilt == (DOSSIERS + 10, ())
    assert dict(open_again().sequences()) == dict(archive.sequences())
    assert open_again().find(Query("mới")).total == 30 == other.find(Query("mới")).total


def test_a_dossier_received_during_the_last_check_throws_nothing_away(
    archive: Archive, open_again: OpenIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = stages.newest_record("d0000", archive)
    check = reindex._check

    def receive_and_check(store: Archive, build: Rebuild, wanted: set[str]) -> None:
        archive.keep_record(replace(newest, dossier=replace(newest.dossier, id="e0001")))
        check(store, build, wanted)

    monkeypatch.setattr(reindex, "_check", receive_and_check)
    assert rebuild_index(archive, open_again(), list) == (DOSSIERS + 1, ())
    assert dict(open_again().sequences()) == dict(archive.sequences())


def test_a_build_that_lacks_a_dossier_of_the_store_never_serves(
    archive: Archive, open_again: OpenIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = open_again()
    rebuild_index(archive, index, list)
    monkeypatch.setattr(reindex, "_catch_up", lambda *_: None)
    with pytest.raises(SearchUnavailableError):
        rebuild_index(archive, index, lambda dossiers: dossiers[1:])
    assert index.find(Query("giao đất")).total == DOSSIERS


def test_the_old_index_stays_until_it_is_removed(archive: Archive, open_again: OpenIndex) -> None:
    index = open_again()
    rebuild_index(archive, index, list)
    index.remove_old()
    rebuild_index(archive, open_again(), list)
    assert open_again().remove_old() == 1
    assert open_again().remove_old() == 0
    assert index.find(Query("giao đất")).total == DOSSIERS


def test_a_build_that_breaks_off_changes_nothing(archive: Archive, open_again: OpenIndex) -> None:
    index = open_again()
    rebuild_index(archive, index, list)
    index.remove_old()

    def broken(dossiers: list[str]) -> Iterator[str]:
        yield from dossiers[:50]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild_index(archive, index, broken)
    assert index.find(Query("giao đất")).total == DOSSIERS
    assert index.remove_old() == 0
