"""Text that a PDF places in unusual ways is what is seen, word by word."""

from __future__ import annotations

import pytest

from ocr.files.text_layer import parse
from ocr.page.layer_proof import clashing
from pipeline.model import CERTAIN, Box, Source, Word
from tests.paper.odd_layers import Order, in_two_fonts, redacted, watermarked
from tests.paper.overlaid_words import on_colour, overlapping, signed, with_raised
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
        ((("ngày", 0, 40), ("12", 40, 50)), "ngày 12"),
        ((("Số:", 0, 20), ("575", 20, 40)), "Số: 575"),
        ((("•", 0, 6), ("Phòng", 6, 50)), "• Phòng"),
        ((("......", 0, 30), ("Mẫu", 30, 50)), "...... Mẫu"),
        ((("tên", 0, 20), ("......", 20, 50)), "tên ......"),
        ((("An", 0, 20), ("Lâm", 22, 50)), "An Lâm"),
        ((("An", 0, 20), ("Lâm", 15, 50)), "An Lâm"),
        ((("1.250.000", 0, 50), ("2.400.000", 50, 100)), "1.250.000 2.400.000"),
    ],
)
def test_what_touches_is_one_word_only_inside_writing(
    parts: tuple[tuple[str, float, float], ...], words: str
) -> None:
    assert parse(xhtml_of([(*part, 0.0, 16.0) for part in parts]), 72).text == words


@pytest.mark.parametrize(
    ("top", "bottom", "sign", "words"),
    [
        (0.0, 10.0, "1", "tổng 1"),
        (-1.0, 12.0, "1", "tổng 1"),
        (3.0, 16.0, "1", "tổng 1"),
        (-3.0, 18.0, "s", "tổngs"),
        (-1.0, 12.0, "s", "tổng s"),
        (1.0, 16.0, "1", "tổng 1"),
        (1.0, 16.0, "/2", "tổng/2"),
        (-1.0, 12.0, "/2", "tổng /2"),
    ],
    ids=[
        "raised",
        "raised, large",
        "smaller",
        "in a font of tall boxes",
        "letter raised",
        "figure",
        "level",
        "figure raised",
    ],
)
def test_a_raised_sign_is_no_letter_of_the_word(
    top: float, bottom: float, sign: str, words: str
) -> None:
    parts = [("tổng", 0.0, 40.0, 20.0, 36.0), (sign, 40.0, 46.0, 20 + top, 20 + bottom)]
    assert parse(xhtml_of(parts), 72).text == words


@pytest.mark.parametrize("size", [0.7, 0.75, 0.8, 0.833, 0.9, 1.0])
def test_raised_figures_are_words_of_their_own(size: float, read: Read) -> None:
    """Browsers print <sup> at 0.833 of the size, word processors at 0.58 to 0.65."""
    numbers = ("1.250.000", "15", "(2025)", "tổng", "12/2025")
    page = read(with_raised(numbers, "2", size))
    found = page.text.text.split()[len(" ".join(PAPER).split()) :]
    assert found == [each for number in numbers for each in (number, "2", "của")]


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


@pytest.mark.parametrize("overlap", [2.5, 3.0, 3.5, 4.0, 8.0])
def test_words_that_overlap_are_kept_and_not_certain(overlap: float, read: Read) -> None:
    """A number filled into a template runs into what follows it; both are the file's own."""
    page = read(overlapping("Số quyết định 152", "năm của xã Mẫu Lâm", overlap))
    assert page.source is Source.TEXT_LAYER
    words = page.text.words[len(" ".join(PAPER).split()) :]
    assert sorted(word.text for word in words) == sorted(
        "Số quyết định 152 năm của xã Mẫu Lâm".split()
    )
    sure = {word.text for word in words if word.confidence >= CERTAIN}
    assert {"Số", "quyết", "định", "của", "xã", "Mẫu", "Lâm"} <= sure
    assert sure.isdisjoint({"152", "năm"}) or overlap < 3


def test_a_block_over_a_title_takes_no_words_away(read: Read) -> None:
    """Programs that sign draw who signed, small and in red, over the signer's title."""
    page = read(signed("CHỦ TỊCH ỦY BAN", ["Ký bởi: Ủy ban nhân dân xã", "Ngày 12/11/2025"]))
    found = " ".join(word.text for word in page.text.words)
    assert {*"CHỦ TỊCH ỦY BAN".split(), "bởi:", "Ngày", "12/11/2025"} <= set(found.split())


def test_pale_words_that_are_seen_are_kept(read: Read) -> None:
    """White heads of a table on light blue: of its words only the clearest are seen."""
    page = read(on_colour("STT Họ và tên Ngày sinh", (0.55, 0.7, 0.9)))
    assert {"STT", "Ngày"} <= {word.text for word in page.text.words[-3:]}


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
    [("DỰ THẢO", 60, 45, 0.8), ("DỰ THẢO", 60, 30, 0.55), ("BẢN SAO LƯU", 40, 20, 0.5)],
)
def test_pieces_of_a_slanted_watermark_are_no_words(
    text: str, size: float, angle: float, grey: float, read: Read
) -> None:
    page = read(watermarked(text, size, angle, grey))
    assert (page.source, page.text.text.splitlines()) == (Source.TEXT_LAYER, list(PAPER))


@pytest.mark.parametrize("angle", [45, 60])
def test_slanted_words_of_the_text_are_not_left_out(angle: float, read: Read) -> None:
    """Heads of narrow columns: poppler gives some of their pieces."""
    page = read(watermarked("Nghề nghiệp", 11, angle, 0.0))
    pieces = set(page.text.text.split()) - set(" ".join(PAPER).split())
    assert (page.source, "ệp" in pieces) == (Source.TEXT_LAYER, True)


def xhtml_of(parts: list[tuple[str, float, float, float, float]]) -> str:
    """Return poppler's XHTML of a line: words, left and right sides, tops and bottoms in points."""
    words = "".join(
        f'<word xMin="{left}" xMax="{right}" yMin="{top}" yMax="{bottom}">{text}</word>'
        for text, left, right, top, bottom in parts
    )
    return f'<html xmlns="http://www.w3.org/1999/xhtml"><line>{words}</line></html>'
