"""Words on their way from Tesseract to the page: second thoughts, repair, the raw reading kept."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from ocr import open_reader
from ocr.engines.port import LetterChoice, OcrLine, OcrWord
from ocr.engines.tesseract import TesserocrEngine, open_engine
from ocr.image.geometry import Pixels
from ocr.image.geometry import upright_mapping as mapped
from ocr.page.page_text import page_text
from ocr.reader import Reader
from pipeline.model import CERTAIN, Box, Page, Word
from pipeline.records import PAGE, StoredPage
from pipeline.settings import ReadingSettings
from pipeline.vietnamese import MODEL
from tests.paper import Degradation, DrawnPage, degrade, draw_page, save_picture
from tests.paper.truth import WordTruth


@pytest.fixture(scope="module")
def reader() -> Reader:
    return open_reader(ReadingSettings())


def line(*words: str, sure: float = 0.95) -> OcrLine:
    boxes = (Box(100 * place, 10, 90, 30) for place in range(len(words)))
    return OcrLine(tuple(OcrWord(word, sure, box) for word, box in zip(words, boxes, strict=True)))


def text_of(*lines: OcrLine) -> tuple[Word, ...]:
    return page_text(lines, mapped(1000, 1000, 0, 0.0, 1.0), 1000, 1000).words


def test_a_repaired_word_keeps_what_was_read_and_makes_nothing_certain() -> None:
    quyet, dinh = text_of(line("QUYÊT", "ĐỊNH"))
    assert (quyet.text, quyet.raw, quyet.box) == ("QUYẾT", "QUYÊT", Box(0, 10, 90, 30))
    assert quyet.confidence < CERTAIN
    assert (dinh.text, dinh.raw, dinh.confidence) == ("ĐỊNH", "", 0.95)


def test_repair_makes_no_word_surer_than_it_was_read() -> None:
    assert text_of(line("QUYÊT", "ĐỊNH", sure=0.4))[0].confidence == 0.4


def test_the_rule_of_a_table_does_not_shift_the_second_thoughts() -> None:
    seen = ((), (), (LetterChoice("ầ", 0.6),), ())
    words = (
        OcrWord("các", 0.9, Box(0, 10, 50, 30)),
        OcrWord("|câu", 0.9, Box(60, 10, 50, 30), choices=seen),
        OcrWord("của", 0.9, Box(120, 10, 50, 30)),
        OcrWord("dân", 0.9, Box(180, 10, 50, 30)),
    )
    assert [word.text for word in text_of(OcrLine(words))] == ["các", "cầu", "của", "dân"]


@pytest.mark.engine
def test_tesseract_tells_its_second_thoughts(reader: Reader) -> None:
    engine = open_engine(ReadingSettings())
    if not isinstance(engine, TesserocrEngine):
        pytest.skip("only the library tells them")
    words = [word for line in engine.read(grey(), 150, 60) for word in line.words]
    told = [word for word in words if word.choices]
    assert len(told) > 0.9 * len(words)
    assert all(len(word.choices) == len(word.text) for word in told)


def grey() -> Pixels:
    return np.asarray(draw_page("A", 3, 150).image.convert("L"))


@pytest.mark.engine
@pytest.mark.parametrize("layout", ["A", "B", "C", "G"])
def test_repair_spoils_nothing_on_clean_pages(reader: Reader, layout: str, tmp_path: Path) -> None:
    drawn = draw_page(layout, 21, 200)
    for word in read(reader, drawn, tmp_path).text.words:
        assert not word.raw or under(word, drawn.truth.words) != word.raw


@pytest.mark.engine
def test_repair_gains_on_bad_pages(reader: Reader, tmp_path: Path) -> None:
    drawn = degrade(draw_page("A", 5, 80), Degradation(dpi=80, noise=5), 5)
    changed = [word for word in read(reader, drawn, tmp_path).text.words if word.raw]
    printed = [under(word, drawn.truth.words) for word in changed]
    gained = sum(word.text == true for word, true in zip(changed, printed, strict=True))
    spoilt = sum(word.raw == true for word, true in zip(changed, printed, strict=True))
    assert gained >= 4
    assert spoilt == 0


def read(reader: Reader, drawn: DrawnPage, folder: Path) -> Page:
    save_picture(drawn, folder / "page.png")
    return reader.read_page(folder / "page.png", 1).page


def under(word: Word, printed: tuple[WordTruth, ...]) -> str:
    across, down = word.box.left + word.box.width / 2, word.box.top + word.box.height / 2
    at = (
        t
        for t in printed
        if t.box.left <= across < t.box.right and t.box.top <= down < t.box.bottom
    )
    return next((true.text for true in at), "")


@pytest.mark.engine
def test_pages_remember_raw_words_and_older_pages_stay_readable(
    reader: Reader, tmp_path: Path
) -> None:
    page = read(reader, draw_page("G", 2, 100), tmp_path)
    kept = StoredPage("0" * 64, reader.recipe, 1, "0" * 64, page)
    assert PAGE.load(PAGE.dump(kept)) == kept
    body = json.loads(PAGE.dump(kept))
    assert all("raw" in word for line in body["page"]["text"]["lines"] for word in line["words"])


def test_the_recipe_names_the_statistics(reader: Reader) -> None:
    assert MODEL in reader.recipe
