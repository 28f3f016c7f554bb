"""Which words of a page are doubted, and how several readings of one word vote."""

from __future__ import annotations

import pytest

from pipeline.vietnamese import Doubt, Reading, doubtful_words, voted


def doubted(text: str, sure: float = 0.95, **unsure: float) -> list[str]:
    """Return which words of a line are doubted; words named in ``unsure`` were read less surely."""
    line = [Reading(word, unsure.get(word, sure)) for word in text.split()]
    return [doubt.text for doubt in doubtful_words([line], [line]).values()]


def doubt(
    text: str, read: str = "", sure: float = 0.8, *, near: str = "_", name: bool = False
) -> Doubt:
    """Return a doubt about a word; ``near`` has its neighbours around an underscore."""
    before, _, after = near.partition("_")
    return Doubt(text, Reading(read or text, sure), before.strip(), after.strip(), name)


def both(text: str, *, sure: float = 0.95) -> list[Reading]:
    return [Reading(text, sure), Reading(text, sure)]


def test_a_page_that_was_read_surely_and_likely_is_not_doubted() -> None:
    assert doubted("Ủy ban nhân dân thành phố ban hành quyết định này .") == []


def test_what_was_not_read_surely_is_doubted_the_least_sure_first() -> None:
    assert doubted("ban hành quyết định", hành=0.85, định=0.6) == ["định", "hành"]


def test_a_syllable_that_nobody_counted_is_doubted_however_surely_it_was_read() -> None:
    assert "Quộc" in doubted("trường Quộc gia")


def test_a_word_that_is_unlikely_on_both_sides_is_doubted() -> None:
    assert doubted("các trượng học trong") == ["trượng"]
    assert doubted("các trường học trong") == []


@pytest.mark.parametrize(
    "text",
    ["15/2025/QĐ-UBND", "1.250.000", "2025", "III", "XIV.", "a@b.vn", "B", "—", "中文", "ខ្មែរ"],
)
def test_figures_codes_roman_numerals_and_other_scripts_are_never_doubted(text: str) -> None:
    assert doubted(text, sure=0.2) == []


def test_a_word_that_others_read_alike_and_neighbours_support_is_changed() -> None:
    assert voted(doubt("gồm.", near="đồ _"), both("gốm.")) == "gốm."
    assert voted(doubt("PHONG", near="VĂN _", sure=0.3), both("PHÒNG")) == "PHÒNG"


def test_what_others_read_as_well_stays() -> None:
    assert voted(doubt("phòng", near="văn _"), both("phòng")) == ""


def test_one_unsure_reading_changes_nothing() -> None:
    assert voted(doubt("để", near="tạo _"), [Reading("đề", 0.55)]) == ""
    assert voted(doubt("để", near="điều kiện _ người"), [Reading("đề", 0.85)]) == ""


def test_nobody_else_nothing_changed() -> None:
    assert voted(doubt("Quộc", near="_ gia"), []) == ""


def test_case_and_punctuation_stay_as_they_were_read() -> None:
    assert voted(doubt("“QUỘC", near="_ GIA", sure=0.4), both("quốc")) == "“QUỐC"
    assert voted(doubt("(Quộc", near="_ gia", sure=0.4), both("Quốc,")) == "(Quốc"


def test_a_capital_changes_only_when_all_see_it_surely() -> None:
    assert voted(doubt("Các", near="và _"), both("các")) == "các"
    assert voted(doubt("Các", near="và _"), [Reading("các", 0.95), Reading("Các", 0.95)]) == ""
    assert voted(doubt("Các", sure=0.95, near="và _"), both("các")) == ""


def test_the_name_of_a_person_is_decided_by_readings_alone() -> None:
    named = doubt("Tràng", near="Bát _", name=True)
    for other in (Reading("Trang", 0.75), Reading("Tràng", 0.9)):
        assert voted(named, [Reading("Trang", 0.95), other]) == ""
    assert voted(named, [Reading("Trang", 0.95)]) == ""
    assert voted(named, both("Trang")) == "Trang"


def test_names_are_found_beside_their_surnames() -> None:
    line = [Reading(word, 0.7) for word in "Ông Nguyễn Văn Bông".split()]
    found = {one.text: one.is_name for one in doubtful_words([line], [line]).values()}
    assert found["Bông"]


def test_an_abbreviation_that_both_see_takes_the_place_of_what_cannot_be_a_syllable() -> None:
    assert voted(doubt("CVIHT,", sure=0.4), both("CVHT,")) == "CVHT,"
    assert voted(doubt("CVIHT,", sure=0.4), [Reading("CVHT,", 0.95)]) == ""


def test_a_rare_word_that_can_exist_is_not_made_another_that_nobody_counted() -> None:
    assert voted(doubt("sẫm", near="màu _"), both("sẵm")) == ""


def test_a_figure_never_takes_the_place_of_a_word() -> None:
    assert voted(doubt("tháng", sure=0.1), both("th4ng")) == ""
    assert voted(doubt("tháng", sure=0.1), both("12")) == ""
