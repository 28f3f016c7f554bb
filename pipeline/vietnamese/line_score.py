"""How well words sound together: tells the better of two readings of one line."""

from __future__ import annotations

import math
from collections.abc import Iterable

from pipeline.vietnamese.language_model import BEGIN, NUMBER, LanguageModel, language_model
from pipeline.vietnamese.spelling import TokenKind, spelled

_SYMBOL = (
    -9.0
)  # of a code or a foreign word: dearer than a usual syllable, cheaper than a wrong one
_NOTHING = -25.0  # of a line without any word: less than any line has


def plausibility(words: Iterable[str]) -> float:
    """Return the mean natural log of the probability of words in Vietnamese office language.

    Around -4 for running text, -8 for names and headings, -12 and less where syllables cannot
    exist; compare readings of the same line only. Numbers and codes count the same whatever they
    say.

    Args:
        words: of a line, as read, in order.
    """
    known = language_model()
    logs = []
    before: int | None = BEGIN  # None: something the statistics know nothing about
    for word in words:
        lead, _, tail, kind, syllable = spelled(word)
        if lead:
            before = BEGIN
        if kind is TokenKind.NOTHING:
            continue
        here = NUMBER if kind is TokenKind.NUMBER else known.number(syllable)
        logs.append(
            _SYMBOL if kind is TokenKind.OTHER else _log(known, before, here, syllable, kind)
        )
        before = BEGIN if tail else None if kind is TokenKind.OTHER else here
    return sum(logs) / len(logs) if logs else _NOTHING


def _log(
    known: LanguageModel, before: int | None, here: int, syllable: str, kind: TokenKind
) -> float:
    alone = known.share(here) if kind is TokenKind.NUMBER else known.alone(syllable)
    return math.log(alone) if before is None else known.log_pair(before, here, alone)
