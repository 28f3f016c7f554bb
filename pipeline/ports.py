"""The ports: what the stages ask of the outside, each with an embedded and a served form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from pipeline.fixity import Fault, Inventory
from pipeline.handouts import Handouts
from pipeline.model import Lease, Page, PageRef, Pending, Publication, Query, Record, Results


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

    def owe(self, dossier: str, *, attempts_before: int = 0) -> None:
        """Put a marker for owed digitising, unless one stands for this dossier."""
        ...

    def owed(self) -> tuple[Pending, ...]:
        """Return all owed work, oldest first."""
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


class ScanReader(Protocol):
    """Pixels in, measures and words out."""

    @property
    def recipe(self) -> str:
        """Short name of cleaner, reader, model and their settings: ``[a-z0-9-]``."""
        ...

    def inspect(self, path: Path) -> ScanFacts:
        """Look at a file without reading its pages.

        Raises:
            RefusedScanError: the file cannot be taken; its subclass and text say why.
        """
        ...

    def read_page(self, path: Path, number: int) -> PageReading:
        """Read one page (from 1) of a file that ``inspect`` accepted.

        Raises:
            ReadingError: the page cannot be rasterised or the engine failed.
            ReadingTimeoutError: it took longer than the limit.
        """
        ...


class ScanFacts(Protocol):
    """What ``inspect`` learned."""

    @property
    def media_type(self) -> str:
        """For example ``application/pdf``."""
        ...

    @property
    def pages(self) -> int:
        """How many pages the file has, at least 1."""
        ...


class PageReading(Protocol):
    """A page as read, and the picture people look at."""

    @property
    def page(self) -> Page:
        """Measures, state and words."""
        ...

    @property
    def picture(self) -> bytes:
        """WebP of the turned and straightened page, the size of ``page.view``."""
        ...


class SearchIndex(Protocol):
    """Finds pages; can be deleted and rebuilt from the object store at any time.

    All verbs raise ``SearchUnavailableError`` when the index is away.
    """

    def publish(self, publications: Sequence[Publication]) -> None:
        """Replace each dossier's entries, unless the index holds a newer record of it."""
        ...

    def withdraw(self, dossier: str) -> None:
        """Forget a dossier."""
        ...

    def find(self, query: Query) -> Results:
        """Search. An empty text lists everything the filters leave, newest first.

        Raises:
            QueryError: the query cannot be understood.
        """
        ...

    def sequences(self) -> Iterator[tuple[str, int]]:
        """Yield each dossier's id and the number of the record that is held of it, any order."""
        ...

    def clear(self) -> None:
        """Forget everything, before a rebuild."""
        ...
