"""Sheets that are no upright A4 page: spreads, annexes on their side, faxes with oblong pixels."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from bench.scoring import errors
from ocr import open_reader
from ocr.reader import Reader
from pipeline.model import PageState
from pipeline.settings import ReadingSettings
from tests.paper import STAMP, Degradation, degrade, draw_page

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def reader() -> Reader:
    return open_reader(ReadingSettings())


def test_a_spread_is_read_page_after_page(reader: Reader, tmp_path: Path) -> None:
    """Two pages of an open booklet on one scan; measured 1.6 % character errors on 2026-11-27."""
    left, right = draw_page("C", 31, 200), draw_page("continuation", 32, 200)
    width, height = left.image.size
    spread = Image.new("RGB", (2 * width, height), "white")
    spread.paste(left.image, (0, 0))
    spread.paste(right.image, (width, 0))
    spread.save(tmp_path / "spread.png", dpi=(200, 200))
    page = reader.read_page(tmp_path / "spread.png", 1).page
    assert page.state is PageState.READ
    assert page.measures.orientation == 0
    truth = f"{left.truth.text}\n{right.truth.text}"
    assert errors(truth, page.text.text, STAMP).rate < 0.03
    sides = [line.words[0].box.left >= width - 40 for line in page.text.lines]
    assert sides == sorted(sides), "lines of one page between those of the other"


@pytest.mark.parametrize("turn", [90, 270])
def test_an_annex_on_its_side_is_turned(reader: Reader, tmp_path: Path, turn: int) -> None:
    drawn = draw_page("C", 33, 150)
    drawn.image.rotate(turn, expand=True).save(tmp_path / "annex.png", dpi=(150, 150))
    page = reader.read_page(tmp_path / "annex.png", 1).page
    assert page.measures.orientation == turn
    assert page.view is not None
    assert page.view.height > page.view.width
    assert errors(drawn.truth.text, page.text.text, STAMP).rate < 0.03


def test_a_fax_with_half_of_its_rows_is_read(reader: Reader, tmp_path: Path) -> None:
    """204 x 98 dpi (ITU-T T.4, standard resolution): every other row was never sent."""
    drawn = degrade(draw_page("C", 34, 204), Degradation(one_bit=True), 34)
    width, height = drawn.image.size
    sent = drawn.image.resize((width, round(height * 98 / 204)), Image.Resampling.NEAREST)
    sent.save(tmp_path / "fax.tif", dpi=(204, 98), compression="group4")
    page = reader.read_page(tmp_path / "fax.tif", 1).page
    assert page.state is PageState.READ
    assert page.measures.height == pytest.approx(height, abs=2)
    assert errors(drawn.truth.text, page.text.text, STAMP).rate < 0.06
