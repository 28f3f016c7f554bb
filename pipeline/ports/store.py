"""Defines the port of the object store: immutable bytes under keys, written once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol


class ObjectStore(Protocol):
    """A store of bytes under keys: writing is create-only, and durable before it returns.

    Keys are relative paths of ``[a-z0-9._/-]``. All methods raise ``StorageUnavailableError``
    when the store is away, full or read-only, and ``ValueError`` for an invalid key.
    """

    def put(self, key: str, data: bytes) -> None:
        """Create an object.

        Raises:
            ObjectExistsError: an object has this key.
        """
        ...

    def put_file(self, key: str, source: Path, sha256: str) -> None:
        """Create an object from a file, streamed.

        Args:
            key: the new object's key.
            source: the file that is copied.
            sha256: the SHA-256 that its bytes must have, hexadecimal.

        Raises:
            ObjectExistsError: an object has this key.
            SourceChangedError: the file's bytes do not have this hash; nothing was stored.
        """
        ...

    def replace(self, key: str, data: bytes) -> None:
        """Create or overwrite an object; only for leases, which have one writer each."""
        ...

    def get(self, key: str) -> bytes:
        """Return the bytes of an object. Raises ``ObjectMissingError``."""
        ...

    def local_copy(self, key: str) -> AbstractContextManager[Path]:
        """Lend an object as a file that must not be changed. Raises ``ObjectMissingError``."""
        ...

    def sha256(self, key: str) -> str:
        """Read an object back and return its SHA-256, hexadecimal.

        Raises:
            ObjectMissingError: no object has this key.
        """
        ...

    def chunks(self, key: str) -> Iterator[bytes]:
        """Read an object back, piece by piece. Raises ``ObjectMissingError`` at the first piece."""
        ...

    def has(self, key: str) -> bool:
        """Tell whether an object has this key."""
        ...

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys under a folder prefix (ends in ``/``), sorted by code point."""
        ...

    def remove(self, key: str) -> None:
        """Remove an object, or none; only for queue entries and leases."""
        ...

    def unfinished(self, before: datetime) -> int:
        """Count the files that were begun before a moment and never became objects."""
        ...
