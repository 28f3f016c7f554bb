"""Defines the port of the exchange: messages to and from other software, each written once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path
from typing import Protocol


class Direction(StrEnum):
    """Where messages lie: those from us, those for us."""

    OUT = "out"
    IN = "in"


class Exchange(Protocol):
    """Messages as they lie in the store. All methods raise ``StorageUnavailableError``."""

    def messages(self, direction: Direction) -> Iterator[tuple[str, bool]]:
        """Yield the id of each whole message, and whether it was answered."""
        ...

    def message(self, direction: Direction, identifier: str) -> bytes:
        """Return a message's JSON. Raises ``ObjectMissingError``."""
        ...

    def receipt(self, direction: Direction, identifier: str) -> bytes | None:
        """Return the answer to a message, None while there is none."""
        ...

    def file(self, identifier: str, sha256: str) -> AbstractContextManager[Path]:
        """Lend a file of a message for us, unchecked. Raises ``ObjectMissingError``."""
        ...

    def send_file(self, identifier: str, sha256: str, source: Path) -> None:
        """Put a file of a message from us; one that is there already stays."""
        ...

    def send(self, identifier: str, message: bytes) -> bool:
        """Put a message from us whose files are there; return whether it was not there before."""
        ...

    def answer(self, identifier: str, receipt: bytes) -> bool:
        """Answer a message for us; return whether nobody had."""
        ...
