"""Local copies of objects, lent to whoever needs a file; each is fetched once and kept a while."""

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
    size: int = 0  # bytes; 0 while it is not there
    fetching: threading.Lock = field(default_factory=threading.Lock)


class FileCache:
    """A shelf of local copies up to a size; the one lent longest ago goes first."""

    def __init__(self, place: Path, most: int) -> None:
        """Keep up to ``most`` bytes of copies in a folder that is ours alone."""
        self._place = place
        self._most = most
        self._copies: OrderedDict[str, _Copy] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def lend(self, name: str, fetch: Callable[[Path], None]) -> Iterator[Path]:
        """Lend a copy, fetched when it is not there; whatever ``fetch`` raises passes through.

        Args:
            name: of the copy, a plain file name.
            fetch: writes the object to the path it is given.
        """
        path = self._place / name
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
                self._make_room()

    def _make_room(self) -> None:
        held = sum(copy.size for copy in self._copies.values())
        for name, copy in list(self._copies.items()):
            if held <= self._most and copy.size:
                continue
            if not copy.borrowers:
                held -= copy.size
                del self._copies[name]
                (self._place / name).unlink(missing_ok=True)
