"""Limits how often a token or a network address calls, within this process.

Counters lie in memory, not in the accounts' database that two reading rooms share: a call would
wait for a write there, and whoever calls too often would keep everybody else from signing in. So
each room allows the whole rate, and a proxy before several rooms can limit them together.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address, ip_network

from pipeline.errors import SohoaError

_MINUTE = 60.0
_MOST_KEYS = 10_000  # remembered at a time; about 2 MB
_UPLOADS_AT_ONCE = 4  # each takes a thread and the disk
_BUSY_SECONDS = 5  # after which a place for an upload is likely free
_SITE = 64  # bits of an IPv6 address that one subscriber has


class TooManyCallsError(SohoaError):
    """A token or an address calls more often than it may; ``seconds`` tells when it may again."""

    retryable = True
    http_status = 429

    def __init__(self, message: str, remedy: str, seconds: int) -> None:
        super().__init__(message, remedy)
        self.seconds = seconds


class RateLimit:
    """A rate for each key: a minute's calls at once at most, then evenly (GCRA).

    Args:
        per_minute: the calls of a key.
        now: a function that returns monotonic seconds.
    """

    def __init__(self, per_minute: int, now: Callable[[], float] = time.monotonic) -> None:
        self._spacing = _MINUTE / per_minute
        self._now = now
        self._due: OrderedDict[str, float] = OrderedDict()  # when the key would be even again
        self._lock = threading.Lock()

    def take(self, key: str) -> None:
        """Count a call.

        Raises:
            TooManyCallsError: it is one too many.
        """
        with self._lock:
            now = self._now()
            due = max(self._due.pop(key, now), now)
            wait = due + self._spacing - now - _MINUTE
            self._due[key] = due if wait > 1e-6 else due + self._spacing
            while len(self._due) > _MOST_KEYS:
                self._due.popitem(last=False)
        if wait > 1e-6:
            raise TooManyCallsError(
                "Gọi quá nhiều lần trong một phút.",
                "Chờ rồi gọi lại; đầu Retry-After nói sau bao nhiêu giây.",
                math.ceil(wait),
            )


def address_key(address: str) -> str:
    """Return what an address counts as: of IPv6 the network that one subscriber has."""
    try:
        known = ip_address(address)
    except ValueError:  # a socket of this machine
        return address
    if known.version == 4:
        return address
    return str(ip_network((known, _SITE), strict=False))


class CallLimits:
    """How often and how much programs may call; one for the application.

    Args:
        by_token: the calls of a token a minute.
        by_address: the calls from an address a minute.
    """

    def __init__(self, by_token: int, by_address: int) -> None:
        self.by_token = RateLimit(by_token)
        self.by_address = RateLimit(by_address)
        self.uploads = threading.BoundedSemaphore(_UPLOADS_AT_ONCE)

    @contextmanager
    def upload_place(self) -> Iterator[None]:
        """Take one of the few places for uploads, for as long as one is sent and written.

        Raises:
            TooManyCallsError: all are taken.
        """
        if not self.uploads.acquire(blocking=False):
            raise TooManyCallsError(
                "Đang có nhiều lần gửi tệp cùng lúc.", "Chờ vài giây rồi gửi lại.", _BUSY_SECONDS
            )
        try:
            yield
        finally:
            self.uploads.release()
