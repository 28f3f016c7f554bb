"""Parses Tesseract's TSV output into words, joined with the alternatives to their letters."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from itertools import zip_longest

from ocr.engines.port import LetterChoices, OcrWord
from pipeline.model import Box
from pipeline.vietnamese import nfc

_WORD_LEVEL = "5"


def parse_tsv(table: str, choices: Sequence[LetterChoices] = ()) -> list[tuple[OcrWord, ...]]:
    """Return the words of Tesseract's TSV output, line by line, in its order.

    The columns are level, page, block, paragraph, line, word, left, top, width, height, confidence
    (0-100) and text. Boxes stay in pixels of the image, origin top left; confidences become 0-1 and
    texts NFC.

    Args:
        table: the TSV output as Tesseract gave it.
        choices: the letters that each letter of a word might be, the one that was read first;
            one entry for each word of the table, in its order.
    """
    lines: dict[tuple[str, ...], list[OcrWord]] = {}
    rows = csv.reader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    words = (row for row in rows if len(row) >= 12 and row[0] == _WORD_LEVEL)
    for row, word_choices in zip_longest(words, choices):
        if row is None or not row[11].strip():
            continue
        left, top, width, height = (int(column) for column in row[6:10])
        confidence = min(max(float(row[10]) / 100, 0.0), 1.0)
        text = nfc(row[11].strip())
        others = _alternatives(text, word_choices or ())
        word = OcrWord(text, confidence, Box(left, top, width, height), choices=others)
        lines.setdefault(tuple(row[1:5]), []).append(word)
    return [tuple(words) for words in lines.values()]


def _alternatives(text: str, choices: LetterChoices) -> LetterChoices:
    """Return what each letter of a text might be instead; nothing if the choices spell another."""
    spelled = nfc("".join(position[0].letter for position in choices if position))
    if spelled != text or len(spelled) != len(choices):
        return ()
    return tuple(position[1:] for position in choices)
