"""The time a page has."""

from __future__ import annotations

import time

from pipeline.errors import ReadingTimeoutError


class Deadline:
    """The time a page has left."""

    def __init__(self, seconds: float) -> None:
        self._limit = seconds
        self._began = time.monotonic()
        self._end = self._began + seconds

    def left(self) -> float:
        """Return the seconds left.

        Raises:
            ReadingTimeoutError: none are.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise ReadingTimeoutError(
                f"Đọc trang quá {self._limit:.0f} giây nên đã dừng.",
                "Xem hình trang và nhập tay nếu cần.",
            )
        return left

    def allow(self, seconds: float) -> None:
        """Give time back that the page spent waiting for others."""
        self._end += seconds

    def spent(self) -> float:
        """Return the seconds since the page was begun."""
        return time.monotonic() - self._began
