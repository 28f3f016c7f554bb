"""What counts as a duplicate: equal papers, one sheet scanned twice, and what people say of it."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows import wiring
from flows.upkeep import duplicates
from flows.upkeep.duplicates import Comparing
from owners import open_duplicates
from pipeline import corrections
from pipeline.corrections import PageSeen
from pipeline.duplicates.comparing import is_same_sheet
from pipeline.duplicates.found import Duplicate, DuplicatesNow, row_of
from pipeline.duplicates.prints import paper_key
from pipeline.errors import (
    CorrectionRefusedError,
    DuplicatesUnavailableError,
    EditConflictError,
    WithheldError,
)
from pipeline.model import Document, Finding, Source, Withheld
from pipeline.ports.duplicates import DuplicateIndex
from pipeline.versions import Act, keep_next, newest_record
from tests.support.twice_held import DECISION, ONE, OTHER, filled_in, keep, open_backend, rescanned
from tests.support.web_backend import Backend

ACT = Act("lan", "đã so hai bản")


@pytest.fixture
def backend(tmp_path: Path) -> Backend:
    return open_backend(tmp_path)


@pytest.fixture
def index(backend: Backend) -> DuplicateIndex:
    return open_duplicates(backend.settings.owners, backend.settings.home)


def found(backend: Backend, index: DuplicateIndex) -> list[Duplicate]:
    Comparing(backend.archive, index).refresh()
    return list(DuplicatesNow(backend.archive).holding(index.all(100)))


def told(pairs: list[Duplicate]) -> list[tuple[str, ...]]:
    """Return the kind and both places of each, the older dossier first."""
    return [
        (str(each.kind), *sorted(f"{s.record.dossier.id}:{s.page}" for s in (each.one, each.other)))
        for each in pairs
    ]


@pytest.mark.parametrize("seed", range(20))
def test_a_rescan_is_the_same_sheet_and_the_form_of_another_person_is_not(seed: int) -> None:
    sheet, other = filled_in(ONE), filled_in(OTHER)
    again = rescanned(sheet, seed)
    assert is_same_sheet(sheet.words, sheet.words)
    assert is_same_sheet(sheet.words, again.words)
    assert is_same_sheet(again.words, sheet.words)
    assert not is_same_sheet(again.words, other.words)
    assert not is_same_sheet(sheet.words, rescanned(other, seed).words)


@pytest.mark.parametrize("field", range(5))
def test_one_field_that_differs_makes_another_sheet(field: int) -> None:
    """A sibling's form, another day, another house."""
    values = [OTHER[at] if at == field else value for at, value in enumerate(ONE)]
    alike = is_same_sheet(filled_in(ONE).words, filled_in(tuple(values)).words)
    assert alike is (field == 1), "a number of two digits alone may be misread"


@pytest.mark.parametrize("length", [0, 1, 14])
def test_a_page_of_few_words_is_never_called_a_duplicate(length: int) -> None:
    few = filled_in(ONE).words[:length]
    assert not is_same_sheet(few, few)


def test_a_paper_is_known_by_all_of_number_symbol_date_and_issuer() -> None:
    def key(values: dict[str, str], confidence: float = 0.95) -> str:
        found = {
            name: Finding(value, value, confidence, Source.OCR, 1)
            for name, value in (DECISION | values).items()
            if value
        }
        return paper_key(Document("Quyết định", (1,), found), b"key")

    same = {"number": "012", "symbol": "qđ - ubnd", "issuer": "ỦY BAN NHÂN DÂN  Phường Mẫu"}
    assert key(same) == key({}) != ""
    others = [key({name: "2026-03-02" if name == "issued_on" else "khác"}) for name in DECISION]
    assert len({key({}), *others}) == len(DECISION) + 1
    assert [key({name: ""}) for name in DECISION] == [""] * 4, "a field that nobody read"
    assert key({}, 0.6) == "", "nor one that is not certain"


def test_papers_and_pages_are_found_in_other_dossiers_and_in_the_same(
    backend: Backend, index: DuplicateIndex
) -> None:
    sheet, other = filled_in(ONE), filled_in(OTHER)
    keep(backend, "0c01", sheet, **DECISION)
    keep(backend, "0c02", other, **DECISION)
    keep(backend, "0c03", rescanned(sheet), other, rescanned(other, 2))
    assert sorted(told(found(backend, index))) == [
        ("page", "0c01:1", "0c03:1"),
        ("page", "0c02:1", "0c03:2"),
        ("page", "0c02:1", "0c03:3"),
        ("page", "0c03:2", "0c03:3"),
        ("paper", "0c01:1", "0c02:1"),
    ]


def test_equal_papers_with_alike_pages_come_once(backend: Backend, index: DuplicateIndex) -> None:
    for dossier in ("0c01", "0c02"):
        keep(backend, dossier, filled_in(ONE), **DECISION)
    assert told(found(backend, index)) == [("paper", "0c01:1", "0c02:1")]
    assert Comparing(backend.archive, index).refresh() == 0, "nothing is newer"


def test_an_index_that_is_gone_fills_itself_and_newer_records_are_compared(
    backend: Backend, index: DuplicateIndex
) -> None:
    for dossier in ("0c01", "0c02"):
        keep(backend, dossier, filled_in(ONE), **DECISION)
    before = told(found(backend, index))
    (backend.settings.home / "duplicates.sqlite3").unlink()
    assert told(found(backend, index)) == before
    record = newest_record("0c02", backend.archive)
    gone = replace(record.dossier, documents=(), pages=())
    keep_next(record, gone, "corrected", backend.archive)
    pairs = index.all(10)
    assert pairs and not list(DuplicatesNow(backend.archive).holding(pairs)), "it is behind"
    assert found(backend, index) == []
    assert index.all(10) == ()


def test_withheld_dossiers_have_no_duplicates(backend: Backend, index: DuplicateIndex) -> None:
    for dossier in ("0c01", "0c02"):
        keep(backend, dossier, filled_in(ONE), **DECISION)
    assert found(backend, index)
    pairs = index.all(10)
    record = newest_record("0c01", backend.archive)
    held = replace(record.dossier, withheld=Withheld(datetime.now(UTC), "lan", "mật"))
    keep_next(record, held, "withheld", backend.archive)
    assert not list(DuplicatesNow(backend.archive).holding(pairs))
    assert found(backend, index) == []
    assert index.all(10) == index.find("0c01", 10) == ()


def test_a_person_says_that_it_is_none_and_takes_it_back(
    backend: Backend, index: DuplicateIndex
) -> None:
    for dossier in ("0c01", "0c02"):
        keep(backend, dossier, filled_in(ONE), **DECISION)
    one, other = PageSeen("0c01", 1, 2), PageSeen("0c02", 1, 2)
    said = corrections.set_apart(one, other, backend.archive, ACT)
    assert (said.sequence, said.actor, said.action) == (3, "lan", "set_apart")
    assert found(backend, index) == []
    again = corrections.set_apart(other, one, backend.archive, ACT)
    assert again.sequence == 2, "the other dossier says so already"
    back = corrections.undo("0c01", 3, backend.archive, Act("mai"))
    assert told(found(backend, index)) == [("paper", "0c01:1", "0c02:1")]
    corrections.undo("0c01", back.sequence, backend.archive, Act("lan"))
    assert found(backend, index) == []
    with pytest.raises(EditConflictError):
        corrections.undo("0c01", back.sequence, backend.archive, Act("lan"))


def test_what_makes_no_sense_is_refused(backend: Backend) -> None:
    for dossier in ("0c01", "0c02"):
        keep(backend, dossier, filled_in(ONE))
    one, other = PageSeen("0c01", 1), PageSeen("0c02", 1)
    for wrong in (one, other._replace(page=2), other._replace(page=0)):
        with pytest.raises(CorrectionRefusedError):
            corrections.set_apart(one, wrong, backend.archive, ACT)
    record = newest_record("0c02", backend.archive)
    held = replace(record.dossier, withheld=Withheld(datetime.now(UTC), "lan", "mật"))
    keep_next(record, held, "withheld", backend.archive)
    with pytest.raises(WithheldError):
        corrections.set_apart(one, other, backend.archive, ACT)


def test_a_damaged_picture_stops_no_other_dossier(backend: Backend, index: DuplicateIndex) -> None:
    record = keep(backend, "0c01", filled_in(ONE))
    keep(backend, "0c02", filled_in(ONE))
    keep(backend, "0c03", filled_in(OTHER), **DECISION)
    keep(backend, "0c04", filled_in(ONE), **DECISION)
    scan = record.dossier.scans[0].sha256
    (picture,) = (backend.settings.home / "store" / "pages" / scan).rglob("0001.webp")
    picture.chmod(0o600)
    picture.write_bytes(b"no picture")
    assert ("paper", "0c03:1", "0c04:1") in told(found(backend, index))
    assert set(index.sequences().values()) == {2}


def test_a_watcher_compares_what_is_new_and_goes_on_after_trouble(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    for dossier in ("0c01", "0c02"):
        keep(backend, dossier, filled_in(ONE), **DECISION)
    home = backend.settings.home
    (home / "duplicates.sqlite3").write_bytes(b"no database" * 1_000)
    index = open_duplicates(backend.settings.owners, home)
    stop = threading.Event()
    monkeypatch.setattr(duplicates, "SECONDS", 0.01)
    monkeypatch.setattr(wiring, "archive", lambda: backend.archive)
    monkeypatch.setattr(wiring, "duplicates", lambda: index)
    watching = threading.Thread(target=duplicates.keep_compared, args=(stop,))
    watching.start()
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline and not _compared(index):
        time.sleep(0.05)
    stop.set()
    watching.join(300)
    assert not watching.is_alive()
    assert told(list(DuplicatesNow(backend.archive).holding(index.all(10))))


def _compared(index: DuplicateIndex) -> bool:
    try:
        return index.sequences() == {"0c01": 2, "0c02": 2}
    except DuplicatesUnavailableError:
        return False


def test_of_a_sheet_with_two_papers_the_equal_one_is_named(
    backend: Backend, index: DuplicateIndex
) -> None:
    record = keep(backend, "0a01", filled_in(ONE), **DECISION)
    papers = (Document("Biên nhận", (1,)), *record.dossier.documents)
    shared = replace(record.dossier, documents=papers)
    keep_next(record, shared, "corrected", backend.archive)
    keep(backend, "0a02", filled_in(OTHER), **DECISION)
    (pair,) = found(backend, index)
    assert [row_of(pair)[side]["paper"] for side in ("one", "other")] == ["Quyết định"] * 2
