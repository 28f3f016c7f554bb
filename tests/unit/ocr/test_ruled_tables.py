"""Ruled tables are found with their rows, columns and merged cells after all wear; prose has none.

Words come from the truth of the drawn page, so nothing here depends on the OCR engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import cv2
import numpy as np
import pytest

from ocr.image.deskew import estimate_skew
from ocr.image.geometry import view_of
from ocr.image.measure import analyse
from ocr.image.preprocess import upright_normalised, view_picture
from ocr.image.ruled_tables import find_tables
from pipeline.model import Line, Page, PageMeasures, PageState, PageText, Word
from pipeline.model.table_text import text_by_rows
from tests.paper import Degradation, degrade, draw_page
from tests.paper.drawn_tables import KINDS, Cell, draw_grid, draw_table
from tests.paper.picture import DrawnPage

pytestmark = pytest.mark.slow  # pages are drawn and measured

WORN = {
    "clean": Degradation(dpi=150),
    "leaning": Degradation(dpi=150, skew=2.1, jpeg_quality=80),
    "on its side": Degradation(dpi=150, rotation=270, skew=-1.0),
    "blurred, yellow": Degradation(dpi=200, grey=True, blur=1.2, uneven_light=0.2, yellow=0.4),
    "300 dpi, dirt": Degradation(dpi=300, salt_pepper=0.0003, skew=-0.4),
    "fax": Degradation(dpi=200, one_bit=True, salt_pepper=0.0003, skew=0.3),
}


def tables_of(drawn: DrawnPage) -> list[tuple[tuple[str, ...], ...]]:
    """Return the text of the tables that are found, by the words of the truth."""
    pixels = np.asarray(drawn.image.convert("RGB"), np.uint8)
    pixels = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), np.uint8)
    analysis = analyse(pixels, drawn.truth.dpi)
    turn = (360 - drawn.truth.degradation.rotation) % 360 if drawn.truth.degradation else 0
    skew = estimate_skew(analysis.letters).skew
    _, mapping = view_picture(analysis, turn, skew)
    lines = tuple(Line((Word(word.text, 1.0, word.box),)) for word in drawn.truth.words)
    measures = PageMeasures(pixels.shape[1], pixels.shape[0], drawn.truth.dpi)
    found = find_tables(*upright_normalised(analysis, turn, skew, mapping))
    page = Page(1, PageState.READ, measures, PageText(lines), view_of(mapping), tables=found)
    return [text_by_rows(page, table) for table in found]


# A second frame a millimetre away, broken by dirt or a fax, still gives a spare row or column.
CASES = [
    (kind, wear)
    for kind in KINDS
    for wear in WORN
    if kind != "double" or wear not in ("leaning", "300 dpi, dirt", "fax")
]


@pytest.mark.parametrize(("kind", "wear"), CASES)
def test_rows_and_columns_are_those_printed(kind: str, wear: str) -> None:
    seed = Random(f"{kind} {wear}").randrange(1_000)
    drawn = draw_table(seed, kind)
    assert tables_of(degrade(drawn.page, WORN[wear], seed)) == [drawn.rows]


@pytest.mark.parametrize("layout", ["A", "B", "C", "F", "H", "continuation"])
def test_prose_and_heads_are_no_tables(layout: str) -> None:
    assert tables_of(draw_page(layout, 11, dpi=150)) == []


def test_the_list_of_papers_on_a_receipt_is_a_table() -> None:
    (rows,) = tables_of(draw_page("G", 4, dpi=150))
    assert rows[0] == ("STT", "Tên giấy tờ", "Số bản", "Hình thức")
    assert [row[0] for row in rows[1:]] == [str(number) for number in range(1, len(rows))]


def _cells(rows: int, columns: int, but: Sequence[tuple[int, int]] = ()) -> list[Cell]:
    places = ((row, at) for row in range(1, rows + 1) for at in range(1, columns + 1))
    return [Cell(row, at, f"ô {row} {at}") for row, at in places if (row, at) not in but]


GRIDS = {
    "a head over two rows": [Cell(1, 1, "STT", 2), *_cells(5, 4, [(1, 1), (2, 1)])],
    "two heads": [
        Cell(1, 1, "STT", 2),
        Cell(1, 2, "Diện tích đất", 1, 3),
        *_cells(5, 4, [(1, 1), (2, 1), (1, 2), (1, 3), (1, 4)]),
    ],
    "a block": [Cell(2, 2, "khối", 2, 2), *_cells(5, 4, [(2, 2), (2, 3), (3, 2), (3, 3)])],
    "a sum": [*_cells(4, 4), Cell(5, 1, "Tổng cộng", 1, 3), Cell(5, 4, "12")],
    "an empty column": [
        each._replace(text=each.text * (each.column != 3)) for each in _cells(5, 4)
    ],
}


@pytest.mark.parametrize("name", GRIDS)
@pytest.mark.parametrize("wear", ["clean", "leaning", "fax"])
def test_merged_cells_and_empty_columns_keep_their_places(name: str, wear: str) -> None:
    drawn = draw_grid(GRIDS[name])
    assert tables_of(degrade(drawn.page, WORN[wear], 3)) == [drawn.rows]


def test_columns_without_rules_are_no_table() -> None:
    assert tables_of(draw_grid(_cells(6, 4), rules=False).page) == []


@pytest.mark.parametrize("dash", [2.0, 3.0])
@pytest.mark.parametrize("skew", [0.0, 1.0])
def test_broken_rules_make_a_table(dash: float, skew: float) -> None:
    cells = _cells(5, 3)
    drawn = draw_grid(cells, dash=dash)
    assert tables_of(degrade(drawn.page, Degradation(dpi=200, skew=skew), 3)) == [drawn.rows]


def test_dashes_of_broken_rules_are_not_taken_for_letters() -> None:
    heights = []
    for dash in (0.0, 4.0):
        picture = draw_grid(_cells(3, 3), dash=dash).page.image.convert("RGB")
        heights.append(analyse(np.asarray(picture, np.uint8), 200).letter_height(0))
    assert heights[1] > 0.7 * heights[0]


@pytest.mark.parametrize("size", [(1, 1), (2, 300), (200, 300)])
@pytest.mark.parametrize("grey", [0, 255])
def test_a_bare_picture_has_no_table(size: tuple[int, int], grey: int) -> None:
    assert find_tables(np.full(size, grey, np.uint8), 2.0) == ()
