"""Computes the true error rate of what machines hold certain, with Wilson's interval of 95 %.

E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

_Z = 1.959964  # standard normal quantile of a two-sided interval of 95 %


class ErrorRate(NamedTuple):
    """How often what was held certain is wrong, within one group."""

    by: str  # all, field, unit or scanner
    name: str  # of the field, unit or scanner
    looked_at: int
    wrong: int
    low: float  # bounds of the true rate, 0-1
    high: float

    @property
    def rate(self) -> float:
        """The rate in the sample, 0-1."""
        return self.wrong / self.looked_at if self.looked_at else 0.0


def wilson(wrong: int, looked_at: int) -> tuple[float, float]:
    """Return the bounds (0-1) within which the true rate lies with 95 %; all where none is known.

    Args:
        wrong: number of fields that were wrong.
        looked_at: number of fields that were looked at.
    """
    if not looked_at:
        return 0.0, 1.0
    rate, square = wrong / looked_at, _Z * _Z
    middle = rate + square / (2 * looked_at)
    spread = _Z * math.sqrt((rate * (1 - rate) + square / (4 * looked_at)) / looked_at)
    whole = 1 + square / looked_at
    low, high = (middle - spread) / whole, (middle + spread) / whole
    return (0.0 if not wrong else max(low, 0.0)), (1.0 if wrong == looked_at else min(high, 1.0))


def error_rates(counts: Iterable[tuple[str, str, int, int]]) -> tuple[ErrorRate, ...]:
    """Return rates from counts.

    Args:
        counts: the grouping, the name of the group, how many were looked at, how many were wrong.
    """
    return tuple(ErrorRate(by, name, n, wrong, *wilson(wrong, n)) for by, name, n, wrong in counts)
