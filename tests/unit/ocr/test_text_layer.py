"""A true text layer is taken as it is, anything else is read from the page, page by page."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from ocr import open_reader
from ocr.files.pdf_page import render_page
from ocr.files.text_layer import parse
from ocr.image.measure import analyse
from ocr.page.layer_reading import LayeredPage
from ocr.reader import Reader
from pipeline.model import Page, PageText, Source
from pipeline.settings import ReadingSettings
from pipeline.vietnamese import nfc
from tests.paper import draw_page, save_born_digital, save_pdf, typeface
from tests.paper.fonts import Style

pytestmark = pytest.mark.slow  # pages are drawn, opened in a process, and measured

A4 = (595.0, 842.0)
SIGNED = (
    "Người ký: Ủy ban nhân dân tỉnh",
    "Cơ quan: Văn phòng Ủy ban nhân dân",
    "Thời gian ký: 14:05 ngày 02 tháng 3 năm 2026",
)
ENGLISH = (
    "The project shall be carried out by the district office.",
    "Payment is due within thirty days “after receipt”.",
)
# "Cộng hòa xã hội chủ nghĩa Việt Nam" in the bytes of TCVN3, which poppler shows as Latin-1.
OLD_FONT = ("Céng hßa x· héi chñ nghÜa ViÖt Nam", "§éc lËp - Tù do - H¹nh phóc", "QuyÕt ®Þnh")


@pytest.fixture(scope="module")
def reader() -> Reader:
    return open_reader(ReadingSettings())


def printed_pdf(lines: tuple[str, ...]) -> bytes:
    """A born-digital page with these lines, Noto Serif 14 pt from (100, 700) down."""
    face = typeface("noto-serif").path(Style.REGULAR)
    pdfmetrics.registerFont(TTFont("Noto", str(face)))
    packed = io.BytesIO()
    canvas = Canvas(packed, pagesize=A4)
    canvas.setFont("Noto", 14)
    for number, line in enumerate(lines):
        canvas.drawString(100, 700 - 24 * number, line)
    canvas.showPage()
    canvas.save()
    return packed.getvalue()


def overlaid(scan: Path, over: bytes, out: Path) -> Path:
    """Lay a born-digital page over a scanned one, as portals do when they sign."""
    with pikepdf.open(scan) as below, pikepdf.open(io.BytesIO(over)) as above:
        below.pages[0].add_overlay(above.pages[0], None)
        below.save(out)
    return out


def read(reader: Reader, path: Path, number: int = 1) -> Page:
    return reader.read_page(path, number).page


def share_found(words: list[str], page: Page) -> float:
    left = [word.text for word in page.text.words]
    found = 0
    for word in words:
        if word in left:
            left.remove(word)
            found += 1
    return found / len(words)


def test_a_born_digital_page_is_taken_letter_by_letter(reader: Reader, tmp_path: Path) -> None:
    (truth,) = save_born_digital(3, tmp_path / "page.pdf")
    page = read(reader, tmp_path / "page.pdf")
    assert page.source is Source.TEXT_LAYER
    assert sorted(nfc(word) for word in truth.text.split()) == sorted(
        word.text for word in page.text.words if word.text in truth.text
    )
    assert all(word.confidence == 1 for word in page.text.words)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_boxes_of_the_layer_lie_on_the_ink(reader: Reader, turn: int, tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    with pikepdf.open(io.BytesIO(printed_pdf(SIGNED))) as pdf:
        pdf.pages[0].Rotate = turn
        pdf.pages[0].CropBox = [40, 30, 560, 800]
        pdf.save(path)
    page = read(reader, path)
    assert page.source is Source.TEXT_LAYER
    assert sorted(page.text.text.split()) == sorted(" ".join(SIGNED).split())
    raster = render_page(path, 1, page.measures.dpi, 30, tmp_path).load().pixels
    assert raster.shape[:2] == (page.measures.height, page.measures.width)
    for word in page.text.words:
        box = word.box
        assert raster[box.top : box.bottom, box.left : box.right].min() < 100, word


@pytest.mark.engine
def test_a_garbage_layer_is_ignored(reader: Reader, tmp_path: Path) -> None:
    (truth,) = save_pdf([draw_page("B", 6, 150)], tmp_path / "scan.pdf", garbage=True)
    page = read(reader, tmp_path / "scan.pdf")
    assert page.source is Source.OCR
    assert share_found(truth.text.split(), page) > 0.85


@pytest.mark.engine
def test_good_words_that_explain_little_do_not_stand_for_the_page(
    reader: Reader, tmp_path: Path
) -> None:
    """A digital signature prints some twenty good words over a full-page scan."""
    (truth,) = save_pdf([draw_page("B", 7, 150)], tmp_path / "scan.pdf")
    path = overlaid(tmp_path / "scan.pdf", printed_pdf(SIGNED), tmp_path / "signed.pdf")
    page = read(reader, path)
    assert page.source is Source.OCR
    assert share_found(truth.text.split(), page) > 0.75


@pytest.mark.engine
def test_each_page_of_a_mixed_file_is_decided_alone(reader: Reader, tmp_path: Path) -> None:
    save_pdf([draw_page("B", 8, 150)], tmp_path / "scan.pdf")
    with pikepdf.open(tmp_path / "scan.pdf") as mixed:
        digital = pikepdf.open(io.BytesIO(printed_pdf(SIGNED)))
        mixed.pages.append(digital.pages[0])
        mixed.save(tmp_path / "mixed.pdf")
    sources = [read(reader, tmp_path / "mixed.pdf", number).source for number in (1, 2)]
    assert sources == [Source.OCR, Source.TEXT_LAYER]


def test_another_language_is_no_garbage(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "page.pdf").write_bytes(printed_pdf(ENGLISH))
    page = read(reader, tmp_path / "page.pdf")
    assert page.source is Source.TEXT_LAYER
    assert "thirty days" in page.text.text


@pytest.mark.engine
def test_text_in_old_fonts_is_converted(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "page.pdf").write_bytes(printed_pdf(OLD_FONT))
    page = read(reader, tmp_path / "page.pdf")
    assert page.source is Source.TEXT_LAYER
    assert page.text.text.splitlines()[0] == "Cộng hòa xã hội chủ nghĩa Việt Nam"
    assert page.text.words[0].raw == "Céng"


def test_a_layer_that_cannot_be_parsed_counts_as_none() -> None:
    for broken in ("", "<html><doc><page", "<html></html>"):
        assert parse(broken, 200) == PageText()


def test_a_page_without_a_layer_has_no_true_one() -> None:
    pixels = np.full((300, 200), 255, np.uint8)
    page = LayeredPage(PageText(), 0, pixels, analyse(pixels, 0))
    assert page.text(lambda *_: pytest.fail("nothing to prove")) is None
