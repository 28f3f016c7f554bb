"""Reads figures of a letterhead again that stand as print does, but were not read surely.

The page's reading and the recogniser of slots are two networks: where both say the same, nobody
needs to read the whole phrase. Only the figures in doubt are read, cut close, in one short line.
"""

from __future__ import annotations

import re

from ocr.engines.ctc import digits, greedy
from ocr.engines.port import LineRecogniser
from ocr.page.slots.slot_phrase import Phrase, figure_columns, trimmed
from pipeline.documents.slots.printed_values import PrintedFigures, PrintedValue
from pipeline.model import Box, SlotReading

_LEAST = 0.9  # confidence of the weakest figure
_ALONE = re.compile(r"[\s._…·:]*(\d[\d ]*?)[\s._…·]*(?:/.*)?")  # and what stands behind a slash


def confirmed(
    recogniser: LineRecogniser, phrase: Phrase, printed: PrintedValue
) -> SlotReading | None:
    """Return the value of a printed slot if a second reading of its doubtful figures agrees.

    Args:
        recogniser: reads the figures.
        phrase: the slot.
        printed: the value that the page's reading has there.
    """
    least = 1.0
    for part in printed.parts:
        if part.is_doubtful:
            least = min(least, _agrees(recogniser, phrase, part))
            if least < _LEAST:
                return None
    return phrase.taken(Box.around(part.box for part in printed.parts), printed.value, least)


def _agrees(recogniser: LineRecogniser, phrase: Phrase, part: PrintedFigures) -> float:
    """Return how sure the weakest figure is if the figures alone are read alike; else 0."""
    row = phrase.row()
    box = Box(part.left, row.top, max(1, part.right - part.left), row.height)
    steps = recogniser.steps(trimmed(phrase.cut_out(box), phrase.slot.height))
    letters = greedy(steps, recogniser.alphabet)
    match = _ALONE.fullmatch("".join(letter.text for letter in letters))
    if match is None or match[1].replace(" ", "") != part.text:
        return 0.0
    end = letters[match.end(1) - 1].last + 1
    number = digits(steps[:end], figure_columns(recogniser))
    return number.confidence if number.text == part.text else 0.0
