"""Gathers the figures of an installation: what came in, what waits, what failed, how fast.

They come from receipts and records alone, and hold no name of a person, file or folder: reasons are
counted under fixed sentences. What is dropped is counted; `sohoa ingest` writes no receipts.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pipeline import clock
from pipeline.access import may_hand_out
from pipeline.errors import RecordError
from pipeline.model import PageState, QueueEntry, ReceiptStatus, Record
from pipeline.operation.notes import BackupNote, VerifyNote, read_note
from pipeline.operation.reasons import general_reason
from pipeline.ports import Archive

DAYS = 7  # of failures, and of the average that tells how long the disk lasts
MOST_SLOW = 10  # pages that are listed
MOST_DOSSIERS = 2_000  # of a day; what came after them is not looked at
# An original with its pictures, words and searchable PDF, against the original alone: an estimate.
GROWTH = 2.0


@dataclass(frozen=True, slots=True)
class SlowPage:
    """A page that took long to read."""

    dossier: str
    number: int  # within the dossier, from 1
    seconds: float


@dataclass
class DayFigures:
    """The figures of one day, by the office's clock."""

    day: date
    files: Counter[ReceiptStatus] = field(default_factory=Counter)
    bytes: int = 0  # of what was stored
    refused: Counter[str] = field(default_factory=Counter)  # reason -> files
    unread: Counter[str] = field(default_factory=Counter)  # reason -> pages
    outcomes: Counter[str] = field(default_factory=Counter)  # outcome -> dossiers
    pages: int = 0
    read_at: list[tuple[datetime, int]] = field(default_factory=list)  # when, how many pages
    slow: list[SlowPage] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Number of files that came."""
        return sum(self.files.values())


@dataclass(frozen=True, slots=True)
class Figures:
    """What operators look at."""

    at: datetime
    today: DayFigures
    days: tuple[DayFigures, ...]  # the last DAYS, today first
    queued: int
    oldest: datetime | None  # since when the oldest queued dossier waits
    free: int  # bytes of the disk of the home
    size: int
    verify: VerifyNote | None
    backup: BackupNote | None
    has_papers: bool  # there is a dossier at all

    @property
    def hours(self) -> tuple[int, ...]:
        """Pages read in each of the last twelve hours, the newest last."""
        counted = Counter[int]()
        for one in self.days[:2]:
            for moment, pages in one.read_at:
                counted[int((self.at - moment).total_seconds() // 3600)] += pages
        return tuple(counted[ago] for ago in range(11, -1, -1))

    @property
    def pages_a_minute(self) -> float:
        """Mean of the last hour."""
        return self.hours[-1] / 60

    @property
    def refused_share(self) -> float:
        """Share of today's files that were refused, 0-1."""
        return self.today.files[ReceiptStatus.REFUSED] / max(1, self.today.total)

    @property
    def days_left(self) -> int | None:
        """How many days the disk lasts at the pace of the last days; None: nothing came."""
        stored = [one.bytes for one in self.days if one.bytes]
        return int(self.free / (GROWTH * sum(stored) / len(stored))) if stored else None

    @property
    def failures(self) -> tuple[tuple[str, int], ...]:
        """Reasons of the last days with how many files were refused or pages not read for it."""
        counted = Counter[str]()
        for one in self.days:
            counted.update(one.refused)
            counted.update(one.unread)
        return tuple(counted.most_common())

    @property
    def slowest(self) -> tuple[SlowPage, ...]:
        """The slowest pages of the last days."""
        found = (page for one in self.days for page in one.slow)
        return tuple(sorted(found, key=lambda page: -page.seconds)[:MOST_SLOW])


class FigureGatherer:
    """Gathers figures, and keeps those of days that are over."""

    def __init__(self, archive: Archive, home: Path) -> None:
        """Look at nothing yet.

        Args:
            archive: the archive whose receipts and records are counted.
            home: the folder with the notes of upkeep.
        """
        self._archive = archive
        self._home = home
        self._past: dict[date, DayFigures] = {}

    def gather(self) -> Figures:
        """Return the figures of this moment. Raises ``StorageUnavailableError``."""
        today = clock.today()
        wanted = [today - timedelta(days=ago) for ago in range(DAYS)]
        self._past = {day: kept for day, kept in self._past.items() if day in wanted}
        days = tuple(self._day(day, is_over=(today - day).days > 1) for day in wanted)
        queued = self._archive.queued()
        disk = shutil.disk_usage(_existing(self._home))
        return Figures(
            datetime.now(UTC),
            days[0],
            days,
            len(queued),
            _oldest(queued),
            disk.free,
            disk.total,
            read_note(self._home, VerifyNote),
            read_note(self._home, BackupNote),
            next(self._archive.dossiers(), None) is not None,
        )

    def _day(self, day: date, *, is_over: bool) -> DayFigures:
        if is_over and day in self._past:
            return self._past[day]
        figures = DayFigures(day)
        dossiers = dict.fromkeys(self._stored(figures))
        for dossier in list(dossiers)[-MOST_DOSSIERS:]:
            if (record := self._record(dossier)) is not None:
                _count(figures, record)
        figures.slow = sorted(figures.slow, key=lambda page: -page.seconds)[:MOST_SLOW]
        if is_over:
            self._past[day] = figures
        return figures

    def _stored(self, figures: DayFigures) -> Iterator[str]:
        """Count the files of a day; yield the dossiers that took some."""
        for receipt in (
            one for drop in self._archive.receipts(figures.day) for one in drop.receipts
        ):
            figures.files[receipt.status] += 1
            if receipt.status is ReceiptStatus.REFUSED:
                figures.refused[general_reason(receipt.reason)] += 1
            elif receipt.status is ReceiptStatus.ARCHIVED:
                figures.bytes += receipt.size
                if receipt.dossier:
                    yield receipt.dossier

    def _record(self, dossier: str) -> Record | None:
        try:
            return self._archive.find_record(dossier)
        except RecordError:  # `sohoa verify` names it
            return None


def _count(figures: DayFigures, record: Record) -> None:
    dossier = record.dossier
    if dossier.joined_into is not None:  # the other dossier counts its pages
        return
    figures.outcomes[str(dossier.outcome or "WAITING")] += 1
    figures.pages += len(dossier.pages)
    if dossier.pages:
        read_at = record.at if record.action == "digitised" else dossier.received
        figures.read_at.append((read_at, len(dossier.pages)))
    for number, note in enumerate(dossier.pages, start=1):
        if note.state is PageState.NOT_READ:
            figures.unread[general_reason(" ".join(note.reasons))] += 1
        if may_hand_out(dossier):
            figures.slow.append(SlowPage(dossier.id, number, note.seconds))


def _oldest(queued: tuple[QueueEntry, ...]) -> datetime | None:
    return min((entry.since for entry in queued), default=None)


def _existing(folder: Path) -> Path:
    return next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
