"""Searching for dossiers that may be duplicates: who finds which, and what ends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.upkeep.duplicates import Comparing
from pipeline import corrections
from pipeline.corrections import PageSeen
from pipeline.duplicates.told import settle_now, tell_search, with_duplicates
from pipeline.errors import SearchUnavailableError
from pipeline.model import EVERYTHING, Publication, Query, Scope, Withheld
from pipeline.ports import SearchIndex
from pipeline.versions import Act, keep_next, newest_record
from tests.support.twice_held import ONE, OTHER, filled_in, keep, rescanned
from tests.support.twice_told import Told, open_told

MINE, FOREIGN, THIRD = (Scope(units=frozenset({unit})) for unit in ("Sở Mẫu", "Sở Khác", "Sở Ba"))


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    with open_told(tmp_path) as told:
        yield told


@pytest.fixture
def pair(told: Told) -> Told:
    """Two dossiers of two units that hold one decision, and a third that holds another one."""
    told.keep("0c01")
    told.keep("0c02", "Sở Khác")
    told.keep("0c03", "Sở Ba", number="99")
    assert told.refresh() == 3, "once each, as nobody knows what the search index says"
    assert told.refresh() == 0
    return told


def test_only_who_may_know_of_both_finds_either(pair: Told) -> None:
    assert pair.found() == pair.found(EVERYTHING) == ["0c01", "0c02"]
    for scope in (MINE, FOREIGN, THIRD):
        assert pair.found(scope) == []
    assert pair.found(Scope(units=MINE.units | FOREIGN.units)) == ["0c01", "0c02"]  # type: ignore[operator]
    assert pair.found(Scope(document_types=frozenset({"Quyết định"}))) == ["0c01", "0c02"]
    assert pair.found(Scope(document_types=frozenset({"Báo cáo"}))) == []


def test_a_dossier_that_comes_later_is_told_and_tells_the_older_ones(pair: Told) -> None:
    pair.keep("0c04")
    assert pair.found(MINE) == []
    assert pair.refresh() == 2, "who may know of a partner of 0c02 is the same"
    assert pair.found(MINE) == ["0c01", "0c04"]
    assert pair.found(FOREIGN) == []
    assert pair.refresh() == 0, "nothing is told twice"


def test_whoever_publishes_says_it_again_and_a_rebuilt_index_too(pair: Told) -> None:
    pair.publish(newest_record("0c01", pair.backend.archive))
    assert pair.found() == ["0c01", "0c02"]
    build = pair.index.rebuild()
    for dossier in ("0c01", "0c02", "0c03"):
        record = newest_record(dossier, pair.backend.archive)
        build.publish([Publication(record.dossier, record.sequence, ())])
    build.serve()
    assert pair.found() == ["0c01", "0c02"]


def _said_apart(told: Told) -> None:
    one, other = PageSeen("0c01", 1), PageSeen("0c02", 1)
    corrections.set_apart(one, other, told.backend.archive, Act("lan"))


def _withheld(told: Told) -> None:
    record = newest_record("0c02", told.backend.archive)
    held = replace(record.dossier, withheld=Withheld(datetime.now(UTC), "lan", "mật"))
    keep_next(record, held, "withheld", told.backend.archive)


def _joined(told: Told) -> None:
    record = newest_record("0c02", told.backend.archive)
    empty = replace(record.dossier, scans=(), pages=(), documents=(), joined_into="0c03")
    keep_next(record, empty, "joined", told.backend.archive)


def _corrected(told: Told) -> None:
    record = newest_record("0c02", told.backend.archive)
    keep_next(
        record, replace(record.dossier, documents=(), pages=()), "corrected", told.backend.archive
    )


def _gone(told: Told) -> None:
    (record,) = (told.backend.settings.home / "store" / "dossiers").glob("0c02")
    record.rename(told.backend.settings.home / "elsewhere")
    told.index.withdraw("0c02")


@pytest.mark.parametrize("end", [_said_apart, _withheld, _joined, _corrected, _gone])
def test_what_ends_a_duplicate_ends_it_for_the_other_dossier(
    pair: Told, end: Callable[[Told], None]
) -> None:
    assert pair.found() == ["0c01", "0c02"]
    end(pair)
    pair.refresh()
    assert pair.found() == []


def test_who_says_that_it_is_none_may_take_it_back(pair: Told) -> None:
    _said_apart(pair)
    for dossier in ("0c01", "0c02"):  # at once, as the pages do
        settle_now(dossier, pair.backend.archive, pair.duplicates, pair.index)
    assert pair.found() == []
    corrections.undo("0c01", 3, pair.backend.archive, Act("mai"))
    pair.refresh()
    assert pair.found() == ["0c01", "0c02"]


def test_another_unit_of_a_partner_changes_who_finds_it(pair: Told) -> None:
    record = newest_record("0c02", pair.backend.archive)
    moved = replace(record.dossier, unit="Sở Mẫu")
    pair.publish(keep_next(record, moved, "corrected", pair.backend.archive))
    pair.refresh()
    assert pair.found(MINE) == ["0c01", "0c02"]


def test_an_index_that_was_away_is_told_later(told: Told) -> None:
    told.keep("0c01")
    told.keep("0c02")
    Comparing(told.backend.archive, told.duplicates).refresh()

    def away() -> SearchIndex:
        raise SearchUnavailableError("away")

    for _ in range(2):
        with pytest.raises(SearchUnavailableError):
            tell_search(told.backend.archive, told.duplicates, away)
    assert told.refresh() == 2
    assert told.found() == ["0c01", "0c02"]


def test_a_damaged_record_keeps_no_other_waiting_and_no_page_away(
    told: Told, caplog: pytest.LogCaptureFixture
) -> None:
    told.keep("0c01")
    told.keep("0c02")
    (damaged,) = (told.backend.settings.home / "store").glob("dossiers/0c01/records/000002.json")
    Comparing(told.backend.archive, told.duplicates).refresh()
    damaged.chmod(0o600)
    damaged.write_bytes(b"{damaged")
    tell_search(told.backend.archive, told.duplicates, lambda: told.index)
    assert told.duplicates.unsettled(9) == ()
    everything = EVERYTHING, told.backend.archive, told.duplicates
    assert with_duplicates(["0c01", "0c02"], *everything) == frozenset(), "and no page fails"
    assert any("0c01" in each.message for each in caplog.records)


def test_pages_that_are_alike_are_told_as_papers_are_and_within_one_dossier(told: Told) -> None:
    sheet = filled_in(ONE)
    told.publish(keep(told.backend, "0c01", sheet, rescanned(sheet)))
    told.publish(keep(told.backend, "0c02", filled_in(OTHER)))
    told.publish(keep(told.backend, "0c03", rescanned(filled_in(OTHER)), unit="Sở Khác"))
    told.refresh()
    assert told.found() == ["0c01", "0c02", "0c03"]
    assert told.found(MINE) == ["0c01"]


def test_publishing_goes_on_while_what_is_known_of_duplicates_is_away(told: Told) -> None:
    told.keep("0c01")
    told.duplicates.close()
    (told.backend.settings.home / "duplicates.sqlite3").write_bytes(b"no database" * 1_000)
    told.keep("0c02")
    assert told.index.find(Query("")).total == 2
    told.refresh()
    assert told.found() == ["0c01", "0c02"]
