"""What the search index says of duplicates does not stay outdated, and asking tells no stranger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.upkeep.duplicates import Comparing
from pipeline.duplicates.told import with_duplicates
from pipeline.model import Publication, Query, Record, Scope, Withheld
from pipeline.owners import IndexWithOwners
from pipeline.people.scopes import asked_keys
from pipeline.ports import Archive, SearchIndex
from pipeline.versions import keep_next, newest_record
from tests.support.twice_held import DECISION, ONE, filled_in, keep
from tests.support.twice_told import Told, open_told

BOTH = Scope(units=frozenset({"Sở Mẫu", "Sở Khác"}))


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    with open_told(tmp_path) as told:
        yield told


@pytest.fixture
def pair(told: Told) -> Told:
    told.keep("0c01")
    told.keep("0c02", "Sở Khác")
    told.refresh()
    assert told.found(BOTH) == ["0c01", "0c02"]
    return told


def withhold(told: Told, dossier: str) -> None:
    record = newest_record(dossier, told.backend.archive)
    held = replace(record.dossier, withheld=Withheld(datetime.now(UTC), "lan", "mật"))
    told.publish(keep_next(record, held, "withheld", told.backend.archive))


@pytest.mark.parametrize("loss", ["missing", "damaged"])
def test_an_index_made_anew_takes_back_what_the_lost_one_told(pair: Told, loss: str) -> None:
    pair.duplicates.close()
    file = pair.backend.settings.home / "duplicates.sqlite3"
    file.write_bytes(b"no database" * 1_000)
    if loss == "missing":
        file.unlink()
    withhold(pair, "0c02")
    pair.refresh()
    assert pair.found(BOTH) == []
    assert pair.refresh() == 0, "each once"


class Overtaken:
    """A search index that somebody else tells something newer while it is being told."""

    def __init__(self, told: Told) -> None:
        self._told = told

    def publish(self, publications: Sequence[Publication]) -> None:
        withhold(self._told, "0c02")
        self._told.refresh()
        self._told.backend.index.publish(publications)


def test_who_publishes_late_does_not_bring_back_what_ended(
    pair: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = newest_record("0c01", pair.backend.archive)
    slow = IndexWithOwners(pair.backend.index, pair.index._owners, pair.duplicates)  # type: ignore[attr-defined]
    monkeypatch.setattr(slow, "_index", Overtaken(pair))
    slow.publish([Publication(record.dossier, record.sequence, ())])
    pair.refresh()
    assert pair.found(BOTH) == []


def test_what_ends_while_the_index_is_rebuilt_ends_in_the_new_one(pair: Told) -> None:
    build = pair.index.rebuild()
    for dossier in ("0c01", "0c02"):
        record = newest_record(dossier, pair.backend.archive)
        build.publish([Publication(record.dossier, record.sequence, ())])
    withhold(pair, "0c02")
    pair.refresh()
    build.serve()
    pair.refresh()
    assert "0c01" not in pair.found(BOTH)


class Counting:
    """Counts the records that are read of a store."""

    def __init__(self, archive: Archive, read: list[str]) -> None:
        self._archive, self._read = archive, read

    def __getattr__(self, name: str) -> object:
        return getattr(self._archive, name)

    def find_record(self, dossier: str) -> Record | None:
        self._read.append(dossier)
        return self._archive.find_record(dossier)


def test_a_hit_costs_the_same_however_many_lie_outside_the_scope(told: Told) -> None:
    mine, sheet = Scope(units=frozenset({"Sở Mẫu"})), filled_in(ONE)
    for at in range(12):
        keep(told.backend, f"0c{at:02d}", sheet, unit="Sở Khác" if at else "Sở Mẫu", **DECISION)
    Comparing(told.backend.archive, told.duplicates).refresh()
    read: list[str] = []
    archive: Archive = Counting(told.backend.archive, read)  # type: ignore[assignment]
    told.duplicates.mark("0c00", sorted(asked_keys(Scope(units=frozenset({"Sở Khác"})))))
    assert with_duplicates(["0c00"], mine, archive, told.duplicates) == frozenset()
    assert read == []
    told.duplicates.mark("0c00", sorted(asked_keys(mine)))
    assert with_duplicates(["0c00"], mine, archive, told.duplicates) == {"0c00"}
    assert len(read) == 9, "the hit, and the first partners"


def test_a_unit_without_a_name_asks_for_nothing(pair: Told) -> None:
    for scope in Scope(units=frozenset({" "})), Scope(document_types=frozenset({""})):
        index: SearchIndex = pair.backend.index
        assert index.find(Query("", {"duplicate": "1"}, scope=scope)).total == 0
