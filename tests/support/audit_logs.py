"""Audit logs of a test's own: a home with a log, entries to record, and places to spoil."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.audit import AuditEntry, AuditReport, KeptEntry, Verb
from pipeline.settings import AuditSettings
from storage import audit
from storage.audit.log import SegmentedLog
from storage.disk import DiskStore

DOSSIER = "019b76da7c39" + "0" * 10


@dataclass
class AuditHome:
    """A home of the embedded form with an audit log."""

    home: Path

    @property
    def store(self) -> DiskStore:
        return DiskStore(self.home / "store")

    @property
    def folder(self) -> Path:
        return self.home / "audit"

    def log(self, **settings: object) -> SegmentedLog:
        """Open the log of another process."""
        return audit.open_log(self.store, AuditSettings.model_validate(settings), self.home)

    def written(self, *details: int, segments: int = 1) -> None:
        """Write a whole log of one process: the entries in each of its segments."""
        log = self.log()
        for number in range(segments):
            if number:
                log.rotate()
            for detail in details:
                log.record(entry(detail + 100 * number))
        log.close()

    def entries(self) -> list[KeptEntry]:
        return audit.open_trail(self.store, self.home).entries()

    def numbers(self) -> list[int]:
        """Return which entries there are, in the order of their recording."""
        return [int(each.detail("n")) for each in self.entries()]

    def verify(self) -> AuditReport:
        return audit.open_trail(self.store, self.home).verify()

    def sealed(self) -> list[Path]:
        """Return the files of the sealed segments, oldest writer first."""
        return sorted((self.home / "store" / "audit").glob("*/*/*.jsonl"))

    def live(self) -> list[Path]:
        return sorted(self.folder.glob("*.jsonl"))

    def files(self) -> Iterator[Path]:
        """Yield every file of the home."""
        return (path for path in self.home.rglob("*") if path.is_file())


def entry(number: int, **more: object) -> AuditEntry:
    """Return an entry that can be told from others."""
    fields = {"verb": Verb.VIEW, "account": "an", "dossier": DOSSIER, "detail": {"n": number}}
    return AuditEntry(**(fields | more))  # type: ignore[arg-type]
