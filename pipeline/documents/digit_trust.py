"""Tells printed digits of a letterhead from handwritten ones, and gives their confidence.

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

DOUBT = CERTAIN - 0.2  # confidence of what was read, but not surely
_CLEAN = 0.9  # least OCR confidence of digits that may be certain
CLEAN_DAY = (
    0.95  # and of a day's, that nothing else on the paper confirms: 08 was read 06 with 0.94
)
_SIZE = 0.12  # how far printed digits differ in height or base line, as a share of their height
_TAIL = 1.23  # height of a token with a Q, in heights of its figures
_YEAR = re.compile(r"(?:19|20)\d{2}\W?")
_GLUED = re.compile(r"[^\W\d_A-ZĐ]\d|\d[^\W\d_A-ZĐ]")  # ngày0, 04tháng; not 1811/QĐ


class RowText(NamedTuple):
    """A row and its text, the tokens with one space between them: maps offsets back to tokens."""

    row: Row
    text: str

    @classmethod
    def of(cls, row: Row) -> RowText:
        """Return a row with its text."""
        return cls(row, row.text)

    def tokens_between(self, start: int, end: int) -> list[Token]:
        """Return the tokens that overlap ``text[start:end]``."""
        found, offset = [], 0
        for token in self.row.tokens:
            if offset < end and start < offset + len(token.text):
                found.append(token)
            offset += len(token.text) + 1
        return found


def digit_confidence(
    tokens: Sequence[Token],
    references: Sequence[Token],
    source: Source,
    clean: float = _CLEAN,
) -> float:
    """Return the confidence (0-1) that the digits in tokens are printed and read right.

    Args:
        tokens: the tokens of the number, or of the whole date.
        references: other tokens of the head; printed years among them give the digits' height.
        source: the origin of the page's words; a text layer has no handwriting.
        clean: least confidence of the engine from which they may be certain.
    """
    digits = [token for token in tokens if any(char.isdigit() for char in token.text)]
    confidence = min((token.confidence for token in digits), default=0.0)
    if source is not Source.OCR:
        return confidence
    if confidence < clean or any(_GLUED.search(token.text) for token in tokens):
        return min(confidence, DOUBT)
    return confidence if stand_as_print(tokens, references) else DOUBT


def stand_as_print(tokens: Sequence[Token], references: Sequence[Token]) -> bool:
    """Tell whether figures are as high as printed ones, on one base line.

    Args:
        tokens: the tokens of a number or a date; those without figures do not count.
        references: other tokens of the head; printed years among them give the figures' height.
    """
    figures = [token for token in tokens if any(char.isdigit() for char in token.text)]
    years = [token for token in (*references, *tokens) if _YEAR.fullmatch(token.text)]
    if not years:
        return False
    usual = median(token.box.height for token in years)
    sized = all(abs(token.box.height - usual) <= _SIZE * usual for token in figures)
    return sized and _on_one_line(figures, usual)


def without_tail(token: Token) -> Token:
    """Return a token as high as its figures are: the Q of 12/QĐ-UBND goes below their line."""
    if "Q" not in token.text:
        return token
    return token._replace(box=token.box._replace(height=round(token.box.height / _TAIL)))


def _on_one_line(digits: Sequence[Token], usual: float) -> bool:
    """Tell whether digits of one row share their base line, to within 2 * ``_SIZE`` of a height."""
    lines = [token.box.bottom for token in digits]
    return max(lines) - min(lines) <= 2 * _SIZE * usual
