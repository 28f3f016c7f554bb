"""What Tesseract said: its table of words, and what else each letter might be."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple

from pipeline.model import Box, Word
from pipeline.vietnamese import nfc

_WORD_LEVEL = "5"


class Choice(NamedTuple):
    """A letter that Tesseract weighed for a place in a word, and how much of it it saw (0-1)."""

    letter: str
    seen: float


Letters = Sequence[tuple[Choice, ...]]  # of a word: what was weighed for each letter


@dataclass(frozen=True, slots=True)
class RawWord(Word):
    """A word as Tesseract read it, with its second thoughts where the adapter tells them."""

    choices: Letters = ()  # for each letter of the text, or none at all


def raw_lines(table: str, weighed: Sequence[Letters] = ()) -> list[tuple[RawWord, ...]]:
    """Read Tesseract's TSV: level, page, block, paragraph, line, word, box, confidence, text.

    Args:
        table: as Tesseract gave it.
        weighed: for each word of the table, what each of its letters might be, the one read first.
    """
    lines: dict[tuple[str, ...], list[RawWord]] = {}
    rows = csv.reader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    words = (row for row in rows if len(row) >= 12 and row[0] == _WORD_LEVEL)
    for row, letters in zip_longest(words, weighed):
        if row is None or not row[11].strip():
            continue
        left, top, width, height = (int(cell) for cell in row[6:10])
        confidence = min(max(float(row[10]) / 100, 0.0), 1.0)
        text = nfc(row[11].strip())
        choices = _choices(text, letters or ())
        word = RawWord(text, confidence, Box(left, top, width, height), choices=choices)
        lines.setdefault(tuple(row[1:5]), []).append(word)
    return [tuple(words) for words in lines.values()]


def _choices(text: str, letters: Letters) -> Letters:
    """Return what each letter of a text might be beside what was read; nothing of another text."""
    spelled = nfc("".join(choices[0].letter for choices in letters if choices))
    if spelled != text or len(spelled) != len(letters):
        return ()
    return tuple(choices[1:] for choices in letters)
