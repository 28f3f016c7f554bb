"""The object store: bytes under keys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol


class ObjectStore(Protocol):
    """Bytes under keys. Writing is create-only, durable before it returns, and read back whole.

    Keys are relative paths of ``[a-z0-9._/-]``. All verbs raise ``StorageUnavailableError``
    when the store is away, full or read-only.
    """

    def put(self, key: str, data: bytes) -> None:
        """Create the object. Raises ``ObjectExistsError`` when the key is taken."""
        ...

    def put_file(self, key: str, source: Path, sha256: str) -> None:
        """Create the object from a file, streamed.

        Raises:
            ObjectExistsError: the key is taken.
            SourceChangedError: the file's bytes do not have this hash; nothing was stored.
        """
        ...

    def replace(self, key: str, data: bytes) -> None:
        """Write whatever stood there; only for leases, which one holder writes."""
        ...

    def get(self, key: str) -> bytes:
        """Return the bytes. Raises ``ObjectMissingError``."""
        ...

    def local_copy(self, key: str) -> AbstractContextManager[Path]:
        """Lend the object as a file that must not be changed. Raises ``ObjectMissingError``."""
        ...

    def sha256(self, key: str) -> str:
        """Read the object back and return its SHA-256. Raises ``ObjectMissingError``."""
        ...

    def chunks(self, key: str) -> Iterator[bytes]:
        """Read the object back, piece by piece. Raises ``ObjectMissingError``."""
        ...

    def has(self, key: str) -> bool:
        """Tell whether the key is taken."""
        ...

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys under a folder prefix (ends in ``/``), sorted by code point."""
        ...

    def remove(self, key: str) -> None:
        """Forget a key; only for pending markers and leases. A missing key is fine."""
        ...

    def unfinished(self, before: datetime) -> int:
        """Count what was begun before then and never finished; nobody sees it as an object."""
        ...
