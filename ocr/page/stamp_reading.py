"""Reads the stamps of a page's head that say how secret or how urgent it is."""

from __future__ import annotations

from collections.abc import Iterator

from ocr.deadline import Deadline
from ocr.engines.port import Engine, Segmentation
from ocr.image.geometry import Pixels
from ocr.image.head_stamps import HeadStamp, head_stamps
from ocr.image.measure import PageAnalysis
from pipeline.documents.fuzzy import folded_text, similarity
from pipeline.model import CERTAIN, Line, PageText, Word

# NĐ 30/2020/NĐ-CP, annex I, elements 10a and 10b; what any other stamp says is left out.
_MARKS = {
    "tuyet mat": "TUYỆT MẬT",
    "toi mat": "TỐI MẬT",
    "mat": "MẬT",
    "hoa toc": "HỎA TỐC",
    "thuong khan": "THƯỢNG KHẨN",
    "khan": "KHẨN",
}
_ALIKE = 0.75  # of a mark of two words
_SECRET = "MẬ"  # what worn letters T become matters little: no other stamp begins so
_DPI = 150  # of letters as high as the cut-outs'
_CONFIDENCE = CERTAIN - 0.05  # makes no finding certain


def read_head_stamps(
    engine: Engine,
    page: Pixels,
    analysis: PageAnalysis,
    turn: tuple[int, float],
    deadline: Deadline,
) -> tuple[Line, ...]:
    """Return a line for each mark stamped at the head, with boxes in pixels of the page.

    Args:
        engine: the engine that reads them.
        page: the original page, grey (height by width) or BGR (height by width by 3).
        analysis: the measures of that page.
        turn: degrees clockwise that bring the page upright, and degrees it leans after that.
        deadline: the page's time limit.

    Raises:
        ReadingTimeoutError: the page's time is over.
        ReadingError: the engine failed.
    """
    found: dict[str, Line] = {}
    for stamp in head_stamps(page, analysis, *turn):
        if mark := _mark_of(engine, stamp, deadline):
            found.setdefault(mark, Line(tuple(_words(mark, stamp))))
    return tuple(found.values())


def is_read(mark: Line, text: PageText) -> bool:
    """Tell whether the words of a mark stand in a page's text at the place of the stamp.

    Args:
        mark: a line from ``read_head_stamps``.
        text: the text that was read of the same page.
    """
    wanted = {folded_text(word.text) for word in mark.words}
    box = mark.words[0].box.union(mark.words[-1].box)
    inside = (
        word
        for line in text.lines
        for word in line.words
        if box.left <= word.box.left + word.box.width // 2 <= box.right
        and box.top <= word.box.top + word.box.height // 2 <= box.bottom
    )
    return wanted <= {folded_text(word.text) for word in inside}


def _mark_of(engine: Engine, stamp: HeadStamp, deadline: Deadline) -> str:
    for image in stamp.images:
        lines = engine.read(image, _DPI, deadline.left(), Segmentation.LINE)
        if mark := mark_in(" ".join(word.text for line in lines for word in line.words)):
            return mark
    return ""


def mark_in(text: str) -> str:
    """Return the mark that is all a stamp says, as printed; empty for any other text.

    Args:
        text: the words that were read of the stamp; what frames leave beside them does no harm.
    """
    letters = [char for char in text if char.isalpha()]
    if 2 * sum(char.isupper() for char in letters) < len(letters):
        return ""
    words = [word for word in folded_text(text).split() if len(word) > 1]
    said = " ".join(words)
    for folded, mark in _MARKS.items():
        if said == folded or (" " in folded and similarity(said, folded) >= _ALIKE):
            return mark
    is_secret = len(words) == 1 and len(words[0]) <= 4 and _SECRET in text
    return _MARKS["mat"] if is_secret else ""


def _words(mark: str, stamp: HeadStamp) -> Iterator[Word]:
    """Yield the words of a mark, each with its share of the stamp's box."""
    words = mark.split()
    width = max(1, stamp.box.width // len(words))
    for at, word in enumerate(words):
        box = stamp.box._replace(left=stamp.box.left + at * width, width=width)
        yield Word(word, _CONFIDENCE, box)
