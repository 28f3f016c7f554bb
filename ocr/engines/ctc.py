"""Decodes what a line recogniser with CTC output says: freely, or as digits only.

Connectionist temporal classification (Graves et al., 2006): a recogniser gives, for each step along
a line, a probability to each letter and to "no new letter". Column 0 stands for the
latter. A text's probability is the sum over all ways to spell it along the steps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ocr.engines.port import Probabilities

BLANK = 0
_UNLIKELY = 1e-4  # of a digit on a step: it is in no likely spelling
_BEAM = 8  # texts followed at a time; numbers have few likely spellings


class Letter(NamedTuple):
    """A letter of a reading: what it is, how sure, and on which steps it stands."""

    text: str
    confidence: float  # 0-1, the highest of its steps
    first: int
    last: int


class Digits(NamedTuple):
    """A number that was read: its digits, how sure the weakest of them is, the runner-up."""

    text: str
    confidence: float  # 0-1, of the weakest digit
    share: float  # 0-1, of the text among all texts of digits that were followed


def greedy(steps: Probabilities, alphabet: str) -> list[Letter]:
    """Return the likeliest letter of each step, repetitions and blanks left out.

    Args:
        steps: probabilities, steps by letters.
        alphabet: the letters of columns 1 and up.
    """
    best = steps.argmax(axis=1)
    letters: list[Letter] = []
    before = BLANK
    for at, column in enumerate(best.tolist()):
        if column != BLANK:
            sure = float(steps[at, column])
            if column == before:
                last = letters[-1]
                letters[-1] = last._replace(confidence=max(last.confidence, sure), last=at)
            else:
                letters.append(Letter(alphabet[column - 1], sure, at, at))
        before = column
    return letters


def digits(steps: Probabilities, columns: Sequence[int]) -> Digits:
    """Return the likeliest number on some steps, by prefix beam search over digits and the blank.

    Probabilities are not made to sum to one again: where the recogniser sees something else than a
    digit, no digit is sure.

    Args:
        steps: probabilities, steps by letters.
        columns: the columns of the ten digits, 0 to 9.
    """
    beams: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}  # text: ends blank, ends in its letter
    for step in steps:
        blank = float(step[BLANK])
        likely = [digit for digit, column in enumerate(columns) if step[column] >= _UNLIKELY]
        grown: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for text, (in_blank, in_letter) in beams.items():
            grown[text][0] += (in_blank + in_letter) * blank
            for digit in likely:
                sure, letter = float(step[columns[digit]]), str(digit)
                if text.endswith(letter):
                    grown[text][1] += in_letter * sure
                    grown[text + letter][1] += in_blank * sure
                else:
                    grown[text + letter][1] += (in_blank + in_letter) * sure
        kept = sorted(grown.items(), key=lambda item: -sum(item[1]))[:_BEAM]
        whole = sum(sum(ends) for _, ends in kept) or 1.0
        beams = {text: (ends[0] / whole, ends[1] / whole) for text, ends in kept}
    best = max(beams, key=lambda text: sum(beams[text]))
    return Digits(best, _weakest(steps, best, columns), sum(beams[best]))


def _weakest(steps: Probabilities, text: str, columns: Sequence[int]) -> float:
    """Return the probability of the weakest digit where each stands at its likeliest step.

    The steps are found by dynamic programming: digits in their order, each on a step of its own,
    so that the weakest is as strong as can be.
    """
    if not text:
        return 0.0
    best = np.zeros(len(text) + 1)  # best[n]: the weakest of the first n digits, so far
    best[0] = 1.0
    for step in steps:
        for at in range(len(text), 0, -1):
            sure = float(step[columns[int(text[at - 1])]])
            best[at] = max(best[at], min(best[at - 1], sure))
    return float(best[-1])
