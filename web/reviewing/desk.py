"""Opens the review queue for the room, keeps it up to date beside the requests, counts it."""

from __future__ import annotations

import logging
import threading
import time
from typing import NamedTuple

from accounts import open_review
from accounts.review.queue import FILE
from pipeline.errors import SohoaError
from pipeline.masking import PERSONAL_FIELDS
from pipeline.model import Record, Right
from pipeline.ports import Archive
from pipeline.ports.review import ReviewQueue
from pipeline.review.item_names import Wanted
from pipeline.review.reviewing import SECONDS_AN_ITEM, Reviewing
from pipeline.settings import Settings
from web.labels import number
from web.people.visits import Visit

log = logging.getLogger(__name__)

_FRESH_SECONDS = 60.0  # how old what is known of the store may be while somebody works
_SHARE = 20  # looking over all records takes at most one part in so many of the time
_PATIENCE = 3.0  # seconds that the first one waits for the queue to be built
_COUNT_SECONDS = 10.0  # how old a number in the menu may be
_LONG_COUNT = 0.1  # seconds
_MOST_COUNTS = 1_000
_LONG = 90  # minutes from which hours are told


class Waiting(NamedTuple):
    """What waits for a person."""

    fields: int
    pages: int

    @property
    def total(self) -> int:
        """Number of all items."""
        return self.fields + self.pages

    @property
    def seconds(self) -> int:
        """About how long they take."""
        return self.total * SECONDS_AN_ITEM

    @property
    def text(self) -> str:
        """What waits and how long that takes, as people read it."""
        if not self.total:
            return "Không còn mục nào"
        pages = f"{number(self.pages)} trang" if self.pages else ""
        fields = f"{number(self.fields)} trường" if self.fields else ""
        minutes = -(-self.seconds // 60)
        time = f"{minutes} phút" if minutes < _LONG else f"{number(round(minutes / 60))} giờ"
        return " · ".join(filter(None, (fields, pages, f"khoảng {time}")))


class _Counted(NamedTuple):
    """What was counted, when, and how long that took, in seconds."""

    at: float
    took: float
    waiting: Waiting


class ReviewDesk:
    """The review queue of a room; opened when it is first asked for. Safe among threads."""

    def __init__(self, archive: Archive, settings: Settings) -> None:
        self._archive, self._settings = archive, settings
        self._lock = threading.Lock()
        self._opened: tuple[ReviewQueue, Reviewing] | None = None
        self._round: threading.Thread | None = None
        self._next_round = float("-inf")
        self._counts: dict[tuple[str, Wanted], _Counted] = {}

    @property
    def queue(self) -> ReviewQueue:
        """The queue. Raises ``AccountsUnavailableError`` while its database is away."""
        return self._open()[0]

    @property
    def reviewing(self) -> Reviewing:
        """The queue over the archive; raises as ``queue`` does."""
        return self._open()[1]

    def keep_fresh(self) -> bool:
        """Look at new records in the background; tell whether the queue may still lack some.

        The first one waits a little, so that an office of ordinary size never sees it build.
        """
        self._open()
        with self._lock:
            is_due = time.monotonic() >= self._next_round
            if is_due and (self._round is None or not self._round.is_alive()):
                self._round = threading.Thread(target=self._refresh, daemon=True)
                self._round.start()
            begun, is_first = self._round, self._next_round == float("-inf")
        if is_first and begun:
            begun.join(_PATIENCE)
        return is_first and begun is not None and begun.is_alive()

    def count(self, visit: Visit, wanted: Wanted) -> Waiting:
        """Return what waits for a visitor; of a long queue as it was some seconds ago."""
        key = visit.name, wanted
        with self._lock:
            known = self._counts.get(key)
        if known and time.monotonic() < known.at + _SHARE * known.took:
            return known.waiting
        began = time.monotonic()
        waiting = Waiting(*self.queue.counted(visit.name, wanted))
        now = time.monotonic()
        with self._lock:
            if len(self._counts) >= _MOST_COUNTS:
                self._counts.clear()
            self._counts[key] = _Counted(now, now - began, waiting)
        return waiting

    def counted(self, visit: Visit) -> int:
        """Return how many items wait, for the menu: some seconds old, 0 where it is not known."""
        is_served = bool(self._settings.accounts.url.get_secret_value())
        is_there = is_served or (self._settings.home / FILE).exists()
        if Right.CORRECT not in visit.rights or not is_there:
            return 0
        wanted = wanted_by(visit)
        known = self._counts.get((visit.name, wanted))
        if known and time.monotonic() < known.at + _COUNT_SECONDS:
            return known.waiting.total
        try:
            return self.count(visit, wanted).total
        except SohoaError:
            return 0

    def look(self, record: Record) -> None:
        """Bring the queue up to a record that the room wrote; where it cannot now, a round does."""
        if self._opened is None:
            return
        try:
            self.reviewing.look(record)
        except SohoaError as error:
            log.warning("%s cannot be reviewed yet: %s", record.dossier.id, error)
        self.forget_counts()

    def forget_counts(self) -> None:
        """Count anew from now on, as something was decided; but not all of a long queue at once."""
        with self._lock:
            slow = {key: one for key, one in self._counts.items() if one.took > _LONG_COUNT}
            self._counts = slow

    def close(self) -> None:
        """Close the connections of the queue."""
        if self._round is not None:
            self._round.join(30)
        if self._opened is not None:
            self._opened[0].close()

    def _open(self) -> tuple[ReviewQueue, Reviewing]:
        with self._lock:
            if self._opened is None:
                queue = open_review(self._settings.accounts, self._settings.home)
                self._opened = queue, Reviewing(self._archive, queue, self._settings.review)
            return self._opened

    def _refresh(self) -> None:
        began = time.monotonic()
        try:
            self.reviewing.refresh()
        except SohoaError as error:
            log.warning("the review queue is not up to date: %s", error)
        took = time.monotonic() - began
        self._next_round = time.monotonic() + max(_FRESH_SECONDS, _SHARE * took)


def wanted_by(visit: Visit, dossier: str = "") -> Wanted:
    """Return which items a visitor may be given.

    Fields that are masked for good, as they are for every program, are left to people.

    Args:
        visit: the visit.
        dossier: the dossier whose items are wanted alone; empty: those of all.
    """
    hidden = frozenset[str]() if Right.UNMASK in visit.rights else PERSONAL_FIELDS
    hidden = frozenset[str]() if visit.is_demonstration else hidden
    return Wanted(visit.scope, without=hidden, dossier=dossier)
