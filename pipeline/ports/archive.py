"""The archive: originals, records, page results, work queue and searchable PDFs over a store.

Nine small protocols; ``Archive`` is their sum. A function asks for the smallest one that it needs.
Every verb may be done twice, and raises ``StorageUnavailableError`` when the store is away, full
or read-only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from pipeline.fixity import Fault, Inventory
from pipeline.model import (
    Lease,
    MendedPage,
    Page,
    PagePlace,
    PageRef,
    QueueEntry,
    Record,
    WatcherHeartbeat,
)
from pipeline.ports.reading import PageReading
from pipeline.ports.receipt_book import ReceiptBook
from pipeline.ports.searchable_pdf import SearchablePdf


class Originals(Protocol):
    """The dropped files, byte for byte, under their SHA-256."""

    def keep_original(self, path: Path) -> str:
        """Store a file, read it back, and return its SHA-256 once both agree."""
        ...

    def claim_original(self, sha256: str, dossier: str) -> str:
        """Make the dossier the first owner of these bytes unless they have one; return it."""
        ...

    def original(self, sha256: str) -> AbstractContextManager[Path]:
        """Lend an original as a file. Raises ``ObjectMissingError``."""
        ...


class Records(Protocol):
    """The numbered versions of each dossier; the highest number is its state."""

    def keep_record(self, record: Record) -> None:
        """Write the next version.

        Raises:
            ObjectExistsError: somebody wrote it first.
            WithheldError: it lets go of what the version before it withholds.
        """
        ...

    def find_record(self, dossier: str) -> Record | None:
        """Return the newest record of a dossier."""
        ...

    def history(self, dossier: str) -> tuple[Record, ...]:
        """Return all records of a dossier, oldest first."""
        ...

    def carriers(self, code: str) -> tuple[str, ...]:
        """Return the ids of the dossiers of which a record carries or carried a dossier code.

        Oldest first. Records of 0.1 were not noted by their code: the search index knows those.
        """
        ...

    def note_code(self, code: str, dossier: str) -> None:
        """Note that a dossier carries a code; ``keep_record`` does so, but in 0.1 nobody did."""
        ...

    def proposals(self) -> tuple[str, ...]:
        """Return the ids of the dossiers of which a join was proposed, oldest first.

        Some may have been decided since: their newest record says so.
        """
        ...

    def dossiers(self) -> Iterator[str]:
        """Yield the ids of all dossiers, oldest first."""
        ...

    def sequence(self, dossier: str) -> int:
        """Return the number of a dossier's newest record, by name alone; 0 when it has none."""
        ...

    def sequences(self) -> Iterator[tuple[str, int]]:
        """Yield each dossier's id and the number of its newest record, oldest dossier first."""
        ...


class PageResults(Protocol):
    """What was read of each page, and the picture people look at, for each recipe."""

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


class MendedWords(Protocol):
    """What people mended of the words of pages, beside what was read of them."""

    def keep_mended(self, mended: MendedPage) -> MendedPage:
        """Store mended words under the next number of their page; return them with it."""
        ...

    def find_mended(self, place: PagePlace, number: int) -> MendedPage | None:
        """Return the mended words of a page that have a number."""
        ...


class WorkQueue(Protocol):
    """Dossiers that wait to be digitised, and the leases of those who work on them."""

    def enqueue(
        self,
        dossier: str,
        *,
        since: datetime | None = None,
        attempts_before: int = 0,
        asked_by: str = "",
        read_again: bool = False,
    ) -> bool:
        """Put a dossier into the queue, unless it stands there for as much; tell if it was put.

        Args:
            dossier: its id.
            since: when it was received; now, when nobody says.
            attempts_before: attempts that count no more, because somebody asked again.
            asked_by: the account that asked again; empty when nobody did.
            read_again: whether all pages are to be read anew, those with a reading that holds too.
        """
        ...

    def queued(self) -> tuple[QueueEntry, ...]:
        """Return all entries, oldest first; none is opened for it."""
        ...

    def is_queued(self, dossier: str) -> bool:
        """Tell whether a dossier stands in the queue, without building a list of all entries."""
        ...

    def is_to_read_again(self, dossier: str) -> bool:
        """Tell whether an entry of a dossier wants all its pages read anew."""
        ...

    def is_waiting(self, entry: QueueEntry) -> bool:
        """Tell whether an entry that was listed a while ago still stands in the queue."""
        ...

    def open_entry(self, entry: QueueEntry) -> QueueEntry:
        """Return a listed entry with all that it holds; one that is gone or damaged as listed."""
        ...

    def dequeue(self, entry: QueueEntry) -> None:
        """Remove an entry: the work is done."""
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


class Watchers(Protocol):
    """The last heartbeat of each watcher, for reading rooms on other machines."""

    def keep_watcher(self, heartbeat: WatcherHeartbeat) -> None:
        """Write the heartbeat of a watcher over its last one."""
        ...

    def watchers(self) -> Iterator[WatcherHeartbeat]:
        """Yield the last heartbeat of each watcher; damaged ones are left out."""
        ...


class SearchablePdfs(Protocol):
    """The searchable PDFs, and the notes that say what became of each."""

    def keep_searchable_pdf(self, made: SearchablePdf, path: Path | None) -> SearchablePdf:
        """Store a PDF and its note; return the note that stands: an earlier one may stay."""
        ...

    def find_searchable_pdf(self, scan: str, recipe: str) -> SearchablePdf | None:
        """Return what became of a scan's searchable PDF, by the newest attempt."""
        ...

    def searchable_pdf(self, scan: str, recipe: str) -> AbstractContextManager[Path]:
        """Lend a searchable PDF as a file. Raises ``ObjectMissingError``."""
        ...


class Fixity(Protocol):
    """Proof that what is kept is what was written."""

    def objects(self) -> Iterator[str]:
        """Yield the keys of what is kept for good, to be examined one by one."""
        ...

    def examine(self, key: str, heed: Callable[[int], None]) -> tuple[Fault, ...]:
        """Read an object back, look for what it names, return what is wrong; ``heed`` counts."""
        ...

    def inventory(self, unfinished_before: datetime) -> Inventory:
        """Return what lies in the archive, by name only."""
        ...


class Archive(
    Originals,
    Records,
    PageResults,
    MendedWords,
    WorkQueue,
    Watchers,
    SearchablePdfs,
    ReceiptBook,
    Fixity,
    Protocol,
):
    """Everything that is kept of dossiers."""
