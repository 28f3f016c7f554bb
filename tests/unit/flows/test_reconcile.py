"""Reconcile names every kind of difference with its remedy, and no work that is under way."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from flows import cli, wiring
from flows.upkeep import reconcile, reindex, restore_index, verify
from flows.upkeep.reconcile import find_differences
from flows.upkeep.verify import VerifyOptions, verify_store
from flows.upkeep.verify_progress import VerifyProgress
from pipeline import stages
from pipeline.errors import StorageUnavailableError
from pipeline.model import Lease, Outcome, PageRef, Query, Record
from pipeline.ports import Archive, SearchIndex
from tests.support.differences import (
    NOW,
    WAYS,
    Place,
    add_record,
    claimed,
    interrupted_reception,
    newer_in_index,
    older_in_index,
    only_in_index,
)
from tests.support.indexed import damage_index
from tests.support.stored import TextReader, digitise, fill, take_in

pytestmark = pytest.mark.slow


@pytest.fixture
def place(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr(reconcile, "RECHECK_SECONDS", 0.0)
    return Place(home, *fill(wiring.archive(), wiring.index(), tmp_path))


def found() -> set[tuple[str, str]]:
    return {(each.kind, each.subject) for each in find_differences()}


def test_places_that_agree_have_no_difference(place: Place) -> None:
    assert find_differences() == ()


def test_work_under_way_is_no_difference(place: Place) -> None:
    """A queued dossier may have page results, a lease and a record that is not published yet."""
    archive = wiring.archive()
    ref = PageRef(place.waiting, place.scan(place.waiting), 1)
    stages.read_page(ref, archive, TextReader())
    archive.take_lease(Lease(place.waiting, 1, "elsewhere:1:1", NOW))
    assert found() == set()
    add_record(place.waiting, outcome=Outcome.COMPLETE)
    assert found() == set()


def test_a_standing_folder_is_no_drop_but_what_lies_in_it_is(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOHOA_WATCH__STANDING", '["an"]')
    wiring.forget()
    folder = wiring.settings().watched_folders[0] / "an"
    folder.mkdir(parents=True)
    os.utime(folder, (1, 1))
    assert [found.kind for found in find_differences()] == []
    (folder / "quên.pdf").touch()
    os.utime(folder / "quên.pdf", (1, 1))
    assert [found.kind for found in find_differences()] == ["drop-waits"]


def test_a_drop_that_is_being_received_is_no_difference(place: Place) -> None:
    entry = claimed(place)
    assert found() == set()
    entry.close()


@pytest.mark.parametrize("differ", WAYS, ids=lambda way: way.__name__)
def test_each_way_to_differ_is_named_with_what_to_do(
    place: Place, differ: Callable[[Place], tuple[str, str]]
) -> None:
    expected = differ(place)
    before = snapshot(place.home)
    assert expected in found()
    assert all(each.detail and each.remedy for each in find_differences())
    assert snapshot(place.home) == before, "nothing is changed by comparing"


def snapshot(home: Path) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and "index" not in path.relative_to(home).parts
    }


def test_what_the_second_comparison_lacks_was_only_under_way(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_record(place.whole, reasons=("đã sửa",))

    def publish(seconds: float) -> None:
        record = stages.newest_record(place.whole, wiring.archive())
        stages.publish(record, wiring.archive(), wiring.index())

    monkeypatch.setattr(time, "sleep", publish)
    assert find_differences() == ()


def test_an_index_that_is_away_is_reported_and_the_rest_is_compared(place: Place) -> None:
    wiring.index.cache_clear()
    damage_index(place.home)
    assert found() == {("index-away", "index")}


def test_the_command_prints_each_difference_and_what_to_do(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["doctor", "reconcile"]) == 0
    wiring.index().withdraw(place.whole)
    capsys.readouterr()
    assert cli.main(["doctor", "reconcile"]) == 1
    assert f"{place.whole}: trong chỉ mục chưa có" in capsys.readouterr().out
    assert cli.main(["doctor", "reconcile", "--json"]) == 1
    (row,) = json.loads(capsys.readouterr().out)
    assert set(row) == {"kind", "subject", "detail", "remedy"}
    assert "sohoa reindex" in row["remedy"]


def test_a_hundred_differences_of_a_kind_do_not_bury_the_others(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(100):
        (place.store / "originals" / f"Thumbs{number}.db").write_text("x")
    wiring.index().withdraw(place.whole)
    assert cli.main(["doctor", "reconcile"]) == 1
    out = capsys.readouterr().out
    assert "… và 80 chỗ nữa cùng loại (stranger)" in out
    assert place.whole in out
    assert "101 chỗ lệch." in out


@pytest.mark.parametrize("differ", [older_in_index, newer_in_index, only_in_index])
def test_reindex_makes_the_index_what_the_store_says(
    place: Place, differ: Callable[[Place], tuple[str, str]]
) -> None:
    differ(place)
    assert cli.main(["reindex"]) == 0
    assert dict(wiring.index().sequences()) == dict(wiring.archive().sequences())


def test_reindex_goes_on_past_a_damaged_record_and_says_so(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    (place.records(place.whole) / "000002.json").write_text("{}")
    shutil.rmtree(place.home / "index")
    assert cli.main(["reindex"]) == 1
    assert place.whole in capsys.readouterr().out
    assert wiring.index().find(Query("thu hồi đất")).total == 1


def test_reindex_never_empties_the_index_because_the_store_is_not_mounted(place: Place) -> None:
    place.store.rename(place.home / "elsewhere")
    with pytest.raises(StorageUnavailableError, match="chưa được gắn"):
        reindex.rebuild_index(wiring.archive(), wiring.index(), list)
    assert wiring.index().find(Query("thu hồi đất")).total == 1


def test_watching_brings_to_the_index_only_what_it_lacks(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    wiring.index().withdraw(place.whole)
    add_record(place.other, reasons=("đã sửa",))
    published: list[str] = []
    publish = stages.publish

    def publish_and_count(record: Record, archive: Archive, index: SearchIndex) -> None:
        published.append(record.dossier.id)
        publish(record, archive, index)

    monkeypatch.setattr(stages, "publish", publish_and_count)
    restore_index.restore_index()
    assert published == [place.whole, place.other]
    restore_index.restore_index()
    assert len(published) == 2, "the second time there is nothing to do"


def test_a_half_received_paper_is_cured_by_dropping_it_again(place: Place) -> None:
    _, scan = interrupted_reception(place)
    again = place.home / "chép từ kho.pdf"
    shutil.copy(place.store / "originals" / scan, again)
    take_in(wiring.archive(), again, (again.read_text(),))
    assert found() == set()


def test_comparing_while_work_goes_on_finds_nothing_wrong(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconcile, "RECHECK_SECONDS", 0.5)
    monkeypatch.setattr(verify, "RECHECK_SECONDS", 0.5)
    archive, index = wiring.archive(), wiring.index()

    def work() -> None:
        for number in range(20):
            lines = tuple(f"trang {page} của đơn {number}" for page in range(5))
            digitise(archive, index, take_in(archive, tmp_path / f"{number}.pdf", lines))

    with ThreadPoolExecutor(1) as pool, closing(VerifyProgress(place.home)) as progress:
        worker = pool.submit(work)
        rounds = 0
        while not worker.done():
            assert find_differences() == ()
            assert verify_store(archive, progress, VerifyOptions()).faults == ()
            rounds += 1
        worker.result()
    assert rounds > 1
