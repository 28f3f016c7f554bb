"""Measures the processor time of a work so that what runs beside it counts as little as can be."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

TRIES = 3


def least_time(work: Callable[[], object], enough: float) -> float:
    """Return the seconds of the processor that a work takes, the least of some tries.

    Passes of the collector over what other tests left in this process are not the work's, and
    neither is what other processes take of the caches.

    Args:
        work: does the same each time.
        enough: a try that takes less than so many seconds is the last one.
    """
    found = []
    for _ in range(TRIES):
        gc.collect()
        gc.disable()
        try:
            began = time.thread_time()
            work()
            found.append(time.thread_time() - began)
        finally:
            gc.enable()
        if found[-1] < enough:
            break
    return min(found)
