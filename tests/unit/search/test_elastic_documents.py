"""The document of a dossier in the served index: its size is bounded, and it tells its pages."""

from __future__ import annotations

import json
import random

import pytest

from pipeline.model import Publication
from search.elastic import documents
from search.elastic.documents import document, kept_dossier, kept_page, sort_number
from tests.support.indexed import publication, with_findings
from tests.unit.search.understood import HASHING

LARGEST_REQUEST = 100_000_000  # bytes: http.max_content_length of Elasticsearch
SYLLABLES = (
    "quyết định ủy ban nhân dân thành phố giấy chứng nhận quyền sử dụng đất trung tâm".split()
)


def of_pages(pages: int, words: int) -> Publication:
    draw = random.Random(1)
    texts = [
        " ".join(f"{draw.choice(SYLLABLES)}{draw.choice(SYLLABLES)[:2]}" for _ in range(words))
        for _ in range(pages)
    ]
    return with_findings(publication("d1", *texts), summary="Về việc giao đất")


def bytes_of(body: object) -> int:
    return len(json.dumps(body, ensure_ascii=False).encode())


def test_the_largest_dossier_fits_into_a_request() -> None:
    large = of_pages(300, 500)
    letters = sum(len(entry.text) for entry in large.entries)
    assert documents.MOST_TEXT / letters * bytes_of(document(large, HASHING)) < LARGEST_REQUEST


@pytest.mark.parametrize("pages", [3, 40])
def test_of_pages_beyond_the_bound_the_words_are_left(
    pages: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = of_pages(pages, 100)
    whole = document(made, HASHING)
    monkeypatch.setattr(documents, "MOST_TEXT", 2 * len(made.entries[0].text))
    cut = document(made, HASHING)
    for column in ("exact", "pairs"):
        assert set(cut[column].split()) == set(whole[column].split())
    words = {word for entry in made.entries for word in document(made, HASHING)["exact"].split()}
    assert words <= set(cut["exact"].split())
    assert bytes_of(cut) < bytes_of(whole)
    assert kept_dossier(cut["kept"]).size == pages


@pytest.mark.parametrize("pages", [1, 32, 33])
def test_what_is_kept_comes_back(pages: int) -> None:
    made = of_pages(pages, 20)
    body = document(made, HASHING)
    kept = kept_dossier(body["kept"])
    assert (kept.code, kept.title, kept.size) == (None, "d1.pdf", pages)
    shown = [kept_page(page["kept"], kept.groups) for page in body.get("pages", [])]
    assert bool(shown) == (pages > documents.MOST_TOGETHER)
    read = list(kept.pages) or shown
    assert [page.text for page in read] == [entry.text for entry in made.entries]
    assert [page.number for page in read] == list(range(1, pages + 1))
    assert {page.fields.text for page in read} == {"Quyết định\nVề việc giao đất\nd1.pdf"}


def test_numbers_sort_as_ids_do() -> None:
    ids = ["", "0", "00000001", "0190aa", "0190ab", "d1", "d10", "d2", "đ", "𠀀"]
    numbers = [sort_number(dossier) for dossier in ids]
    assert numbers == sorted(numbers)
    assert all(0 <= number < 1 << 63 for number in numbers)
