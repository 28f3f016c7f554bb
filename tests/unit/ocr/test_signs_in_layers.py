"""Letters that a file says in an unusual way are the letters that are seen."""

from __future__ import annotations

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from ocr.files.text_layer import parse
from ocr.page.layer_lines import Verdict, judged_lines
from pipeline.model import Box, Line, PageText, Source, Word
from pipeline.vietnamese import converted, marks_in_order
from tests.paper import text_layers
from tests.paper.false_letters import (
    Says,
    other_figures,
    other_tones,
    parted,
    some_private,
    tcvn3,
    tied,
    tone_apart,
    tone_first,
    vni,
)
from tests.paper.text_layers import PAPER, Part, digital_page
from tests.unit.ocr.test_layer_lines import layer
from tests.unit.ocr.test_lying_layers import Read, lost
from tests.unit.ocr.test_lying_layers import read as read
from tests.unit.ocr.test_lying_layers import reader as reader

WORDS = PAPER[4].split()


@pytest.mark.slow
@pytest.mark.engine
@pytest.mark.parametrize("says", [tone_first, tone_apart, tied, parted])
def test_letters_said_in_parts_are_whole(says: Says, read: Read) -> None:
    page = read(digital_page([Part(PAPER, says)]))
    assert (page.source, page.text.text.splitlines()) == (Source.TEXT_LAYER, list(PAPER))


@pytest.mark.slow
@pytest.mark.engine
def test_lines_with_single_letters_in_private_codes_are_read(read: Read) -> None:
    page = read(digital_page([Part(PAPER, some_private)]))
    assert page.text.text.splitlines() == list(PAPER)
    assert not any("\ue000" <= char <= "\uf8ff" for char in page.text.text)


@pytest.mark.slow
@pytest.mark.engine
@pytest.mark.parametrize("says", [other_figures, other_tones])
def test_a_font_that_says_what_no_paper_can_is_not_believed(says: Says, read: Read) -> None:
    page = read(digital_page([Part(PAPER, says)]))
    assert (page.source, page.text.text.splitlines()) == (Source.OCR, list(PAPER))


@pytest.mark.slow
@pytest.mark.engine
def test_what_a_writer_printed_wrong_stays(read: Read) -> None:
    lines = (*PAPER[:4], "Hạn nộp: ngày 34 tháng 13 năm 2025", "sau ngày 36 tháng 13 năm 2025.")
    page = read(digital_page([Part(lines)]))
    assert (page.source, page.text.text.splitlines()) == (Source.TEXT_LAYER, list(lines))


@pytest.mark.slow
@pytest.mark.engine
@pytest.mark.parametrize("says", [tcvn3, vni])
def test_each_part_of_a_line_has_its_own_font(says: Says, read: Read) -> None:
    page = read(mixed_page(says))
    assert (page.source, lost(page)) == (Source.TEXT_LAYER, [])


def mixed_page(says: Says) -> bytes:
    """Return a page the second half of whose lines is set in an old font."""
    packed = io.BytesIO()
    canvas = Canvas(packed, pagesize=(text_layers.WIDTH, text_layers.HEIGHT), invariant=1)
    plain, old = text_layers.named_fonts(2)
    for number, line in enumerate(PAPER):
        words = line.split()
        half = " ".join(words[: len(words) // 2]) + " "
        text = canvas.beginText(60, 770 - 26 * number)
        for font, part in ((plain, half), (old, line[len(half) :])):
            text.setFont(font, 13)
            text.textOut(part)
        canvas.drawText(text)
    canvas.showPage()
    canvas.save()
    return text_layers.relabelled(packed.getvalue(), {plain: str, old: says})


def test_a_word_is_converted_only_where_its_neighbours_are() -> None:
    half = [*WORDS[:6], *("".join(map(tcvn3, word)) for word in WORDS[6:])]
    assert converted(half) == WORDS
    assert converted(half[::-1]) == WORDS[::-1]
    assert converted(WORDS) is None
    assert converted("Giấy chứng nhận kết hôn và trò chơi".split(), known=True) is None


def test_bullets_glued_to_a_word_are_none_of_it() -> None:
    lines = judged_lines(layer("\uf0a8Đăng ký lại \uf0a8Có \uf0a8Không", "\uf0b71. Kế hoạch"))
    assert [each.line.text for each in lines] == ["Đăng ký lại Có Không", "1. Kế hoạch"]
    (letters,) = judged_lines(layer("phê duy\uf0eat k\uf0e9 hoạch sửa chữa trạm bơm số ba"))
    assert letters.verdict is Verdict.ODD


def test_what_fonts_draw_as_one_letter_is_letters() -> None:
    word = '<word xMin="0" yMin="0" xMax="9" yMax="9">{}</word>'
    said = {"ﬁle": "file", "oﬃce": "office", "\ufeffĐ\u200dơn": "Đơn", "MÃ\u0302U": "MẪU"}
    xhtml = "".join(word.format(each) for each in said)
    page = parse(f'<d xmlns="http://www.w3.org/1999/xhtml"><line>{xhtml}</line></d>', 72)
    assert [each.text for each in page.words] == list(said.values())


@pytest.mark.parametrize("letter", "ấầẩẫậếềểễệốồổỗộắằẳẵặớờởỡợứừửữựáàảãạ")
def test_marks_in_any_order_are_one_letter(letter: str) -> None:
    for each in (letter, letter.upper()):
        assert marks_in_order(tone_first(each)) == each
        assert marks_in_order(each) == each


def spaced(text: str, left: int, top: int = 40) -> Line:
    """Return a line of letters that stand apart."""
    boxes = (Box(left + 30 * at, top, 20, 30) for at in range(len(text)))
    return Line(tuple(Word(letter, 1.0, box) for letter, box in zip(text, boxes, strict=True)))


def test_words_in_letters_apart_are_one_line_across_a_wide_gap() -> None:
    rows = spaced("TỜ", 60), spaced("QUYẾT", 60, 90), spaced("TRÌNH", 190), spaced("ĐỊNH", 290, 90)
    lines = judged_lines(PageText(rows))
    assert [each.line.text for each in lines] == ["TỜ TRÌNH", "QUYẾT ĐỊNH"]
    far = judged_lines(PageText((spaced("ABCD", 60), spaced("EF", 600))))
    assert [each.line.text for each in far] == ["A B C D", "E F"]


def test_only_powers_of_metres_above_the_line_are_part_of_their_word() -> None:
    words = (
        *(("125", 0, 20, 22, 40), ("m", 26, 20, 38, 40), ("2", 38, 21, 42, 32)),
        *(("theo", 46, 20, 70, 40), ("12", 82, 21, 90, 32), ("5", 90, 20, 99, 40)),
        *(("vẽ", 104, 20, 118, 40), ("12", 118, 21, 126, 32)),
    )
    said = "".join(
        f'<word xMin="{left}" yMin="{top}" xMax="{right}" yMax="{bottom}">{text}</word>'
        for text, left, top, right, bottom in words
    )
    page = parse(f'<d xmlns="http://www.w3.org/1999/xhtml"><line>{said}</line></d>', 72)
    assert page.text == "125 m² theo 12 5 vẽ 12"
    assert page.words[1].box == Box(26, 20, 16, 20)
