"""The matcher finds the printed words that a search hits; snippets show them."""

from __future__ import annotations

import unicodedata

import pytest

from pipeline.model import MARK_CLOSE, MARK_OPEN
from search import matcher
from search.query.snippets import WIDTH, snippet


@pytest.mark.parametrize("word", ["ĐỊNH,", "đinh", "(định)", unicodedata.normalize("NFD", "Định")])
@pytest.mark.parametrize("typed", ["quyết định", "quyet dinh", '"QUYẾT ĐỊNH"', "dinh"])
def test_a_printed_word_is_hit_whatever_its_marks_and_points(typed: str, word: str) -> None:
    assert matcher(typed).hits(word)


@pytest.mark.parametrize("word", ["đình-chỉ", "1811/QĐ-TTPVHCC", "QĐ"])
def test_a_part_of_a_printed_word_suffices(word: str) -> None:
    assert matcher("định 1811/qd-ttpvhcc").hits(word)


@pytest.mark.parametrize("word", ["", "-", "định" * 2, "din", "😀"])
def test_other_words_are_not_hit(word: str) -> None:
    assert not matcher("quyết định").hits(word)


@pytest.mark.parametrize("word", ["m²", "120m²;", "đồng/m²"])
def test_a_raised_figure_is_found_as_keyboards_type_it(word: str) -> None:
    typed = "120m2" if "120" in word else "m2"
    assert matcher(typed).hits(word)
    assert not matcher("m3").hits(word)


def test_nothing_typed_hits_nothing() -> None:
    assert not matcher("").hits("định")
    assert matcher("").marked(["định"]) == (False,)


def test_on_a_page_words_as_typed_are_preferred() -> None:
    page = ["dạt", "vào", "đất", "Đất."]
    assert matcher("đất").marked(page) == (False, False, True, True)
    assert matcher("dat").marked(page) == (True, False, True, True)
    assert matcher("đắt").marked(page) == (True, False, True, True), "none as typed: all"


def test_on_a_page_a_phrase_is_hit_as_a_whole() -> None:
    page = ["đất", "giao", "đất", "giao", "cho"]
    assert matcher('"giao đất"').marked(page) == (False, True, True, False, False)
    assert matcher("giao đất").marked(page) == (True, True, True, True, False)


def test_a_phrase_may_stand_inside_one_printed_word() -> None:
    page = ["Số:", "1811/QĐ-TTPVHCC", "ngày", "QĐ"]
    assert matcher("1811/qd-ttpvhcc").marked(page) == (False, True, False, False)


def test_dates_are_hit_in_any_writing() -> None:
    page = "Hà Nội, ngày 05 tháng 3 năm 2024 và 5/3/2024".split()
    hits = matcher("05/03/2024").marked(page)
    assert [word for word, hit in zip(page, hits, strict=True) if hit] == [
        *["ngày", "05", "tháng", "3", "năm", "2024"],
        "5/3/2024",
    ]


def test_a_snippet_shows_the_stretch_with_most_of_the_words() -> None:
    filler = ["chữ"] * 100
    text = " ".join(["đất", *filler, "giao", "thông", *filler, "giao", "đất", *filler])
    shown = snippet(text, "", matcher("giao đất"))
    assert f"{MARK_OPEN}giao đất{MARK_CLOSE}" in shown
    assert len(shown.split()) <= WIDTH + 2


def test_a_short_text_is_shown_whole() -> None:
    assert snippet("a b\nc  đất", "", matcher("đất")) == f"a b c {MARK_OPEN}đất{MARK_CLOSE}"


def test_a_text_without_hits_is_shown_from_its_beginning() -> None:
    text = " ".join(f"chữ{number}" for number in range(50))
    assert snippet(text, "", matcher("")).startswith("chữ0 chữ1 ")
    assert snippet("", "", matcher("đất")) == ""


def test_a_snippet_is_never_endless() -> None:
    for text in ("-" * 500_000, "a" * 500_000, "đất" + "." * 500_000 + "đất"):
        assert len(snippet(text, "", matcher("đất"))) < 5_000
