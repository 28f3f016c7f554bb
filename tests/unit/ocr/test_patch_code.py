"""Separator sheets with patch codes are told from all else that has bars, after all wear."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ocr import open_reader
from ocr.image.measure import analyse
from ocr.image.patch_code import has_separator_patch
from pipeline.model import PageSign, PageState
from pipeline.model.page import SignKind
from pipeline.settings import ReadingSettings
from tests.paper import wear
from tests.paper.degrade import degrade
from tests.paper.files import save_pdf
from tests.paper.fonts import typeface
from tests.paper.patches import PATTERNS, patch_sheet
from tests.paper.picture import DrawnPage, draw
from tests.paper.press import draw_page
from tests.paper.truth import Degradation

pytestmark = pytest.mark.slow

WORN = {
    name: each
    for name, each in wear.SINGLE.items()
    if name not in {"skew -14.5°", "photograph"}  # no feeder does that to a sheet
}


def found(page: DrawnPage) -> bool:
    pixels = np.asarray(page.image.convert("RGB"))[..., ::-1]
    analysis = analyse(np.ascontiguousarray(pixels), page.truth.dpi)
    return has_separator_patch(analysis.picture, analysis.millimetre)


@pytest.mark.parametrize("code", PATTERNS)
@pytest.mark.parametrize("lying", [False, True])
def test_only_the_two_codes_that_part_documents_count(code: str, *, lying: bool) -> None:
    assert found(draw(patch_sheet(typeface("termes"), code, lying=lying), 100)) is (code in "2T")


@pytest.mark.parametrize("name", WORN)
def test_a_worn_sheet_is_found(name: str) -> None:
    drawn = draw(patch_sheet(typeface("termes")), 150)
    assert found(degrade(drawn, WORN[name], 7))


@pytest.mark.parametrize("size", [0.75, 0.9, 1.2])
def test_a_sheet_printed_smaller_or_larger_is_found(size: float) -> None:
    assert found(draw(patch_sheet(typeface("termes"), size=size), 150))


def test_bars_with_gaps_of_another_width_are_none() -> None:
    assert not found(draw(patch_sheet(typeface("termes"), size=3), 100))


@pytest.mark.parametrize("layout", ["A", "C", "F", "G", "J", "E", "blank"])
def test_papers_with_rules_tables_and_stamps_are_no_separators(layout: str) -> None:
    drawn = draw_page(layout, 3, 150)
    assert not found(drawn)
    assert not found(degrade(drawn, Degradation(one_bit=True, black_edge=True, fold=True), 3))


def test_the_reader_says_so_and_such_a_sheet_has_nothing_to_read(tmp_path: Path) -> None:
    path = tmp_path / "tách.pdf"
    save_pdf([draw(patch_sheet(typeface("termes")), 150), draw_page("F", 3, 150)], path)
    reader = open_reader(ReadingSettings())
    sheet, paper = (reader.read_page(path, number).page for number in (1, 2))
    assert sheet.state is PageState.BLANK
    assert sheet.signs == (PageSign(SignKind.SEPARATOR, "patch"),)
    assert (paper.state, paper.signs) == (PageState.READ, ())
