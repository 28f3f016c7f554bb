"""The search contract for publishing: the newest record wins, whole dossiers, many writers."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from pipeline.model import Publication, Query
from pipeline.ports import SearchIndex
from tests.support.indexed import (
    CODE,
    DECISION,
    found,
    marked,
    only_hit,
    publication,
    with_findings,
)

OpenIndex = Callable[[], SearchIndex]


def test_an_older_record_never_replaces_a_newer_one(index: SearchIndex) -> None:
    newer = replace(publication("d1", "bản mới"), sequence=3)
    older = replace(publication("d1", "bản cũ", "hai trang"), sequence=2)
    index.publish([newer])
    index.publish([older])
    assert found(index, "mới") == ["d1"]
    assert found(index, "cũ") == []


def test_a_newer_record_replaces_all_of_the_older_one(index: SearchIndex) -> None:
    older = publication("d1", "bản cũ", "trang hai", unit="Cũ", code=CODE)
    index.publish([with_findings(older, **DECISION)])
    index.publish([replace(publication("d1", "bản mới", unit="Mới"), sequence=3)])
    for gone in ("cũ", "trang hai", "1811/QĐ-TTPVHCC", CODE, "quy chế tiếp công dân", "05/03/2024"):
        assert found(index, gone) == [], gone
    assert found(index, "bản mới") == ["d1"]
    assert index.find(Query("")).facets["unit"] == {"Mới": 1}


def test_publishing_twice_changes_nothing(index: SearchIndex) -> None:
    papers = [publication(f"d{n}", "giao đất", f"trang {n}") for n in range(3)]
    index.publish(papers)
    before = index.find(Query("giao đất"))
    index.publish(papers)
    index.publish(papers[:1])
    assert replace(index.find(Query("giao đất")), took_ms=0) == replace(before, took_ms=0)


def test_one_call_may_bring_two_records_of_a_dossier(index: SearchIndex) -> None:
    newer = replace(publication("d1", "bản mới"), sequence=3)
    index.publish([newer, publication("d1", "bản cũ")])
    assert found(index, "bản mới") == ["d1"]


def test_withdrawing_forgets_one_dossier_only(index: SearchIndex) -> None:
    index.publish([publication("d1", "đơn một"), publication("d2", "đơn hai")])
    index.withdraw("d1")
    index.withdraw("d1")
    index.withdraw("never there")
    assert found(index, "đơn") == ["d2"]
    index.publish([publication("d1", "đơn một")])
    assert found(index, "đơn") == ["d2", "d1"]


def test_clearing_forgets_everything_and_rebuilding_brings_it_back(index: SearchIndex) -> None:
    papers = [publication(f"d{n}", "đơn", unit="Bạch Mai") for n in range(3)]
    index.publish(papers)
    before = index.find(Query("đơn"))
    index.clear()
    assert index.find(Query("")).total == 0
    assert set(index.find(Query("")).facets) == {
        "unit", "document_type", "year", "state", "procedure", "issuer"
    }  # fmt: skip
    index.publish(papers)
    assert replace(index.find(Query("đơn")), took_ms=0) == replace(before, took_ms=0)


def test_what_was_published_is_there_for_others(index: SearchIndex, open_again: OpenIndex) -> None:
    index.publish([publication("d1", "đơn")])
    other = open_again()
    assert found(other, "đơn") == ["d1"]
    other.publish([publication("d2", "đơn")])
    assert found(index, "đơn") == ["d2", "d1"]


def test_a_page_of_a_million_characters(index: SearchIndex) -> None:
    """No text is cut: peers stop at 100,000 characters."""
    text = "lặp đi lặp lại " * 66_000 + "kim trong đống rơm"
    assert len(text) > 990_000
    index.publish([publication("d1", text)])
    snippet = only_hit(index, "đống rơm").snippet
    assert marked(snippet) == ["đống rơm"]
    assert len(snippet) < 1_000
    index.publish([replace(publication("d1", "ngắn"), sequence=3)])
    assert found(index, "rơm") == []


def versioned(version: int, pages: int) -> Publication:
    return replace(publication("d0", *[f"bản v{version}"] * pages), sequence=version + 1)


def test_searching_while_another_publishes_sees_whole_dossiers(
    index: SearchIndex, open_again: OpenIndex
) -> None:
    """All pages of a version of d0 are alike: no search sees two versions, or part of one."""
    versions, pages = 25, 8
    index.publish([versioned(0, pages)])

    def publish() -> None:
        for version in range(1, versions):
            index.publish([versioned(version, pages), publication(f"d{version}", "đơn khác")])

    with ThreadPoolExecutor() as threads:
        published = threads.submit(publish)
        reader = open_again()
        while not published.done():
            hits = {hit.dossier: hit for hit in reader.find(Query("bản", limit=100)).hits}
            assert len(hits["d0"].pages) == pages
        published.result()
    assert found(index, f"bản v{versions - 1}") == ["d0"]
    assert len(found(index, "")) == versions


def test_several_threads_publish_at_once(index: SearchIndex) -> None:
    def publish(start: int) -> None:
        for number in range(start, 40, 4):
            index.publish([publication(f"d{number:02}", "đơn chung")])

    with ThreadPoolExecutor() as threads:
        list(threads.map(publish, range(4)))
    assert found(index, "đơn chung") == [f"d{number:02}" for number in reversed(range(40))]
