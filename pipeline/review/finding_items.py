"""Finds the items of the review queue in records: by name, as they were seen, as they are now."""

from __future__ import annotations

from pipeline.access import may_hand_out
from pipeline.documents.fields import BY_NAME
from pipeline.errors import CorrectionRefusedError, EditConflictError
from pipeline.model import Finding, Record
from pipeline.ports import Archive
from pipeline.review.decisions import DecidedMeanwhileError, find_decided
from pipeline.review.item_names import PAGE, parsed_name
from pipeline.review.items import (
    ReviewItem,
    decided_fields,
    is_doubtful_page,
    item_of,
    page_at,
    page_item_of,
    paper_at,
)
from pipeline.versions import newest_record

Taken = tuple[ReviewItem, Finding | None]  # a page has no finding


class ItemFinder:
    """The items of an archive's dossiers."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def item(self, name: str) -> ReviewItem:
        """Return the item of a name as it was when it was named, also one that was answered.

        Raises:
            CorrectionRefusedError: this is no item's name.
            ObjectMissingError: there is no such dossier.
        """
        parts = parsed_name(name)
        if parts and (record := self._version(parts.dossier, parts.sequence)):
            if parts.field == PAGE and 1 <= parts.page <= len(record.dossier.pages):
                return page_item_of(record, parts.page)
            for paper in record.dossier.documents if parts.field in BY_NAME else ():
                if paper.pages[:1] == (parts.page,):
                    item = item_of(record, paper, parts.field)
                    if item.part == parts.part:
                        return item
        raise CorrectionRefusedError("Không có mục kiểm tra này.", "Lấy một mục: --next.")

    def found(self, item: ReviewItem) -> Finding | None:
        """Return what was read of a field, in the record that the item names; None: nothing."""
        record = self._version(item.dossier, item.sequence)
        paper = paper_at(record.dossier, item.begin) if record else None
        return paper.findings.get(item.field) if paper else None

    def gone(self, item: ReviewItem) -> EditConflictError:
        """Return the error of an item that is not open any more, with what was decided."""
        if decided := find_decided(self._archive.history(item.dossier), item):
            return DecidedMeanwhileError(item, decided)
        return EditConflictError("Giấy này đã được chia lại.", "Lấy mục khác: --next.")

    def current(self, record: Record, item: ReviewItem) -> ReviewItem:
        """Return an item as a newer record of its dossier has it.

        Raises:
            DecidedMeanwhileError: somebody has decided about it.
            EditConflictError: it is no more there.
        """
        dossier = record.dossier
        if item.is_page:
            number = page_at(dossier, item.place)
            if number and is_doubtful_page(dossier, dossier.pages[number - 1]):
                return page_item_of(record, number)
            raise self.gone(item)
        paper = paper_at(dossier, item.begin)
        if paper is None or item.field not in paper.findings or item.field in decided_fields(paper):
            raise self.gone(item)
        return item_of(record, paper, item.field)

    def shown(self, record: Record, item: ReviewItem) -> Taken | None:
        """Return an item of a record with what was read; None when nobody may see it."""
        if not may_hand_out(record):
            return None
        if item.is_page:
            return (item, None) if page_at(record.dossier, item.place) else None
        paper = paper_at(record.dossier, item.begin)
        finding = paper.findings.get(item.field) if paper else None
        return (item, finding) if finding else None

    def _version(self, dossier: str, sequence: int) -> Record | None:
        newest = newest_record(dossier, self._archive)
        if newest.sequence == sequence:
            return newest
        history = self._archive.history(dossier)
        return next((each for each in history if each.sequence == sequence), None)

    def paper_seen(self, item: ReviewItem) -> int:
        """Return the position of an item's paper, from 1, in the record that the person saw.

        Raises:
            EditConflictError: the field was decided of meanwhile, or the paper is no more.
        """
        newest = newest_record(item.dossier, self._archive).dossier
        now = paper_at(newest, item.begin)
        seen = self._version(item.dossier, item.sequence)
        paper = paper_at(seen.dossier, item.begin) if seen else None
        if seen is None or paper is None or now is None or item.field in decided_fields(now):
            raise self.gone(item)
        return seen.dossier.documents.index(paper) + 1
