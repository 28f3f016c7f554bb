"""What is drawn over a picture is seen, unless its letters have no shape."""

from __future__ import annotations

import io

import pikepdf
import pytest
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ocr.files.formats.blank_pictures import BlankPictures
from ocr.files.formats.empty_fonts import FontShapes
from ocr.files.page_content import walk
from pipeline.model import Source
from tests.paper.drawn_letters import han_page, page_in_an_empty_font
from tests.paper.text_layers import (
    HEIGHT,
    PAPER,
    WIDTH,
    Part,
    digital_page,
    named_fonts,
    picture_of,
    scanned_page,
)
from tests.unit.ocr.test_lying_layers import POOR, Read
from tests.unit.ocr.test_lying_layers import read as read
from tests.unit.ocr.test_lying_layers import reader as reader

pytestmark = [pytest.mark.slow, pytest.mark.engine]

OTHER = tuple(line.replace("16 tháng 6", "18 tháng 9").replace("52/", "57/") for line in PAPER)
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


def lying_page(grey: float, opacity: float, *, as_mask: bool) -> bytes:
    """Return the scan of a page, and over it filled text that says something else.

    Args:
        grey: the fill of that text; 1 is white.
        opacity: its opacity.
        as_mask: whether the print is a mask on a picture of blank paper.
    """
    packed, whole = io.BytesIO(), io.BytesIO()
    canvas = Canvas(packed, pagesize=(WIDTH, HEIGHT), invariant=1)
    if as_mask:
        paper = Image.new("RGB", (300, 400), "white")
        canvas.drawImage(ImageReader(paper), 0, 0, WIDTH, HEIGHT)
    else:
        canvas.drawImage(ImageReader(picture_of(PAPER)), 0, 0, WIDTH, HEIGHT)
    (font,) = named_fonts(1)
    canvas.showPage()
    canvas.setFillGray(grey)
    canvas.setFillAlpha(opacity)
    canvas.setFont(font, 13)
    for number, line in enumerate(OTHER):
        canvas.drawString(60, 770 - 26 * number, line)
    canvas.save()
    with pikepdf.open(packed) as pdf:
        page = pdf.pages[0]
        if as_mask:
            with pikepdf.open(io.BytesIO(scanned_page(PAPER, (), "mask"))) as print_alone:
                page.add_overlay(print_alone.pages[0], None)
        page.add_overlay(pdf.pages[1], None)
        del pdf.pages[1]
        pdf.save(whole)
    return whole.getvalue()


@pytest.mark.parametrize("as_mask", [False, True], ids=["picture", "mask"])
@pytest.mark.parametrize(
    ("grey", "opacity"), [(1, 1), (0, 0.01)], ids=["white", "nearly transparent"]
)
def test_text_over_the_print_of_a_picture_is_not_believed(
    grey: float, opacity: float, as_mask: bool, read: Read
) -> None:
    page = read(lying_page(grey, opacity, as_mask=as_mask))
    assert page.source is Source.OCR
    said = page.text.text
    assert "18 tháng 9" not in said
    assert "57/" not in said


def test_pictures_of_paper_and_pale_emblems_are_told_from_print() -> None:
    emblem = Image.new("L", (1240, 1754), 250)
    ImageDraw.Draw(emblem).ellipse((400, 600, 840, 1040), fill=232, outline=228, width=6)
    tint = Image.new("RGB", (9, 9), "grey")
    for picture, is_blank in ((emblem, True), (tint, True), (picture_of(PAPER), False)):
        file = io.BytesIO()
        picture.save(file, "JPEG")
        assert shows_nothing(file.getvalue(), picture) is is_blank
    assert not BlankPictures().shows_nothing(None)


def test_a_picture_that_cannot_be_decoded_may_have_print() -> None:
    file = io.BytesIO()
    paper = Image.new("L", (600, 800), 250)
    paper.save(file, "JPEG")
    assert not shows_nothing(file.getvalue()[:-300], paper)


def shows_nothing(data: bytes, picture: Image.Image) -> bool:
    """Tell what is found of a picture as an object of a PDF, packed as JPEG."""
    pdf = pikepdf.new()
    image = pdf.make_stream(data, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image)
    image.Width, image.Height = picture.size
    image.ColorSpace = {"L": pikepdf.Name.DeviceGray, "RGB": pikepdf.Name.DeviceRGB}[picture.mode]
    image.BitsPerComponent = 8
    image.Filter = pikepdf.Name.DCTDecode
    return BlankPictures().shows_nothing(image)


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
