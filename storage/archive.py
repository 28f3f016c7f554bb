"""Repository of originals, records, page results and queue entries over an object store."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from pipeline import records
from pipeline.errors import ArchiveError, ObjectExistsError, ObjectMissingError, RecordError
from pipeline.fixity import Fault, Inventory
from pipeline.model import DropReceipts, FileDecision, Page, PageRef, Record
from pipeline.ports import ObjectStore, PageReading
from pipeline.ports.searchable_pdf import SearchablePdf
from pipeline.records import Owner, StoredPage
from storage import fixity, inventory, keys, versions
from storage.heartbeats import StoredHeartbeats
from storage.mended_pages import StoredMendedPages
from storage.receipt_book import StoredReceipts
from storage.work_queue import StoredWorkQueue


class ObjectArchive(StoredHeartbeats, StoredMendedPages, StoredWorkQueue):
    """Implements ``Archive`` over any object store; every operation may be repeated."""

    def __init__(self, store: ObjectStore) -> None:
        super().__init__(store)
        self._receipt_book = StoredReceipts(store)

    def keep_original(self, path: Path) -> str:
        """Store a file, read it back, and return its SHA-256 once both agree.

        Raises:
            SourceChangedError: the file was still being written.
            ArchiveError: what is stored does not have the hash of its name.
        """
        with path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        with suppress(ObjectExistsError):
            self._store.put_file(keys.original(sha256), path, sha256)
        if self._store.sha256(keys.original(sha256)) != sha256:
            raise ArchiveError(
                f"Bản gốc {sha256[:12]} trong kho không còn đúng.",
                "Không xóa tệp nguồn; khôi phục bản gốc từ bản sao lưu rồi thả lại tệp.",
            )
        return sha256

    def claim_original(self, sha256: str, dossier: str) -> str:
        """Make the dossier the first owner of these bytes unless they have one; return it."""
        key = keys.owner(sha256)
        try:
            self._store.put(key, records.OWNER.dump(Owner(sha256, dossier)))
        except ObjectExistsError:
            return records.OWNER.load(self._store.get(key)).dossier
        return dossier

    def original(self, sha256: str) -> AbstractContextManager[Path]:
        """Lend an original as a file. Raises ``ObjectMissingError``."""
        return self._store.local_copy(keys.original(sha256))

    def keep_record(self, record: Record) -> None:
        """Write the next version, once.

        Raises:
            ObjectExistsError: somebody else wrote it first.
            WithheldError: it lets go of what the version before it withholds.
        """
        versions.keep(self._store, record)

    def find_record(self, dossier: str) -> Record | None:
        """Return the newest record of a dossier."""
        return versions.newest(self._store, dossier)

    def history(self, dossier: str) -> tuple[Record, ...]:
        """Return all records of a dossier, oldest first."""
        return tuple(versions.history(self._store, dossier))

    def carriers(self, code: str) -> tuple[str, ...]:
        """Return the ids of the dossiers that carry a code, or did, oldest first."""
        return tuple(versions.carriers(self._store, code))

    def note_code(self, code: str, dossier: str) -> None:
        """Note that a dossier carries a code, unless that is noted."""
        versions.note_code(self._store, code, dossier)

    def proposals(self) -> tuple[str, ...]:
        """Return the ids of the dossiers of which a join was proposed, oldest first."""
        return tuple(versions.proposals(self._store))

    def dossiers(self) -> Iterator[str]:
        """Yield the ids of all dossiers, oldest first."""
        return (dossier for dossier, _ in self.sequences())

    def sequence(self, dossier: str) -> int:
        """Return the number of a dossier's newest record, by name alone; 0 when it has none."""
        return versions.newest_number(self._store, dossier)

    def sequences(self) -> Iterator[tuple[str, int]]:
        """Yield each dossier's id and the number of its newest record, oldest dossier first."""
        for dossier, numbers in inventory.record_numbers(self._store):
            yield dossier, numbers[-1]

    def keep_page(self, ref: PageRef, recipe: str, reading: PageReading) -> None:
        """Store a page's picture, then its result, so that a page with a result has both."""
        picture = hashlib.sha256(reading.picture).hexdigest()
        try:
            self._store.put(keys.picture(ref, recipe), reading.picture)
        except ObjectExistsError:  # another worker's, or one left by a crash: certify that one
            picture = self._store.sha256(keys.picture(ref, recipe))
        result = StoredPage(ref.scan, recipe, ref.number, picture, reading.page)
        with suppress(ObjectExistsError):
            self._store.put(keys.page(ref, recipe), records.PAGE.dump(result))

    def find_page(self, ref: PageRef, recipe: str) -> Page | None:
        """Return a page's result under a recipe."""
        try:
            return records.PAGE.load(self._store.get(keys.page(ref, recipe))).page
        except ObjectMissingError:
            return None

    def has_page(self, ref: PageRef, recipe: str) -> bool:
        """Tell whether a page has a result under a recipe; cheaper than finding it."""
        return self._store.has(keys.page(ref, recipe))

    def picture(self, ref: PageRef, recipe: str) -> bytes:
        """Return the WebP people look at. Raises ``ObjectMissingError``."""
        return self._store.get(keys.picture(ref, recipe))

    def keep_searchable_pdf(self, made: SearchablePdf, path: Path | None) -> SearchablePdf:
        """Store a PDF, then its note; return the newest note: an earlier one may stay."""
        newest = self.find_searchable_pdf(made.scan, made.recipe)
        if newest and newest.attempt >= made.attempt:
            return newest
        if path:
            made = self._put_pdf(made, path)
        with suppress(ObjectExistsError):
            key = keys.searchable_pdf_note(made.scan, made.recipe, made.attempt)
            self._store.put(key, records.SEARCHABLE_PDF.dump(made))
        return self.find_searchable_pdf(made.scan, made.recipe) or made

    def _put_pdf(self, made: SearchablePdf, path: Path) -> SearchablePdf:
        """Store a PDF; return its note with the hash and the number of what is stored.

        A PDF of other bytes may have the key without a number: an older one, or one left by a
        crash. Nobody knows who looked at it, so it is not taken for this one.
        """
        with path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        for number in (0, made.attempt):
            key = keys.searchable_pdf(made.scan, made.recipe, number)
            with suppress(ObjectExistsError):
                self._store.put_file(key, path, sha256)
                break
            stored = self._store.sha256(key)
            if stored == sha256:
                break
        else:  # left by a crash of this very attempt, whose PDF was looked at before
            sha256 = stored
        return replace(made, pdf=sha256, pdf_number=number)

    def find_searchable_pdf(self, scan: str, recipe: str) -> SearchablePdf | None:
        """Return the newest note of a scan's searchable PDF; None without one, or if damaged."""
        listed = self._store.keys(keys.searchable_pdfs(scan, recipe))
        notes = [key for key in listed if key.endswith(".json")]
        with suppress(RecordError):
            return records.SEARCHABLE_PDF.load(self._store.get(notes[-1])) if notes else None
        return None

    def searchable_pdf(self, scan: str, recipe: str) -> AbstractContextManager[Path]:
        """Lend the newest searchable PDF as a file. Raises ``ObjectMissingError``."""
        newest = self.find_searchable_pdf(scan, recipe)
        number = newest.pdf_number if newest else 0
        return self._store.local_copy(keys.searchable_pdf(scan, recipe, number))

    def keep_receipts(self, receipts: DropReceipts) -> DropReceipts:
        """Store the receipts of a drop; return those that stand: earlier ones stay."""
        return self._receipt_book.keep(receipts)

    def receipts(self, day: date) -> Iterator[DropReceipts]:
        """Yield the receipts of the drops that were claimed on a day, oldest first."""
        return self._receipt_book.of_day(day)

    def keep_decision(self, decision: FileDecision) -> FileDecision:
        """Store what a person decided about a file. Raises ``ObjectExistsError``."""
        return self._receipt_book.keep_decision(decision)

    def decisions(self, day: date) -> Iterator[FileDecision]:
        """Yield what people decided about files of a day's drops, each drop's oldest first."""
        return self._receipt_book.decisions(day)

    def objects(self) -> Iterator[str]:
        """Yield the keys of the objects to examine one by one."""
        return fixity.objects(self._store)

    def examine(self, key: str, heed: Callable[[int], None]) -> tuple[Fault, ...]:
        """Read an object back and look for the objects it names; return what is wrong."""
        return fixity.examine(self._store, key, heed)

    def inventory(self, unfinished_before: datetime) -> Inventory:
        """Return the inventory of the archive, from keys alone."""
        return inventory.take_inventory(self._store, unfinished_before)
