"""Caches what is costly to fetch: values that never change (LRU), and answers for some seconds."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class LruCache(Generic[K, V]):
    """At most ``size`` values; the least recently used is evicted first. Safe among threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def get_or_fetch(self, key: K, fetch: Callable[[], V | None]) -> V | None:
        """Return the cached value, or fetch and cache it.

        Two threads may fetch the same key at once: no lock is held meanwhile.

        Args:
            key: the key that the value is cached under.
            fetch: returns the value; its None is not cached, so the next call fetches again.
        """
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = fetch()
        if value is not None:
            self._store(key, value)
        return value

    def _store(self, key: K, value: V) -> None:
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._size:
                self._values.popitem(last=False)


PROBED_SECONDS = 5.0  # how old an answer about a part may be that strangers get


class Probes:
    """Keeps for a few seconds what the parts said; one visitor asks them for all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, str]] = {}  # by part: when it was asked, what it said

    def ask(self, part: str, probe: Callable[[], str]) -> str:
        """Return what a part said within the last seconds; while somebody asks, others wait.

        Args:
            part: the name of the part.
            probe: asks it.
        """
        with self._lock:
            at, said = self._kept.get(part, (float("-inf"), ""))
            if time.monotonic() - at >= PROBED_SECONDS:
                said = probe()
                self._kept[part] = time.monotonic(), said
            return said
