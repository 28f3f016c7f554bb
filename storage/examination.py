"""Reads stored objects back for a fixity check, and notes what is wrong with them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pipeline import records
from pipeline.errors import ObjectMissingError, RecordError, StorageUnavailableError
from pipeline.fixity import Damage, Fault
from pipeline.ports import ObjectStore

CountBytes = Callable[[int], None]  # called with the number of bytes after each piece is read


@dataclass(frozen=True, slots=True)
class Examination:
    """One object under examination, and what was found wrong so far."""

    store: ObjectStore
    count_bytes: CountBytes
    faults: list[Fault] = field(default_factory=list)

    def digest(self, key: str) -> str:
        """Return the SHA-256 of an object; empty when it cannot be read, which is noted."""
        digest = hashlib.sha256()
        with self._noting(key):
            for chunk in self.store.chunks(key):
                digest.update(chunk)
                self.count_bytes(len(chunk))
            return digest.hexdigest()
        return ""

    def read(self, key: str) -> bytes | None:
        """Return the bytes of an object; None when it cannot be read, which is noted."""
        with self._noting(key):
            data = b"".join(self.store.chunks(key))
            self.count_bytes(len(data))
            return data
        return None

    def load(self, codec: records.Codec[records.T], key: str) -> records.T | None:
        """Return the content of a JSON object; None when it is damaged, which is noted."""
        data = self.read(key)
        if data is None:
            return None
        if records.is_intact(data) and records.is_newer(data):
            return None  # intact, but only a newer version can read it
        try:
            return codec.load(data)
        except RecordError:
            self.note(key, Damage.CHANGED)
            return None

    def has(self, key: str) -> bool:
        """Tell whether an object exists; True when the store cannot tell, which is noted."""
        with self._noting(key):
            return self.store.has(key)
        return True

    def expect(self, key: str) -> None:
        """Note an object as missing when it does not exist."""
        if not self.has(key):
            self.note(key, Damage.MISSING)

    def note(self, key: str, damage: Damage) -> None:
        """Note what is wrong with an object."""
        self.faults.append(Fault(key, damage))

    def forgive(self, damage: Damage) -> None:
        """Drop the faults of one kind."""
        self.faults[:] = [fault for fault in self.faults if fault.damage is not damage]

    @contextmanager
    def _noting(self, key: str) -> Iterator[None]:
        try:
            yield
        except ObjectMissingError:
            self.note(key, Damage.MISSING)
        except StorageUnavailableError:
            self.note(key, Damage.UNREADABLE)
