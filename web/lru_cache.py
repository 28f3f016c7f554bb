"""Caches values that are costly to fetch and never change (LRU), safe among threads."""

from __future__ import annotations

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
