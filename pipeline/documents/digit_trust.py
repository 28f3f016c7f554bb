"""Whether digits in a head are printed, and so may be believed.

Numbers and dates are often written by hand into a printed slot, and Tesseract reads handwriting
as plausible wrong digits with high confidence (none of 13 right in the measured set). Printed
digits are read cleanly, stand alone, and are as high as the printed digits beside them, on the
same base line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from pipeline.documents.rows import Row, Token
from pipeline.model import CERTAIN, Source

DOUBT = CERTAIN - 0.2  # of what was read, but not surely
_CLEAN = 0.9  # least reader confidence of digits that may be certain
_SIZE = 0.12  # how far printed digits differ in height or base line, as a share of their height
_YEAR = re.compile(r"(?:19|20)\d{2}\W?")
_GLUED = re.compile(r"[^\W\d_A-ZĐ]\d|\d[^\W\d_A-ZĐ]")  # ngày0, 04tháng; not 1811/QĐ


class Span(NamedTuple):
    """A row's tokens and the text they make, one space between them."""

    row: Row
    text: str

    @classmethod
    def of(cls, row: Row) -> Span:
        """Return the span of a whole row."""
        return cls(row, row.text)

    def between(self, start: int, end: int) -> list[Token]:
        """Return the tokens that reach into text[start:end]."""
        found, place = [], 0
        for token in self.row.tokens:
            if place < end and start < place + len(token.text):
                found.append(token)
            place += len(token.text) + 1
        return found


def trust(tokens: Sequence[Token], references: Sequence[Token], source: Source) -> float:
    """Return how far the digits in tokens may be believed (0-1).

    Args:
        tokens: the number, or the whole date.
        references: other tokens of the head; printed years among them give the digits' height.
        source: where the page's words come from; a text layer has no handwriting.
    """
    digits = [token for token in tokens if any(char.isdigit() for char in token.text)]
    confidence = min((token.confidence for token in digits), default=0.0)
    if source is not Source.OCR:
        return confidence
    if confidence < _CLEAN or any(_GLUED.search(token.text) for token in tokens):
        return min(confidence, DOUBT)
    years = [token for token in (*references, *tokens) if _YEAR.fullmatch(token.text)]
    if not years:
        return DOUBT
    usual = median(token.box.height for token in years)
    sized = all(abs(token.box.height - usual) <= _SIZE * usual for token in digits)
    return confidence if sized and _on_one_line(digits, usual) else DOUBT


def _on_one_line(digits: Sequence[Token], usual: float) -> bool:
    """Tell whether digits of one row share their base line."""
    lines = [token.box.bottom for token in digits]
    return max(lines) - min(lines) <= 2 * _SIZE * usual
