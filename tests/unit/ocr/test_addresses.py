"""E-mail and web addresses are one word, without signs that no address has."""

from __future__ import annotations

import pytest

from ocr.engines.port import OcrWord
from ocr.page.addresses import with_addresses
from ocr.page.noise import without_false_words
from pipeline.model import CERTAIN, Box


def line(text: str, gap: int = 6) -> list[OcrWord]:
    """Words of a line; a gap of 6 pixels is a space, of words 20 pixels high."""
    words, x = [], 0
    for word in text.split():
        words.append(OcrWord(word, 0.95, Box(x, 0, 10 * len(word), 20)))
        x += 10 * len(word) + gap
    return words


def read(text: str, gap: int = 6) -> list[str]:
    return [word.text for word in without_false_words(with_addresses(line(text, gap)))]


@pytest.mark.parametrize(
    ("seen", "printed"),
    [
        ("vanthu@)muong.gov.vn", ["vanthu@muong.gov.vn"]),
        ("ubnd.xa-muong@®muong.edu.vn", ["ubnd.xa-muong@muong.edu.vn"]),
        ("(vanthu®muong.gov.vn)", ["(vanthu@muong.gov.vn)"]),
        ("vanthu @muong.gov.vn", ["vanthu@muong.gov.vn"]),
        ("gửi vanthu@ muong.gov. vn, hoặc", ["gửi", "vanthu@muong.gov.vn,", "hoặc"]),
        ("phòngtccb@muong.gov.vn", ["phongtccb@muong.gov.vn"]),
        ("https:/www.muong.gov.vn/tin-tuc", ["https://www.muong.gov.vn/tin-tuc"]),
        ("tử:vănthu@muong.gov.vn", ["tử:", "vanthu@muong.gov.vn"]),
        ("E-mail:vanthu@muong.gov.vn", ["E-mail:", "vanthu@muong.gov.vn"]),
        ("Website:muong.gov.vn", ["Website:", "muong.gov.vn"]),
    ],
)
def test_an_address_is_one_word(seen: str, printed: list[str]) -> None:
    assert read(seen) == printed


@pytest.mark.parametrize(
    "text",
    [
        "a@muong.vn, b@muong.vn",
        "Công ty ABC® tại ©2024",
        "xem http://muong.gov.vn/tin ngày 10:30",
        "muong.gov.vn vn-office gửi vanthu@muong.gov.vn vào",
        "giá @ 5.000 đồng",
    ],
)
def test_what_is_whole_or_no_address_stays(text: str) -> None:
    assert read(text) == text.split()


def test_pieces_that_stand_far_apart_are_not_joined() -> None:
    assert read("vanthu@ muong.gov.vn", gap=60) == ["vanthu@", "muong.gov.vn"]


def test_what_was_mended_is_not_certain_and_keeps_what_was_read() -> None:
    (word,) = with_addresses(line("vanthu @)muong.gov.vn"))
    assert word.text == "vanthu@muong.gov.vn"
    assert word.raw == "vanthu @)muong.gov.vn"
    assert word.confidence < CERTAIN
    assert (word.box.left, word.box.right) == (0, 10 * 6 + 6 + 10 * 14)
