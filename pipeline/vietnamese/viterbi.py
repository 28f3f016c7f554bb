"""The likeliest path through what each word of a page may be (pairs of syllables, Viterbi)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import Enum, auto
from itertools import pairwise
from typing import NamedTuple

from pipeline.vietnamese.language_model import BEGIN, END, LanguageModel

_EITHER = math.log(0.5)  # the end of a line is the end of a phrase as often as not


class Link(Enum):
    """What stands between a word and the one before it."""

    SPACE = auto()
    LINE = auto()  # the end of a line
    EDGE = auto()  # punctuation, or the beginning of all


class PathState(NamedTuple):
    """One thing that a word may be."""

    number: int  # of its syllable in the statistics
    alone: float  # its probability without regard to neighbours
    price: float  # natural log of how much the picture speaks against it


class Step(NamedTuple):
    """A word: how it hangs on the one before it, and what it may be."""

    link: Link
    states: Sequence[PathState]


_Scores = list[float]


def best_through(known: LanguageModel, steps: Sequence[Step]) -> list[_Scores]:
    """Return for each state of each step the natural log of the best path through it."""
    if not steps:
        return []
    joins = [_joins(known, before, after) for before, after in pairwise(steps)]
    edge = PathState(BEGIN, known.share(BEGIN), 0.0)
    forward = [[_edge(known, edge, state) - state.price for state in steps[0].states]]
    for step, join in zip(steps[1:], joins, strict=True):
        forward.append(
            [
                max(score + row[place] for score, row in zip(forward[-1], join, strict=True))
                - state.price
                for place, state in enumerate(step.states)
            ]
        )
    backward = [[0.0] * len(steps[-1].states)]
    for step, join in zip(reversed(steps[1:]), reversed(joins), strict=True):
        after = [
            score - state.price for score, state in zip(backward[-1], step.states, strict=True)
        ]
        backward.append([max(map(float.__add__, row, after)) for row in join])
    backward.reverse()
    return [
        list(map(float.__add__, there, back)) for there, back in zip(forward, backward, strict=True)
    ]


def _joins(known: LanguageModel, before: Step, after: Step) -> list[_Scores]:
    """Return the logs of each state of a step after each state of the one before."""
    join = {Link.SPACE: _pair, Link.LINE: _line, Link.EDGE: _edge}[after.link]
    return [[join(known, left, right) for right in after.states] for left in before.states]


def _pair(known: LanguageModel, left: PathState, right: PathState) -> float:
    return known.log_pair(left.number, right.number, right.alone)


def _edge(known: LanguageModel, left: PathState, right: PathState) -> float:
    end = 0.0 if left.number == BEGIN else known.log_pair(left.number, END, known.share(END))
    return end + known.log_pair(BEGIN, right.number, right.alone)


def _line(known: LanguageModel, left: PathState, right: PathState) -> float:
    return _EITHER + max(_pair(known, left, right), _edge(known, left, right))
