"""Words that a line or a black signature runs through are not certain, and the page says so."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr import open_reader
from ocr.engines.port import OcrLine, OcrWord
from ocr.image.geometry import Pixels, identity
from ocr.image.lines.free_strokes import free_strokes
from ocr.image.preprocess import DARK_LINE, LETTER, ReadingPicture
from ocr.page.rereading import doubt_struck
from pipeline.model import CERTAIN, Box, Page, PageState, Word
from pipeline.settings import ReadingSettings
from tests.paper import typeface
from tests.paper.fonts import Style

SIZE = 300
TEXT = (
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
    "Điều 1. Bổ nhiệm ông Nguyễn Văn Mẫu giữ chức vụ Phó Trưởng phòng",
    "Điều 2. Mức phụ cấp được hưởng là 0,45 mức lương cơ sở kể từ nay",
)
ROW, STEP, STRUCK = 400, 56, (2, 4, 6)


def after(line: Pixels | None) -> tuple[bool, bool]:
    """Whether a word with such lines off its page is certain, and whether it may be struck out."""
    here = identity(SIZE, SIZE)
    picture = ReadingPicture(np.full((SIZE, SIZE), 255, np.uint8), here, here, 150, line)
    word = OcrWord("Nguyễn", 0.96, Box(100, 100, 90, 20))
    (doubted,), is_struck = doubt_struck(picture, [OcrLine((word,))])
    return doubted.words[0].confidence >= CERTAIN, is_struck


@pytest.mark.parametrize("left", ["|", "—", "-|", "l"])
def test_what_is_left_of_a_line_itself_is_no_struck_word(left: str) -> None:
    here = identity(SIZE, SIZE)
    blank = np.full((SIZE, SIZE), 255, np.uint8)
    picture = ReadingPicture(blank, here, here, 150, ran((20, 110), (280, 110)))
    bar = OcrLine((OcrWord(left, 0.9, Box(100, 100, 20, 20)),))
    assert not doubt_struck(picture, [bar])[1]


def ran(start: tuple[int, int], end: tuple[int, int], level: int = DARK_LINE) -> Pixels:
    return np.asarray(cv2.line(np.zeros((SIZE, SIZE), np.uint8), start, end, level, 3), np.uint8)


def test_a_line_along_a_word_makes_it_doubtful() -> None:
    assert after(None) == (True, False)
    assert after(ran((20, 112), (280, 108))) == (False, True)
    assert after(ran((20, 110), (280, 110), level=1)) == (False, False), "a fold strikes nothing"
    broken = ran((20, 110), (280, 110))
    broken[:, ::12] = broken[:, 1::12] = broken[:, 2::12] = 0  # strokes of letters that stay
    assert after(broken) == (False, True)


def test_lines_under_a_word_and_down_across_it_leave_it_certain() -> None:
    assert after(ran((20, 119), (280, 119))) == (True, False)
    assert after(ran((140, 20), (150, 280))) == (True, False)
    assert after(ran((20, 80), (280, 80))) == (True, False)


def struck_out(folder: Path, ink: tuple[int, int, int] | None) -> Page:
    """A page of which three rows are struck out along a ruler, as it is read."""
    picture = Image.new("RGB", (1654, 2339), (252, 252, 252))
    pen, font = ImageDraw.Draw(picture), typeface("termes").font(Style.REGULAR, 36)
    for row in range(12):
        top = ROW + STEP * row
        pen.text((150, top), TEXT[row % len(TEXT)], font=font, fill=(0, 0, 0))
        if ink and row in STRUCK:
            pen.line((140, top + 22, 1450, top + 24), fill=ink, width=4)
    picture.save(folder / "page.png", dpi=(200, 200))
    reader = open_reader(ReadingSettings(second_opinion="off"))
    return reader.read_page(folder / "page.png", 1).page


@pytest.mark.engine
@pytest.mark.parametrize("ink", [(0, 0, 0), (40, 60, 190)], ids=["black", "blue"])
def test_rows_that_are_struck_out_are_not_certain(
    ink: tuple[int, int, int], tmp_path: Path
) -> None:
    page = struck_out(tmp_path, ink)
    assert page.state is PageState.DOUBTFUL
    assert any("gạch bỏ" in reason for reason in page.reasons)
    middles = [ROW + STEP * row + 22 for row in STRUCK]
    for word in page.text.words:
        middle = word.box.top + word.box.height / 2
        if any(abs(middle - at) < STEP / 3 for at in middles):
            assert word.confidence < CERTAIN, word.text
        else:
            assert word.confidence >= CERTAIN, word.text


def hidden(rise: int, folder: Path) -> tuple[Page, list[Word], set[str]]:
    """A page with three rows ruled so far above their feet; it, words of these rows, what is wrong.

    The rows have every second word with a dot below: a line at the feet hides it.
    """
    picture = Image.new("RGB", (1654, 2339), (252, 252, 252))
    pen, font = ImageDraw.Draw(picture), typeface("termes").font(Style.REGULAR, 36)
    text = "Bộ phận Tiếp nhận của Ủy ban được lập tại một địa phương thuộc huyện"
    for row in range(12):
        foot = ROW + STEP * row
        pen.text((150, foot), text, font=font, fill=(0, 0, 0), anchor="ls")
        if row in STRUCK:
            pen.line((140, foot - rise, 1450, foot - rise + 1), fill=(0, 0, 0), width=4)
    picture.save(folder / "page.png", dpi=(200, 200))
    reader = open_reader(ReadingSettings(second_opinion="off"))
    page = reader.read_page(folder / "page.png", 1).page
    feet = [ROW + STEP * row for row in STRUCK]
    near = [w for w in page.text.words if any(w.box.top < at < w.box.bottom + 12 for at in feet)]
    sure = {word.text for word in near if word.confidence >= CERTAIN}
    return page, near, sure - set(text.split())


@pytest.mark.engine
@pytest.mark.parametrize("rise", [0, 8, 16], ids=["at the feet", "middle", "on small letters"])
def test_words_along_a_ruler_are_read_or_not_certain(rise: int, tmp_path: Path) -> None:
    page, words, wrong = hidden(rise, tmp_path)
    assert not wrong
    assert page.state is PageState.DOUBTFUL or not any(w.confidence >= CERTAIN for w in words)
    others = [word for word in page.text.words if word not in words]
    assert sum(word.confidence >= CERTAIN for word in others) > 0.9 * len(others) > 100


@pytest.mark.engine
def test_words_that_a_black_signature_runs_through_are_not_certain(tmp_path: Path) -> None:
    picture = Image.new("RGB", (1654, 2339), (252, 252, 252))
    pen, font = ImageDraw.Draw(picture), typeface("termes").font(Style.REGULAR, 36)
    for row in range(12):
        text = TEXT[row % len(TEXT)]
        pen.text((150, ROW + STEP * row), text, font=font, fill=(0, 0, 0), anchor="ls")
    turns = np.linspace(0, 10 * np.pi, 300)
    loops = np.stack((700 + 9 * turns + 40 * np.cos(turns), 630 + 60 * np.sin(turns)), axis=1)
    pen.line([tuple(at) for at in loops.tolist()], fill=(0, 0, 0), width=4, joint="curve")
    picture.save(tmp_path / "page.png", dpi=(200, 200))
    reader = open_reader(ReadingSettings(second_opinion="off"))
    words = reader.read_page(tmp_path / "page.png", 1).page.text.words
    printed = {word for text in TEXT for word in text.split()}
    sure = [word for word in words if word.confidence >= CERTAIN]
    assert not {word.text for word in sure} - printed
    assert len(sure) > 120
    assert len(words) - len(sure) >= 3


def test_print_and_rules_are_no_free_stroke() -> None:
    """Tables, frames and underlines that letters touch, and headings, are none; a ring is one."""
    picture = Image.new("L", (900, 700), 255)
    pen, font = ImageDraw.Draw(picture), typeface("termes").font(Style.BOLD, 30)
    for row in range(6):
        pen.text((64, 70 + 60 * row), "GIẤY CHỨNG NHẬN đăng ký", font=font, fill=0, anchor="ls")
        pen.line((40, 72 + 60 * row, 860, 72 + 60 * row), fill=0, width=2)
    pen.rectangle((40, 12, 860, 372), outline=0, width=2)
    page = np.asarray(picture, np.uint8)
    assert free_strokes(page, LETTER) is None
    pen.ellipse((500, 420, 700, 620), outline=0, width=3)
    ring = free_strokes(np.asarray(picture, np.uint8), LETTER)
    assert ring is not None
    assert ring[520, 500:503].any()


@pytest.mark.engine
def test_a_page_without_such_lines_has_no_reason(tmp_path: Path) -> None:
    page = struck_out(tmp_path, None)
    assert (page.state, page.reasons) == (PageState.READ, ())
