"""The review queue over a real archive: derived from records, answered as corrections, sampled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from accounts import open_review
from accounts.review.queue import FILE, ReviewStore
from pipeline import corrections
from pipeline.corrections import FieldAct, FieldChange, PageSeen
from pipeline.errors import CorrectionRefusedError, EditConflictError
from pipeline.model import Finding, Record, Source
from pipeline.review.items import PaperBegin, answers_of, is_sampled, items_of
from pipeline.review.report import error_rates, wilson
from pipeline.review.reviewing import Reviewing
from pipeline.settings import AccountSettings, ReviewSettings
from pipeline.versions import Act, keep_next
from tests.support.drops import Office
from tests.support.reprocessed import digitised

LAN, MAI = Act("lan"), Act("mai")
CONFIRM, CORRECT, REJECT = FieldAct.CONFIRM, FieldAct.CORRECT, FieldAct.REJECT
FIRST = PaperBegin("5c" * 32, 1)
EVERYTHING, NOTHING = ReviewSettings(sample=1.0), ReviewSettings(sample=0.0)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def store(office: Office) -> Iterator[ReviewStore]:
    opened = open_review(AccountSettings(), office.home)
    yield opened
    opened.close()


def read(office: Office, name: str = "một.pdf", **confidences: float) -> Record:
    """Digitise a dossier whose first paper has fields of these confidences, and no others."""
    record = office.newest(digitised(office, name, f"trang một\n{name}"))
    found = {n: Finding("cũ", "cũ", sure, Source.OCR, 1) for n, sure in confidences.items()}
    papers = tuple(replace(one, findings={}) for one in record.dossier.documents)
    papers = (replace(papers[0], findings=found), *papers[1:])
    return keep_next(record, replace(record.dossier, documents=papers), "x", office.archive)


def names(store: ReviewStore) -> list[str]:
    return [each.field for each in store.waiting(99)[1]]


def test_doubtful_fields_wait_and_an_answer_takes_them_out(
    office: Office, store: ReviewStore
) -> None:
    record = read(office, summary=0.3, issuer=0.9, full_name=0.6)
    reviewing = Reviewing(office.archive, store, NOTHING)
    assert (reviewing.refresh(), reviewing.refresh()) == (1, 0)
    assert names(store) == ["full_name", "summary"]
    taken = reviewing.take("lan")
    assert taken and taken[1]
    assert (taken[0].field, taken[1].value) == ("full_name", "cũ")
    with pytest.raises(EditConflictError, match="lan"):
        reviewing.answer(taken[0], CONFIRM, "", MAI)
    answered = reviewing.answer(taken[0], CORRECT, "Người Mẫu", LAN)
    finding = answered.dossier.documents[0].findings["full_name"]
    assert (finding.value, finding.confirmed_by) == ("Người Mẫu", "lan")
    assert (answered.sequence, names(store)) == (record.sequence + 1, ["summary"])
    with pytest.raises(EditConflictError):
        reviewing.answer(taken[0], CONFIRM, "", LAN)
    reviewing.undo(taken[0], LAN)
    assert names(store) == ["full_name", "summary"]
    with pytest.raises(CorrectionRefusedError):
        reviewing.undo(taken[0], LAN)


def test_what_was_decided_elsewhere_meanwhile_is_not_given(
    office: Office, store: ReviewStore
) -> None:
    record = read(office, summary=0.3, issuer=0.4)
    reviewing = Reviewing(office.archive, store, NOTHING)
    reviewing.refresh()
    change = [FieldChange(1, "summary", CONFIRM)]
    corrections.amend(record.dossier.id, change, office.archive, MAI)
    taken = reviewing.take("lan")
    assert taken and taken[0].field == "issuer"
    office.withholds(record.dossier.id)
    assert reviewing.take("lan") is None
    assert store.waiting(9) == (0, ())


def test_an_undo_takes_the_items_own_decision_back(office: Office, store: ReviewStore) -> None:
    read(office, summary=0.3, issuer=0.4)
    reviewing = Reviewing(office.archive, store, NOTHING)
    reviewing.refresh()
    first, second = (each for each in store.waiting(9)[1])
    reviewing.answer(first, CONFIRM, "", LAN)
    reviewing.answer(second, REJECT, "", MAI)
    reviewing.undo(first, LAN)
    assert names(store) == [first.field]


def test_a_sample_of_the_certain_is_drawn_by_place_alone_and_tells_the_true_rate(
    office: Office, store: ReviewStore
) -> None:
    record = read(office, number=0.95, symbol=0.95, summary=0.95, issuer=0.3)
    reviewing = Reviewing(office.archive, store, EVERYTHING)
    reviewing.refresh()
    assert names(store) == ["number", "symbol", "issuer", "summary"]
    deeds = {"number": (CONFIRM, ""), "symbol": (CORRECT, "đúng"), "summary": (REJECT, ""),
             "issuer": (CORRECT, "đúng")}  # fmt: skip
    for item in store.waiting(9)[1]:
        reviewing.answer(item, *deeds[item.field], LAN)
    wanted = {"number": 0, "symbol": 1, "summary": 1}  # what the machine doubted tells nothing
    counted = {name: wrong for by, name, _, wrong in store.counts() if by == "field"}
    assert (store.counts()[0], counted) == (("all", "", 3, 2), wanted)
    store.close()
    (office.home / FILE).unlink()
    again = open_review(AccountSettings(), office.home)
    Reviewing(office.archive, again, EVERYTHING).refresh()
    assert again.counts()[0] == ("all", "", 3, 2), "all of it comes from the records"
    name = f"{record.dossier.id}-{record.sequence}.1-symbol"
    symbol = Reviewing(office.archive, again, EVERYTHING).item(name)
    Reviewing(office.archive, again, EVERYTHING).undo(symbol, LAN)
    assert again.counts()[0] == ("all", "", 2, 1)
    again.close()


def two_papers(office: Office) -> Record:
    """Digitise two papers of two pages, each with a certain summary of its own words."""
    record = office.newest(digitised(office))
    papers = tuple(
        replace(one, findings={"summary": Finding(name, name, 0.95, Source.OCR, one.pages[0])})
        for one, name in zip(record.dossier.documents, ("một", "hai"), strict=True)
    )
    return keep_next(record, replace(record.dossier, documents=papers), "x", office.archive)


def confirmed(record: Record) -> dict[str, str | None]:
    found = (one.findings.get("summary") for one in record.dossier.documents)
    return {each.value: each.confirmed_by for each in found if each}


def test_an_answer_lands_on_the_paper_that_was_shown(office: Office, store: ReviewStore) -> None:
    record = two_papers(office)
    reviewing = Reviewing(office.archive, store, EVERYTHING)
    reviewing.refresh()
    taken = reviewing.take("lan")
    assert taken and taken[1] and taken[1].value == "một"
    corrections.reorder(record.dossier.id, [3, 4, 1, 2], office.archive, MAI)
    answered = reviewing.answer(reviewing.item(taken[0].name), CONFIRM, "", LAN)
    assert confirmed(answered) == {"hai": None, "một": "lan"}
    again = reviewing.take("lan")
    assert again and again[1]
    assert (again[0].page, again[1].value) == (1, "hai")


def test_an_undo_after_pages_moved_takes_back_no_move(office: Office, store: ReviewStore) -> None:
    record = two_papers(office)
    reviewing = Reviewing(office.archive, store, EVERYTHING)
    item = next(items_of(record, 1.0))
    reviewing.answer(item, CONFIRM, "", LAN)
    moved = corrections.reorder(record.dossier.id, [3, 4, 1, 2], office.archive, MAI)
    with suppress(EditConflictError):
        reviewing.undo(item, LAN)
    assert office.newest(record.dossier.id).dossier.order == moved.dossier.order


def test_the_true_rate_stays_when_pages_move_or_go(office: Office) -> None:
    record = two_papers(office)
    dossier = record.dossier.id
    change = [FieldChange(2, "summary", CONFIRM)]
    corrections.amend(dossier, change, office.archive, LAN)
    before = list(answers_of(office.archive.history(dossier), 1.0))
    assert [each.is_right for each in before] == [True]
    corrections.leave_out(PageSeen(dossier, 1), office.archive, Act("lan", "trang trắng"))
    assert list(answers_of(office.archive.history(dossier), 1.0)) == before
    corrections.reorder(dossier, [2, 3, 1], office.archive, MAI)
    assert list(answers_of(office.archive.history(dossier), 1.0)) == before
    place = office.newest(dossier).dossier.pages[0]
    assert (before[0].scan, before[0].number) == (place.scan, place.number)


def test_the_share_of_the_sample_is_what_was_asked_for() -> None:
    drawn = sum(is_sampled(f"{number:022x}", FIRST, "number", 0.1) for number in range(5_000))
    assert 400 < drawn < 600
    assert not any(is_sampled(f"{number:022x}", FIRST, "number", 0.0) for number in range(99))
    assert all(is_sampled(f"{number:022x}", FIRST, "number", 1.0) for number in range(99))


def test_items_hold_no_value(office: Office) -> None:
    record = read(office, full_name=0.3)
    assert not any("cũ" in map(str, item) for item in items_of(record, 1.0))


@pytest.mark.parametrize(
    ("wrong", "looked_at", "low", "high"),
    [(0, 0, 0.0, 1.0), (0, 10, 0.0, 0.2775), (1, 10, 0.0179, 0.4042), (10, 10, 0.7225, 1.0)],
)
def test_wilsons_interval(wrong: int, looked_at: int, low: float, high: float) -> None:
    assert wilson(wrong, looked_at) == pytest.approx((low, high), abs=1e-4)
    (rate,) = error_rates([("all", "", looked_at, wrong)])
    assert rate.low <= rate.rate <= rate.high
