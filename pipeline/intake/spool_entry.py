"""Receives one claimed drop step by step: take, settle, hold for the grace time, finish."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from pipeline import clock
from pipeline.documents import find_dossier_code
from pipeline.documents.extract.identifiers import unit_of_code
from pipeline.errors import SourceChangedError
from pipeline.intake.handles import Folder, Identity
from pipeline.intake.held import NOTE, HeldDrop, HeldFile, read_note, write_note
from pipeline.intake.receipts import copy_receipts
from pipeline.intake.receive import ACTOR as INTAKE
from pipeline.intake.receive import Reception
from pipeline.intake.refused_files import move_to_refused
from pipeline.intake.taking import Drop, hash_of, identities, printable, take
from pipeline.model import DropReceipts
from pipeline.ports import Archive
from pipeline.private_files import create_private

_ACTOR = "actor"  # file with the name of the account that brought a drop


@dataclass(frozen=True, slots=True)
class SpoolEntry:
    """One claimed drop, locked by this process until it is closed."""

    path: Path  # the entry in the spool
    folder: Path  # the watched folder it came from
    lock: int  # file descriptor
    above: tuple[str, ...] = ()  # the standing folders it was dropped into

    @property
    def dossier(self) -> str:
        """The id chosen when the drop was claimed."""
        return self.path.name

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left of what was dropped."""
        with suppress(FileNotFoundError), self._drop_folder() as folder:
            return not folder.entries()
        return True

    @property
    def actor(self) -> str:
        """Who brought the drop: an account, or the watcher where nobody signed in."""
        with suppress(FileNotFoundError):
            return (self.path / _ACTOR).read_text(encoding="utf-8")
        return INTAKE

    def note_actor(self, account: str) -> None:
        """Note which account brought the drop. Raises ``OSError``."""
        create_private(self.path / _ACTOR, account.encode())

    def take(self, private: Path) -> Drop:
        """Copy what was dropped into a folder that only this user may enter. Raises ``OSError``."""
        with self._drop_folder() as folder:
            drop = take(folder, self._name(folder), self.dossier, private, self.above)
        return replace(drop, origin=printable("/".join((str(self.folder), *self.above))))

    def held(self) -> HeldDrop | None:
        """Return what is known of a drop that was received and waits for its grace time."""
        return read_note(self.path)

    def settle(
        self,
        drop: Drop,
        reception: Reception,
        archive: Archive,
        grace_seconds: float,
        earlier: HeldDrop | None = None,
    ) -> None:
        """Write the receipts, move refused files away, and hold the rest for the grace time.

        Args:
            drop: the private copies that were received.
            reception: the receipts of its files, and what was stored.
            archive: where the receipts of record are kept.
            grace_seconds: how long the sources are kept from now on.
            earlier: the held drop before somebody wrote into it; None the first time.

        Raises:
            SourceChangedError: a file was written to meanwhile; receive it again later.
            ForeignFolderError: receipts or refused files have no folder to go to.
            OSError: one of them cannot be written.
        """
        with self._drop_folder() as folder:
            _check_unchanged(folder, drop)
            if receipts := self._receipts(drop, reception, earlier):
                copy_receipts(self.folder, archive.keep_receipts(receipts), archive.receipts)
            for file, error in reception.refused.items():
                move_to_refused(self.folder, folder, file, error)
            stored = [file for file in drop.files if file not in reception.refused]
            held = [HeldFile(file.parts, file.sha256, file.source) for file in stored]
            write_note(self.path, HeldDrop(time.time() + grace_seconds, tuple(held)))

    def _receipts(
        self, drop: Drop, reception: Reception, earlier: HeldDrop | None
    ) -> DropReceipts | None:
        """Return a line for each dropped file that has none yet."""
        known = {file.parts for file in earlier.files} if earlier else set()
        files = zip(drop.everything, reception.receipts, strict=True)
        lines = tuple(receipt for file, receipt in files if file.parts not in known)
        if earlier and not lines:
            return None
        # What came late has an id of its own, the same when this step is repeated.
        name = f"{self.dossier}{len(known):04x}" if earlier else self.dossier
        code = find_dossier_code(drop.name)
        unit = unit_of_code(code) if code else None
        return DropReceipts(name, str(self.folder), self._claimed_on(), lines, unit)

    def identities(self) -> dict[tuple[str, ...], Identity]:
        """Return what the files of the drop are now, by their paths. Raises ``OSError``."""
        with self._drop_folder() as folder:
            return self._identities(folder)

    def late_writes(self, held: HeldDrop) -> frozenset[str]:
        """Return the SHA-256 under which files were taken that are other ones now; "" for new ones.

        Raises:
            OSError: a file cannot be read.
        """
        with self._drop_folder() as folder:
            now = self._identities(folder)
            changed = {
                file.sha256
                for file in held.files
                if file.parts in now and self._is_changed(folder, file, now[file.parts])
            }
            known = {file.parts for file in held.files}
            return frozenset(changed | ({""} if now.keys() - known else set()))

    def _is_changed(self, folder: Folder, file: HeldFile, now: Identity) -> bool:
        # A file that was written to through a memory map may keep its time for long.
        return now != file.identity or hash_of(folder, file.parts) != file.sha256

    def finish(self) -> None:
        """Remove what was held, then the entry. Raises ``OSError``."""
        with Folder.at(self.path) as entry:
            entry.remove("drop")
        self.discard()

    def discard(self) -> None:
        """Remove an empty entry, then release its lock."""
        clear(self.path)
        self.close()

    def close(self) -> None:
        """Release the lock; the entry stays in the spool for another try."""
        os.close(self.lock)

    def _drop_folder(self) -> Folder:
        with Folder.at(self.path) as entry:
            return entry.folder("drop")

    def _identities(self, folder: Folder) -> dict[tuple[str, ...], Identity]:
        # A drop of one file is empty once that file was refused and moved away.
        return identities(folder, self._name(folder)) if folder.entries() else {}

    def _name(self, folder: Folder) -> str:
        return folder.entries()[0].name

    def _claimed_on(self) -> date:
        """Return the day of the claim: a step repeated after midnight finds its own lines."""
        return clock.local(datetime.fromtimestamp(os.fstat(self.lock).st_mtime, UTC)).date()


def _check_unchanged(folder: Folder, drop: Drop) -> None:
    if not drop.files:
        return
    now = identities(folder, drop.files[0].parts[0])
    known = {file.parts for file in drop.everything}
    changed = any(now.get(file.parts, file.source) != file.source for file in drop.files)
    if changed or now.keys() - known:
        raise SourceChangedError(
            "Có tệp được ghi thêm trong lúc lưu.", "Sẽ được lấy lại khi ghi xong."
        )


def clear(path: Path) -> None:
    """Remove an empty entry; one with content stays as it is."""
    with suppress(OSError):
        with suppress(FileNotFoundError):
            (path / "drop").rmdir()
        for name in (NOTE, f"{NOTE}.new", _ACTOR, "folder"):
            (path / name).unlink(missing_ok=True)
        path.rmdir()
