"""Joins words that were printed with gaps between their letters: Q U Y Ế T Đ Ị N H.

Headings are set so. Where a word ends the gaps tell when some are wider; where all are alike, the
syllable statistics do. What forms no Vietnamese syllables (A B C D, boxes of a form) stays apart.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from pipeline.vietnamese.language_model import BEGIN, LanguageModel, language_model
from pipeline.vietnamese.text import canonical, fold

_LEAST = 4  # letters of a run; fewer may be a list or a formula
_LONGEST = 7  # letters of a syllable: nghiêng
_PIECE = 2  # letters of what counts as a part of a run: some letters stand near to each other
_SINGLE = 0.6  # share of a run's parts that are single letters
_WIDE = 1.35  # median gaps of a run: the end of a word
_GAP = 6.0  # natural log: what a gap says for or against the end of a word
_MISREAD = 4.0  # natural log: what it costs that marks were misread
_MARKS = ".,:;()“”\"'-–/"


class SpacedWord(NamedTuple):
    """A word as it was read, and where it stands on its line."""

    text: str
    left: float
    right: float


class _RunPart(NamedTuple):
    """A part of a run: where it stands in the line, its letters and the gap before it."""

    at: int
    text: str
    gap: float  # in median gaps of the run


def joined_letters(words: Sequence[SpacedWord]) -> list[range]:
    """Return the groups of a line's words that are one printed word, in order.

    Args:
        words: the words of a line from left to right.
    """
    groups: list[range] = []
    at = 0
    for run in _runs(words):
        groups += [range(each, each + 1) for each in range(at, run.start)]
        groups += _groups(words, run)
        at = run.stop
    return groups + [range(each, each + 1) for each in range(at, len(words))]


def _runs(words: Sequence[SpacedWord]) -> Iterator[range]:
    """Yield the runs of single letters in a line."""
    start = 0
    for at in range(len(words) + 1):
        if at < len(words) and 0 < len(_letters(words[at].text)) <= _PIECE:
            continue
        pieces = words[start:at]
        singles = sum(len(_letters(word.text)) == 1 for word in pieces)
        if len(pieces) >= _LEAST and singles >= _SINGLE * len(pieces):
            yield range(start, at)
        start = at + 1


def _letters(text: str) -> str:
    core = text.strip(_MARKS)
    return core if core.isalpha() else ""


def _groups(words: Sequence[SpacedWord], run: range) -> list[range]:
    """Return how a run falls into words; each part alone when it forms none."""
    alone = [range(at, at + 1) for at in run]
    gaps = [max(words[at].left - words[at - 1].right, 0.0) for at in run[1:]]
    usual = max(median(gaps), 1e-6)
    pieces = [
        _RunPart(at, _letters(words[at].text), gap / usual)
        for at, gap in zip(run, [math.inf, *gaps], strict=True)
    ]
    model = language_model()
    # The best way to the end of each piece: its likelihood, the last syllable, where that began.
    best: list[tuple[float, int, int]] = [(0.0, BEGIN, 0)]
    for end in range(1, len(pieces) + 1):
        ways = [
            (best[start][0] + score, number, start)
            for start in range(max(end - _LONGEST, 0), end)
            for score, number in _word(model, pieces[start:end], best[start][1])
        ]
        best.append(max(ways, default=(-math.inf, BEGIN, end - 1)))
    if best[-1][0] == -math.inf:
        return alone
    cuts, end = [len(pieces)], len(pieces)
    while end:
        end = best[end][2]
        cuts.insert(0, end)
    return [range(pieces[a].at, pieces[a].at + b - a) for a, b in pairwise(cuts)]


def _word(
    model: LanguageModel, pieces: Sequence[_RunPart], before: int
) -> Iterator[tuple[float, int]]:
    """Yield how likely some pieces are one word after another, and its number; nothing if none."""
    text = "".join(piece.text for piece in pieces)
    syllable = canonical(text)
    meant = model.with_letters(fold(syllable)) if len(text) > 1 and _is_cased(text) else ()
    if not meant:
        return
    if syllable in meant:
        meant, cost = (syllable,), 0.0
    else:
        cost = _MISREAD
    edge = sum(_GAP for piece in pieces[1:] if piece.gap >= _WIDE)
    if pieces[0].gap != math.inf:
        edge += -_GAP if pieces[0].gap >= _WIDE else _GAP / 4
    for each in meant:
        number = model.number(each)
        yield model.log_bigram(before, number, model.unigram(each)) - cost - edge, number


def _is_cased(text: str) -> bool:
    return text.isupper() or text.islower() or text.istitle()
