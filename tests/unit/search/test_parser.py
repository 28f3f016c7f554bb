"""The parser understands words, phrases, dates, years and identifiers."""

from __future__ import annotations

import unicodedata

import pytest

from search.query.parser import MOST_TERMS, ParsedQuery, parse
from tests.support.indexed import UnicodeForm


def words(parsed: ParsedQuery) -> list[str]:
    """The first phrase of each term, folded."""
    return [" ".join(token.folded for token in term.phrases[0]) for term in parsed.terms]


def test_words_are_terms_and_what_is_glued_stays_together() -> None:
    assert words(parse("Quyết định, 12/2020 QĐ-UBND")) == ["quyet", "dinh", "12 2020", "qd ubnd"]


def test_quotes_of_any_kind_make_a_phrase() -> None:
    for text in ('"giao đất" cho', "“giao đất” cho", "«giao đất» cho"):
        assert words(parse(text)) == ["giao dat", "cho"]


def test_an_open_quote_is_no_quote() -> None:
    assert words(parse('giao "đất cho')) == ["giao", "dat", "cho"]


def test_a_repeated_word_is_one_term_but_stays_in_the_phrase() -> None:
    parsed = parse("quyết định quyết toán")
    assert words(parsed) == ["quyet", "dinh", "toan"]
    assert [token.exact for token in parsed.phrase] == ["quyết", "định", "quyết", "toán"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_marks_are_known_in_either_form(form: UnicodeForm) -> None:
    assert parse(unicodedata.normalize(form, "giao đất")).has_mark
    assert not parse(unicodedata.normalize(form, "GIAO DAT 2024")).has_mark


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("h26.19.25-260105-0007", ("code·h26192526010500" + "07",)),
        ("H26. 19.25 - 260105 - 0007", ("code·h261925260105" + "0007",)),
        ("1811/qd-ttpvhcc", ("number·1811qdttpvhcc",)),
        ("Số: 05/BNV–VP", ("number·5bnvvp",)),
        ("12/2020/nđ-cp", ("number·122020ndcp",)),
        ("0011 9901 2345", ("value·001199012345",)),
        ("AA 123456", ("value·aa123456",)),
        ("quyết định", ()),
        ("12/05/2024", ()),
        ("và/hoặc", ()),
    ],
)
def test_identifiers(typed: str, keys: tuple[str, ...]) -> None:
    assert parse(typed).keys == keys


@pytest.mark.parametrize(
    ("typed", "prefix"),
    [
        ("h26.19", "code·h2619"),
        ("H26.19.25-2601", "code·h2619252601"),
        ("000.25.19", "code·0002519"),
        ("1811/qd", "number·1811qd"),
        ("qd 1811", "number·1811qd"),
    ],
)
def test_beginnings_of_identifiers(typed: str, prefix: str) -> None:
    assert prefix in parse(typed).prefixes


@pytest.mark.parametrize("typed", ["h26", "2024", "đất", "12.5", "1.234,5", "a.b"])
def test_what_only_looks_like_a_code(typed: str) -> None:
    assert parse(typed).prefixes == ()


@pytest.mark.parametrize(
    "typed", ["5/3/2024", "05-03-2024", "ngày 5 tháng 3 năm 2024", "NGAY 05 THANG 03 NAM 2024"]
)
def test_dates_are_one_term_with_a_key(typed: str) -> None:
    parsed = parse(f"giấy mời {typed} họp")
    assert [term.key for term in parsed.terms] == ["", "", "date·20240305", ""]
    date = parsed.terms[2]
    written = {" ".join(token.folded for token in phrase) for phrase in date.phrases}
    assert {"05 03 2024", "5 3 2024", "ngay 5 thang 3 nam 2024"} <= written


def test_a_day_the_calendar_lacks_is_no_date() -> None:
    assert all(not term.key.startswith("date") for term in parse("32/13/2024").terms)


def test_a_year_stays_a_word() -> None:
    year = parse("kế hoạch 2024").terms[-1]
    assert (year.key, year.is_year) == ("year·2024", True)
    assert [token.folded for token in year.phrases[0]] == ["2024"]


def test_soft_hyphens_and_zero_width_characters_do_not_cut_words() -> None:
    assert words(parse("qu\u00adyết đ\u200bịnh")) == ["quyet", "dinh"]


def test_a_pasted_page_is_cut() -> None:
    assert len(parse(" ".join(f"chữ{number}" for number in range(5000))).terms) <= MOST_TERMS
