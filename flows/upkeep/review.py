"""Keeps the review queue up to date with the store, and has answers written as corrections.

Records are the truth: the queue and the answers about the sample are derived from them, dossier by
dossier, when a record is newer than the one looked at. So a kill at any moment loses nothing.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import pairwise

from accounts.review.queue import ReviewStore
from pipeline import corrections
from pipeline.corrections import FieldAct, FieldChange
from pipeline.errors import ArchiveError, CorrectionRefusedError, EditConflictError
from pipeline.model import Finding, Record
from pipeline.ports import Archive
from pipeline.review.items import (
    ReviewItem,
    answers_of,
    decided_fields,
    item_of,
    items_of,
    paper_at,
)
from pipeline.settings import ReviewSettings
from pipeline.versions import Act, newest_record

log = logging.getLogger(__name__)

SECONDS_AN_ITEM = 10  # that a person takes: 37 fields in about 6 minutes
REVIEWED = "kiểm tra"  # the reason that records of answers give where the person gave none
_NAME = re.compile(r"([0-9a-f]{22})-(\d{1,6})\.(\d{1,6})-([a-z_]+)")
Stored = tuple[str, int]  # a dossier's id and the number of its newest record


class Reviewing:
    """The review queue over an archive."""

    def __init__(self, archive: Archive, store: ReviewStore, settings: ReviewSettings) -> None:
        """Begin nothing yet.

        Args:
            archive: the records that items are derived from and answers are written to.
            store: the queue.
            settings: the share of the sample and the time of leases.
        """
        self._archive, self._store, self._settings = archive, store, settings

    def refresh(self, track: Callable[[list[Stored]], Iterable[Stored]] = iter) -> int:
        """Look at the dossiers with a newer record than was looked at; return how many.

        Records are found by name: what was looked at before is not opened.

        Args:
            track: passes the dossiers on and shows progress.
        """
        known = self._store.sequences()
        newer = [each for each in self._archive.sequences() if each[1] > known.get(each[0], 0)]
        for dossier, _ in track(newer):
            try:
                self._look(newest_record(dossier, self._archive))
            except ArchiveError as error:
                log.warning("%s cannot be reviewed: %s", dossier, error)
        return len(newer)

    def take(self, by: str) -> tuple[ReviewItem, Finding] | None:
        """Lease the next item for a person, with what was read; None when nothing waits.

        Args:
            by: the person; an item that they have already is given again.
        """
        while item := self._store.take(by, timedelta(minutes=self._settings.lease_minutes)):
            record = newest_record(item.dossier, self._archive)
            if record.sequence == item.sequence:
                paper = paper_at(record.dossier, item.place)
                if paper and (finding := paper.findings.get(item.field)):
                    return item, finding
            self._look(record)  # it was decided elsewhere since, or read anew
        return None

    def answer(self, item: ReviewItem, deed: FieldAct, value: str, act: Act) -> Record:
        """Write an answer as the dossier's next version; publish it afterwards.

        Args:
            item: the item as the person saw it.
            deed: confirm, correct or reject.
            value: the right value as typed; for ``CORRECT`` alone.
            act: the person who answers.

        Raises:
            CorrectionRefusedError: the field is not there any more, or this is no value of it.
            EditConflictError: somebody else has the item now, or decided of it.
        """
        if (holder := self._store.holder(item)) not in ("", act.actor):
            raise EditConflictError(f"{holder} đang xem mục này.", "Lấy mục khác: --next.")
        change = FieldChange(self._paper(item), item.field, deed, value)
        by = act if act.reason else act._replace(reason=REVIEWED)
        record = corrections.amend(item.dossier, [change], self._archive, by, seen=item.sequence)
        self._look(record)
        return record

    def undo(self, item: ReviewItem, act: Act) -> Record:
        """Take back the last decision about an item; publish the record afterwards.

        Raises:
            CorrectionRefusedError: nobody decided about it, or another act than a correction did.
            EditConflictError: the same was decided about again since.
        """
        history = self._archive.history(item.dossier)
        paper = paper_at(history[-1].dossier, item.place)
        if paper is None or item.field not in decided_fields(paper):
            raise CorrectionRefusedError("Chưa ai quyết định về mục này.", "Xem `sohoa history`.")
        before, deciding = next(
            (before, after)
            for before, after in reversed(list(pairwise(history)))
            if _decision(before, item) != _decision(after, item)
        )
        if paper_at(before.dossier, item.place) is None:  # another act than a decision on the field
            raise CorrectionRefusedError("Giấy đã được chia lại từ đó.", "Xem `sohoa history`.")
        record = corrections.undo(item.dossier, deciding.sequence, self._archive, act)
        self._look(record)
        return record

    def item(self, name: str) -> ReviewItem:
        """Return the item of a name as it was when it was named, also one that was answered.

        Raises:
            CorrectionRefusedError: this is no item's name.
            ObjectMissingError: there is no such dossier.
        """
        if parts := _NAME.fullmatch(name):
            record = self._version(parts[1], int(parts[2]))
            for paper in record.dossier.documents if record else ():
                if record and paper.pages[:1] == (int(parts[3]),):
                    return item_of(record, paper, parts[4])
        raise CorrectionRefusedError("Không có mục kiểm tra này.", "Lấy một mục: --next.")

    def _version(self, dossier: str, sequence: int) -> Record | None:
        newest = newest_record(dossier, self._archive)
        if newest.sequence == sequence:
            return newest
        history = self._archive.history(dossier)
        return next((each for each in history if each.sequence == sequence), None)

    def _paper(self, item: ReviewItem) -> int:
        """Return the position of an item's paper, from 1, in the record that the person saw.

        Raises:
            EditConflictError: the field was decided of meanwhile, or the paper is no more.
        """
        newest = newest_record(item.dossier, self._archive).dossier
        now = paper_at(newest, item.place)
        seen = self._version(item.dossier, item.sequence)
        paper = paper_at(seen.dossier, item.place) if seen else None
        if seen is None or paper is None or now is None or item.field in decided_fields(now):
            raise EditConflictError(
                "Mục này đã được quyết định hoặc giấy đã được chia lại.", "Lấy mục khác: --next."
            )
        return seen.dossier.documents.index(paper) + 1

    def _look(self, record: Record) -> None:
        share = self._settings.sample
        items = list(items_of(record, share))
        has_decided = any(decided_fields(one) for one in record.dossier.documents)
        history = self._archive.history(record.dossier.id) if has_decided else ()
        answers = list(answers_of(history, share)) if history else []
        self._store.replace(record.dossier.id, record.sequence, items, answers)


def _decision(record: Record, item: ReviewItem) -> tuple[str, str] | None:
    """Return who decided about an item and the value, empty for none; None: nobody did.

    Where the value stands does not count: it moves with its page.
    """
    paper = paper_at(record.dossier, item.place)
    if paper is None or item.field not in decided_fields(paper):
        return None
    finding = paper.findings.get(item.field)
    if finding is None:
        return paper.absent[item.field], ""
    return finding.confirmed_by or "", finding.value
