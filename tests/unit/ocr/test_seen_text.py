"""What is seen of a PDF's text layer is told from what others read, by the page's content alone."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest
from pikepdf import Dictionary, Name
from PIL import Image

from ocr.files import poppler, seen_text
from ocr.files.raster import RasterFile
from ocr.files.seen_text import SeenText
from tests.paper.text_layers import PAPER, Manner, Part, digital_page, scanned_page

pytestmark = pytest.mark.slow

READING = tuple(line.upper() for line in PAPER)  # what another program made of it
MANNERS: tuple[Manner, ...] = (
    *("whole", "strips", "tiles", "mask", "card", "under", "clear", "form"),
)


def seen(data: bytes, folder: Path) -> SeenText:
    path = folder / "page.pdf"
    path.write_bytes(data)
    size = poppler.page_sizes(path, 1, 1)[0]
    content = seen_text.content_of(path, 1)
    return seen_text.extract(path, content, seen_text.Rendering(1, size, 72.0), 20, folder)


@pytest.mark.parametrize("manner", MANNERS)
def test_a_reading_that_nobody_sees_is_hidden(manner: Manner, tmp_path: Path) -> None:
    found = seen(scanned_page(PAPER, READING, manner), tmp_path)
    assert not found.seen.lines
    assert found.hidden.text.splitlines() == list(READING)


@pytest.mark.parametrize(("manner", "least"), [("strips", 0.99), ("tiles", 0.99), ("mask", 0.99)])
def test_pieces_of_a_scan_cover_the_page_together(
    manner: Manner, least: float, tmp_path: Path
) -> None:
    (tmp_path / "page.pdf").write_bytes(scanned_page(PAPER, READING, manner))
    content = seen_text.content_of(tmp_path / "page.pdf", 1)
    assert content is not None
    assert content.covered >= least


def test_text_on_a_digital_page_is_seen(tmp_path: Path) -> None:
    logo = Image.new("L", (100, 100), 80)
    found = seen(digital_page([Part(PAPER)], picture=logo), tmp_path)
    assert found.seen.text.splitlines() == list(PAPER)
    assert not found.hidden.lines


def test_hidden_text_beside_text_that_is_seen_is_told_apart(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with (
        pikepdf.open(io.BytesIO(scanned_page(PAPER, READING, "card"))) as scan,
        pikepdf.open(io.BytesIO(digital_page([Part(("Bản sao có chứng thực",))]))) as over,
    ):
        scan.pages[0].MediaBox = [0, 0, 595, 1000]
        over.pages[0].MediaBox = [0, -158, 595, 842]
        scan.pages[0].add_overlay(over.pages[0], pikepdf.Rectangle(0, 0, 595, 1000))
        scan.save(packed)
    found = seen(packed.getvalue(), tmp_path)
    assert found.seen.text == "Bản sao có chứng thực"
    assert found.hidden.text.splitlines() == list(READING)


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
@pytest.mark.parametrize("written", [0, 90, 180, 270])
def test_turned_writing_comes_in_order_where_it_stands(
    written: int, turned: int, tmp_path: Path
) -> None:
    packed = io.BytesIO()
    with pikepdf.open(io.BytesIO(digital_page([Part(PAPER)], turn=written))) as pdf:
        pdf.pages[0].Rotate = turned
        pdf.save(packed)
    found = seen(packed.getvalue(), tmp_path)
    assert found.turn == (written - turned) % 360
    assert found.seen.text.splitlines() == list(PAPER)
    upright = found.turn % 180 == 0
    for line in found.seen.lines:
        box = line.words[-1].box.union(line.words[0].box)
        assert (box.width > box.height) == (upright or len(line.text) < 3)


def test_content_that_is_too_much_or_broken_is_not_looked_through(tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    for content in (b"q " * 400_000, b" " * 9_000_000, b"1 0 0 cm /X Do Q Q ( Tj"):
        with pikepdf.new() as pdf:
            page = pdf.add_blank_page(page_size=(595, 842))
            page.Contents = pdf.make_stream(content)
            pdf.save(path, compress_streams=True, recompress_flate=True)
        assert seen_text.content_of(path, 1) is None


def test_a_form_that_draws_itself_ends(tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(595, 842))
        form = pdf.make_indirect(pikepdf.Stream(pdf, b"/F Do /F Do"))
        form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
        page.Contents = pdf.make_stream(b"/F Do")
        pdf.save(path)
    content = seen_text.content_of(path, 1)
    assert content is None or not content.has_seen_text


@pytest.mark.parametrize(
    ("resources", "content", "may"),
    [
        ({}, b"BT ET", False),
        ({}, b"BI /W 1 /H 1 /BPC 8 /CS /G ID \x00 EI", True),
        ({"XObject": {"I": Name.Image}}, b"/I Do", True),
        ({"XObject": {"F": Name.Form}}, b"/F Do", False),
        ({"Pattern": {"P": Name.Form}}, b"", True),
        ({"Font": {"T": Name.Type3}}, b"", True),
        ({"Font": {"T": Name.TrueType}}, b"", False),
    ],
)
def test_pictures_are_looked_for_where_there_may_be_some(
    resources: dict[str, dict[str, Name]], content: bytes, may: bool, tmp_path: Path
) -> None:
    path = tmp_path / "page.pdf"
    for inside, annotated in ((False, False), (True, False), (False, True)):
        with pikepdf.new() as pdf:
            page = pdf.add_blank_page(page_size=(595, 842))
            named = pikepdf.Dictionary()
            for kind, each in resources.items():
                made = {f"/{key}": pdf.make_stream(b"", Subtype=sub) for key, sub in each.items()}
                named[f"/{kind}"] = pikepdf.Dictionary(made)
            form = pdf.make_stream(content, Subtype=Name.Form, Resources=named)
            page.Resources = Dictionary(XObject=Dictionary(W=form)) if inside else named
            page.Contents = pdf.make_stream(b"/W Do" if inside else content)
            if annotated:
                page.Annots = pikepdf.Array([])
            pdf.save(path)
        found = seen_text.content_of(path, 1)
        assert found is not None
        assert found.may_have_pictures is (may or annotated)


def test_a_page_without_colours_is_held_in_grey(tmp_path: Path) -> None:
    pixels = np.random.default_rng(5).integers(0, 256, (70, 50), np.uint8)
    colours = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR), np.uint8)
    page = RasterFile(tmp_path / "page.ppm", 200.0)
    cv2.imwrite(str(page.file), colours)
    assert np.array_equal(page.load_plain().pixels, pixels)
    assert np.array_equal(page.load().pixels, colours)
    for row, column, channel in ((0, 0, 0), (69, 49, 2), (33, 7, 1)):
        stained = colours.copy()
        stained[row, column, channel] ^= 1
        cv2.imwrite(str(page.file), stained)
        assert np.array_equal(page.load_plain().pixels, stained)
