"""Scores correction candidates by the likeliest path through them (Viterbi, syllable bigrams)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import Enum, auto
from itertools import pairwise
from typing import NamedTuple

from pipeline.vietnamese.language_model import BEGIN, END, LanguageModel

_EITHER = math.log(0.5)  # the end of a line is the end of a phrase as often as not


class Link(Enum):
    """What separates a word from the one before it."""

    SPACE = auto()
    LINE = auto()  # the end of a line
    EDGE = auto()  # punctuation, or the beginning of all


class PathState(NamedTuple):
    """One candidate for a word."""

    number: int  # of its syllable in the language model
    unigram: float  # its probability, 0-1, without regard to neighbours
    cost: float  # natural log, at least 0: how much the picture speaks against it


class Step(NamedTuple):
    """A word: its link to the one before it, and its candidates."""

    link: Link
    states: Sequence[PathState]


_Scores = list[float]


def best_path_scores(model: LanguageModel, steps: Sequence[Step]) -> list[_Scores]:
    """Return for each state of each step the natural log of the best path through it.

    Args:
        model: the language model with the bigram probabilities of syllables.
        steps: the words of a stretch, in reading order.
    """
    if not steps:
        return []
    joins = [_joins(model, before, after) for before, after in pairwise(steps)]
    edge = PathState(BEGIN, model.frequency(BEGIN), 0.0)
    forward = [[_edge(model, edge, state) - state.cost for state in steps[0].states]]
    for step, join in zip(steps[1:], joins, strict=True):
        forward.append(
            [
                max(score + row[index] for score, row in zip(forward[-1], join, strict=True))
                - state.cost
                for index, state in enumerate(step.states)
            ]
        )
    backward = [[0.0] * len(steps[-1].states)]
    for step, join in zip(reversed(steps[1:]), reversed(joins), strict=True):
        after = [score - state.cost for score, state in zip(backward[-1], step.states, strict=True)]
        backward.append([max(map(float.__add__, row, after)) for row in join])
    backward.reverse()
    return [
        list(map(float.__add__, there, back)) for there, back in zip(forward, backward, strict=True)
    ]


def _joins(model: LanguageModel, before: Step, after: Step) -> list[_Scores]:
    """Return the logs of each state of a step after each state of the one before."""
    join = {Link.SPACE: _pair, Link.LINE: _line, Link.EDGE: _edge}[after.link]
    return [[join(model, left, right) for right in after.states] for left in before.states]


def _pair(model: LanguageModel, left: PathState, right: PathState) -> float:
    return model.log_bigram(left.number, right.number, right.unigram)


def _edge(model: LanguageModel, left: PathState, right: PathState) -> float:
    end = 0.0 if left.number == BEGIN else model.log_bigram(left.number, END, model.frequency(END))
    return end + model.log_bigram(BEGIN, right.number, right.unigram)


def _line(model: LanguageModel, left: PathState, right: PathState) -> float:
    return _EITHER + max(_pair(model, left, right), _edge(model, left, right))
