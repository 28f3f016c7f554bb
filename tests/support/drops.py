"""Drops received into a real archive without an engine: files whose pages are lines of text."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from pipeline import corrections, stages
from pipeline.access import WITHHELD
from pipeline.errors import UnsupportedFormatError
from pipeline.intake import Drop, Reception, receive, take_path
from pipeline.model import Dossier, Outcome, Record, Withheld
from pipeline.page_edits.reading import orientation_of, read_notes
from pipeline.ports import Archive, InnerFile, PageReading, ScanInfo, SearchIndex, UnpackLimits
from pipeline.reconcile import Snapshot, differences, summarise
from pipeline.settings import SearchSettings, StorageSettings
from pipeline.versions import keep_next
from search import open_index
from storage import new_dossier_id, open_archive
from tests.support.stored import TextReader, verified

CODE = "H26.19.25-260105-0007"
BAD = "!"  # a file that begins so is refused
Files = dict[str, str]  # relative name -> a line for each page
PARTIAL: Files = {"01 đơn.pdf": "đơn xin", "02 to khai.pdf": BAD, "03 kèm.pdf": "sổ hộ khẩu"}
FIXED: Files = {"02 to khai.pdf": "tờ khai\nhai trang"}


class RefusingReader(NamedTuple):
    """Reads lines of text; refuses what begins with ``BAD``."""

    texts: TextReader = TextReader()

    @property
    def recipe(self) -> str:
        return self.texts.recipe

    def inspect(self, path: Path) -> ScanInfo:
        if path.read_text().startswith(BAD):
            raise UnsupportedFormatError("Không phải giấy tờ quét.", "Lưu thành PDF rồi thả lại.")
        return self.texts.inspect(path)

    def unpack(self, path: Path, folder: Path, limits: UnpackLimits) -> tuple[InnerFile, ...]:
        raise NotImplementedError

    def read_page(self, path: Path, number: int, orientation: int | None = None) -> PageReading:
        return self.texts.read_page(path, number, orientation)


@dataclass
class Office:
    """A home with watched folders; drops are received as a watcher would."""

    home: Path
    reader: RefusingReader = field(default_factory=RefusingReader)

    def __post_init__(self) -> None:
        self.archive: Archive = open_archive(StorageSettings(), self.home)
        self.index: SearchIndex = open_index(SearchSettings(), self.home)

    def prepared(self, name: str, content: Files | str, folder: str | None = "một cửa") -> Drop:
        """Put a file, or a folder of files, into the spool, and take it."""
        path = self.home / "claimed" / new_dossier_id(datetime.now(UTC)) / name
        path.parent.mkdir(parents=True)
        if isinstance(content, str):
            path.write_text(content)
        for inside, text in content.items() if isinstance(content, dict) else ():
            (path / inside).parent.mkdir(parents=True, exist_ok=True)
            (path / inside).write_text(text)
        return self.taken(path, folder)

    def taken(self, path: Path, folder: str | None = "một cửa") -> Drop:
        """Take what lies in the spool; once more when somebody wrote into it."""
        private = Path(tempfile.mkdtemp(dir=self.home))
        return replace(take_path(path, path.parent.name, private), origin=folder)

    def source(self, drop: Drop) -> Path:
        """Return where a drop lies in the spool."""
        return self.home / "claimed" / drop.dossier / drop.name

    def receives(self, drop: Drop) -> Reception:
        return receive(drop, self.archive, self.reader, self.index)

    def drops(self, name: str, content: Files | str, folder: str | None = "một cửa") -> Reception:
        """Receive a file, or a folder of files, from a watched folder."""
        return self.receives(self.prepared(name, content, folder))

    def digitises(self, dossier: str) -> Record:
        """Read a dossier as its flow does, and take it out of the queue."""
        record = stages.newest_record(dossier, self.archive)
        is_asked = self.archive.is_to_read_again(dossier)
        known = {} if is_asked else read_notes(record.dossier, self.archive)
        notes = [
            known.get(ref)
            or stages.read_page(
                ref,
                self.archive,
                self.reader,
                orientation=orientation_of(record.dossier, ref),
            )
            for ref in stages.pages_to_read(record)
        ]
        record = stages.conclude(record, notes, self.archive, self.index)
        joined = corrections.join_by_itself(record, self.archive)
        record = joined.newer if joined else record
        stages.publish(record, self.archive, self.index)
        for entry in self.archive.queued():
            if entry.dossier == dossier:
                self.archive.dequeue(entry)
        return record

    def digitises_all(self) -> None:
        """Work the queue off."""
        for _ in range(100):
            if not (queued := self.archive.queued()):
                return
            self.digitises(queued[0].dossier)
        raise AssertionError("the queue does not become empty")

    def partial(self) -> str:
        """Receive and read a folder whose second file is refused; return the dossier's id."""
        dossier = self.drops(CODE, PARTIAL).dossier
        assert dossier
        assert self.digitises(dossier).dossier.outcome is Outcome.PARTIAL
        return dossier

    def withholds(self, dossier: str, outcome: Outcome | None = Outcome.FAILED) -> None:
        """Withhold a dossier, as a later reading does that finds a secrecy mark."""
        withhold(dossier, self.archive, self.index, outcome)

    def assert_nothing_differs(self) -> None:
        """Check that every place agrees: nothing forgotten, no index behind, no bit changed."""
        archive = self.archive
        snapshot = Snapshot(
            archive.inventory(datetime.now(UTC)),
            {dossier: summarise(archive.history(dossier)) for dossier in archive.dossiers()},
            frozenset(entry.dossier for entry in archive.queued()),
            dict(self.index.sequences()),
        )
        assert list(differences(snapshot)) == []
        assert verified(self.home).faults == ()

    def newest(self, dossier: str | None) -> Record:
        assert dossier
        return stages.newest_record(dossier, self.archive)


def withhold(
    dossier: str,
    archive: Archive,
    index: SearchIndex,
    outcome: Outcome | None = Outcome.FAILED,
) -> None:
    """Withhold a dossier, as a later reading does that finds a secrecy mark, and publish it."""
    record = stages.newest_record(dossier, archive)
    unread = tuple(replace(page, recipe="") for page in record.dossier.pages)
    state = replace(
        record.dossier,
        pages=unread,
        documents=(),
        outcome=outcome,
        reasons=("dấu «MẬT»",),
        withheld=Withheld(record.at, "sohoa", "dấu «MẬT»"),
    )
    stages.publish(keep_next(record, state, WITHHELD, archive), archive, index)


def names(dossier: Dossier) -> list[str]:
    """Return the names of a dossier's scans without their folders."""
    return [scan.name.rpartition("/")[2] for scan in dossier.scans]
