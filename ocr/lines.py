"""From the engine's lines to lines as people read them, in pixels of the original page."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ocr.geometry import Mapping, box_back
from ocr.tesseract import RawLine
from pipeline.model import Line, PageText, Word

_WIDE = 1.7  # heights of a line: a wider gap parts two columns that share a baseline
_NOISE = 0.30  # confidence below which marks without letters or digits are specks
_RULES = "|¦_"  # what rules of tables and dividers are read as


def page_text(lines: Iterable[RawLine], mapping: Mapping, width: int, height: int) -> PageText:
    """Return the words on the original page, split at wide gaps, noise left out.

    Args:
        lines: as the engine gave them, in pixels of its picture.
        mapping: from the original page to that picture.
        width: pixels of the original page.
        height: pixels of the original page.
    """
    return PageText(
        tuple(
            Line(tuple(_back(word, mapping, width, height) for word in words))
            for line in lines
            for words in _parts([_plain(word) for word in line.words if not _is_noise(word)])
        )
    )


def _parts(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Split the words of a line where the gap between two is too wide for a space."""
    if not words:
        return
    limit = _WIDE * statistics.median(word.box.height for word in words)
    part = [words[0]]
    for word in words[1:]:
        if word.box.left - part[-1].box.right > limit:
            yield part
            part = []
        part.append(word)
    yield part


def _is_noise(word: Word) -> bool:
    """Tell whether a word is dirt or a rule; anything with a letter or digit is kept."""
    if any(char.isalnum() for char in word.text):
        return False
    return word.confidence < _NOISE or not word.text.strip(_RULES)


def _plain(word: Word) -> Word:
    """Return the word without the rule of a table that was read with it."""
    return replace(word, text=word.text.strip(_RULES))


def _back(word: Word, mapping: Mapping, width: int, height: int) -> Word:
    return Word(word.text, word.confidence, box_back(word.box, mapping, width, height))
