"""Text of the time before Unicode is converted where that gives words, and nothing else is."""

from __future__ import annotations

import pytest

from pipeline.vietnamese import converted
from tests.paper import vietnamese_letters
from tests.paper.false_letters import Says, tcvn3, vni

LINES = (
    "Cộng hòa xã hội chủ nghĩa Việt Nam",
    "Độc lập - Tự do - Hạnh phúc",
    "Về việc phê duyệt phương án sửa chữa kênh mương nội đồng",
    "Thủ tướng Chính phủ quy định như sau:",
    "ỦY BAN NHÂN DÂN TỈNH",
    "QUYẾT ĐỊNH",
    "Điều 2. Ủy ban nhân dân xã chịu trách nhiệm thi hành, kể từ ngày ký.",
)
UNICODE = (
    *LINES,
    "Các ông Lê Văn Bé, bà Võ Thị Hồng có trách nhiệm thi hành",
    "Số: 417/QĐ-UBND",
    "The project shall be carried out by the district office.",
    "café résumé façade naïve Zürich",
    "1.200.000 đồng (một triệu hai trăm nghìn)",
    "— § 2 Abs. 1 —",
)


def said(line: str, says: Says) -> list[str]:
    return ["".join(map(says, word)) for word in line.split()]


@pytest.mark.parametrize("says", [tcvn3, vni])
@pytest.mark.parametrize("line", LINES)
def test_a_line_in_an_old_font_is_converted(line: str, says: Says) -> None:
    words = converted(said(line, says))
    assert words is not None
    if says is tcvn3:  # it has few capitals: fonts of capitals draw the small letters as such
        assert [word.casefold() for word in words] == line.casefold().split()
    else:
        assert words == line.split()


def test_small_letters_of_a_font_of_capitals_are_capitals_in_a_heading() -> None:
    assert converted(["QUYÕT", "§ÞNH"]) == ["QUYẾT", "ĐỊNH"]
    assert converted(["ñY", "BAN", "NH¢N", "D¢N"]) == ["ỦY", "BAN", "NHÂN", "DÂN"]


@pytest.mark.parametrize("says", [tcvn3, vni])
def test_a_short_line_is_converted_beside_others_in_that_font(says: Says) -> None:
    words = said("Số: 417/QĐ-UBND", says)
    assert converted(words) is None  # one word is no proof
    assert converted(words, known=True) == ["Số:", "417/QĐ-UBND"]


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("line", UNICODE)
def test_text_in_unicode_stays(line: str, known: bool) -> None:
    assert converted(line.split(), known=known) is None


def test_a_letter_of_faulty_conversions_is_mended() -> None:
    assert converted(["đƣợc", "thƣờng", "xuyên"]) == ["được", "thường", "xuyên"]


def test_both_tables_know_every_letter() -> None:
    for letter in vietnamese_letters():
        assert len(tcvn3(letter)) == 1
        assert tcvn3(letter) != letter or letter in "ýÝ"
        assert vni(letter) != letter or letter in "íìÍÌ"
