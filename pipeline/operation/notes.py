"""Notes of upkeep in a home: when the store was last verified and backed up, what was alerted.

Small JSON files that only say what was; each may be deleted at any time.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from pipeline.errors import RecordError
from pipeline.records import Codec

FOLDER = "operation"  # in the home


@dataclass(frozen=True, slots=True)
class VerifyNote:
    """How the last `sohoa verify` ended."""

    at: datetime
    checked: int
    left: int  # objects of the round that are still to be verified
    faults: int


@dataclass(frozen=True, slots=True)
class BackupNote:
    """The last backup, and the last drill with one."""

    at: datetime | None = None
    name: str = ""
    folder: str = ""
    objects: int = 0
    damaged: int = 0  # objects that could not be backed up
    checked_at: datetime | None = None
    checked_name: str = ""
    check_faults: int = 0


@dataclass(frozen=True, slots=True)
class AlertNote:
    """Which alerts were sent and have not ended, each with the time it began."""

    open: Mapping[str, datetime] = field(default_factory=dict)  # by the name of its rule
    began: Mapping[str, datetime] = field(default_factory=dict)  # seen, and not sent yet


_FORMS: dict[type, tuple[str, Codec[object]]] = {
    VerifyNote: ("verify.json", Codec(VerifyNote)),
    BackupNote: ("backup.json", Codec(BackupNote)),
    AlertNote: ("alerts.json", Codec(AlertNote)),
}
N = TypeVar("N", VerifyNote, BackupNote, AlertNote)


def read_note(home: Path, kind: type[N]) -> N | None:
    """Return a note of a home; None where there is none, or it is damaged.

    Args:
        home: the folder that ``SOHOA_HOME`` names.
        kind: the type of the note.
    """
    name, form = _FORMS[kind]
    with suppress(OSError, RecordError):
        found = form.load((home / FOLDER / name).read_bytes())
        return found if isinstance(found, kind) else None
    return None


def write_note(home: Path, note: VerifyNote | BackupNote | AlertNote) -> None:
    """Write a note in place of the one before. Raises ``OSError``."""
    name, form = _FORMS[type(note)]
    folder = home / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    arriving = folder / f".{name}.{os.getpid()}.{threading.get_ident()}"
    arriving.touch(mode=0o600)
    arriving.write_bytes(form.dump(note))
    arriving.replace(folder / name)
