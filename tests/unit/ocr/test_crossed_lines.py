"""Print that a frame as dark as print crosses is read, and nothing else changes."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from bench.lost_lines import compare
from ocr import open_reader
from ocr.deadline import Deadline
from ocr.engines.port import OcrLine, OcrWord, Segmentation
from ocr.image.geometry import Pixels, identity
from ocr.image.measure import analyse
from ocr.image.preprocess import ReadingPicture
from ocr.page import rereading
from ocr.page.rereading.black_frames import Frame, black_frames
from ocr.page.rereading.crossed_lines import with_crossed_lines
from ocr.page.rereading.second_pass import Rereading
from ocr.reader import Reader
from pipeline.model import CERTAIN, Box, Page
from pipeline.settings import ReadingSettings
from tests.paper import draw_page
from tests.paper.risky_lines import RiskyPage, draw_risky

LETTER, MM = 14.0, 150 / 25.4
FRAME = np.array([[200, 150, 284, 130]], np.int32)  # 48 by 22 millimetres


def framed(page: Pixels, lean: float) -> Pixels:
    """The same with the frame of a stamp, pressed at a lean of some degrees."""
    left, top, width, height = FRAME[0].tolist()
    turn = cv2.getRotationMatrix2D((left + width / 2, top + height / 2), lean, 1)
    corners = np.array(
        [[left, top], [left + width, top], [left + width, top + height], [left, top + height]]
    )
    moved = (turn @ np.c_[corners, np.ones(4)].T).T
    return np.asarray(
        cv2.polylines(page.copy(), [moved.astype(np.int32)], True, 0, 4, cv2.LINE_AA), np.uint8
    )


def lettered() -> Pixels:
    """Rows of strokes that stand for letters: upright and lying ones, 12 pixels apart."""
    page = np.full((400, 700), 255, np.uint8)
    for y in range(60, 360, 31):
        for x in range(30, 680, 12):
            cv2.rectangle(page, (x, y), (x + 2, y + 14), 0, cv2.FILLED)
            cv2.rectangle(page, (x, y + 6), (x + 7, y + 8), 0, cv2.FILLED)
    return page


def frames_of(page: Pixels) -> list[Frame]:
    return list(black_frames(page, FRAME, LETTER, MM))


@pytest.mark.parametrize("lean", [-2.5, 0.0, 1.5])
def test_lines_of_a_frame_go_and_letters_stay(lean: float) -> None:
    bare = lettered()
    page = framed(bare, lean)
    (frame,) = frames_of(page)
    box = frame.box
    window = slice(box.top, box.bottom), slice(box.left, box.right)
    line = (framed(np.full_like(bare, 255), lean)[window] < 128) & (bare[window] >= 128)
    letters = bare[window] < 128
    for cleaned in frame.cleaned:
        assert np.mean(cleaned[line] < 128) < 0.35
        assert np.mean(cleaned[letters] < 128) > 0.8  # what ends in a line goes with it
        far = cv2.dilate((frame.lines > 0).astype(np.uint8), np.ones((9, 9))) == 0
        assert (cleaned[far] == page[window][far]).all()


def test_print_alone_has_no_frame() -> None:
    assert not frames_of(lettered())


def test_a_table_larger_than_a_stamp_is_left_alone() -> None:
    page = np.full((900, 1200), 255, np.uint8)
    cv2.rectangle(page, (100, 100), (1100, 800), 0, 3)
    assert not list(black_frames(page, np.array([[99, 99, 1003, 703]], np.int32), LETTER, MM))


class OneLine:
    """An engine that reads the same words wherever it is asked."""

    name = version = recipe = "one line"

    def __init__(self, *words: OcrWord) -> None:
        self._words = words

    def read(
        self, grey: Pixels, dpi: int, seconds: float, segmentation: Segmentation = Segmentation.PAGE
    ) -> list[OcrLine]:
        return [OcrLine(self._words)] if segmentation is Segmentation.LINE else []


def crossed(bare: Pixels, lines: list[OcrLine], *read: OcrWord) -> list[OcrLine]:
    """Return the lines of a page with a frame upon it, where an engine reads these words."""
    page = framed(bare, 0.0)
    here = identity(page.shape[1], page.shape[0])
    analysis = replace(analyse(page[:400, :700], 150), components=FRAME, millimetre=MM)
    picture = ReadingPicture(page, here, here, 150)
    return with_crossed_lines(Rereading(OneLine(*read), picture, analysis, Deadline(600)), lines)


@pytest.mark.parametrize(
    ("cut", "width", "now"),
    [
        ("HÀNH", 64, ["trước", "T", "HÀNH", "PHỐ"]),  # too wide for a piece: nothing is exchanged
        ("ÀNH", 50, ["trước", "THÀNH", "PHỐ"]),
    ],
)
def test_a_word_goes_only_where_what_was_read_now_stands(
    cut: str, width: int, now: list[str]
) -> None:
    old = [
        OcrWord("trước", 0.95, Box(110, 215, 60, 16)),
        OcrWord("T", 0.6, Box(190, 215, 14, 16)),  # on the left line of the frame
        OcrWord(cut, 0.93, Box(210, 215, width, 16)),
        OcrWord("PHỐ", 0.95, Box(300, 215, 60, 16)),
    ]
    left = 107 - 20  # of the cut-out
    whole = OcrWord("THÀNH", 0.75, Box(190 - left, 20, 84, 24))
    (line,) = crossed(lettered(), [OcrLine(tuple(old))], whole)
    assert [word.text for word in line.words] == now
    by_text = {word.text: word.confidence for word in line.words}
    assert all(by_text[text] < CERTAIN for text in now[1:-1]), "half a word is not certain"
    assert (by_text["trước"], by_text["PHỐ"]) == (0.95, 0.95)


def test_a_row_of_print_keeps_no_picture_of_the_page() -> None:
    bare = np.full((2400, 1800), 255, np.uint8)
    bare[:400, :700] = lettered()
    lines = [OcrLine((OcrWord("trước", 0.95, Box(110, y, 60, 16)),)) for y in range(153, 280, 31)]
    tracemalloc.start()
    crossed(bare, lines)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6 * bare.size, (
        "the page framed, two without the frame, and what they pass through"
    )


def read(reader: Reader, risky: RiskyPage, folder: Path) -> Page:
    risky.page.image.save(folder / "page.png", dpi=(200, 200))
    return reader.read_page(folder / "page.png", 1).page


@pytest.mark.engine
@pytest.mark.slow
def test_words_under_the_frame_of_a_copied_stamp_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = open_reader(ReadingSettings())
    risky = draw_risky("arrival stamp", 702, copied=True)
    optional = " ".join(risky.page.truth.optional_text)
    now = compare(read(reader, risky, tmp_path), risky.page.truth.text, risky.lines, optional)
    monkeypatch.setattr(rereading, "with_crossed_lines", lambda *args: list(args[1]))
    was = compare(read(reader, risky, tmp_path), risky.page.truth.text, risky.lines, optional)
    assert now.loss.tokens_lost < was.loss.tokens_lost
    assert now.loss.invented == 0
    assert "trình" in was.lost
    assert "trình" not in now.lost


@pytest.mark.engine
@pytest.mark.slow
def test_a_page_whose_print_touches_no_frame_is_read_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = open_reader(ReadingSettings())
    asked = []

    def watched(*args):  # type: ignore[no-untyped-def]
        lines = with_crossed_lines(*args)
        asked.append(lines == list(args[1]))
        return lines

    monkeypatch.setattr(rereading, "with_crossed_lines", watched)
    draw_page("F", 11, 200).image.save(tmp_path / "page.png", dpi=(200, 200))
    reader.read_page(tmp_path / "page.png", 1)
    assert asked == [True]
