"""Gives people items of the review queue, and has their answers written as corrections."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from pipeline import corrections
from pipeline.corrections import FieldAct, FieldChange, PageSeen
from pipeline.errors import CorrectionRefusedError, EditConflictError, ObjectExistsError
from pipeline.model import Record
from pipeline.people.scopes import is_within
from pipeline.ports import Archive
from pipeline.ports.review import ANY, ReviewQueue
from pipeline.review.decisions import HeldByOtherError, deciding_record
from pipeline.review.finding_items import ItemFinder, Taken
from pipeline.review.item_names import ItemName, Wanted
from pipeline.review.items import ReviewItem
from pipeline.review.upkeep import QueueUpkeep
from pipeline.settings import ReviewSettings
from pipeline.versions import Act, newest_record

SECONDS_AN_ITEM = 10  # that a person takes: 37 fields in about 6 minutes
REVIEWED = "kiểm tra"  # the reason that records of answers give where the person gave none
_MOST_PASSED = 200  # items that are not as the store has them, before nothing is given
_TRIES = 5  # where somebody else writes a version of the dossier at the same moment


class Reviewing:
    """The review queue over an archive."""

    def __init__(self, archive: Archive, queue: ReviewQueue, settings: ReviewSettings) -> None:
        """Begin nothing yet.

        Args:
            archive: the records that items are derived from and answers are written to.
            queue: the queue.
            settings: the share of the sample and the time of leases.
        """
        self._archive, self._queue, self._settings = archive, queue, settings
        self._items = ItemFinder(archive)
        self._upkeep = QueueUpkeep(archive, queue, settings.sample)
        self.refresh, self.look = self._upkeep.refresh, self._upkeep.look
        self.item, self.found = self._items.item, self._items.found

    @property
    def lease(self) -> timedelta:
        """For how long an item is a person's."""
        return timedelta(minutes=self._settings.lease_minutes)

    def take(self, by: str, wanted: Wanted = ANY) -> Taken | None:
        """Lease the next item for a person, with what was read; None when nothing waits.

        What the store has not, or has otherwise, is put right and not given.

        Args:
            by: the person; an item that they have already is given again.
            wanted: the items that they may be given.
        """
        for _ in range(_MOST_PASSED):
            if (item := self._queue.take(by, self.lease, wanted)) is None:
                return None
            if (record := self._upkeep.agreed(item)) is None:
                continue  # it was decided elsewhere since, or read anew, or is gone
            is_theirs = is_within(wanted.scope, record)
            if is_theirs and (taken := self._items.shown(record, item)):
                return taken
            self._queue.give_back(item, by)
            name = ItemName(item.dossier, item.sequence, item.page, item.field, item.part)
            wanted = wanted._replace(besides=(*wanted.besides, name))
            self.look(record)
        return None

    def claim(self, item: ReviewItem, by: str) -> Taken:
        """Lease one item for a person, as its dossier is now.

        Raises:
            DecidedMeanwhileError: somebody has decided about it.
            EditConflictError: it is no more there.
            HeldByOtherError: somebody else has it.
        """
        record = newest_record(item.dossier, self._archive)
        current = self._items.current(record, item)
        taken = self._items.shown(record, current)
        if taken is None:
            raise self._items.gone(item)
        self.look(record)
        if not self._queue.claim(current, by, self.lease):
            raise HeldByOtherError(self._queue.holder(current) or "Người khác")
        return taken

    def answer(self, item: ReviewItem, deed: FieldAct, value: str, act: Act) -> Record:
        """Write an answer as the dossier's next version; publish it afterwards.

        Args:
            item: the item as the person saw it. A page is confirmed as it is, or left out by
                ``REJECT``, for a reason.
            deed: confirm, correct or reject.
            value: the right value as typed; for ``CORRECT`` alone.
            act: the person who answers.

        Raises:
            CorrectionRefusedError: the field is not there any more, or this is no value of it.
            DecidedMeanwhileError: somebody decided about it.
            HeldByOtherError: somebody else has the item now.
        """
        if item.is_page:
            return self._answer_page(item, deed, act)
        by = act if act.reason else act._replace(reason=REVIEWED)

        def write() -> Record:
            change = FieldChange(self._items.paper_seen(item), item.field, deed, value)
            return corrections.amend(item.dossier, [change], self._archive, by, seen=item.sequence)

        return self._write(item, act, write)

    def turn(self, item: ReviewItem, degrees: int, act: Act) -> Record:
        """Turn the page of an item; it is read anew. Raises as ``answer`` does.

        Args:
            item: the item of a page as the person saw it.
            degrees: clockwise: 90, 180 or 270.
            act: the person who decided.
        """
        target = PageSeen(item.dossier, item.page, item.sequence)
        return self._write(
            item, act, lambda: corrections.turn_page(target, degrees, self._archive, act)
        )

    def undo(self, item: ReviewItem, act: Act, *, is_own: bool = False) -> Record:
        """Take back the last decision about an item; publish the record afterwards.

        Args:
            item: the item, of whatever record.
            act: the person who takes it back.
            is_own: only what the same person decided is taken back.

        Raises:
            CorrectionRefusedError: nobody decided about it, or another act than a correction did.
            EditConflictError: the same was decided about again since.
        """
        deciding = deciding_record(self._archive.history(item.dossier), item)
        if is_own and deciding.actor != act.actor:
            raise CorrectionRefusedError(
                f"Người quyết định về mục này sau cùng là {deciding.actor}, không phải bạn.",
                "Hoàn tác của người khác: mở lịch sử của hồ sơ.",
            )
        record = corrections.undo(item.dossier, deciding.sequence, self._archive, act)
        self.look(record)
        return record

    def _answer_page(self, item: ReviewItem, deed: FieldAct, act: Act) -> Record:
        if deed is FieldAct.CORRECT:
            raise CorrectionRefusedError("Một trang không có giá trị để sửa.", "Sửa chữ của trang.")
        target = PageSeen(item.dossier, item.page, item.sequence)
        decide = corrections.confirm_page if deed is FieldAct.CONFIRM else corrections.leave_out
        return self._write(item, act, lambda: decide(target, self._archive, act))

    def _write(self, item: ReviewItem, act: Act, write: Callable[[], Record]) -> Record:
        """Write a decision, unless somebody else has the item or decided about it."""
        if (holder := self._queue.holder(item)) not in ("", act.actor):
            raise HeldByOtherError(holder)
        for left in reversed(range(_TRIES)):
            try:
                record = write()
            except ObjectExistsError:  # somebody answered about the dossier at this very moment
                if not left:
                    raise
            except EditConflictError as error:
                raise self._items.gone(item) from error
            else:
                self.look(record)
                return record
        raise AssertionError("unreachable")
