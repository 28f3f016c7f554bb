"""The folder of the embedded index: its writers, large dossiers, and what stands in its way."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import tantivy

from pipeline.errors import SearchUnavailableError
from pipeline.model import Query
from pipeline.settings import SearchSettings
from search import open_index
from search.embedded import generations, schema, writing
from search.embedded.damage import EngineFailedError
from search.embedded.index import EmbeddedIndex
from search.text.entries import DossierEntry
from tests.support.indexed import found, generation_of, only_hit, publication

pytestmark = pytest.mark.slow


def opened(home: Path) -> EmbeddedIndex:
    index = open_index(SearchSettings(), home)
    assert isinstance(index, EmbeddedIndex)
    return index


def total(index: EmbeddedIndex, text: str = "đơn") -> int:
    return index.find(Query(text)).total


@pytest.fixture
def filled(tmp_path: Path) -> EmbeddedIndex:
    index = opened(tmp_path)
    index.publish([publication("d1", "đơn đề nghị"), publication("d2", "đơn xin")])
    return index


def test_the_home_is_made_when_it_is_not_there(tmp_path: Path) -> None:
    assert total(opened(tmp_path / "new" / "home")) == 0


def test_nobody_else_may_look_into_the_folder(filled: EmbeddedIndex, tmp_path: Path) -> None:
    assert (tmp_path / "index").stat().st_mode & 0o077 == 0


def test_a_deleted_folder_is_made_anew_even_while_the_index_is_open(
    filled: EmbeddedIndex, tmp_path: Path
) -> None:
    assert total(filled) == 2
    (tmp_path / "index").rename(tmp_path / "gone")
    assert total(filled) == 0
    filled.publish([publication("d3", "đơn")])
    assert total(filled) == total(opened(tmp_path)) == 1


def test_ids_of_any_shape_keep_their_order_as_places() -> None:
    ids = [
        "",
        "!",
        "0",
        "00",
        "09",
        "0a",
        "1",
        "9z",
        "a",
        "a!",
        "a~",
        "ab",
        "az",
        "b",
        "f",
        "fg",
        "g",
    ]
    ids += ["gz", "ha", "z", "đ", "0" * 40, "f" * 40, "018f2f5c7a11", "018f2f5c7a12", "😀"]
    places = [schema.place(one) for one in sorted(ids)]
    assert places == sorted(places)
    assert places[-1] < 1 << 63
    assert schema.place("018f2f5c7a11" + "0" * 10) != schema.place("018f2f5c7a12" + "0" * 10)


def test_a_place_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    with pytest.raises(SearchUnavailableError) as raised:
        total(opened(tmp_path / "home"))
    assert raised.value.remedy


def test_a_busy_index_is_unavailable_for_now_and_read_meanwhile(
    filled: EmbeddedIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "BUSY_SECONDS", 0.05)
    with (tmp_path / "index" / "lock").open("a") as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        with pytest.raises(SearchUnavailableError) as raised:
            opened(tmp_path).publish([publication("d3", "đơn")])
        assert raised.value.retryable
        assert total(filled) == 2
    opened(tmp_path).publish([publication("d3", "đơn")])
    assert total(filled) == 3


def test_threads_that_wait_are_served_by_one_session(filled: EmbeddedIndex, tmp_path: Path) -> None:
    """Eight wait for the lock; what they bring is written together, not commit by commit."""
    commits = generation_of(tmp_path) / "meta.json"
    with ThreadPoolExecutor(8) as threads:
        with (tmp_path / "index" / "lock").open("a") as holder:
            fcntl.flock(holder, fcntl.LOCK_EX)
            papers = [publication(f"e{number}", "đơn") for number in range(8)]
            waiting = [threads.submit(filled.publish, [paper]) for paper in papers]
            time.sleep(0.3)
            before = commits.stat().st_ino
        for one in waiting:
            one.result()
    assert commits.stat().st_ino != before
    assert total(filled) == 10


@pytest.mark.parametrize(
    "fault", [TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError]
)
def test_what_is_wrong_with_one_dossier_fails_no_other_of_its_session(
    filled: EmbeddedIndex,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: type[Exception],
) -> None:
    def documents(entry: DossierEntry) -> Iterator[tantivy.Document]:
        yield from schema.documents(entry)
        if entry.dossier == "e3":
            raise fault(entry.dossier)

    monkeypatch.setattr(writing, "documents", documents)
    with ThreadPoolExecutor(8) as threads, (tmp_path / "index" / "lock").open("a") as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        papers = [publication(f"e{number}", "đơn") for number in range(8)]
        waiting = [threads.submit(filled.publish, [paper]) for paper in papers]
        time.sleep(0.2)
    failed = [number for number, one in enumerate(waiting) if one.exception()]
    assert failed == [3]
    assert isinstance(waiting[3].exception(), (fault, EngineFailedError))
    assert dict(filled.sequences()).keys() == {"d1", "d2", *(f"e{n}" for n in range(8) if n != 3)}


def test_a_refused_change_fails_alone(filled: EmbeddedIndex) -> None:
    """A text that cannot be written is its caller's trouble only."""
    spoilt = replace(publication("d9", "đơn"), sequence=1 << 70)
    with pytest.raises((SearchUnavailableError, OverflowError)):
        filled.publish([spoilt])
    filled.publish([publication("d3", "đơn")])
    assert total(filled) == 3


def test_an_abandoned_build_leaves_nothing(filled: EmbeddedIndex, tmp_path: Path) -> None:
    build = filled.rebuild()
    build.publish([publication("d9", "đơn")])
    build.abandon()
    assert [each.name for each in (tmp_path / "index").iterdir() if each.is_dir()] == [
        generation_of(tmp_path).name
    ]
    assert total(filled) == 2


def test_removing_old_ones_spares_the_one_being_built(
    filled: EmbeddedIndex, tmp_path: Path
) -> None:
    build = filled.rebuild()
    build.publish([publication("d9", "đơn")])
    assert opened(tmp_path).remove_old() == 0
    build.serve()
    assert total(filled) == 1
    assert opened(tmp_path).remove_old() == 1
    assert total(filled) == 1


PAGES = schema.MOST_TOGETHER + 40


@pytest.fixture
def large(tmp_path: Path) -> Iterator[EmbeddedIndex]:
    """A dossier whose pages stand in documents of their own."""
    index = opened(tmp_path)
    texts = [f"trang thường số {number}" for number in range(1, PAGES + 1)]
    texts[50], texts[60] = "quyền sử dụng đất", "quyen su dung dat ở đây"
    index.publish([publication("d1", *texts, name="quét.pdf"), publication("d2", "trang thường")])
    yield index


def test_a_large_dossier_is_one_hit_shown_by_its_best_page(large: EmbeddedIndex) -> None:
    hit = only_hit(large, "quyền sử dụng đất")
    assert (hit.dossier, hit.page, hit.pages) == ("d1", 51, (51, 61))
    assert hit.snippet == "⟦quyền sử dụng đất⟧"
    assert found(large, "thường") == found(large, "") == ["d2", "d1"]
    assert only_hit(large, "quét").page == 1
    assert large.find(Query("trang")).facets["state"] == {"COMPLETE": 2}


def test_a_large_dossier_is_replaced_and_withdrawn_with_all_its_pages(
    large: EmbeddedIndex,
) -> None:
    large.publish([replace(publication("d1", "chỉ còn một trang"), sequence=3)])
    assert found(large, "quyền sử dụng đất") == []
    assert only_hit(large, "chỉ còn").pages == (1,)
    large.withdraw("d1")
    assert dict(large.sequences()) == {"d2": 2}
