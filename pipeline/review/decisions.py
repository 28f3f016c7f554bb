"""Finds who decided about an item of the review queue, when, and what; and says so to others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from pipeline.documents.fields import label_of
from pipeline.errors import CorrectionRefusedError, EditConflictError
from pipeline.model import Dossier, PageEdit, Record
from pipeline.review.items import ReviewItem, decided_fields, page_at, paper_at


class Decided(NamedTuple):
    """What a person said of an item."""

    by: str
    at: datetime
    sequence: int  # of the record that says it first
    value: str | None  # of a field, as records hold it; None: there is none, or it is a page


class DecidedMeanwhileError(EditConflictError):
    """Somebody decided about an item after a person had been given it.

    The message holds no value: whoever may see it asks ``decided``.
    """

    def __init__(self, item: ReviewItem, decided: Decided) -> None:
        what = f"Trang {item.page}" if item.is_page else f"«{label_of(item.field)}»"
        super().__init__(
            f"{what} đã được {decided.by} quyết định ở bản {decided.sequence}.",
            "Lấy mục khác: --next.",
        )
        self.item, self.decided = item, decided


class HeldByOtherError(EditConflictError):
    """Somebody else looks at an item now."""

    def __init__(self, holder: str) -> None:
        super().__init__(f"{holder} đang xem mục này.", "Lấy mục khác: --next.")


def find_decided(history: Sequence[Record], item: ReviewItem) -> Decided | None:
    """Return what a person said of an item, as its dossier is now; None when nobody did.

    Args:
        history: the dossier's records, oldest first.
        item: the item, of whatever record.
    """
    if not history or (said := _said(history[-1].dossier, item)) is None:
        return None
    since = history[-1]
    for record in reversed(history):
        if _said(record.dossier, item) != said:
            break
        since = record
    return Decided(said.by, since.at, since.sequence, said.value)


def deciding_record(history: Sequence[Record], item: ReviewItem) -> Record:
    """Return the record by which a person decided about an item.

    Raises:
        CorrectionRefusedError: nobody did, or another act than a correction did.
    """
    if not history or _said(history[-1].dossier, item) is None:
        raise CorrectionRefusedError("Chưa ai quyết định về mục này.", "Xem `sohoa history`.")
    before, deciding = next(
        (before, after)
        for before, after in reversed(list(pairwise(history)))
        if _said(before.dossier, item) != _said(after.dossier, item)
    )
    # Another act than a decision on the item may have brought it in, as a join does.
    was = before.dossier
    found = page_at(was, item.place) if item.is_page else paper_at(was, item.begin)
    if found is None:
        raise CorrectionRefusedError("Giấy đã được chia lại từ đó.", "Xem `sohoa history`.")
    return deciding


class _Said(NamedTuple):
    """A decision as a record has it; where a value stands does not count, as pages move."""

    by: str
    value: str | None
    edit: PageEdit | None = None


def _said(dossier: Dossier, item: ReviewItem) -> _Said | None:
    if item.is_page:
        edit = dossier.find_edit(*item.place)
        return _Said(edit.by, None, edit) if edit else None
    paper = paper_at(dossier, item.begin)
    if paper is None or item.field not in decided_fields(paper):
        return None
    finding = paper.findings.get(item.field)
    if finding is None:
        return _Said(paper.absent[item.field], None)
    return _Said(finding.confirmed_by or "", finding.value)
