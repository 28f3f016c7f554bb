"""Separator sheets with patch codes are told from all else that has bars, after all wear."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest

from ocr import open_reader
from ocr.image.measure import analyse
from ocr.image.patch_code import has_separator_patch
from pipeline.documents import PageOfDossier, find_secrecy_mark
from pipeline.model import PageSign, PageState
from pipeline.model.page import SignKind
from pipeline.settings import ReadingSettings
from tests.paper import wear
from tests.paper.cases import make_case
from tests.paper.degrade import degrade
from tests.paper.files import save_pdf
from tests.paper.fonts import typeface
from tests.paper.layouts import lay_out
from tests.paper.marks import head_mark
from tests.paper.patches import PATTERNS, patch_sheet
from tests.paper.picture import DrawnPage, draw
from tests.paper.press import draw_page
from tests.paper.sheet import MM, RED
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


def test_bars_make_no_secret_paper_a_separator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A short secret letter with bars on it keeps its words, so that its mark is found."""
    random = Random("letter 3")
    sheet = lay_out("A", make_case(random), random, typeface("termes"))
    head_mark(sheet, "TỐI MẬT", (42 * MM, 14 * MM), RED)
    save_pdf([draw(sheet, 200)], tmp_path / "mật.pdf")
    monkeypatch.setattr("ocr.reader.has_separator_patch", lambda *_: True)
    monkeypatch.setattr("ocr.page.judge.FEW_WORDS", 10_000)
    page = open_reader(ReadingSettings()).read_page(tmp_path / "mật.pdf", 1).page
    assert PageSign(SignKind.SEPARATOR, "patch") in page.signs
    assert find_secrecy_mark(PageOfDossier(1, page)) is not None
