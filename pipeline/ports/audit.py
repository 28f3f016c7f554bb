"""Defines the ports of the audit log: writing entries, and reading and verifying them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Protocol

from pipeline.audit import AuditEntry, AuditReport, KeptEntry


class AuditLog(Protocol):
    """Where acts are written before anything is shown or changed: no log, no paper."""

    def record(self, entry: AuditEntry) -> None:
        """Write an entry; it is on the disk when this returns.

        Many threads may record at the same time; they share the wait for the disk.

        Raises:
            AuditUnavailableError: it could not be written. Nothing may be handed out then.
        """
        ...

    def close(self) -> None:
        """Seal what was written and bring it to the store; recording again begins anew.

        A store that is away is no error: the segment stays in the home and follows later.
        """
        ...


class AuditTrail(Protocol):
    """The log as the auditor reads it: sealed segments, and what is still in the home."""

    def entries(
        self, first: date | None = None, last: date | None = None, having: str = ""
    ) -> list[KeptEntry]:
        """Return what people did, oldest first.

        Args:
            first: the first day, by the office's clock; None: from the beginning.
            last: the last day, by the office's clock; None: until now.
            having: a text that the entry must contain, such as the id of a dossier.

        Raises:
            StorageUnavailableError: the store cannot be listed or read.
        """
        ...

    def verify(self) -> AuditReport:
        """Check the chains of all writers, and that every segment that a seal names is there."""
        ...

    def unsealed(self) -> Iterator[str]:
        """Yield the names of the files in the home whose writer died."""
        ...
