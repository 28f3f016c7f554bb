"""Doubtful pages as items of the review queue, and what is told of who decided meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accounts.review.queue import ReviewStore
from pipeline.errors import CorrectionRefusedError, EditConflictError
from pipeline.model import PageState, Record
from pipeline.pdf_binding import recipe_of
from pipeline.review.decisions import Decided, DecidedMeanwhileError
from pipeline.review.reviewing import Reviewing
from pipeline.versions import keep_next
from tests.support.drops import Office
from tests.support.reprocessed import digitised
from tests.unit.pipeline.test_review import (
    CONFIRM,
    CORRECT,
    LAN,
    MAI,
    NOTHING,
    REJECT,
    names,
    office,
    read,
    store,
)

__all__ = ["office", "store"]  # fixtures


def doubtful_page(office: Office) -> Record:
    """Digitise two papers whose second page was read badly."""
    record = office.newest(digitised(office))
    pages = list(record.dossier.pages)
    pages[1] = replace(pages[1], state=PageState.DOUBTFUL, confidence=0.2, reasons=("Mờ.",))
    papers = tuple(replace(one, findings={}) for one in record.dossier.documents)
    state = replace(record.dossier, pages=tuple(pages), documents=papers)
    return keep_next(record, state, "x", office.archive)


def test_a_doubtful_page_is_an_item_until_somebody_decides(
    office: Office, store: ReviewStore
) -> None:
    record = doubtful_page(office)
    reviewing = Reviewing(office.archive, store, NOTHING)
    reviewing.refresh()
    (taken, read) = reviewing.take("lan") or (None, None)
    assert taken and taken.is_page and taken.page == 2 and read is None
    with pytest.raises(CorrectionRefusedError, match="không có giá trị"):
        reviewing.answer(taken, CORRECT, "x", LAN)
    confirmed_page = reviewing.answer(taken, CONFIRM, "", LAN)
    assert confirmed_page.dossier.edits[0].is_confirmed
    assert recipe_of(confirmed_page.dossier, taken.scan) == recipe_of(record.dossier, taken.scan)
    assert names(store) == []
    with pytest.raises(EditConflictError, match="lan"):
        reviewing.answer(taken, CONFIRM, "", MAI)
    with pytest.raises(CorrectionRefusedError, match="không phải bạn"):
        reviewing.undo(taken, MAI, is_own=True)
    reviewing.undo(taken, LAN, is_own=True)
    assert names(store) == ["page"]
    turned = reviewing.turn(reviewing.item(taken.name), 180, MAI)
    assert turned.dossier.outcome is None and names(store) == [], "it is read anew first"


def test_who_decided_and_what_is_told_in_a_conflict(office: Office, store: ReviewStore) -> None:
    read(office, summary=0.3)
    reviewing = Reviewing(office.archive, store, NOTHING)
    reviewing.refresh()
    (item,) = store.waiting(9)[1]
    first = reviewing.answer(item, CORRECT, "đúng", MAI)
    for deed in (CONFIRM, REJECT):
        with pytest.raises(DecidedMeanwhileError) as told:
            reviewing.answer(item, deed, "", LAN)
        assert told.value.decided == Decided("mai", first.at, first.sequence, "đúng")
        assert "đúng" not in str(told.value), "whoever may see it asks for it"
    with pytest.raises(DecidedMeanwhileError):
        reviewing.claim(item, "lan")
