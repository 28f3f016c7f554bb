"""A minus before a word leaves it out, a star behind it stands for any ending."""

from __future__ import annotations

import unicodedata

import pytest

from search.query.parser import Term, parse
from tests.support.indexed import UnicodeForm
from tests.unit.search.understood import finds, page


def first(terms: tuple[Term, ...]) -> list[str]:
    return [" ".join(word.folded for word in term.phrases[0]) for term in terms]


@pytest.mark.parametrize(
    ("typed", "kept", "left_out"),
    [
        ("giao đất -thu hồi", ["giao", "dat", "hoi"], ["thu"]),
        ('giao đất -"thu hồi"', ["giao", "dat"], ["thu hoi"]),
        ("-thu giao", ["giao"], ["thu"]),
        ("giao -QĐ-UBND", ["giao"], ["qd ubnd"]),
        ("giao -2024", ["giao"], ["2024"]),
        ("giao \u2212thu", ["giao"], ["thu"]),  # the sign of mathematics, as phones write it
        ("-thu", [], ["thu"]),
        ("giao -thu -thu", ["giao"], ["thu"]),
        ("QĐ-UBND", ["qd ubnd"], []),
        ("01-02-2024", ["01 02 2024"], []),
        ("- gạch đầu dòng", ["gach", "dau", "dong"], []),
        ("\u2013gạch đầu dòng", ["gach", "dau", "dong"], []),
        ("giao - nhận", ["giao", "nhan"], []),
        ("giao- nhận", ["giao", "nhan"], []),
        ("--giao", ["giao"], []),
        ("giao -", ["giao"], []),
        ('"giao -thu"', ["giao thu"], []),
        ("05 -03 -2024", ["05 03 2024"], []),
        ("0900 -000 -123", ["0900000123"], []),
    ],
)
def test_a_minus(typed: str, kept: list[str], left_out: list[str]) -> None:
    parsed = parse(typed)
    assert first(parsed.terms) == kept
    assert first(parsed.excluded) == left_out


def test_a_date_that_is_left_out_is_so_in_every_spelling() -> None:
    assert finds("cấp giấy", page("cấp giấy 05/03/2024"))
    for printed in ("05/03/2024", "ngày 5 tháng 3 năm 2024"):
        assert not finds("cấp giấy -5/3/2024", page(f"cấp giấy {printed}"))
    assert finds("cấp giấy -5/3/2024", page("cấp giấy 06/03/2024"))


def test_what_is_left_out_is_no_identifier_of_the_query() -> None:
    parsed = parse("đơn -1811/QĐ-UBND")
    assert (parsed.keys, parsed.prefixes) == ((), ())


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    ("typed", "words", "beginnings"),
    [
        ("nguy*", [], ["nguy"]),
        ("văn nguyễ*", ["van"], ["nguye"]),
        ("qđ-ub*", ["qd"], ["ub"]),
        ("n*", ["n"], []),
        ("*", [], []),
        ("nguy**", [], ["nguy"]),
        ("giấy*phép", ["giay", "phep"], []),
        ("*giấy", ["giay"], []),
        ("giấy *", ["giay"], []),
        ("đ1*", ["d1"], []),
        ('"giấy ph*"', ["giay ph"], []),
    ],
)
def test_a_star(typed: str, words: list[str], beginnings: list[str], form: UnicodeForm) -> None:
    terms = parse(unicodedata.normalize(form, typed)).terms
    stars = tuple(term for term in terms if term.is_prefix)
    assert first(stars) == beginnings
    assert first(tuple(term for term in terms if not term.is_prefix)) == words


def test_a_star_finds_and_leaves_out_words_that_begin_so() -> None:
    paper = page("Nguyễn Văn Mẫu, giấy phép")
    assert finds("nguy* mẫu", paper)
    assert finds("nguyễ*", paper)
    assert not finds("mẫu -gi*", paper)
    assert finds("mẫu -gio*", paper)
