"""Reads parts of a page once more: lines under seals, garbled ones, letters in no word, doubts."""

from __future__ import annotations

from ocr.deadline import Deadline
from ocr.engines.port import Engine, OcrLine
from ocr.image.measure import PageAnalysis
from ocr.image.preprocess import ReadingPicture
from ocr.page.rereading.crossed_lines import with_crossed_lines
from ocr.page.rereading.garbled_lines import with_garbled_lines
from ocr.page.rereading.raised_figures import with_raised_figures
from ocr.page.rereading.sealed_lines import with_sealed_lines
from ocr.page.rereading.second_opinion import SecondOpinion
from ocr.page.rereading.second_pass import LOST_LINES, Rereading, read_missed
from ocr.page.rereading.struck_words import doubt_struck

__all__ = ["LOST_LINES", "SecondOpinion", "doubt_struck", "with_lost_lines"]


def with_lost_lines(
    engine: Engine,
    picture: ReadingPicture,
    analysis: PageAnalysis,
    lines: list[OcrLine],
    deadline: Deadline,
) -> list[OcrLine]:
    """Return the lines of a page with those that the first pass lost.

    Args:
        engine: the engine that reads them.
        picture: the image that the first pass read.
        analysis: the measures of its page.
        lines: the words that the first pass read, with boxes in pixels of that image.
        deadline: the page's time limit.

    Raises:
        ReadingTimeoutError: the page's time is over.
        ReadingError: the engine failed.
    """
    page = Rereading(engine, picture, analysis, deadline)
    for pass_over in (with_sealed_lines, with_garbled_lines, with_crossed_lines):
        lines = pass_over(page, lines)
    lines = with_raised_figures(engine, picture, lines, deadline)
    return lines + read_missed(page, lines)
