"""What is drawn over a picture is seen, unless its letters have no shape."""

from __future__ import annotations

import io

import pikepdf
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ocr.files.formats.empty_fonts import FontShapes
from ocr.files.page_content import walk
from pipeline.model import Source
from tests.paper.drawn_letters import han_page, page_in_an_empty_font
from tests.paper.text_layers import HEIGHT, PAPER, WIDTH, Part, digital_page, named_fonts
from tests.unit.ocr.test_lying_layers import POOR, Read
from tests.unit.ocr.test_lying_layers import read as read
from tests.unit.ocr.test_lying_layers import reader as reader

pytestmark = [pytest.mark.slow, pytest.mark.engine]

BESIDE = ("Thôn Nà Lượt có mười hộ", "Thôn Huổi Lếch có hai mươi hộ")


def on_tinted_paper(data: bytes, *, over: bool) -> bytes:
    """Return a page with a picture of paper under its text, or over it."""
    packed, whole = io.BytesIO(), io.BytesIO()
    canvas = Canvas(packed, pagesize=(WIDTH, HEIGHT), invariant=1)
    paper = Image.linear_gradient("L").point(lambda value: 235 + value // 16).convert("RGB")
    canvas.drawImage(ImageReader(paper), 0, 0, WIDTH, HEIGHT)
    canvas.save()
    with pikepdf.open(io.BytesIO(data)) as pdf, pikepdf.open(packed) as tint:
        place = pdf.pages[0].add_overlay if over else pdf.pages[0].add_underlay
        place(tint.pages[0], None)
        pdf.save(whole)
    return whole.getvalue()


def test_text_over_a_picture_of_paper_is_the_text_of_the_page(read: Read) -> None:
    page = read(on_tinted_paper(digital_page([Part(PAPER)]), over=False))
    assert (page.source, page.text.text.splitlines()) == (Source.TEXT_LAYER, list(PAPER))


def test_text_under_a_picture_is_hidden() -> None:
    for over in (True, False):
        data = on_tinted_paper(digital_page([Part(PAPER)]), over=over)
        with pikepdf.open(io.BytesIO(data)) as pdf:
            assert walk(pdf.pages[0]).has_seen_text is not over


@pytest.mark.parametrize("hidden", [POOR, PAPER[::-1]], ids=["poor", "elsewhere"])
def test_filled_letters_without_a_shape_are_hidden(hidden: tuple[str, ...], read: Read) -> None:
    page = read(page_in_an_empty_font(PAPER, hidden))
    assert (page.source, page.text.text.splitlines()) == (Source.OCR, list(PAPER))


def test_fonts_with_shapes_are_told_from_those_without() -> None:
    pages = {page_in_an_empty_font((), ("a",)): True, han_page(): False}
    pages[digital_page([Part(("a",))])] = False
    for data, is_empty in pages.items():
        with pikepdf.open(io.BytesIO(data)) as pdf:
            resources = pdf.pages[0].resources
            embedded = [name for name, font in resources.Font.items() if "/ToUnicode" in font]
            assert {FontShapes().are_none(resources, name) for name in embedded} == {is_empty}


@pytest.mark.parametrize(("turn", "order"), [(90, 1), (270, -1)])
def test_lines_that_run_up_or_down_come_last(turn: int, order: int, read: Read) -> None:
    packed = io.BytesIO()
    canvas = Canvas(packed, pagesize=(WIDTH, HEIGHT), invariant=1)
    (font,) = named_fonts(1)
    canvas.setFont(font, 13)
    for number, line in enumerate(PAPER[:6]):
        canvas.drawString(60, 770 - 26 * number, line)
    for number, line in enumerate(BESIDE):
        canvas.saveState()
        canvas.translate(300 + 30 * order * number, 150 if turn == 90 else 500)
        canvas.rotate(turn)
        canvas.setFont(font, 11)
        canvas.drawString(0, 0, line)
        canvas.restoreState()
    canvas.save()
    page = read(packed.getvalue())
    assert (page.source, page.measures.orientation) == (Source.TEXT_LAYER, 0)
    assert page.text.text.splitlines() == [*PAPER[:6], *BESIDE]
