"""Words of searchable PDFs lie over the words of the picture, however the page lies."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from pipeline.model import Box
from tests.paper import Degradation, save_pdf
from tests.support.searchable_pdfs import (
    JPEG,
    PDF,
    PNG,
    as_jpeg,
    bind,
    drawn,
    mean_overlap,
    page_of,
    pdfium_words,
    plain_page,
    raw_words,
    tokens,
)

pytestmark = pytest.mark.slow  # each PDF is built in a process, and read by two programs


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_words_land_right_on_a_page_that_is_turned_and_cropped(rotate: int, tmp_path: Path) -> None:
    """The page as shown is upright; below it the sheet lies turned, with a margin cropped away."""
    (page,) = drawn(Degradation())
    picture = page.image.rotate(rotate, expand=True)  # counter-clockwise
    source = tmp_path / "scan.pdf"
    save_pdf([page._replace(image=picture)], source)
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        only = pdf.pages[0]
        only.Rotate = rotate
        box = [float(side) for side in only.mediabox]
        only.CropBox = box
        only.MediaBox = [box[0] - 40, box[1] - 70, box[2] + 30, box[3] + 20]
        pdf.save(source)
    read = page_of(page.truth)
    made = bind(source, PDF, [read], tmp_path / "made")
    assert made.level == "2b"
    assert raw_words(made.path) == [tokens(read)]
    assert Counter(pdfium_words(made.path)[0]) == Counter(tokens(read))
    if rotate in (0, 180):  # poppler gives boxes of sideways pages in a frame of its own
        assert mean_overlap(made.path, read, 72 / 150) > 0.7


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_words_run_with_the_letters_of_a_page_that_lies_turned(turn: int, tmp_path: Path) -> None:
    scan = drawn(Degradation(rotation=turn))
    read = page_of(scan[0].truth)
    made = bind(*as_jpeg(scan, tmp_path), [read], tmp_path / "made")
    assert raw_words(made.path) == [tokens(read)]
    assert Counter(pdfium_words(made.path)[0]) == Counter(tokens(read))
    assert mean_overlap(made.path, read, 72 / 150) > 0.7


@pytest.mark.parametrize("skew", [-4.0, 1.5, 6.0])
def test_words_follow_a_page_that_leans(skew: float, tmp_path: Path) -> None:
    scan = drawn(Degradation(skew=skew))
    read = page_of(scan[0].truth)
    made = bind(*as_jpeg(scan, tmp_path), [read], tmp_path / "made")
    assert raw_words(made.path) == [tokens(read)]
    assert mean_overlap(made.path, read, 72 / 150) > 0.4  # their boxes hold the leaning words


# How a picture is stored whose EXIF orientation is this number.
STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("orientation", STORED)
def test_a_photograph_that_its_camera_turned_keeps_its_words(
    orientation: int, tmp_path: Path
) -> None:
    (page,) = drawn(Degradation())
    exif = Image.Exif()
    exif[274] = orientation
    source = tmp_path / "photo.jpg"
    page.image.transpose(STORED[orientation]).save(source, quality=80, exif=exif, dpi=(150, 150))
    read = page_of(page.truth)
    made = bind(source, JPEG, [read], tmp_path / "made")
    assert made.level == "2b"
    assert raw_words(made.path) == [tokens(read)]
    if orientation in (2, 3, 7):  # else poppler gives boxes in a frame of its own
        assert mean_overlap(made.path, read, 72 / 150) > 0.7


def test_words_that_touch_stay_apart_and_single_letters_stay(tmp_path: Path) -> None:
    source = tmp_path / "white.png"
    Image.new("L", (800, 400), 255).save(source, dpi=(150, 150))
    edges = [
        (10, "nhân"),
        (60, "tạo"),
        (95, "|"),
        (100, "9"),
        (110, "-"),
        (118, "THPT|"),
        (790, "Đ"),
    ]
    line = [(text, Box(left, 40, 60, 22)) for left, text in edges]
    page = plain_page([line, [("𠀀", Box(300, 200, 30, 30))], [("a", Box(0, 399, 9, 1))]], 800, 400)
    made = bind(source, PNG, [page], tmp_path / "made")
    assert raw_words(made.path) == [tokens(page)]
    assert Counter(pdfium_words(made.path)[0]) == Counter(tokens(page))
