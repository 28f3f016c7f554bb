"""Limits how often somebody looks people up, and lets known and unknown numbers take equally long.

Whoever sees some units alone must not learn from the time of an answer that others have papers of
a number, and nobody is to read a list of numbers out.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.model import EVERYTHING
from web.people.gate import Asked

_EVEN_SECONDS = 0.15  # longer than reading some dozens of records takes


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
            time.sleep(max(0.0, began + _EVEN_SECONDS - time.monotonic()))
