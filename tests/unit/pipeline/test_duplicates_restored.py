"""The index of duplicates beside a store that is damaged, or knows less than it after a restore."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from flows.upkeep.duplicates import Comparing
from owners import open_duplicates
from pipeline.ports.duplicates import DuplicateIndex
from pipeline.versions import keep_next
from tests.support.twice_held import DECISION, ONE, filled_in, keep, open_backend
from tests.support.web_backend import Backend


@pytest.fixture
def backend(tmp_path: Path) -> Backend:
    return open_backend(tmp_path)


@pytest.fixture
def index(backend: Backend) -> DuplicateIndex:
    return open_duplicates(backend.settings.owners, backend.settings.home)


def ends(index: DuplicateIndex) -> set[tuple[str, ...]]:
    """Return the dossiers of each pair."""
    return {tuple(sorted((pair.one.dossier, pair.other.dossier))) for pair in index.all(9)}


@pytest.mark.parametrize("damaged", ["dossiers/0c01/records/000002.json", "pages/*/*/0001.json"])
def test_what_is_damaged_is_not_compared_again_before_a_newer_record(
    backend: Backend, index: DuplicateIndex, caplog: pytest.LogCaptureFixture, damaged: str
) -> None:
    record = keep(backend, "0c01", filled_in(ONE), **DECISION)
    (file,) = (backend.settings.home / "store").glob(damaged)
    whole = file.read_bytes()
    file.chmod(0o600)
    file.write_bytes(b"{damaged")
    keep(backend, "0c02", filled_in(ONE), **DECISION)
    comparing = Comparing(backend.archive, index)
    assert [comparing.refresh() for _ in range(3)] == [2, 0, 0]
    assert index.sequences() == {"0c01": 2, "0c02": 2}
    assert len([each for each in caplog.records if "0c01" in each.message]) == 1
    file.write_bytes(whole)
    keep_next(record, replace(record.dossier, unit="Sở Khác"), "corrected", backend.archive)
    assert comparing.refresh() == 1
    assert ends(index) == {("0c01", "0c02")}


def test_what_was_compared_before_the_store_was_restored_is_compared_again(
    backend: Backend, index: DuplicateIndex
) -> None:
    for dossier in ("0c01", "0c02"):
        keep(backend, dossier, filled_in(ONE))
    comparing = Comparing(backend.archive, index)
    comparing.refresh()
    index.relate("0c02", 5, ())  # as its record 5 said, which the store has no more
    assert ends(index) == set()
    assert [comparing.refresh() for _ in range(2)] == [1, 0]
    assert ends(index) == {("0c01", "0c02")}
    assert index.sequences() == {"0c01": 2, "0c02": 2}
