"""Text that a PDF places in unusual ways is what is seen, word by word."""

from __future__ import annotations

import pytest

from ocr.files.text_layer import parse
from ocr.page.layer_proof import clashing
from pipeline.model import CERTAIN, Box, Source, Word
from tests.paper.odd_layers import Order, in_two_fonts, redacted, watermarked
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


@pytest.mark.parametrize("margin", [0.0, 1.0, 3.0])
@pytest.mark.parametrize("grey", [0.0, 0.7, 1.0], ids=["black", "grey", "white"])
def test_words_under_a_box_are_not_seen(grey: float, margin: float, read: Read) -> None:
    hidden = ("Luật", "phương", "236/QĐ-UBND", "kinh")
    page = read(redacted(hidden, grey, margin))
    assert page.source is Source.TEXT_LAYER
    assert {word.text for word in page.text.words}.isdisjoint(hidden)
    kept = [word for line in PAPER for word in line.split() if word not in hidden]
    assert page.text.text.split() == kept


@pytest.mark.engine
def test_words_under_a_box_that_is_written_on_are_not_certain(read: Read) -> None:
    page = read(redacted(("phương", "236/QĐ-UBND"), 0.0, 1.0, over="[đã che]"))
    sure = {word.text for word in page.text.words if word.confidence >= CERTAIN}
    assert sure.isdisjoint({"phương", "236/QĐ-UBND"})
    assert {"QUYẾT", "Kinh", "52/TTr-KT,"} <= sure


def test_only_words_in_one_place_clash() -> None:
    places = [("Người", 0, 0), ("Căn", 4, 0), ("cứ", 40, 0), ("Luật", 60, 0), ("Tổ", 0, 14)]
    words = [Word(text, 1.0, Box(left, top, 36, 18)) for text, left, top in places]
    assert clashing(words) == {0, 1, 2, 3}
    words = [Word(text, 1.0, Box(left, top, 20, 18)) for text, left, top in places]
    assert clashing(words) == {0, 1}
    assert clashing([Word("Căn", 1.0, Box(left, 0, 36, 18)) for left in (0, 1)]) == set()
    assert clashing([]) == set()


@pytest.mark.parametrize(
    ("text", "size", "angle", "grey"),
    [
        ("DỰ THẢO", 60, 45, 0.8),
        ("DỰ THẢO", 60, 30, 0.55),
        ("BẢN SAO KHÔNG CÓ GIÁ TRỊ", 16, 20, 0.5),
    ],
)
def test_pieces_of_a_slanted_watermark_are_no_words(
    text: str, size: float, angle: float, grey: float, read: Read
) -> None:
    page = read(watermarked(text, size, angle, grey))
    assert (page.source, page.text.text.splitlines()) == (Source.TEXT_LAYER, list(PAPER))


def xhtml_of(parts: list[tuple[str, float, float, float, float]]) -> str:
    """Return poppler's XHTML of a line: words, left and right sides, tops and bottoms in points."""
    words = "".join(
        f'<word xMin="{left}" xMax="{right}" yMin="{top}" yMax="{bottom}">{text}</word>'
        for text, left, right, top, bottom in parts
    )
    return f'<html xmlns="http://www.w3.org/1999/xhtml"><line>{words}</line></html>'
