"""From the engine's lines to lines as people read them, in pixels of the original page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ocr.engines.port import OcrLine, OcrWord
from ocr.image.geometry import Mapping, box_back
from ocr.page.noise import without_noise, without_scrawls
from ocr.page.reading_order import in_reading_order
from pipeline.model import CERTAIN, Line, PageText, Word
from pipeline.vietnamese import WordReading, repair

_REPAIRED = CERTAIN - 0.05  # a repaired word makes no finding certain


def page_text(lines: Iterable[OcrLine], mapping: Mapping, width: int, height: int) -> PageText:
    """Return the words on the original page, in reading order, noise left out, repaired.

    Args:
        lines: as the engine gave them, in pixels of its picture.
        mapping: from the original page to that picture.
        width: pixels of the original page.
        height: pixels of the original page.
    """
    kept = [without_noise(line.words) for line in lines]
    parts = without_scrawls(list(in_reading_order(kept)))
    return PageText(
        tuple(
            Line(tuple(_back(word, mapping, width, height) for word in words))
            for words in _repaired(parts)
        )
    )


def _repaired(lines: Sequence[Sequence[OcrWord]]) -> Iterator[list[Word]]:
    """Give misread words what they were printed as; what was read stays beside it."""
    changed = repair([[WordReading(word.text, word.choices) for word in line] for line in lines])
    for row, line in enumerate(lines):
        words: list[Word] = list(line)
        for place, word in enumerate(line):
            if text := changed.get((row, place)):
                sure = min(word.confidence, _REPAIRED)
                words[place] = Word(text, sure, word.box, raw=word.text)
        yield words


def _back(word: Word, mapping: Mapping, width: int, height: int) -> Word:
    box = box_back(word.box, mapping, width, height)
    return Word(word.text, word.confidence, box, word.raw)
