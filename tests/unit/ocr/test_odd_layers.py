"""Text that a PDF places in unusual ways is what is seen, word by word."""

from __future__ import annotations

import pytest

from ocr.files.text_layer import parse
from pipeline.model import Source
from tests.paper.odd_layers import Order, in_two_fonts
from tests.paper.text_layers import PAPER
from tests.unit.ocr.test_lying_layers import Read
from tests.unit.ocr.test_lying_layers import read as read
from tests.unit.ocr.test_lying_layers import reader as reader

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("sizes", [(13.0, 13.0), (12.0, 14.0)])
@pytest.mark.parametrize("order", ["runs", "lines", "page"])
def test_words_whose_letters_lie_in_two_fonts_are_whole(
    order: Order, sizes: tuple[float, float], read: Read
) -> None:
    """LibreOffice prints so where the font of a document lacks Vietnamese letters."""
    page = read(in_two_fonts(PAPER, order, sizes))
    assert (page.source, page.text.text.splitlines()) == (Source.TEXT_LAYER, list(PAPER))


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ((("ph", 0, 30), ("ườ", 30.2, 45), ("ng,", 45, 70)), "phường,"),
        ((("Ủ", 0, 10), ("y", 10, 18), ("ban", 22, 40)), "Ủy ban"),
        ((("236/Q", 0, 40), ("Đ", 40, 50), ("-UBND", 50, 90)), "236/QĐ-UBND"),
        ((("Số:", 0, 20), ("575", 20, 40)), "Số: 575"),
        ((("•", 0, 6), ("Phòng", 6, 50)), "• Phòng"),
        ((("......", 0, 30), ("Mẫu", 30, 50)), "...... Mẫu"),
        ((("tên", 0, 20), ("......", 20, 50)), "tên ......"),
        ((("An", 0, 20), ("Lâm", 22, 50)), "An Lâm"),
        ((("An", 0, 20), ("Lâm", 15, 50)), "An Lâm"),
    ],
)
def test_what_touches_is_one_word_only_inside_writing(
    parts: tuple[tuple[str, float, float], ...], words: str
) -> None:
    assert parse(xhtml_of([(*part, 0.0, 16.0) for part in parts]), 72).text == words


@pytest.mark.parametrize(
    ("top", "bottom", "words"),
    [(0.0, 10.0, "tổng 1"), (-5.0, 22.0, "tổng1"), (1.0, 16.0, "tổng1")],
    ids=["raised", "in a font of tall boxes", "level"],
)
def test_a_raised_sign_is_no_letter_of_the_word(top: float, bottom: float, words: str) -> None:
    parts = [("tổng", 0.0, 40.0, 20.0, 36.0), ("1", 40.0, 46.0, 20 + top, 20 + bottom)]
    assert parse(xhtml_of(parts), 72).text == words


def xhtml_of(parts: list[tuple[str, float, float, float, float]]) -> str:
    """Return poppler's XHTML of a line: words, left and right sides, tops and bottoms in points."""
    words = "".join(
        f'<word xMin="{left}" xMax="{right}" yMin="{top}" yMax="{bottom}">{text}</word>'
        for text, left, right, top, bottom in parts
    )
    return f'<html xmlns="http://www.w3.org/1999/xhtml"><line>{words}</line></html>'
