"""The part of the store and index contracts that verifying and reconciling depend on."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.errors import ObjectMissingError, StorageUnavailableError
from pipeline.ports import ObjectStore, SearchIndex
from storage.disk import DiskStore
from tests.support.indexed import publication

OpenIndex = Callable[[], SearchIndex]


@pytest.fixture
def store(tmp_path: Path) -> ObjectStore:
    return DiskStore(tmp_path / "store")


def test_the_index_lists_the_number_of_each_dossiers_record(
    index: SearchIndex, open_again: OpenIndex
) -> None:
    assert dict(index.sequences()) == {}
    index.publish([publication("d1", "đơn"), replace(publication("d2", "đơn"), sequence=7)])
    assert dict(index.sequences()) == {"d1": 2, "d2": 7}
    index.publish([replace(publication("d1", "đơn"), sequence=3), publication("d2", "đơn cũ")])
    assert dict(open_again().sequences()) == {"d1": 3, "d2": 7}
    index.withdraw("d2")
    assert dict(index.sequences()) == {"d1": 3}
    index.clear()
    assert dict(index.sequences()) == {}


def test_the_index_may_be_changed_while_it_is_listed(index: SearchIndex) -> None:
    index.publish([publication(f"d{number}", "đơn") for number in range(30)])
    for dossier, _ in index.sequences():
        index.withdraw(dossier)
    assert dict(index.sequences()) == {}


def test_an_object_is_read_back_piece_by_piece(store: ObjectStore) -> None:
    data = bytes(range(256)) * 10_000  # longer than one piece
    store.put("originals/aa", data)
    pieces = list(store.chunks("originals/aa"))
    assert b"".join(pieces) == data
    assert len(pieces) > 1
    store.put("originals/bb", b"")
    assert b"".join(store.chunks("originals/bb")) == b""
    with pytest.raises(ObjectMissingError):
        list(store.chunks("originals/cc"))


def test_unfinished_files_that_are_old_are_counted(tmp_path: Path) -> None:
    store = DiskStore(tmp_path / "store")
    assert store.unfinished(datetime.now(UTC)) == 0
    store.put("originals/aa", b"whole")
    (tmp_path / "store" / ".arriving" / "left").write_bytes(b"half")
    time.sleep(0.01)
    assert store.unfinished(datetime.now(UTC)) == 1
    assert store.unfinished(datetime(2020, 1, 1, tzinfo=UTC)) == 0


def test_an_object_that_cannot_be_read_now_is_not_reported_missing(tmp_path: Path) -> None:
    store = DiskStore(tmp_path / "store")
    store.put("originals/aa", b"whole")
    path = tmp_path / "store" / "originals" / "aa"
    path.unlink()
    path.symlink_to(path)
    with pytest.raises(StorageUnavailableError):
        list(store.chunks("originals/aa"))
