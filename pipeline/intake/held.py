"""Notes what was received of a drop that is held for its grace time, to tell late writes by it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.intake.handles import Identity

NOTE = "received.json"


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file that was taken, and what it was then."""

    parts: tuple[str, ...]  # its path, from the drop's own name on
    sha256: str
    identity: Identity


@dataclass(frozen=True, slots=True)
class HeldDrop:
    """What was taken of a drop, and until when its source is kept."""

    until: float  # seconds since 1970
    files: tuple[HeldFile, ...]


def write_note(entry: Path, held: HeldDrop) -> None:
    """Write the note of a spool entry, whole or not at all. Raises ``OSError``."""
    unfinished = entry / f"{NOTE}.new"
    with unfinished.open("w", encoding="ascii") as stream:
        json.dump(asdict(held), stream)  # names that are no UTF-8 are escaped
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.rename(entry / NOTE)


def read_note(entry: Path) -> HeldDrop | None:
    """Return the note of a spool entry; None where there is none, or none that can be read."""
    try:
        note = json.loads((entry / NOTE).read_bytes())
        files = (
            HeldFile(tuple(file["parts"]), file["sha256"], Identity(*file["identity"]))
            for file in note["files"]
        )
        return HeldDrop(float(note["until"]), tuple(files))
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None
