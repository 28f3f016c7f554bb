"""Caches local copies of objects up to a size; the least recently lent one is evicted first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class _Copy:
    borrowers: int = 0
    size: int = 0  # bytes; 0 until it is fetched
    fetching: threading.Lock = field(default_factory=threading.Lock)


class FileCache:
    """A folder of local copies with a limit of size; copies that are lent are never evicted."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        """Cache copies in a folder.

        Args:
            folder: an existing folder that nobody else uses.
            max_bytes: how much the copies may take together; lent ones may exceed it.
        """
        self._folder = folder
        self._max_bytes = max_bytes
        self._copies: OrderedDict[str, _Copy] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def lend(self, name: str, fetch: Callable[[Path], None]) -> Iterator[Path]:
        """Lend a copy, fetched when the cache has none; whatever ``fetch`` raises passes through.

        Args:
            name: the copy's name, a plain file name.
            fetch: a function that writes the object to the path it is given.
        """
        path = self._folder / name
        with self._lock:
            copy = self._copies.setdefault(name, _Copy())
            self._copies.move_to_end(name)
            copy.borrowers += 1
        try:
            with copy.fetching:
                if not copy.size:
                    fetch(path)
                    copy.size = max(path.stat().st_size, 1)
            yield path
        finally:
            with self._lock:
                copy.borrowers -= 1
                self._evict()

    def _evict(self) -> None:
        total = sum(copy.size for copy in self._copies.values())
        for name, copy in list(self._copies.items()):
            if total <= self._max_bytes and copy.size:
                continue
            if not copy.borrowers:
                total -= copy.size
                del self._copies[name]
                (self._folder / name).unlink(missing_ok=True)
