"""Shares the reading of pages: turns among dossiers, and a budget of time for each scan.

One file of 5,000 pages, or one made to be slow, must neither keep the dossiers behind it waiting
nor take the machine for days.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from pipeline.errors import ReadingError
from pipeline.model import PageRef

LEAST_SECONDS = 600.0  # of any scan's budget, however few pages it has


class PageTurns:
    """Places for pages read at the same time; a free one goes to who had fewest of late.

    Safe to use from many threads.

    Args:
        places: the number of pages read at the same time.
    """

    def __init__(self, places: int) -> None:
        self._free = places
        self._reading = Counter[str]()  # dossier -> its pages that are read now
        self._waiting: list[tuple[int, str]] = []  # in the order in which they came
        self._numbers = count()
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, dossier: str) -> Iterator[None]:
        """Wait for a place, and keep it while the context lasts."""
        ticket = (next(self._numbers), dossier)
        with self._changed:
            self._waiting.append(ticket)
            while not (self._free and self._next() == ticket):
                self._changed.wait()
            self._waiting.remove(ticket)
            self._free -= 1
            self._reading[dossier] += 1
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._reading[dossier] -= 1
                self._changed.notify_all()

    def _next(self) -> tuple[int, str]:
        return min(self._waiting, key=lambda ticket: (self._reading[ticket[1]], ticket[0]))


class ScanBudgets:
    """How long the pages of each scan have taken; beyond its budget no further page is tried.

    Args:
        seconds_a_page: the time for a page on average; a scan has it for each of its pages.
        failures: pages of a scan that may fail one after the other.
    """

    def __init__(self, seconds_a_page: float, failures: int) -> None:
        self._seconds_a_page = seconds_a_page
        self._most_failures = failures
        self._pages: dict[str, int] = {}  # scan -> its pages
        self._spent = defaultdict[str, float](float)  # scan -> seconds
        self._failures = Counter[str]()  # scan -> failed pages since one was read
        self._lock = threading.Lock()

    def begin(self, scan: str, pages: int) -> None:
        """Give a scan of so many pages a new budget: an attempt at its dossier begins."""
        with self._lock:
            self._pages[scan] = pages
            self._spent.pop(scan, None)
            self._failures.pop(scan, None)

    def check(self, ref: PageRef) -> None:
        """Refuse a page of a scan that has used up its budget.

        Raises:
            ReadingError: the budget is used up; another attempt at the dossier has a new one.
        """
        with self._lock:
            spent, failures = self._spent[ref.scan], self._failures[ref.scan]
            seconds = max(LEAST_SECONDS, self._seconds_a_page * self._pages.get(ref.scan, 1))
        if spent > seconds:
            raise _used_up(f"đã mất {spent / 60:.0f} phút")
        if failures >= self._most_failures:
            raise _used_up(f"{failures} trang liền nhau không đọc được")

    @contextmanager
    def spend(self, ref: PageRef) -> Iterator[None]:
        """Let a page be read, and add what that took.

        Raises:
            ReadingError: the budget of its scan is used up.
        """
        self.check(ref)
        began, failed = time.monotonic(), True
        try:
            yield
            failed = False
        finally:
            self.note(ref, time.monotonic() - began, failed=failed)

    def note(self, ref: PageRef, seconds: float, *, failed: bool) -> None:
        """Add what a page took."""
        with self._lock:
            self._spent[ref.scan] += seconds
            self._failures[ref.scan] = self._failures[ref.scan] + 1 if failed else 0


NO_LIMIT = ScanBudgets(float("inf"), 2**31)  # for whoever reads a page by itself


def _used_up(why: str) -> ReadingError:
    return ReadingError(
        f"Tệp này tốn quá nhiều thời gian đọc ({why}) nên các trang còn lại chưa được đọc.",
        "Quét lại hoặc in lại ra PDF mới; hoặc bấm đọc lại để đọc tiếp phần còn lại.",
    )
