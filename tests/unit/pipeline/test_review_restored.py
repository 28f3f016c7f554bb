"""The review queue beside a store that knows less than it, as after a restore, or is damaged."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from accounts import open_review
from accounts.review.queue import ReviewStore
from pipeline import corrections
from pipeline.corrections import FieldAct, FieldChange
from pipeline.model import Finding, Record, Source
from pipeline.review import reviewing as giving
from pipeline.review.reviewing import Reviewing
from pipeline.settings import AccountSettings, ReviewSettings
from pipeline.versions import Act, keep_next
from tests.support.drops import Office
from tests.support.reprocessed import digitised

LAN = Act("lan")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def queue(office: Office) -> Iterator[ReviewStore]:
    opened = open_review(AccountSettings(), office.home)
    yield opened
    opened.close()


@pytest.fixture
def reviewing(office: Office, queue: ReviewStore) -> Reviewing:
    return Reviewing(office.archive, queue, ReviewSettings(sample=0.0))


def read(office: Office, name: str, confidence: float) -> Record:
    """Digitise a dossier with two doubtful fields."""
    record = office.newest(digitised(office, name, f"trang một\n{name}"))
    finding = Finding("cũ", "cũ", confidence, Source.OCR, 1)
    papers = tuple(replace(one, findings={}) for one in record.dossier.documents)
    first = replace(papers[0], findings={"summary": finding, "issuer": finding})
    changed = replace(record.dossier, documents=(first, *papers[1:]))
    return keep_next(record, changed, "x", office.archive)


def kept(office: Office, record: Record) -> Path:
    """Return the file of a record."""
    folder = office.home / "store" / "dossiers" / record.dossier.id / "records"
    return folder / f"{record.sequence:06d}.json"


def damage(path: Path) -> None:
    path.chmod(0o600)
    path.write_bytes(b"{damaged")


def ahead(queue: ReviewStore, record: Record) -> None:
    """Let the queue know a record after the newest one that the store has."""
    of_it = [each for each in queue.waiting(99)[1] if each.dossier == record.dossier.id]
    items = [each._replace(sequence=record.sequence + 1) for each in of_it]
    queue.replace(record.dossier.id, record.sequence + 1, items, [])


@pytest.mark.parametrize("is_refreshed", [False, True])
def test_items_of_a_record_that_the_store_has_not_are_given_as_it_has_them(
    office: Office, queue: ReviewStore, reviewing: Reviewing, is_refreshed: bool
) -> None:
    worst, _ = read(office, "một.pdf", 0.1), read(office, "hai.pdf", 0.5)
    reviewing.refresh()
    held = reviewing.take("mai")
    assert held and held[0].dossier == worst.dossier.id
    ahead(queue, worst)
    if is_refreshed:
        assert [reviewing.refresh() for _ in range(2)] == [1, 0]
    taken = reviewing.take("lan")
    assert taken and taken == held
    assert queue.counted("lan") == (4, 0)


@pytest.mark.parametrize("is_refreshed", [False, True])
def test_a_dossier_that_the_store_lacks_stops_nobody_and_is_forgotten(
    office: Office, queue: ReviewStore, reviewing: Reviewing, is_refreshed: bool
) -> None:
    worst, other = read(office, "một.pdf", 0.1), read(office, "hai.pdf", 0.5)
    reviewing.refresh()
    held = reviewing.take("mai")
    assert held and held[0].dossier == worst.dossier.id
    shutil.rmtree(kept(office, worst).parent.parent)
    if is_refreshed:
        assert reviewing.refresh() == 0
        assert queue.counted("mai") == (2, 0)
    for person in ("lan", "mai"):
        taken = reviewing.take(person)
        assert taken and taken[0].dossier == other.dossier.id
    assert queue.sequences() == {other.dossier.id: other.sequence}


def test_nothing_is_forgotten_while_the_store_is_not_there(
    office: Office, queue: ReviewStore, reviewing: Reviewing
) -> None:
    read(office, "một.pdf", 0.1)
    reviewing.refresh()
    shutil.move(office.home / "store" / "dossiers", office.home / "away")
    reviewing.refresh()
    assert queue.counted("lan") == (2, 0)


def test_a_damaged_record_is_looked_at_once_and_stops_nobody(
    office: Office, queue: ReviewStore, reviewing: Reviewing, caplog: pytest.LogCaptureFixture
) -> None:
    worst, other = read(office, "một.pdf", 0.1), read(office, "hai.pdf", 0.5)
    damage(kept(office, worst))
    assert [reviewing.refresh() for _ in range(3)] == [2, 0, 0]
    assert len([each for each in caplog.records if worst.dossier.id in each.message]) == 1
    assert queue.counted("lan") == (2, 0)
    damage(kept(office, other))
    assert reviewing.take("lan") is None
    assert not any(queue.holder(each) for each in queue.waiting(99)[1])


def test_what_waits_in_the_newest_record_waits_though_an_older_one_is_damaged(
    office: Office, queue: ReviewStore, reviewing: Reviewing
) -> None:
    record = read(office, "một.pdf", 0.1)
    decided = [FieldChange(1, "summary", FieldAct.CONFIRM)]
    corrections.amend(record.dossier.id, decided, office.archive, LAN)
    damage(kept(office, record))
    assert [reviewing.refresh() for _ in range(2)] == [1, 0]
    taken = reviewing.take("lan")
    assert taken and taken[0].field == "issuer"


def test_a_person_is_answered_though_very_much_is_ahead_of_the_store(
    office: Office, queue: ReviewStore, reviewing: Reviewing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(giving, "_MOST_PASSED", 20)
    read(office, "một.pdf", 0.1)
    reviewing.refresh()
    (item, _) = queue.waiting(9)[1]
    for number in range(25):
        gone = item._replace(dossier=f"{number:022x}", sequence=9)
        queue.replace(gone.dossier, gone.sequence, [gone], [])
    assert reviewing.take("lan") is None, "it is not looked for without end"
    reviewing.refresh()
    assert reviewing.take("lan")
