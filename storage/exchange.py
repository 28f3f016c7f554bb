"""Keeps the messages of the exchange in the object store, each object created once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from itertools import groupby
from pathlib import Path

from pipeline.errors import ObjectExistsError, ObjectMissingError
from pipeline.ports import ObjectStore
from pipeline.ports.exchange import Direction
from storage import keys


class StoredExchange:
    """Implements ``Exchange`` over any object store."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def messages(self, direction: Direction) -> Iterator[tuple[str, bool]]:
        """Yield the id of each whole message, and whether it was answered."""
        listed = self._store.keys(keys.exchange(direction))
        parsed = (parts for key in listed if (parts := keys.parse_key(key)))
        for identifier, objects in groupby(parsed, key=lambda parts: parts["exchange"]):
            kinds = {parts["message"] for parts in objects}
            if "message.json" in kinds:
                yield identifier, "receipt.json" in kinds

    def message(self, direction: Direction, identifier: str) -> bytes:
        """Return a message's JSON. Raises ``ObjectMissingError``."""
        return self._store.get(keys.exchanged(direction, identifier, "message.json"))

    def receipt(self, direction: Direction, identifier: str) -> bytes | None:
        """Return the answer to a message, None while there is none."""
        with suppress(ObjectMissingError):
            return self._store.get(keys.exchanged(direction, identifier, "receipt.json"))
        return None

    def file(self, identifier: str, sha256: str) -> AbstractContextManager[Path]:
        """Lend a file of a message for us, unchecked. Raises ``ObjectMissingError``."""
        return self._store.local_copy(keys.exchanged(Direction.IN, identifier, f"files/{sha256}"))

    def send_file(self, identifier: str, sha256: str, source: Path) -> None:
        """Put a file of a message from us; one that is there already stays."""
        with suppress(ObjectExistsError):
            key = keys.exchanged(Direction.OUT, identifier, f"files/{sha256}")
            self._store.put_file(key, source, sha256)

    def send(self, identifier: str, message: bytes) -> bool:
        """Put a message from us whose files are there; return whether it was not there before."""
        return self._put(keys.exchanged(Direction.OUT, identifier, "message.json"), message)

    def answer(self, identifier: str, receipt: bytes) -> bool:
        """Answer a message for us; return whether nobody had."""
        return self._put(keys.exchanged(Direction.IN, identifier, "receipt.json"), receipt)

    def _put(self, key: str, data: bytes) -> bool:
        try:
            self._store.put(key, data)
        except ObjectExistsError:
            return False
        return True
