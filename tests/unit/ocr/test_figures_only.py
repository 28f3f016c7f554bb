"""A page of figures alone is read, is told as such, and none of its figures is certain."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest

from ocr import open_reader
from ocr.image.measure import analyse
from ocr.page.judge import Doubts, judge
from pipeline.model import CERTAIN, Box, Line, PageMeasures, PageState, PageText, Word
from pipeline.settings import ReadingSettings
from tests.paper.fonts import typeface
from tests.paper.picture import draw
from tests.paper.sheet import LEFT, RIGHT, TOP, Sheet, Span

OCR = Doubts(damaged=False, is_struck=False, is_proven=True)


def text_of(*words: str) -> PageText:
    boxes = (Box(10, 30 * at, 60, 20) for at in range(len(words)))
    return PageText(
        tuple(Line((Word(word, 0.93, box),)) for word, box in zip(words, boxes, strict=True))
    )


def judged(text: PageText, doubts: Doubts = OCR) -> tuple[PageState, bool, float]:
    """Return the state, whether a reason is told, and the surest word's confidence."""
    judgement = judge(PageMeasures(1654, 2339, 200.0), text, doubts)
    surest = max(word.confidence for word in judgement.text.words)
    return judgement.state, bool(judgement.reasons), surest


def test_nothing_is_certain_where_no_word_proves_it() -> None:
    figures = [f"{number}.250.000" for number in range(1, 60)]
    assert judged(text_of(*figures, "Cộng")) == (PageState.READ, True, CERTAIN - 0.05)
    layer = OCR._replace(is_recognised=False)
    assert judged(text_of(*figures), layer) == (PageState.READ, False, 0.93)


@pytest.mark.parametrize("figures", [8, 200])
def test_a_page_with_words_or_with_few_figures_stays_as_it_was(figures: int) -> None:
    words = ["tổng", "cộng"] * 40 if figures > 100 else []
    text = text_of(*map(str, range(figures)), *words)
    assert judged(text) == (PageState.READ, False, 0.93)


@pytest.mark.engine
@pytest.mark.slow
def test_figures_are_read_at_the_size_of_figures_in_prose(tmp_path: Path) -> None:
    random, sheet = Random(4), Sheet(typeface("noto-sans"), "figures")
    for row in range(24):
        for column in range(4):
            at = LEFT + (column + 0.8) * (RIGHT - LEFT) / 4, TOP + 20 + row * 18
            sheet.put((Span(str(random.randint(10, 10**8))),), at, 10, "right")
    page = draw(sheet, 200)
    image = page.image.convert("RGB")
    assert analyse(np.asarray(image, np.uint8), 200).letter_height(0) < 15
    image.save(tmp_path / "page.png", dpi=(200, 200))
    read = open_reader(ReadingSettings()).read_page(tmp_path / "page.png", 1).page
    found, printed = {word.text for word in read.text.words}, set(page.truth.text.split())
    assert len(printed - found) <= 2
    assert read.state is PageState.READ
    assert not any(word.confidence >= CERTAIN for word in read.text.words)
