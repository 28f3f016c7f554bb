"""Names are sorted as people number their pages, and every name has its one place."""

from __future__ import annotations

import os
import random
import re
import unicodedata
from functools import cmp_to_key
from itertools import pairwise

import pytest

from pipeline.vietnamese.file_order import reading_order

ROWS = {
    "the first without a number": ["Scan.pdf", "Scan 2.pdf", "Scan 3.pdf", "Scan 10.pdf"],
    "copies as Windows counts them": ["đơn.pdf", "đơn (2).pdf", "đơn (3).pdf", "đơn (10).pdf"],
    "separators of several hands": ["Scan.tif", "scan_2.tif", "Scan-3.tif", "SCAN 10.tif"],
    "numbers inside": ["a", "a1b2", "a01b3", "a1b10", "a2", "a10b1", "b"],
    "zeros in front": ["01.png", "2.png", "003.png", "10.png", "0011.png"],
    "long numbers": ["9" * 30 + ".png", "1" + "0" * 30 + ".png", "1" + "0" * 200 + ".png"],
    "full-width digits": ["trang１.png", "trang 2.png", "trang３.png", "trang１０.png"],
    "number words": [
        "Trang.pdf",
        "Trang một.pdf",
        "Trang 2.pdf",
        "Trang ba.pdf",
        "trang thứ tư.pdf",
        "Trang_mười.pdf",
        "Trang hai mươi mốt.pdf",
        "Trang 22.pdf",
        "Trang một trăm linh năm.pdf",
    ],
    "words alone": ["một.pdf", "hai.pdf", "Ba.pdf", "bốn.pdf", "9.pdf", "mười.pdf", "mười một.pdf"],
    "annexes": ["Phụ lục một", "Phụ lục hai", "PHỤ LỤC 3", "phụ lục mười"],
    "words that are names": ["Nguyễn Văn An", "Nguyễn Văn Ba", "Nguyễn Văn Chín", "Nguyễn Văn Hai"],
    "a year is no five": ["bản năm 2024.pdf", "bản năm 2025.pdf", "bản vẽ.pdf"],
    "dots that begin no extension": ["1.2 Đơn", "1.9 Tờ khai", "1.10 Giấy", "2"],
    "codes": ["H26.19.25-260105-0007", "H26.19.25-260105-0010", "H26.19.25-260106-0001"],
    "the alphabet": ["Anh.pdf", "Ảnh.pdf", "Biên bản.pdf", "Đơn.pdf", "Giấy.pdf", "Ủy quyền.pdf"],
    "extensions last": ["x.jpg", "x.pdf", "x 2.jpg", "x 2.pdf", "x 10.jpg"],
    "versions": ["a.v2.pdf", "a.v9.pdf", "a.v10.pdf"],
}


@pytest.mark.parametrize("row", ROWS)
def test_the_row_people_mean(row: str) -> None:
    for form in ("NFC", "NFD"):  # macOS writes the second
        wanted = [unicodedata.normalize(form, name) for name in ROWS[row]]
        shuffled = random.Random(row).sample(wanted, len(wanted))
        assert sorted(shuffled, key=reading_order) == wanted


PIECES = [
    *"ab Z-_.()",
    *"0 1 2 9 10 007 １２ ٣ ²".split(),
    *"trang Trang đ Đ ư\u0323 ậ năm một hai mươi .pdf .tif .25 ß ﬁ \udcff".split(),
    "\n",
    "trang mười",
]


def any_name(chance: random.Random) -> str:
    return "".join(chance.choices(PIECES, k=chance.randint(1, 6)))


def test_the_order_is_total_and_the_same_from_any_start() -> None:
    chance = random.Random(11)
    for _ in range(200):
        names = {any_name(chance) for _ in range(40)}
        row = sorted(names, key=reading_order)
        keys = [reading_order(name) for name in row]
        assert all(before < after for before, after in pairwise(keys))
        assert sorted(chance.sample(row, len(row)), key=reading_order) == row


def by_hand(left: str, right: str) -> int:
    """Compare names of letters, digits and a suffix as one would do it by hand."""
    stems = [re.findall(r"\d+|[a-z]+", name.removesuffix(".pdf")) for name in (left, right)]
    for mine, yours in zip(*stems, strict=False):
        if mine.isdigit() != yours.isdigit():
            return -1 if mine.isdigit() else 1  # no text before a number comes before text
        if mine.isdigit() and int(mine) != int(yours):
            return -1 if int(mine) < int(yours) else 1
        if not mine.isdigit() and mine != yours:
            return -1 if mine < yours else 1
    if len(stems[0]) != len(stems[1]):
        return -1 if len(stems[0]) < len(stems[1]) else 1
    return -1 if left < right else 1


def test_plain_names_stand_as_by_hand() -> None:
    chance = random.Random(12)
    for _ in range(200):
        names = {
            "".join(chance.choices(["a", "c", "x", "0", "1", "7", "10"], k=chance.randint(1, 6)))
            + ".pdf"
            for _ in range(30)
        }
        assert sorted(names, key=reading_order) == sorted(names, key=cmp_to_key(by_hand))


def test_names_that_are_no_text_have_a_place_too() -> None:
    names = [os.fsdecode(name) for name in (b"\xff 10.pdf", b"\xff 2.pdf", b"\xff.pdf")]
    assert sorted(names, key=reading_order) == names[::-1]
