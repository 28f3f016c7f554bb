"""Turns an engine's lines into page text: false words removed, ordered, corrected, mapped back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from ocr.engines.port import OcrLine, OcrWord
from ocr.image.geometry import Mapping, unmap_boxes
from ocr.page.addresses import with_addresses
from ocr.page.noise import without_false_words, without_scrawls
from ocr.page.reading_order import in_reading_order
from ocr.page.spaced_letters import join_letters
from ocr.page.title_marks import repaired_titles
from pipeline.model import CERTAIN, Line, PageText, Word
from pipeline.vietnamese import (
    WordReading,
    repair,
    repaired_figures,
    repaired_frames,
    repaired_numerals,
)

_CORRECTED = CERTAIN - 0.05  # a corrected word makes no finding certain


Opinion = Callable[
    [Sequence[Sequence[Word]], Sequence[Sequence[OcrWord]]], dict[tuple[int, int], str]
]


def page_text(
    lines: Iterable[OcrLine],
    mapping: Mapping,
    width: int,
    height: int,
    opinion: Opinion | None = None,
) -> PageText:
    """Return the text of a page in reading order, corrected, without false words.

    Boxes of the result are in pixels of the original page, origin top left. A corrected word keeps
    what was read as its raw text, and makes no finding certain.

    Args:
        lines: the engine's lines, with boxes in pixels of the image it read.
        mapping: the mapping from the original page to that image.
        width: the original page's width in pixels.
        height: the original page's height in pixels.
        opinion: gives other words, by index of the line and of the word in it, for those that
            stand there after correction and were read so; None: nobody is asked.
    """
    cleaned = [without_false_words(with_addresses(join_letters(line.words))) for line in lines]
    ordered = without_scrawls(list(in_reading_order(cleaned)))
    corrected = list(_corrected(ordered))
    if opinion is not None:
        for (row, column), text in opinion(corrected, ordered).items():
            corrected[row][column] = _changed(text, ordered[row][column])
    mended = repaired_frames([[word.text for word in words] for words in corrected])
    for (row, column), text in mended.items():  # a vote knows no frames
        corrected[row][column] = _changed(text, ordered[row][column])
    every = (word.box for words in corrected for word in words)
    boxes = iter(unmap_boxes(every, mapping, width, height))
    return PageText(
        tuple(
            Line(tuple(Word(w.text, w.confidence, next(boxes), w.raw) for w in words))
            for words in corrected
        )
    )


def _corrected(lines: Sequence[Sequence[OcrWord]]) -> Iterator[list[Word]]:
    """Yield the lines with misread words corrected; what was read becomes their raw text."""
    texts = [[word.text for word in line] for line in lines]
    known = (
        repaired_numerals(texts)
        | repaired_figures(texts)
        | repaired_frames(texts)
        | repaired_titles(texts)
    )
    corrections = repair(
        [
            [
                WordReading(known[row, column])
                if (row, column) in known
                else WordReading(word.text, word.choices)
                for column, word in enumerate(line)
            ]
            for row, line in enumerate(lines)
        ]
    )
    for row, line in enumerate(lines):
        words: list[Word] = list(line)
        for column, word in enumerate(line):
            if text := known.get((row, column)) or corrections.get((row, column)):
                words[column] = _changed(text, word)
        yield words


def _changed(text: str, read: OcrWord) -> Word:
    """Return a word that was changed, with what was read kept; none is sure."""
    return Word(text, min(read.confidence, _CORRECTED), read.box, raw=read.raw or read.text)
