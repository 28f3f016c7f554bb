"""A clerk who drops files and remembers what they were; where they lie, and what receipts say."""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from pipeline.intake.held import NOTE
from pipeline.intake.receipt_csv import LABELS
from pipeline.intake.refused_files import NOTE_SUFFIX
from pipeline.intake.taking import printable
from pipeline.intake.watched.ignored import RECEIPTS, REFUSED
from pipeline.model import ReceiptStatus
from pipeline.ports import Archive
from pipeline.settings import StorageSettings
from storage import open_archive

_STATUS = {label: status for status, label in LABELS.items()}
_NOT_DROPPED = {REFUSED, RECEIPTS, ".sohoa-spool"}
SPOOLS = ("spool", "inbox/.sohoa-spool")


class Line(NamedTuple):
    """A line of a receipt, as it stands in the file."""

    drop: str
    name: str
    status: ReceiptStatus
    sha256: str


@dataclass
class Clerk:
    """Drops files into a home's inbox and remembers what they were."""

    home: Path
    good: Counter[str] = field(default_factory=Counter)  # SHA-256 -> how many files
    bad: Counter[str] = field(default_factory=Counter)
    storage: StorageSettings = field(default_factory=StorageSettings)

    @property
    def archive(self) -> Archive:
        return open_archive(self.storage, self.home)

    @property
    def inbox(self) -> Path:
        return self.home / "inbox"

    @property
    def dropped(self) -> Counter[str]:
        return self.good + self.bad

    def drop(self, name: str, content: bytes, *, good: bool = True) -> None:
        """Drop a file."""
        self.drop_folder(name, {"": (content, good)})

    def drop_folder(self, name: str, files: dict[str, tuple[bytes, bool]]) -> None:
        """Drop a folder; its content by relative name, and whether it can be taken."""
        making = self.home / "in hand" / name
        for inside, (content, is_good) in files.items():
            path = making / inside if inside else making
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            (self.good if is_good else self.bad)[hashlib.sha256(content).hexdigest()] += 1
        self.inbox.mkdir(exist_ok=True)
        making.rename(self.inbox / name)


@dataclass
class Places:
    """Where the dropped files lie."""

    folder: Counter[str] = field(default_factory=Counter)
    spool: list[tuple[str, str, str]] = field(default_factory=list)  # drop, name, SHA-256
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def sources(self) -> Counter[str]:
        return self.folder + self.refused + Counter(sha256 for _, _, sha256 in self.spool)


def slip(number: int) -> bytes:
    """Return a scan that is read in a tenth of a second: one line, with a number of its own."""
    paper = Image.new("L", (400, 120), 255)
    font = ImageFont.load_default(36)
    ImageDraw.Draw(paper).text((20, 40), f"Kinh gui so {number}", fill=0, font=font)
    buffer = io.BytesIO()
    paper.save(buffer, "PNG", dpi=(100, 100))
    return buffer.getvalue()


def places(clerk: Clerk) -> Places:
    """Look at the watched folder, the spool and the refused folder."""
    found = Places()
    for path in _files(clerk.inbox):
        top = path.relative_to(clerk.inbox).parts[0]
        if top == REFUSED and not path.name.endswith(NOTE_SUFFIX):
            found.refused[sha256_of(path)] += 1
        elif top not in _NOT_DROPPED:
            found.folder[sha256_of(path)] += 1
    for spool in SPOOLS:
        for path in _files(clerk.home / spool):
            drop, inside, *name = path.relative_to(clerk.home / spool).parts
            # What was received is held for its grace time: the store has it.
            if inside == "drop" and not (clerk.home / spool / drop / NOTE).exists():
                found.spool.append((drop, printable("/".join(name)), sha256_of(path)))
    return found


def waiting(clerk: Clerk) -> int:
    """Count the files in the watched folder and the spool, by name; a watcher may be at work."""
    tops = [path for path in clerk.inbox.iterdir() if path.name not in _NOT_DROPPED]
    claimed = [path / "drop" for spool in SPOOLS for path in (clerk.home / spool).glob("*")]
    loose = sum(1 for path in tops if path.is_file())
    return loose + sum(1 for folder in [*tops, *claimed] for _ in _files(folder))


def lines(clerk: Clerk) -> list[Line]:
    """Return the lines of all receipts; a line that is no line has an empty drop."""
    found = []
    for path in sorted((clerk.inbox / RECEIPTS).glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in list(csv.reader(stream))[1:]:
                whole = len(row) == 9 and row[2] in _STATUS
                found.append(
                    Line(row[8], row[1], _STATUS[row[2]], row[7])
                    if whole
                    else Line("", "".join(row), ReceiptStatus.WAITING, "")
                )
    return found


def _files(folder: Path) -> Iterator[Path]:
    for root, _, names in os.walk(folder):
        yield from (Path(root) / name for name in names)


def sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
