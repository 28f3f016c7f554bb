"""The OCR engine contract, run on both: tesserocr in process, pytesseract as a program."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr.engines.port import Engine, OcrLine, Segmentation
from ocr.engines.tesseract import open_engine
from ocr.image.geometry import Pixels
from pipeline.errors import MissingLanguageError, ReadingTimeoutError
from pipeline.settings import ReadingSettings
from tests import ROOT
from tests.paper import draw_page, typeface
from tests.paper.fonts import Style

pytestmark = pytest.mark.engine

PHRASE = "Ủy ban nhân dân thành phố Hà Nội"
OFFICE_DPI = 150
LIMIT = 60.0


@pytest.fixture(scope="module", params=["tesserocr", "pytesseract"])
def engine(request: pytest.FixtureRequest) -> Engine:
    return open_engine(ReadingSettings(engine=request.param))


def written(*phrases: str, size: tuple[int, int] = (900, 400)) -> Pixels:
    """A grey picture with a phrase a line, the first at (60, 60), 120 pixels apart."""
    picture = Image.new("L", size, 255)
    pen, font = ImageDraw.Draw(picture), typeface("termes").font(Style.REGULAR, 40)
    for number, phrase in enumerate(phrases):
        pen.text((60, 60 + 120 * number), phrase, font=font, fill=0)
    return np.asarray(picture, np.uint8)


def page(seed: int) -> Pixels:
    return np.asarray(draw_page("A", seed, OFFICE_DPI).image.convert("L"), np.uint8)[:700]


def text(lines: list[OcrLine]) -> str:
    return "\n".join(" ".join(word.text for word in line.words) for line in lines)


def test_words_come_with_confidence_and_lie_where_they_were_printed(engine: Engine) -> None:
    picture = written(PHRASE)
    words = [word for line in engine.read(picture, 250, LIMIT) for word in line.words]
    assert [word.text for word in words] == PHRASE.split()
    assert all(0.8 < word.confidence <= 1 for word in words)
    rows, columns = np.nonzero(picture < 128)
    assert abs(min(word.box.left for word in words) - columns.min()) <= 3
    assert abs(max(word.box.right for word in words) - columns.max()) <= 3
    assert abs(min(word.box.top for word in words) - rows.min()) <= 3
    assert abs(max(word.box.bottom for word in words) - rows.max()) <= 3


def test_lines_stay_apart_and_in_order(engine: Engine) -> None:
    phrases = ("Số: 1811/QĐ-UBND", "Kính gửi: Sở Nội vụ")
    assert text(engine.read(written(*phrases), 250, LIMIT)).split("\n") == list(phrases)


def test_print_in_a_shadow_is_read(engine: Engine) -> None:
    """One threshold for the whole page would make the dark side of the paper ink."""
    picture = written(PHRASE, "Quyết định có hiệu lực kể từ ngày ký", size=(900, 500))
    shadow = np.linspace(1.0, 0.25, 900)[None, :]
    lines = engine.read((picture * shadow).astype(np.uint8), 250, LIMIT)
    assert text(lines).split()[: len(PHRASE.split())] == PHRASE.split()


def test_white_paper_has_no_words(engine: Engine) -> None:
    assert engine.read(np.full((500, 400), 255, np.uint8), OFFICE_DPI, LIMIT) == []


def test_a_single_figure_is_read_as_a_block(engine: Engine) -> None:
    lines = engine.read(written("2"), 250, LIMIT, Segmentation.BLOCK)
    assert text(lines) == "2"


def test_what_was_read_before_changes_nothing(engine: Engine) -> None:
    first = engine.read(page(1), OFFICE_DPI, LIMIT)
    engine.read(page(2), OFFICE_DPI, LIMIT)
    assert engine.read(page(1), OFFICE_DPI, LIMIT) == first


def test_many_threads_read_what_one_reads(engine: Engine) -> None:
    pages = [written(f"Điều {number}. Quyết định này có hiệu lực") for number in range(1, 9)]
    alone = [engine.read(each, 250, LIMIT) for each in pages]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda each: engine.read(each, 250, LIMIT), pages))
    assert together == alone
    assert all(lines for lines in alone)


def seconds_of(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def test_a_slow_page_is_ended_and_the_next_is_read(engine: Engine) -> None:
    whole = seconds_of(lambda: engine.read(page(3), OFFICE_DPI, LIMIT))

    def ended() -> None:
        with pytest.raises(ReadingTimeoutError) as caught:
            engine.read(page(3), OFFICE_DPI, 0.05)
        assert caught.value.remedy

    assert min(seconds_of(ended) for _ in range(3)) < whole / 2
    assert text(engine.read(written(PHRASE), 250, LIMIT)) == PHRASE


@pytest.mark.parametrize("kind", ["tesserocr", "pytesseract"])
def test_missing_language_data_names_the_package(kind: str) -> None:
    with pytest.raises(MissingLanguageError) as caught:
        open_engine(ReadingSettings(engine=kind, language="vie+khm"))
    assert "khm" in caught.value.message
    assert "sudo apt-get install" in caught.value.remedy
    assert "tesseract-ocr-khm" in caught.value.remedy


def test_without_the_program_the_check_names_the_remedy() -> None:
    output = run_python(
        "from ocr import check_engine; from pipeline.settings import ReadingSettings;"
        "print(*(f'{f.part}:{f.is_well}:{f.remedy}'"
        " for f in check_engine(ReadingSettings(engine='pytesseract'))), sep='\\n')",
        PATH="/nowhere",
    )
    assert "Tesseract:False" in output
    assert "apt-get install tesseract-ocr tesseract-ocr-vie" in output
    assert "apt-get install poppler-utils" in output


def test_one_thread_a_page_whatever_the_caller_says() -> None:
    """Tesseract's own threads make pages slower once pages are read side by side."""
    code = "import os, ocr.engines.tesseract; print(os.environ['OMP_THREAD_LIMIT'])"
    assert run_python(code, OMP_THREAD_LIMIT="8").strip() == "1"


def run_python(code: str, **environment: str) -> str:
    """Run code in a fresh interpreter, from the root of the project."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout
