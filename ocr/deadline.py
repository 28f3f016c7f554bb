"""Tracks the time limit of one page, and raises when it is over."""

from __future__ import annotations

import time

from pipeline.errors import ReadingTimeoutError


class Deadline:
    """The time limit of one page, counted from the moment the object is made."""

    def __init__(self, seconds: float) -> None:
        self._limit = seconds
        self._began = time.monotonic()
        self._end = self._began + seconds

    def left(self, kept: float = 0.0) -> float:
        """Return the seconds left, always more than 0.

        Args:
            kept: seconds at the end that are not to be used, for what comes after.

        Raises:
            ReadingTimeoutError: the time is over.
        """
        left = self._end - kept - time.monotonic()
        if left <= 0:
            raise page_timeout(self._limit)
        return left

    def allow(self, seconds: float) -> None:
        """Extend the limit by the seconds that the page spent waiting for other pages."""
        self._end += seconds

    def spent(self) -> float:
        """Return the seconds since the page was begun, waiting included."""
        return time.monotonic() - self._began


def page_timeout(seconds: float) -> ReadingTimeoutError:
    """Return the error that says that reading a page took longer than so many seconds."""
    return ReadingTimeoutError(
        f"Đọc trang quá {seconds:.0f} giây nên đã dừng.", "Xem hình trang và nhập tay nếu cần."
    )
