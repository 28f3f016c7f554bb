"""Remembers which segments of the audit log no other names yet, so that the next seal names them.

The file beside the live files may be deleted: it is made again from the store. While it is there,
it also misses the newest segments, which no seal names yet.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.audit import SegmentPlace
from pipeline.audit.chain import lines_of
from pipeline.errors import ObjectMissingError
from pipeline.ports import ObjectStore
from pipeline.private_files import create_private
from storage import keys

MOST_NAMED = 200  # by one seal; the others wait for the next
_MOST_DAYS = 60  # listed one by one; after a longer silence all days are listed at once


class KnownHeads:
    """The newest hashes of segments in the store, and which of them a later segment names.

    Args:
        store: has the segments.
        path: the file that remembers them between processes.
    """

    def __init__(self, store: ObjectStore, path: Path) -> None:
        self._store = store
        self._path = path
        self._lock = threading.Lock()

    def unnamed(self) -> dict[str, str]:
        """Return the segments that no other names, each with the hash of its last line.

        Raises:
            StorageUnavailableError: the store cannot be listed or read.
            OSError: the file cannot be written.
        """
        with self._lock:
            known = _Known.load(self._path)
            for place in self._since(known.day):
                if str(place) not in known.heads:
                    with suppress(ObjectMissingError):
                        known.add(place, self._store.get(keys.audit_segment(place)))
            known.day = max(known.day, f"{datetime.now(UTC):%Y%m%d}")
            known.save(self._path)
            return known.unnamed()

    def note(self, place: SegmentPlace, data: bytes) -> None:
        """Take over a segment that was just brought to the store, whatever day it is of."""
        with self._lock:
            known = _Known.load(self._path)
            known.add(place, data)
            known.save(self._path)

    def remembered(self) -> dict[str, str]:
        """Return the segments that this home saw in the store lately, each with its last hash."""
        with self._lock:
            return dict(_Known.load(self._path).heads)

    def _since(self, day: str) -> Iterator[SegmentPlace]:
        """Yield the places of the segments of a day and the day before it, and all later ones."""
        today = datetime.now(UTC).date()
        first = _date(day) if day else None
        prefixes = [keys.AUDIT]
        if first and (today - first).days < _MOST_DAYS:
            first = min(first, today) - timedelta(days=1)
            days = (first + timedelta(days=number) for number in range((today - first).days + 2))
            prefixes = [keys.audit_day(each) for each in days]
        for prefix in prefixes:
            for key in self._store.keys(prefix):
                if place := keys.segment_of(key):
                    yield place


class _Known:
    """What the file says."""

    def __init__(self, day: str, heads: dict[str, str], named: set[str]) -> None:
        self.day = day  # the last day that was listed
        self.heads = heads  # place -> hash of its last line
        self._named = named  # places that another segment names or follows

    @classmethod
    def load(cls, path: Path) -> _Known:
        """Read the file; one that is missing or damaged knows nothing."""
        try:
            found: dict[str, Any] = json.loads(path.read_bytes())
            return cls(str(found["day"]), dict(found["heads"]), set(found["named"]))
        except (OSError, ValueError, KeyError, TypeError):
            return cls("", {}, set())

    def add(self, place: SegmentPlace, data: bytes) -> None:
        """Take over a segment: its last hash, and which ones it names."""
        lines = lines_of(data)
        if not lines:
            return
        self.heads[str(place)] = lines[-1].sha256
        heads = lines[-1].body.get("heads")
        self._named |= set(heads) if isinstance(heads, dict) else set()
        self._named.add(str(lines[0].body.get("follows", "")))

    def unnamed(self) -> dict[str, str]:
        """Return the segments that no other names, oldest first, no more than one seal takes."""
        left = [place for place in sorted(self.heads) if place not in self._named]
        return {place: self.heads[place] for place in left[:MOST_NAMED]}

    def save(self, path: Path) -> None:
        """Write the file anew, without what is older than the days that are listed again."""
        oldest = f"{_date(self.day) - timedelta(days=1):%Y%m%d}" if self.day else ""
        heads = {
            place: head
            for place, head in self.heads.items()
            if place >= oldest or place not in self._named
        }
        known = {"day": self.day, "heads": heads, "named": sorted(self._named & set(heads))}
        fresh = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
        create_private(fresh, json.dumps(known).encode())
        fresh.replace(path)


def _date(day: str) -> date:
    return date(int(day[:4]), int(day[4:6]), int(day[6:]))
