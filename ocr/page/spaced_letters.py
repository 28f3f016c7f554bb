"""Joins the letters of a line that were printed apart into words, in layers and after OCR."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from pipeline.model import Line, Word
from pipeline.vietnamese import SpacedWord, joined_letters

_WORDS_APART = 4  # heights of its letters: a wider gap parts what is printed in spaced letters
_SAME_ROW = 0.3  # heights by which letters of one row may differ
AnyWord = TypeVar("AnyWord", bound=Word)


def join_letters(words: Sequence[AnyWord]) -> list[AnyWord]:
    """Return the words of a line, left to right, those of single letters joined.

    A joined word keeps what was read as its raw text, and the least confidence of its letters.
    """
    places = [SpacedWord(word.text, word.box.left, word.box.right) for word in words]
    return [
        _join(words[group.start : group.stop]) if len(group) > 1 else words[group.start]
        for group in joined_letters(places)
    ]


def rows_of_letters(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of a page, those of single letters joined with the next of their row.

    Programs that lay out text take a wide gap between two spaced words for one between columns.
    """
    rows = list(lines)
    if sum(map(_is_spaced, rows)) < 2:
        return rows
    at = 0
    while at < len(rows):
        row = rows[at]
        after = next((each for each in rows[at + 1 :] if _continues(row, each)), None)
        if after is None:
            at += 1
        else:
            rows[at] = Line((*row.words, *after.words))
            rows = [each for each in rows if each is not after]
    return rows


def _continues(row: Line, line: Line) -> bool:
    if not (_is_spaced(row) and _is_spaced(line)):
        return False
    last, first = row.words[-1].box, line.words[0].box
    height = min(last.height, first.height)
    is_level = abs(last.top - first.top) + abs(last.bottom - first.bottom) < _SAME_ROW * height
    return is_level and 0 < first.left - last.right < _WORDS_APART * height


def _is_spaced(line: Line) -> bool:
    return len(line.words) > 1 and all(
        len(word.text) == 1 and word.text.isalpha() for word in line.words
    )


def _join(letters: Sequence[AnyWord]) -> AnyWord:
    box = letters[0].box
    for letter in letters[1:]:
        box = box.union(letter.box)
    return replace(
        letters[0],
        text="".join(letter.text for letter in letters),
        confidence=min(letter.confidence for letter in letters),
        box=box,
        raw=" ".join(letter.text for letter in letters),
    )
