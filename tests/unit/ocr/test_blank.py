"""Blank backs are blank, whatever dirt they carry; a page with anything on it is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from ocr import open_reader
from ocr.reader import Reader
from pipeline.model import Page, PageState
from pipeline.settings import ReadingSettings
from tests.paper import Degradation, degrade, draw_page, typeface
from tests.paper.fonts import Style

pytestmark = pytest.mark.slow  # pages are drawn, opened in a process, and measured

DPI = 150
DIRT = {
    "clean": Degradation(dpi=DPI),
    "show-through": Degradation(dpi=DPI, show_through=0.2, noise=3, jpeg_quality=80),
    "strong show-through": Degradation(dpi=DPI, show_through=0.45, jpeg_quality=80),
    "holes and fold": Degradation(dpi=DPI, punch_holes=True, fold=True, yellow=0.6),
    "dark edge": Degradation(dpi=DPI, black_edge=True, uneven_light=0.25, skew=1.0),
    "fax": Degradation(dpi=DPI, one_bit=True, salt_pepper=0.0005, punch_holes=True),
}


@pytest.fixture(scope="module")
def reader() -> Reader:
    return open_reader(ReadingSettings())


@pytest.fixture
def read(reader: Reader, tmp_path: Path) -> Callable[[Image.Image], Page]:
    def read_picture(picture: Image.Image) -> Page:
        path = tmp_path / "page.png"
        picture.save(path, dpi=(DPI, DPI))
        return reader.read_page(path, 1).page

    return read_picture


@pytest.mark.engine
@pytest.mark.parametrize("dirt", DIRT.values(), ids=DIRT)
def test_a_dirty_back_is_blank(read: Callable[[Image.Image], Page], dirt: Degradation) -> None:
    front = draw_page("A", 4, DPI)
    page = read(degrade(draw_page("blank", 4, DPI), dirt, 4, behind=front).image)
    assert page.state is PageState.BLANK
    assert page.measures.blank
    assert not page.text.words


def paper_with(draw: Callable[[ImageDraw.ImageDraw], None]) -> Image.Image:
    picture = Image.new("RGB", (1240, 1754), "white")
    draw(ImageDraw.Draw(picture))
    return picture


@pytest.mark.engine
def test_a_page_number_alone_is_read(read: Callable[[Image.Image], Page]) -> None:
    font = typeface("termes").font(Style.REGULAR, 29)
    page = read(paper_with(lambda pen: pen.text((610, 80), "2", font=font, fill="black")))
    assert page.state is PageState.READ
    assert page.text.text == "2"


@pytest.mark.engine
def test_faint_print_is_read(read: Callable[[Image.Image], Page]) -> None:
    font = typeface("termes").font(Style.REGULAR, 29)
    phrases = [f"Điều {number}. Tổ chức thực hiện quyết định" for number in range(1, 7)]

    def faint(pen: ImageDraw.ImageDraw) -> None:
        for number, phrase in enumerate(phrases):
            pen.text((150 + 20 * number, 200 + 57 * number), phrase, font=font, fill=(165,) * 3)

    page = read(paper_with(faint))
    assert page.state is PageState.READ
    assert page.text.text.count("quyết") == len(phrases)


@pytest.mark.engine
def test_a_stamp_or_a_signature_alone_is_not_blank_and_gives_no_words(
    read: Callable[[Image.Image], Page],
) -> None:
    def stamp(pen: ImageDraw.ImageDraw) -> None:
        pen.ellipse((500, 700, 710, 910), outline=(210, 30, 40), width=8)

    def signature(pen: ImageDraw.ImageDraw) -> None:
        pen.line((400, 900, 470, 780, 480, 930, 560, 800, 590, 900, 760, 850), fill=0, width=4)

    for draw in (stamp, signature):
        page = read(paper_with(draw))
        assert page.state is PageState.NOT_READ
        assert page.reasons
        assert not page.text.words


@pytest.mark.engine
@pytest.mark.parametrize("ink", [(205, 30, 45), (40, 50, 190)], ids=["red", "blue"])
def test_a_few_words_of_coloured_print_are_not_blank(
    read: Callable[[Image.Image], Page], ink: tuple[int, int, int]
) -> None:
    font = typeface("termes").font(Style.BOLD, 36)
    page = read(paper_with(lambda pen: pen.text((450, 300), "BẢN SAO", font=font, fill=ink)))
    assert page.state is PageState.READ
    assert page.text.text == "BẢN SAO"


def test_what_a_seal_left_on_the_facing_page_is_blank(
    read: Callable[[Image.Image], Page],
) -> None:
    """Two of three blank backs of real papers carry the pale mirror image of a fresh seal."""

    def offset(pen: ImageDraw.ImageDraw) -> None:
        for turn in range(0, 360, 6):
            pen.arc((500, 700, 710, 910), turn, turn + 2, fill=(246, 190, 196), width=3)

    assert read(paper_with(offset)).state is PageState.BLANK
