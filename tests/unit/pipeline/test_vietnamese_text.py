"""Forms of Vietnamese text: composed, folded, canonical, and the letters that look like đ."""

from __future__ import annotations

import unicodedata

import pytest

from pipeline.vietnamese import canonical, fold, has_mark, nfc, syllables, tones_placed

HEADING = "Cộng hòa xã hội chủ nghĩa Việt Nam"


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def test_composed_and_decomposed_text_are_one() -> None:
    assert len(HEADING) == 34
    assert len(nfd(HEADING)) == 44
    assert nfc(nfd(HEADING)) == HEADING
    assert canonical(nfd(HEADING)) == canonical(HEADING)
    assert fold(nfd(HEADING)) == fold(HEADING) == "cong hoa xa hoi chu nghia viet nam"


@pytest.mark.parametrize("lookalike", ["Ð", "Ɖ"])
def test_lookalikes_of_d_with_stroke(lookalike: str) -> None:
    assert nfc(f"Q{lookalike}") == "QĐ"
    assert fold(f"Q{lookalike}-TTPVHCC") == "qd-ttpvhcc"
    assert canonical(lookalike) == canonical("đ")


def test_d_and_d_with_stroke_are_two_letters_unless_folded() -> None:
    assert canonical("đa") != canonical("da")
    assert fold("đa") == fold("da")


@pytest.mark.parametrize(
    ("old", "new"),
    [("hòa", "hoà"), ("khỏe", "khoẻ"), ("thủy", "thuỷ"), ("úy", "uý"), ("ủy", "uỷ"), ("tòa", "toà"),
     ("HÒA", "HOÀ"), ("Hóa đơn", "Hoá đơn"), ("họa", "hoạ"), ("lũy", "luỹ"), ("tụy", "tuỵ")],
)  # fmt: skip
def test_tone_placement_does_not_matter(old: str, new: str) -> None:
    assert canonical(old) == canonical(new) == canonical(nfd(new))
    assert canonical(old) == old.casefold()


@pytest.mark.parametrize(
    "word",
    ["quý", "quỳ", "quỹ", "quỷ", "quyết", "toán", "hoàn", "huýnh", "ngoài", "loại", "xoáy",
     "khuya"],
)  # fmt: skip
def test_other_syllables_stay_as_they_are(word: str) -> None:
    assert canonical(word) == word


def test_tones_and_vowels_still_matter() -> None:
    words = ["hoa", "hóa", "hòa", "hỏa", "họa", "hoả", "thuy", "thúy", "thùy", "thủy"]
    assert len({canonical(word) for word in words}) == len(words) - 1  # hoả is hỏa


def test_tone_placement_inside_longer_text() -> None:
    text = "Uỷ ban nhân dân (xã Hoà Lạc), quý II; thuỷ-lợi"
    assert canonical(text) == "ủy ban nhân dân (xã hòa lạc), quý ii; thủy-lợi"


def test_folding_keeps_the_length_of_composed_text() -> None:
    text = "Đường Võ Chí Công, phường Nghĩa Đô; QÐ số 5/2025"
    assert len(fold(text)) == len(nfc(text))


@pytest.mark.parametrize("word", ["đất", "ở", "ơn", "Đ", "hòa", nfd("ế")])
def test_marked_words(word: str) -> None:
    assert has_mark(word)


@pytest.mark.parametrize("word", ["nam", "KINH", "2024", "", "12/5", "A4"])
def test_unmarked_words(word: str) -> None:
    assert not has_mark(word)


def test_syllables_are_letters_and_digits() -> None:
    text = nfd("Số: 15/QĐ-BNV, ngày 05_01 (đất)…")
    assert syllables(text) == ["Số", "15", "QĐ", "BNV", "ngày", "05", "01", "đất"]


@pytest.mark.parametrize(
    ("typed", "placed"),
    [("UỶ BAN", "ỦY BAN"), ("Uỷ ban", "Ủy ban"), ("Hoà Quý", "Hòa Quý"), ("Straße", "Straße")],
)
def test_tones_are_placed_and_case_is_kept(typed: str, placed: str) -> None:
    assert tones_placed(typed) == tones_placed(nfd(typed)) == placed


@pytest.mark.parametrize("count", range(1, 9))
def test_a_text_is_folded_as_its_words_are_however_long_it_is(count: int) -> None:
    words = HEADING.split()[:count]
    assert fold(" ".join(words)) == " ".join(fold(word) for word in words)


def test_folding_is_as_unicode_defines_it() -> None:
    """Every letter of Latin, Vietnamese and Greek writing, with and without combining marks."""
    letters = [chr(code) for block in ((0x20, 0x530), (0x1E00, 0x2100)) for code in range(*block)]
    for text in (*letters, *(f"a{letter}\u0323đ" for letter in letters)):
        decomposed = unicodedata.normalize("NFD", nfc(text).casefold())
        bare = [letter for letter in decomposed if unicodedata.category(letter) != "Mn"]
        assert fold(text) == "".join(bare).replace("đ", "d")
