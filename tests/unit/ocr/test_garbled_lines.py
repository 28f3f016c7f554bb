"""Lines that Tesseract garbles where two columns share no baseline are read row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.lost_lines import compare
from ocr import open_reader
from ocr.engines.port import OcrLine, OcrWord
from ocr.page import rereading
from ocr.page.rereading.garbled_lines import _better
from ocr.reader import Reader
from pipeline.model import CERTAIN, Box, Page, Word
from pipeline.settings import ReadingSettings
from tests.paper import STAMP
from tests.paper.foot_columns import draw_foot
from tests.paper.risky_lines import RiskyPage

pytestmark = pytest.mark.engine

DPI = 300


@pytest.fixture(scope="module")
def reader() -> Reader:
    return open_reader(ReadingSettings())


def read(reader: Reader, foot: RiskyPage, folder: Path) -> Page:
    foot.page.image.save(folder / "page.png", dpi=(DPI, DPI), compress_level=1)
    return reader.read_page(folder / "page.png", 1).page


def is_new(word: Word, before: Page) -> bool:
    return (
        all(
            abs(word.box.left - old.box.left) + abs(word.box.top - old.box.top) > 12
            or word.text != old.text
            for old in before.text.words
        )
        and word.raw == ""
    )


@pytest.mark.slow
def test_recipients_beside_a_heading_of_other_leading_are_read(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost_before = lost_now = 0
    for seed in (1, 5, 10):
        foot = draw_foot(seed)
        page = read(reader, foot, tmp_path)
        now = compare(page, foot.page.truth.text, foot.lines, STAMP)
        with monkeypatch.context() as alone:
            alone.setattr(rereading, "with_garbled_lines", lambda *args: list(args[1]))
            before = read(reader, foot, tmp_path)
        was = compare(before, foot.page.truth.text, foot.lines, STAMP)
        assert now.loss.tokens_lost <= was.loss.tokens_lost
        assert len(now.extra) <= len(was.extra), "no garbled word stays beside the right ones"
        lost_before += was.loss.tokens_lost
        lost_now += now.loss.tokens_lost
        assert now.loss.invented <= was.loss.invented
        assert all(word.confidence < CERTAIN for word in page.text.words if is_new(word, before))
    assert lost_before > 10
    assert lost_now <= 2


def test_no_word_goes_without_another_in_its_place() -> None:
    def word(text: str, sure: float, left: int, right: int) -> OcrWord:
        return OcrWord(text, sure, Box(left, 10, right - left, 20))

    old = [word("Nơi", 0.6, 0, 40), word("c#en", 0.3, 60, 180), word("gửi", 0.9, 200, 240)]
    read = [word("chuyên", 0.9, 55, 110), word("viên", 0.9, 120, 180), word(".", 0.3, 205, 210)]
    lines = _better([OcrLine(tuple(old))], read, Box(0, 10, 250, 20))
    texts = {word.text for line in lines for word in line.words}
    assert texts == {"Nơi", "chuyên", "viên", "gửi"}
