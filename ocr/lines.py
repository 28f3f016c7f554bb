"""From the engine's lines to lines as people read them, in pixels of the original page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ocr.geometry import Mapping, box_back
from ocr.layout import in_reading_order
from ocr.said import RawWord
from ocr.tesseract import RawLine
from pipeline.model import CERTAIN, Line, PageText, Word
from pipeline.vietnamese import Reading, repair

_NOISE = 0.30  # confidence below which marks without letters or digits are specks
_REPAIRED = CERTAIN - 0.05  # a repaired word makes no finding certain
_RULES = "|¦_"  # what rules of tables and dividers are read as


def page_text(lines: Iterable[RawLine], mapping: Mapping, width: int, height: int) -> PageText:
    """Return the words on the original page, in reading order, noise left out, repaired.

    Args:
        lines: as the engine gave them, in pixels of its picture.
        mapping: from the original page to that picture.
        width: pixels of the original page.
        height: pixels of the original page.
    """
    kept = [[_plain(word) for word in line.words if not _is_noise(word)] for line in lines]
    parts = list(in_reading_order(kept))
    return PageText(
        tuple(
            Line(tuple(_back(word, mapping, width, height) for word in words))
            for words in _repaired(parts)
        )
    )


def _repaired(lines: Sequence[Sequence[RawWord]]) -> Iterator[list[Word]]:
    """Give misread words what they were printed as; what was read stays beside it."""
    changed = repair([[Reading(word.text, word.choices) for word in line] for line in lines])
    for row, line in enumerate(lines):
        words: list[Word] = list(line)
        for place, word in enumerate(line):
            if text := changed.get((row, place)):
                sure = min(word.confidence, _REPAIRED)
                words[place] = Word(text, sure, word.box, raw=word.text)
        yield words


def _is_noise(word: Word) -> bool:
    """Tell whether a word is dirt or a rule; anything with a letter or digit is kept."""
    if any(char.isalnum() for char in word.text):
        return False
    return word.confidence < _NOISE or not word.text.strip(_RULES)


def _plain(word: RawWord) -> RawWord:
    """Return the word without the rule of a table that was read with it."""
    text = word.text.strip(_RULES)
    if text == word.text:
        return word
    start = word.text.index(text)
    return replace(word, text=text, choices=word.choices[start : start + len(text)])


def _back(word: Word, mapping: Mapping, width: int, height: int) -> Word:
    box = box_back(word.box, mapping, width, height)
    return Word(word.text, word.confidence, box, word.raw)
