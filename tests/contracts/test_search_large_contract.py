"""The search contract for dossiers of many pages: both forms show their best pages, not all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.model import Publication, Query
from pipeline.ports import SearchIndex
from tests.support.indexed import found, marked, only_hit, publication, with_findings

PAGES = 200


def large(dossier: str = "d1", **special: str) -> Publication:
    """Return a dossier of many pages; ``page_7="text"`` says what stands on page 7."""
    texts = {f"page_{n}": f"trang bìa số {n} của hồ sơ" for n in range(1, PAGES + 1)} | special
    return publication(dossier, *texts.values(), name=f"{dossier}.pdf")


@pytest.mark.parametrize("page", [1, 33, 64, 65, 150, PAGES])
def test_the_best_page_is_shown_wherever_it_is(index: SearchIndex, page: int) -> None:
    index.publish([large(**{f"page_{page}": "gửi giấy chứng nhận quyền sử dụng đất"})])
    hit = only_hit(index, "giấy chứng nhận quyền sử dụng đất")
    assert (hit.page, hit.pages) == (page, (page,))
    assert marked(hit.snippet) == ["giấy chứng nhận quyền sử dụng đất"]


def test_words_on_different_pages_find_the_dossier_and_no_phrase_crosses(
    index: SearchIndex,
) -> None:
    index.publish([large(page_99="cuối trang quyền sử", page_100="dụng đất đầu trang")])
    assert found(index, "quyền sử dụng đất") == ["d1"]
    assert only_hit(index, "quyền sử dụng đất").pages == (99, 100)
    assert found(index, '"quyền sử dụng đất"') == []
    assert found(index, '"dụng đất"') == ["d1"]


def test_it_is_counted_once_and_listed_with_its_first_page(index: SearchIndex) -> None:
    index.publish([large(), publication("d2", "trang bìa")])
    results = index.find(Query("trang bìa"))
    assert (results.total, len(results.hits)) == (2, 2)
    assert results.facets["state"] == {"COMPLETE": 2}
    (_, listed) = index.find(Query("")).hits
    assert (listed.dossier, listed.page) == ("d1", 1)
    assert listed.snippet.startswith("trang bìa số 1 của")


def test_a_field_is_shown_on_its_page(index: SearchIndex) -> None:
    dossier = large()
    entries = [
        replace(entry, document_type="Quyết định", findings={"summary": "Quy hoạch bãi bồi"})
        if entry.page > 120
        else entry
        for entry in dossier.entries
    ]
    index.publish([replace(dossier, entries=tuple(entries))])
    hit = only_hit(index, "quy hoạch bãi bồi")
    assert hit.page == 121
    assert marked(hit.snippet) == ["Quy hoạch bãi bồi"]


def test_a_newer_record_takes_all_its_pages_along(index: SearchIndex) -> None:
    index.publish([with_findings(large(page_150="tuyệt mật"), summary="Bí mật")])
    index.publish([replace(publication("d1", "một trang"), sequence=3)])
    assert found(index, "tuyệt mật") == found(index, "bí mật") == []
    assert only_hit(index, "một trang").pages == (1,)
    index.publish([replace(large(), sequence=4)])
    assert only_hit(index, "hồ sơ số 200").page == 200
    index.withdraw("d1")
    assert index.find(Query("")).total == 0
    assert dict(index.sequences()) == {}


def test_the_page_of_a_large_dossier_that_has_a_number_is_shown(index: SearchIndex) -> None:
    pages = [f"trang {number}" for number in range(60)]
    pages[47] = "số 031 898 001 562 cấp"
    index.publish([publication("d1", *pages)])
    (hit,) = index.find(Query("031898001562", parts_of_numbers=False)).hits
    assert hit.page == 48
    assert marked(hit.snippet) == ["••• ••• ••• •••"]
