"""Damage of the embedded index, other versions of it: noticed, said, and built anew."""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path

import pytest
import tantivy

from pipeline.errors import SearchUnavailableError
from pipeline.model import Query
from pipeline.settings import SearchSettings
from search import check_index, open_index
from search.embedded import damage, generations, schema
from search.embedded.index import EmbeddedIndex
from tests.support.indexed import damage_index, generation_of, publication


def opened(home: Path) -> EmbeddedIndex:
    index = open_index(SearchSettings(), home)
    assert isinstance(index, EmbeddedIndex)
    return index


def total(index: EmbeddedIndex, text: str = "đơn") -> int:
    return index.find(Query(text)).total


@pytest.fixture
def filled(tmp_path: Path) -> EmbeddedIndex:
    index = opened(tmp_path)
    index.publish([publication("d1", "đơn đề nghị"), publication("d2", "đơn xin")])
    return index


@pytest.mark.parametrize("broken", ["term", "store", "pos", "idx", "fast"])
def test_flipped_bytes_are_found_by_doctor_and_mended_by_a_rebuild(
    filled: EmbeddedIndex, tmp_path: Path, broken: str
) -> None:
    (file,) = generation_of(tmp_path).glob(f"*.{broken}")
    data = bytearray(file.read_bytes())
    data[len(data) // 3] ^= 0xFF
    file.chmod(0o600)
    file.write_bytes(data)
    (check,) = check_index(SearchSettings(), tmp_path)
    assert not check.is_well
    assert file.name in check.detail
    for text in ("đơn", "đề nghị", ""):
        with suppress(SearchUnavailableError):  # no panic, no other error gets out
            opened(tmp_path).find(Query(text))
    build = filled.rebuild()
    build.publish([publication("d1", "đơn đề nghị")])
    build.serve()
    assert total(opened(tmp_path)) == 1
    (check,) = check_index(SearchSettings(), tmp_path)
    assert check.is_well


@pytest.mark.parametrize("missing", ["*.term", "*.store", "meta.json", "about.json"])
def test_a_half_deleted_index_says_what_to_do(
    filled: EmbeddedIndex, tmp_path: Path, missing: str
) -> None:
    for file in generation_of(tmp_path).glob(missing):
        file.unlink()
    index = opened(tmp_path)
    for use in (lambda: total(index), lambda: index.publish([publication("d3", "đơn")])):
        with pytest.raises(SearchUnavailableError) as raised:
            use()
        assert not raised.value.retryable
        assert "sohoa reindex" in raised.value.remedy
    index.clear()
    index.publish([publication("d1", "đơn")])
    assert total(index) == 1


def test_damage_found_by_one_is_known_to_all(filled: EmbeddedIndex, tmp_path: Path) -> None:
    damage_index(tmp_path)
    with pytest.raises(damage.DamagedIndexError):
        total(opened(tmp_path))
    assert (generation_of(tmp_path) / damage.MARK).exists()
    with pytest.raises(damage.DamagedIndexError):
        total(filled)


def test_a_failure_of_the_engine_on_whole_files_is_no_damage(
    filled: EmbeddedIndex, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A query that the engine panics at must not make anybody rebuild the index."""
    with (
        caplog.at_level(logging.ERROR),
        pytest.raises(damage.EngineFailedError) as raised,
        damage.translated(generation_of(tmp_path)),
    ):
        tantivy.Query.phrase_query(schema.schema(), "folded", ["một"])
    assert not raised.value.retryable
    assert "whole" in caplog.text
    assert total(filled) == 2


def test_an_index_of_another_version_is_built_anew(filled: EmbeddedIndex, tmp_path: Path) -> None:
    (generation_of(tmp_path) / "about.json").write_text('{"version": 7}')
    index = opened(tmp_path)
    for use in (lambda: total(index), lambda: index.publish([]), lambda: dict(index.sequences())):
        with pytest.raises(generations.OutdatedIndexError) as raised:
            use()
        assert not raised.value.retryable
    old = generation_of(tmp_path)
    build = index.rebuild()
    build.publish([publication("d1", "đơn")])
    build.serve()
    assert total(index) == 1
    assert not old.exists(), "it can never serve again"


def test_the_files_of_release_0_1_go_when_an_index_is_built(tmp_path: Path) -> None:
    names = ("index.sqlite3", "index.sqlite3-wal", "index.sqlite3-shm", "index-2025.sqlite3")
    for name in (*names, "verify.sqlite3"):
        (tmp_path / name).write_bytes(b"old")
    index = opened(tmp_path)
    with pytest.raises(generations.OutdatedIndexError):
        total(index)
    index.rebuild().serve()
    assert total(index) == 0
    assert not [name for name in names if (tmp_path / name).exists()]
    assert (tmp_path / "verify.sqlite3").exists()
