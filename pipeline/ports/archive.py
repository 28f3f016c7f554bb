"""The object store in the words of the trade."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from pipeline.fixity import Fault, Inventory
from pipeline.model import Lease, Page, PageRef, Pending, Record
from pipeline.ports.reading import PageReading
from pipeline.ports.searchable_pdf import Handouts


class Archive(Handouts, Protocol):
    """The object store in the words of the trade. Every verb may be done twice.

    All verbs raise ``StorageUnavailableError`` when the store is away, full or read-only.
    """

    def keep_original(self, path: Path) -> str:
        """Store a file, read it back, and return its SHA-256 once both agree."""
        ...

    def claim_original(self, sha256: str, dossier: str) -> str:
        """Make the dossier the first owner of these bytes unless they have one; return it."""
        ...

    def original(self, sha256: str) -> AbstractContextManager[Path]:
        """Lend an original as a file. Raises ``ObjectMissingError``."""
        ...

    def keep_record(self, record: Record) -> None:
        """Write the next version. Raises ``ObjectExistsError`` when somebody wrote it first."""
        ...

    def find_record(self, dossier: str) -> Record | None:
        """Return the newest record of a dossier."""
        ...

    def history(self, dossier: str) -> tuple[Record, ...]:
        """Return all records of a dossier, oldest first."""
        ...

    def dossiers(self) -> Iterator[str]:
        """Yield the ids of all dossiers, oldest first."""
        ...

    def sequences(self) -> Iterator[tuple[str, int]]:
        """Yield each dossier's id and the number of its newest record, oldest dossier first."""
        ...

    def keep_page(self, ref: PageRef, recipe: str, reading: PageReading) -> None:
        """Store a page's result and picture; a result that is there already stays."""
        ...

    def find_page(self, ref: PageRef, recipe: str) -> Page | None:
        """Return a page's result under a recipe."""
        ...

    def has_page(self, ref: PageRef, recipe: str) -> bool:
        """Tell whether a page has a result under a recipe; cheaper than finding it."""
        ...

    def picture(self, ref: PageRef, recipe: str) -> bytes:
        """Return the WebP people look at. Raises ``ObjectMissingError``."""
        ...

    def owe(self, dossier: str, *, since: datetime | None = None, attempts_before: int = 0) -> None:
        """Put a marker for owed digitising, unless one stands for this dossier.

        Args:
            dossier: its id.
            since: when it was received; now, when nobody says.
            attempts_before: attempts that count no more, for somebody asked again.
        """
        ...

    def owed(self) -> tuple[Pending, ...]:
        """Return all owed work, oldest first; no marker is opened for it."""
        ...

    def attempts_before(self, pending: Pending) -> int:
        """Return how many attempts were made before somebody asked for this work again."""
        ...

    def settle_debt(self, pending: Pending) -> None:
        """Remove the marker: the work is done."""
        ...

    def find_lease(self, dossier: str) -> Lease | None:
        """Return the newest lease of a dossier."""
        ...

    def take_lease(self, lease: Lease) -> bool:
        """Take an attempt; False when somebody else took it first."""
        ...

    def renew_lease(self, lease: Lease) -> None:
        """Write the lease with a new sign of life or its release; only by its holder."""
        ...

    def objects(self) -> Iterator[str]:
        """Yield the keys of what is kept for good, to be examined one by one."""
        ...

    def examine(self, key: str, heed: Callable[[int], None]) -> tuple[Fault, ...]:
        """Read an object back, look for what it names, return what is wrong; ``heed`` counts."""
        ...

    def inventory(self, unfinished_before: datetime) -> Inventory:
        """Return what lies in the archive, by name only."""
        ...
