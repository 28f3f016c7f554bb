"""The archive: the object store in the words of the trade."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pipeline import records
from pipeline.errors import ArchiveError, ObjectExistsError, ObjectMissingError, RecordError
from pipeline.fixity import Fault, Inventory
from pipeline.model import Lease, Marker, Page, PageRef, Pending, Record
from pipeline.ports import ObjectStore, PageReading
from pipeline.ports.searchable_pdf import Handout
from pipeline.records import KeptPage, Owner
from storage import fixity, inventory, keys


class ObjectArchive:
    """An archive over any object store. Every verb may be done twice."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

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
        """Write the next version. Raises ``ObjectExistsError`` when somebody wrote it first."""
        key = keys.record(record.dossier.id, record.sequence)
        try:
            self._store.put(key, records.RECORD.dump(record))
        except ObjectExistsError as error:
            raise ObjectExistsError(
                "Hồ sơ vừa được sửa ở nơi khác trong lúc này.",
                "Tải lại để xem bản mới nhất, rồi sửa lại.",
            ) from error

    def find_record(self, dossier: str) -> Record | None:
        """Return the newest record of a dossier."""
        versions = list(self._store.keys(keys.records(dossier)))
        return records.RECORD.load(self._store.get(versions[-1])) if versions else None

    def history(self, dossier: str) -> tuple[Record, ...]:
        """Return all records of a dossier, oldest first."""
        versions = self._store.keys(keys.records(dossier))
        return tuple(records.RECORD.load(self._store.get(key)) for key in versions)

    def dossiers(self) -> Iterator[str]:
        """Yield the ids of all dossiers, oldest first."""
        return (dossier for dossier, _ in self.sequences())

    def sequences(self) -> Iterator[tuple[str, int]]:
        """Yield each dossier's id and the number of its newest record, oldest dossier first."""
        for dossier, numbers in inventory.records(self._store):
            yield dossier, numbers[-1]

    def keep_page(self, ref: PageRef, recipe: str, reading: PageReading) -> None:
        """Store a page's picture, then its result: a page with a result has both."""
        picture = hashlib.sha256(reading.picture).hexdigest()
        try:
            self._store.put(keys.picture(ref, recipe), reading.picture)
        except ObjectExistsError:  # another worker's, or one left by a crash: certify that one
            picture = self._store.sha256(keys.picture(ref, recipe))
        kept = KeptPage(ref.scan, recipe, ref.number, picture, reading.page)
        with suppress(ObjectExistsError):
            self._store.put(keys.page(ref, recipe), records.PAGE.dump(kept))

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

    def keep_handout(self, made: Handout, path: Path | None) -> Handout:
        """Store a PDF, then what is known of it; return what stands: an earlier one may stay."""
        if path:
            made = replace(made, pdf=self._keep_searchable(made, path))
        with suppress(ObjectExistsError):
            key = keys.handout(made.scan, made.recipe, made.attempt)
            self._store.put(key, records.HANDOUT.dump(made))
        return self.find_handout(made.scan, made.recipe) or made

    def _keep_searchable(self, made: Handout, path: Path) -> str:
        """Return the SHA-256 of the PDF that is stored: one left by a crash was as good."""
        with path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        key = keys.searchable(made.scan, made.recipe)
        try:
            self._store.put_file(key, path, sha256)
        except ObjectExistsError:
            return self._store.sha256(key)
        return sha256

    def find_handout(self, scan: str, recipe: str) -> Handout | None:
        """Return what became of a scan's searchable PDF, by the newest attempt; damaged: None."""
        found = self._store.keys(keys.handouts(scan, recipe))
        said = [key for key in found if key.endswith(".json")]
        with suppress(RecordError):
            return records.HANDOUT.load(self._store.get(said[-1])) if said else None
        return None

    def searchable(self, scan: str, recipe: str) -> AbstractContextManager[Path]:
        """Lend a searchable PDF as a file. Raises ``ObjectMissingError``."""
        return self._store.local_copy(keys.searchable(scan, recipe))

    def owe(self, dossier: str, *, since: datetime | None = None, attempts_before: int = 0) -> None:
        """Put a marker for owed digitising, unless one stands for this dossier.

        Who knows since when says it: the same again comes to the same marker, and nobody has to
        look through a backlog of thousands.
        """
        if since is None:
            since = datetime.now(UTC)
            if any(keys.marks(key, dossier) for key in self._store.keys(keys.PENDING)):
                return
        key = keys.pending(dossier, since)
        marker = Marker(key, dossier, "digitise", since, attempts_before)
        with suppress(ObjectExistsError):
            self._store.put(key, records.PENDING.dump(marker))

    def owed(self) -> tuple[Pending, ...]:
        """Return all owed work, oldest first; no marker is opened for it."""
        found = ((key, keys.marked(key)) for key in self._store.keys(keys.PENDING))
        return tuple(Pending(key, *marked) for key, marked in found if marked)

    def attempts_before(self, pending: Pending) -> int:
        """Return how many attempts were made before somebody asked for this work again."""
        # A marker that is settled or damaged: its key says all that matters, the work is owed.
        with suppress(ObjectMissingError, RecordError):
            return records.PENDING.load(self._store.get(pending.key)).attempts_before
        return 0

    def settle_debt(self, pending: Pending) -> None:
        """Remove the marker: the work is done."""
        self._store.remove(pending.key)

    def find_lease(self, dossier: str) -> Lease | None:
        """Return the newest lease of a dossier."""
        attempts = list(self._store.keys(keys.leases(dossier)))
        return records.LEASE.load(self._store.get(attempts[-1])) if attempts else None

    def take_lease(self, lease: Lease) -> bool:
        """Take an attempt; False when somebody else took it first."""
        try:
            self._store.put(keys.lease(lease.dossier, lease.attempt), records.LEASE.dump(lease))
        except ObjectExistsError:
            return False
        return True

    def renew_lease(self, lease: Lease) -> None:
        """Write the lease with a new sign of life or its release; only by its holder."""
        self._store.replace(keys.lease(lease.dossier, lease.attempt), records.LEASE.dump(lease))

    def objects(self) -> Iterator[str]:
        """Yield the keys of what is kept for good, to be examined one by one."""
        return fixity.objects(self._store)

    def examine(self, key: str, heed: Callable[[int], None]) -> tuple[Fault, ...]:
        """Read an object back and look for what it names; return what is wrong."""
        return fixity.examine(self._store, key, heed)

    def inventory(self, unfinished_before: datetime) -> Inventory:
        """Return what lies in the archive, by name only."""
        return inventory.inventory(self._store, unfinished_before)
