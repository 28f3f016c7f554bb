"""Parses Tesseract's TSV output into words, joined with the letters it weighed for each."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from itertools import zip_longest

from ocr.engines.port import Letters, OcrWord
from pipeline.model import Box
from pipeline.vietnamese import nfc

_WORD_LEVEL = "5"


def raw_lines(table: str, weighed: Sequence[Letters] = ()) -> list[tuple[OcrWord, ...]]:
    """Read Tesseract's TSV: level, page, block, paragraph, line, word, box, confidence, text.

    Args:
        table: as Tesseract gave it.
        weighed: for each word of the table, what each of its letters might be, the one read first.
    """
    lines: dict[tuple[str, ...], list[OcrWord]] = {}
    rows = csv.reader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    words = (row for row in rows if len(row) >= 12 and row[0] == _WORD_LEVEL)
    for row, letters in zip_longest(words, weighed):
        if row is None or not row[11].strip():
            continue
        left, top, width, height = (int(cell) for cell in row[6:10])
        confidence = min(max(float(row[10]) / 100, 0.0), 1.0)
        text = nfc(row[11].strip())
        choices = _choices(text, letters or ())
        word = OcrWord(text, confidence, Box(left, top, width, height), choices=choices)
        lines.setdefault(tuple(row[1:5]), []).append(word)
    return [tuple(words) for words in lines.values()]


def _choices(text: str, letters: Letters) -> Letters:
    """Return what each letter of a text might be beside what was read; nothing of another text."""
    spelled = nfc("".join(choices[0].letter for choices in letters if choices))
    if spelled != text or len(spelled) != len(letters):
        return ()
    return tuple(choices[1:] for choices in letters)
