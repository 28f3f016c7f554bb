"""Limits how often somebody looks people up, and lets known and unknown numbers take equally long.

Whoever sees some units alone must not learn from the time of an answer that others have papers of
a number, and nobody is to read a list of numbers out.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.model import EVERYTHING
from web.people.gate import Asked

EVEN_SECONDS = 0.15  # longer than reading some dozens of records takes


@contextmanager
def look_up(asked: Asked) -> Iterator[None]:
    """Count a look for a person, and end after a time that does not tell what was found.

    Raises:
        TooManyCallsError: it is one too many of this account, however often it signs in.
    """
    visit = asked.visit
    asked.context.lookups.take(
        visit.visitor.address if visit.is_demonstration else f"account {visit.name}"
    )
    began = time.monotonic()
    try:
        yield
    finally:
        if visit.scope != EVERYTHING:
            time.sleep(rest_of(time.monotonic() - began))


def rest_of(seconds: float) -> float:
    """Return how long an answer waits that took some time: until the next whole step.

    Without steps an answer that takes longer than others, for papers that are not shown, says so.
    """
    return max(1, math.ceil(seconds / EVEN_SECONDS)) * EVEN_SECONDS - seconds
