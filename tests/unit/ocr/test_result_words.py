"""Words taken from Tesseract's result iterator: those of its TSV output, with alternatives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ocr.engines.port import LetterChoice, OcrWord
from ocr.engines.tessdata import find_tessdata
from ocr.engines.tesseract import VARIABLES, words_by_line
from ocr.engines.tsv import alternatives, parse_tsv
from pipeline.model import Box
from tests.paper import Degradation, degrade, draw_page

tesserocr = pytest.importorskip("tesserocr")

ROW = "5\t1\t1\t1\t{}\t{}\t{}\t10\t40\t20\t{}\t{}"
PAGES = {"letter": ("A", 200), "form": ("B", 200), "many columns": ("G", 150), "worn": ("A", 80)}


def test_words_of_the_table_are_taken_line_by_line_and_blank_ones_left_out() -> None:
    texts = [(1, " "), (1, "câ\u0301p"), (2, "giấy")]
    table = "\n".join(ROW.format(at, n, 50 * n, 95, text) for n, (at, text) in enumerate(texts))
    assert parse_tsv(table) == [
        (OcrWord("cấp", 0.95, Box(50, 10, 40, 20)),),
        (OcrWord("giấy", 0.95, Box(100, 10, 40, 20)),),
    ]


def test_letters_with_a_chance_are_alternatives() -> None:
    weighed = [[("c", 1.0)], [("â", 1.0), ("ấ", 14.0), ("ầ", 25.0)], [("p", 1.0), ("q", 20.0)]]
    assert alternatives("câp", weighed, 1) == ((), (LetterChoice("ấ", 1 - 14 / 20),), ())


def test_the_space_before_a_word_is_no_letter_of_it() -> None:
    weighed = [[(" ", 1.0), (".", 9.0)], [("â", 1.0), (" ", 2.0), ("ấ", 5.0)]]
    assert alternatives("â", weighed, 1) == ((LetterChoice("ấ", 0.75),),)


@pytest.mark.parametrize(
    "weighed", [[], [[("b", 1.0)]], [[("a", 1.0)], [("b", 1.0)]], [[], [("b", 1.0)], [("c", 1.0)]]]
)
def test_letters_of_another_word_are_no_alternatives(
    weighed: list[list[tuple[str, float]]],
) -> None:
    assert alternatives("bc", weighed, 0) == ()


@pytest.mark.engine
@pytest.mark.parametrize("page", PAGES)
def test_the_words_are_those_of_the_tsv_output(page: str) -> None:
    layout, dpi = PAGES[page]
    drawn = draw_page(layout, 7, dpi)
    if page == "worn":
        drawn = degrade(drawn, Degradation(dpi=dpi, noise=5), 7)
    api = recognised(drawn.image)
    words = words_by_line(api)
    assert sum(len(line.words) for line in words) > 50
    assert [[plain(word) for word in line.words] for line in words] == [
        list(line) for line in parse_tsv(api.GetTSVText(0))
    ]


@pytest.mark.engine
def test_white_paper_has_no_words() -> None:
    assert words_by_line(recognised(Image.new("L", (400, 300), 255))) == []


def recognised(image: Image.Image) -> Any:
    grey = np.asarray(image.convert("L"))
    api = tesserocr.PyTessBaseAPI(path=str(Path(find_tessdata("vie"))), lang="vie", oem=1, psm=3)
    for name, value in VARIABLES.items():
        api.SetVariable(name, value)
    api.SetImageBytes(grey.tobytes(), grey.shape[1], grey.shape[0], 1, grey.shape[1])
    api.SetSourceResolution(150)
    assert api.Recognize(60_000)
    return api


def plain(word: OcrWord) -> OcrWord:
    return replace(word, choices=())
