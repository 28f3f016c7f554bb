"""The reader as the stages meet it: pages in, words in pixels of the original page out."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from ocr import check_engine, open_reader
from ocr.reader import Reader
from pipeline.errors import ReadingError, ReadingTimeoutError
from pipeline.model import Box, Page, PageState, Source, Word
from pipeline.ports import ScanReader
from pipeline.settings import ReadingSettings
from tests.paper import (
    Degradation,
    DrawnPage,
    degrade,
    draw_page,
    save_pdf,
    save_picture,
    save_tiff,
)
from tests.paper.truth import WordTruth

pytestmark = pytest.mark.slow  # pages are drawn, opened in a process, and measured

DPI = 150
WORN = {
    "leaning": Degradation(dpi=DPI, skew=-3.4, jpeg_quality=80),
    "upside down": Degradation(dpi=DPI, rotation=180, skew=1.1),
    "on its side, leaning": Degradation(dpi=DPI, rotation=270, skew=2.0),
    "seal, uneven light": Degradation(dpi=DPI, seal_over_text=True, uneven_light=0.3, yellow=0.5),
    "fax": Degradation(dpi=200, one_bit=True, salt_pepper=0.0004, skew=0.6),
}


@pytest.fixture(scope="module")
def reader() -> Reader:
    return open_reader(ReadingSettings())


def read(reader: Reader, drawn: DrawnPage, path: Path) -> Page:
    save_picture(drawn, path)
    return reader.read_page(path, 1).page


def pairs(truth: tuple[WordTruth, ...], page: Page) -> list[tuple[WordTruth, Word]]:
    """Match each word of the truth with the word read at its place, if it reads the same."""
    found = []
    for true in truth:
        same = [
            word for word in page.text.words if word.text.strip(".,;:") == true.text.strip(".,;:")
        ]
        near = [word for word in same if share_inside(true.box, word.box) > 0.5]
        if near:
            found.append((true, near[0]))
    return found


def share_inside(box: Box, outer: Box) -> float:
    across = min(box.right, outer.right) - max(box.left, outer.left)
    down = min(box.bottom, outer.bottom) - max(box.top, outer.top)
    return max(across, 0) * max(down, 0) / (box.width * box.height)


@pytest.mark.engine
@pytest.mark.parametrize("worn", WORN.values(), ids=WORN)
def test_words_are_found_where_they_stand_on_the_page_as_it_came(
    reader: Reader, worn: Degradation, tmp_path: Path
) -> None:
    drawn = degrade(draw_page("B", 11, worn.dpi or DPI), worn, 11)
    page = read(reader, drawn, tmp_path / "page.png")
    assert page.state is PageState.READ
    assert page.measures.orientation == (360 - worn.rotation) % 360
    assert abs(page.measures.skew - worn.skew) < 0.3
    assert (page.measures.width, page.measures.height) == drawn.image.size
    matched = pairs(drawn.truth.words, page)
    assert len(matched) > 0.85 * len(drawn.truth.words)
    for true, word in matched:
        slack = 12 + abs(np.sin(np.radians(worn.skew))) * max(true.box.width, true.box.height)
        assert abs(word.box.width - true.box.width) <= 2 * slack
        assert abs(word.box.left - true.box.left) <= slack


@pytest.mark.engine
def test_the_view_maps_words_onto_its_picture(reader: Reader, tmp_path: Path) -> None:
    """The ink of each word must lie inside its box, once the box is carried to the picture."""
    worn = Degradation(dpi=300, rotation=270, skew=-2.0)
    save_picture(degrade(draw_page("G", 12, 300), worn, 12), tmp_path / "page.jpg")
    reading = reader.read_page(tmp_path / "page.jpg", 1)
    view = reading.page.view
    assert view is not None
    assert max(view.width, view.height) <= 1800
    picture = Image.open(io.BytesIO(reading.picture))
    assert picture.format == "WEBP"
    assert picture.size == (view.width, view.height)
    assert view.height > view.width
    grey = np.asarray(picture.convert("L"))
    a, b, c, d, e, f = view.matrix
    for word in reading.page.text.words:
        x, y = word.box.left + word.box.width / 2, word.box.top + word.box.height / 2
        column, row = a * x + b * y + c, d * x + e * y + f
        around = grey[round(row) - 8 : round(row) + 9, round(column) - 12 : round(column) + 13]
        assert around.min() < 140, word


@pytest.mark.engine
def test_two_columns_on_one_baseline_are_two_lines(reader: Reader, tmp_path: Path) -> None:
    page = read(reader, draw_page("A", 13, 200), tmp_path / "page.png")
    motto = [line.text for line in page.text.lines if "CỘNG HÒA XÃ HỘI" in line.text]
    assert motto == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]


@pytest.mark.engine
def test_pages_of_every_format_are_read(reader: Reader, tmp_path: Path) -> None:
    drawn = [draw_page("G", 14, DPI), draw_page("B", 14, DPI)]
    # Pillow keeps how an image was packed last: a TIFF cannot follow a JPEG.
    save_tiff(drawn, tmp_path / "pages.tif")
    save_pdf(drawn, tmp_path / "pages.pdf")
    for name in ("pages.pdf", "pages.tif"):
        assert reader.inspect(tmp_path / name).pages == 2
        page = reader.read_page(tmp_path / name, 2).page
        assert page.number == 2
        assert page.source is Source.OCR
        assert len(pairs(drawn[1].truth.words, page)) > 0.85 * len(drawn[1].truth.words)


@pytest.mark.engine
def test_many_threads_read_the_same_as_one(reader: Reader, tmp_path: Path) -> None:
    heads = []
    for seed in (1, 2, 3):
        whole = draw_page("A", seed, DPI).image
        heads.append(whole.crop((0, 0, whole.width, whole.height // 3)))
    path = tmp_path / "pages.tif"
    heads[0].save(path, "TIFF", save_all=True, append_images=heads[1:], dpi=(DPI, DPI))

    def words(number: int) -> str:
        return reader.read_page(path, number).page.text.text

    alone = [words(number) for number in (1, 2, 3)]
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(words, (1, 2, 3))) == alone
    assert all(alone)


@pytest.mark.engine
def test_handwriting_and_noise_give_a_reason_and_no_words(reader: Reader, tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    picture = np.full((1754, 1240), 255, np.uint8)
    for _ in range(900):
        row, column = random.integers(60, 1690), random.integers(60, 1180)
        picture[row : row + random.integers(4, 14), column : column + random.integers(3, 14)] = 30
    Image.fromarray(picture).save(tmp_path / "noise.png", dpi=(DPI, DPI))
    page = reader.read_page(tmp_path / "noise.png", 1).page
    assert page.state is PageState.NOT_READ
    assert page.reasons
    assert not page.text.words
    assert page.measures.orientation == 0


@pytest.mark.engine
def test_a_page_over_its_time_is_ended(tmp_path: Path) -> None:
    hurried = open_reader(ReadingSettings(page_seconds=0.3))
    save_picture(draw_page("A", 15, 200), tmp_path / "page.png")
    with pytest.raises(ReadingTimeoutError):
        hurried.read_page(tmp_path / "page.png", 1)


NO_JPEG = b"\xff\xd8\xff\xe0 no JPEG"


@pytest.mark.parametrize("packed", [b"no JPEG " * 99, NO_JPEG, b"x\x9c no Flate " * 99])
def test_a_damaged_page_fails_alone_and_is_not_called_blank(
    reader: Reader, packed: bytes, tmp_path: Path
) -> None:
    """Poppler shows a white page for a scan it cannot decode, and says nothing."""
    path = tmp_path / "pages.pdf"
    worn = Degradation(dpi=100, jpeg_quality=80)
    save_pdf([degrade(draw_page("blank", seed, 100), worn, seed) for seed in (1, 2, 3)], path)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        (scan,) = pdf.pages[1].Resources.XObject.values()
        kind = scan.Filter if b"JPEG" in packed else pikepdf.Name.FlateDecode
        assert isinstance(kind, pikepdf.Name)
        scan.write(packed, filter=kind)
        pdf.save(path)
    assert reader.inspect(path).pages == 3
    for number in (1, 3):
        assert reader.read_page(path, number).page.state is PageState.BLANK
    with pytest.raises(ReadingError, match="hỏng"):
        reader.read_page(path, 2)


@pytest.mark.engine
def test_a_picture_that_is_cut_off_is_read_and_never_called_whole(
    reader: Reader, tmp_path: Path
) -> None:
    """Poppler paints what is missing grey and says nothing."""
    path = tmp_path / "cut.pdf"
    save_pdf([degrade(draw_page("A", 4, DPI), Degradation(dpi=DPI, jpeg_quality=80), 4)], path)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        (scan,) = pdf.pages[0].Resources.XObject.values()
        stored, kind = scan.read_raw_bytes(), scan.Filter
        assert isinstance(kind, pikepdf.Name)
        scan.write(stored[: len(stored) * 3 // 5], filter=kind)
        pdf.save(path)
    page = reader.read_page(path, 1).page
    assert page.state is PageState.DOUBTFUL
    assert "bị lỗi" in page.reasons[0]
    assert len(page.text.words) > 40


@pytest.mark.parametrize("number", [0, 3])
def test_a_page_that_is_not_there_is_a_reading_error(
    reader: Reader, number: int, tmp_path: Path
) -> None:
    pages = [draw_page("G", 16, 72), draw_page("G", 17, 72)]
    save_tiff(pages, tmp_path / "pages.tif")
    save_pdf(pages, tmp_path / "pages.pdf")
    for name in ("pages.pdf", "pages.tif", "missing.pdf"):
        with pytest.raises(ReadingError):
            reader.read_page(tmp_path / name, number)


def test_the_recipe_names_what_decides_the_words(reader: Reader) -> None:
    port: ScanReader = reader
    assert re.fullmatch(r"[a-z0-9-]+", port.recipe)
    assert "vie" in port.recipe
    assert open_reader(ReadingSettings(threads=7)).recipe == port.recipe


@pytest.mark.engine
def test_this_machine_has_what_reading_needs() -> None:
    checks = check_engine(ReadingSettings())
    assert [check.part for check in checks if not check.is_well] == []
    assert len(checks) == 5
