"""Parses what Tesseract tells: its TSV output into words, its choices into other letters."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from ocr.engines.port import LetterChoice, LetterChoices, OcrWord
from pipeline.model import Box
from pipeline.vietnamese import nfc

Weighed = Sequence[Sequence[tuple[str, float]]]  # for each letter: what it may be, and its cost

_WORD_LEVEL = "5"
_HOPELESS = 20.0  # cost from which Tesseract has no confidence at all in a letter


def parse_tsv(table: str) -> list[tuple[OcrWord, ...]]:
    """Return the words of Tesseract's TSV output, line by line, in its order.

    The columns are level, page, block, paragraph, line, word, left, top, width, height, confidence
    (0-100) and text. Boxes stay in pixels of the image, origin top left; confidences become 0-1 and
    texts NFC.

    Args:
        table: the TSV output as Tesseract gave it.
    """
    lines: dict[tuple[str, ...], list[OcrWord]] = {}
    rows = csv.reader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    for row in rows:
        if len(row) < 12 or row[0] != _WORD_LEVEL or not row[11].strip():
            continue
        left, top, width, height = (int(column) for column in row[6:10])
        confidence = min(max(float(row[10]) / 100, 0.0), 1.0)
        word = OcrWord(nfc(row[11].strip()), confidence, Box(left, top, width, height))
        lines.setdefault(tuple(row[1:5]), []).append(word)
    return [tuple(words) for words in lines.values()]


def alternatives(text: str, weighed: Weighed, blanks: int) -> LetterChoices:
    """Return what each letter of a word might be instead; nothing if the best spell another word.

    Args:
        text: the word.
        weighed: the letters that Tesseract weighed for each place, the one that it read first,
            each with its cost (0 is certain).
        blanks: spaces before the word, which may have places of their own before its letters.
    """
    start = blanks if weighed and weighed[0] and weighed[0][0][0] == " " else 0
    places = [
        [(letter, cost) for letter, cost in place if letter != " "]
        for place in weighed[start : start + len(text)]
    ]
    spelled = nfc("".join(place[0][0] for place in places if place))
    if spelled != text or len(spelled) != len(places):
        return ()
    return tuple(
        tuple(
            LetterChoice(letter, 1 - cost / _HOPELESS)
            for letter, cost in place[1:]
            if cost < _HOPELESS
        )
        for place in places
    )
