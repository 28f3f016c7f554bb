"""Compares dossiers with the rest of the store: equal papers, and pages that were scanned twice.

It goes by the numbers of records: what is newer than what was compared is compared, at any time
and by any process. So an index that was deleted, damaged or emptied fills itself, and nothing of
digitising or publishing waits for it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from flows import wiring
from ocr.image.look import bits_apart, look_of
from pipeline.access import may_hand_out
from pipeline.duplicates.comparing import is_same_sheet
from pipeline.duplicates.prints import prints_of
from pipeline.duplicates.told import tell_search
from pipeline.errors import ArchiveError, SohoaError
from pipeline.model import (
    DossierPage,
    DossierPrints,
    DuplicateKind,
    DuplicatePair,
    Page,
    PageNote,
    PagePlace,
    PagePrint,
    PageRef,
    Record,
)
from pipeline.page_edits.reading import find_page
from pipeline.ports import Archive
from pipeline.ports.duplicates import DuplicateIndex
from pipeline.stages import pages_of
from pipeline.versions import Stored, newer_records, newest_record

log = logging.getLogger(__name__)

_T = TypeVar("_T")

SECONDS = 30.0  # between two looks for newer records
MOST_ALIKE = 8  # pages that one is compared with
MOST_APART = 16  # bits of the perceptual hashes of one sheet: bench/duplicates.py


class Comparing:
    """Keeps the index of duplicates up to date with an archive.

    Args:
        archive: the store.
        index: the index of duplicates.
    """

    def __init__(self, archive: Archive, index: DuplicateIndex) -> None:
        self._archive, self._index = archive, index

    def refresh(self, track: Callable[[list[Stored]], Iterable[Stored]] = iter) -> int:
        """Compare the dossiers with another record than was compared; return how many.

        Args:
            track: passes the dossiers on, and may end early or show progress.

        Raises:
            ServiceUnavailableError: the store or the index is away.
        """
        compared = self._index.sequences()
        found = newer_records(compared, self._archive)
        # Record 1 is of a dossier not read yet.
        newer = [each for each in (*found.newer, *found.lower) if each[1] > 1]
        if not compared and newer:  # an index made anew: nobody knows what the search index says
            self._index.unsettle([dossier for dossier, _ in newer])
        for dossier, sequence in track(sorted(newer)):
            self._compare(dossier, sequence)
        if found.gone:
            self._index.forget(found.gone)
        return len(newer)

    def _compare(self, dossier: str, sequence: int) -> None:
        """Compare one dossier with all others, and its pages with one another.

        What is damaged counts as compared, so that nobody does it again before a newer record.
        """
        is_kept = False
        try:
            record = newest_record(dossier, self._archive)
            prints, words = self._prints(record)
            self._index.keep(
                prints
            )  # before looking: of two that come at once each finds the other
            is_kept = True
            pairs = [
                pair
                for each in prints.pages
                for pair in self._alike(record, each, words[each.place])
            ]
            self._index.relate(dossier, record.sequence, pairs)
        except ArchiveError as error:
            log.warning("%s cannot be compared: %s", dossier, error)
            if not is_kept:
                self._index.keep(DossierPrints(dossier, (), ()))
            self._index.relate(dossier, sequence, ())

    def _prints(self, record: Record) -> tuple[DossierPrints, dict[PagePlace, Page]]:
        is_open = may_hand_out(record)
        pages = pages_of(record.dossier, record.dossier.pages, self._archive) if is_open else ()
        prints = prints_of(record.dossier, pages, self._index.key())
        return prints, {self._place(record, number): page for number, page in pages}

    def _place(self, record: Record, number: int) -> PagePlace:
        note = record.dossier.pages[number - 1]
        return PagePlace(note.scan, note.number)

    def _alike(self, record: Record, mine: PagePrint, page: Page) -> Iterator[DuplicatePair]:
        here = DossierPage(record.dossier.id, mine.place)
        for there in self._index.candidates(mine.buckets, MOST_ALIKE + 1):
            if there != here and self._is_alike(record, here, page, there):
                yield DuplicatePair(DuplicateKind.PAGE, here, there)

    def _is_alike(self, record: Record, here: DossierPage, page: Page, there: DossierPage) -> bool:
        other: Record | None = record
        if there.dossier != record.dossier.id:
            other = self._archive.find_record(there.dossier)
        if other is None or not may_hand_out(other):
            return False
        notes = (_note(record, here.place), _note(other, there.place))
        if notes[0] is None or notes[1] is None:
            return False
        theirs = find_page(other.dossier, notes[1], self._archive)
        if theirs is None or not is_same_sheet(page.text.words, theirs.text.words):
            return False
        looks = self._look(record, notes[0], page), self._look(other, notes[1], theirs)
        if looks[0] is None or looks[1] is None:
            return False
        return bits_apart(looks[0], looks[1]) <= MOST_APART

    def _look(self, record: Record, note: PageNote, page: Page) -> int | None:
        ref = PageRef(record.dossier.id, note.scan, note.number)
        return look_of(self._archive.picture(ref, note.recipe), page)


def _note(record: Record, place: PagePlace) -> PageNote | None:
    notes = (each for each in record.dossier.pages if (each.scan, each.number) == place)
    return next(notes, None)


def keep_compared(stop: threading.Event) -> None:
    """Compare what is new every half minute, and have the search index say what was found.

    Trouble is logged, and tried again.
    """
    said = ""
    while not stop.wait(SECONDS):
        try:
            comparing = Comparing(wiring.archive(), wiring.duplicates())
            comparing.refresh(lambda newer: _until(stop, newer))
            tell_search(
                wiring.archive(),
                wiring.duplicates(),
                wiring.index,
                lambda changed: _until(stop, changed),
            )
        except SohoaError as error:
            if str(error) != said:
                log.warning("duplicates are looked for later: %s", error)
            said = str(error)
        else:
            said = ""


def _until(stop: threading.Event, newer: Sequence[_T]) -> Iterator[_T]:
    """Pass dossiers on until the stop; half of the time is left to the pages being read."""
    for each in newer:
        began = time.monotonic()
        yield each
        if stop.wait(time.monotonic() - began):
            return
