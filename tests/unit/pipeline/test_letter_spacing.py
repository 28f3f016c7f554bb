"""Words printed with gaps between their letters are joined; what is no word stays apart."""

from __future__ import annotations

import pytest

from pipeline.vietnamese import SpacedWord, joined_letters


def joined(line: str, wide: float = 2.0) -> str:
    """Join a line in which a space parts letters, and a bar words by a gap so much wider."""
    words, x = [], 0.0
    for word in line.split("|"):
        for letter in word.split():
            words.append(SpacedWord(letter, x, x + 10 * len(letter)))
            x += 10 * len(letter) + 5
        x += 5 * (wide - 1)
    return " ".join("".join(words[at].text for at in group) for group in joined_letters(words))


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("Q U Y Ế T|Đ Ị N H", "QUYẾT ĐỊNH"),
        ("Q U Y Ế T Đ Ị N H", "QUYẾT ĐỊNH"),
        ("V ề|v i ệ c|t h à n h|l ậ p|t ổ|c ô n g|t á c", "Về việc thành lập tổ công tác"),
        ("C Ộ N G H Ò A X Ã H Ộ I", "CỘNG HÒA XÃ HỘI"),
        ("TỜ T R Ì N H", "TỜ TRÌNH"),  # two letters stand nearer to each other
        ("B I Ê N|B Ả N :", "BIÊN BẢN :"),
        ("Q U Y É T|Đ I N H", "QUYÉT ĐINH"),  # misread marks: repair comes after
        ("Số: 12 ngày T H Ô N G|B Á O", "Số: 12 ngày THÔNG BÁO"),
    ],
)
def test_spaced_letters_are_joined(line: str, printed: str) -> None:
    assert joined(line) == printed


@pytest.mark.parametrize(
    "line",
    [
        *("A B C D E", "Họ tên: A B C D", "1 2 3 4 5", "a ) b ) c )", "X Y Z", "Hà Nội là", ""),
        *("x y z t", "I I I V"),
    ],
)
def test_what_is_no_word_stays_apart(line: str) -> None:
    assert joined(line) == " ".join(line.split())
