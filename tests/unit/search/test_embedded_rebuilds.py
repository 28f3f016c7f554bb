"""A rebuild beside the index that serves: what others do meanwhile, and every way it breaks off."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from flows.upkeep.reindex import rebuild_index
from pipeline.errors import SearchUnavailableError
from pipeline.model import Query
from pipeline.settings import SearchSettings, StorageSettings
from search import open_index
from search.embedded import generations
from search.embedded.damage import BusyIndexError, DamagedIndexError
from search.embedded.generations import Generations
from search.embedded.index import EmbeddedIndex
from storage import open_archive
from tests.support.indexed import generation_of, publication
from tests.support.stored import fill


def opened(home: Path) -> EmbeddedIndex:
    index = open_index(SearchSettings(), home)
    assert isinstance(index, EmbeddedIndex)
    return index


def total(index: EmbeddedIndex, text: str = "đơn") -> int:
    return index.find(Query(text)).total


def folders(home: Path) -> set[str]:
    return {each.name for each in (home / "index").iterdir() if each.is_dir()}


@pytest.fixture
def filled(tmp_path: Path) -> EmbeddedIndex:
    index = opened(tmp_path)
    index.publish([publication("d1", "đơn đề nghị"), publication("d2", "đơn xin")])
    return index


@pytest.mark.parametrize("trouble", [SearchUnavailableError("đĩa", "chờ"), KeyboardInterrupt()])
def test_what_fails_after_the_switch_leaves_the_new_index_serving(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: BaseException
) -> None:
    """Tidying up fails, or a person presses Ctrl-C, when the new index serves already."""
    archive, index = open_archive(StorageSettings(), tmp_path), opened(tmp_path)
    fill(archive, index, tmp_path)
    before = generation_of(tmp_path)

    def remove(here: Generations) -> None:
        if generation_of(tmp_path) != before:
            raise trouble

    monkeypatch.setattr(Generations, "remove_unusable", remove)
    if isinstance(trouble, KeyboardInterrupt):
        with pytest.raises(KeyboardInterrupt):
            rebuild_index(archive, index, list)
    else:
        rebuild_index(archive, index, list)
    assert generation_of(tmp_path) != before
    assert dict(opened(tmp_path).sequences()) == dict(archive.sequences())


def test_an_old_folder_that_cannot_be_removed_spoils_no_rebuild(
    filled: EmbeddedIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trouble is the disk's own: rmtree raises for what is not ours to remove."""
    (generation_of(tmp_path) / "about.json").write_text('{"version": 7}')
    build = filled.rebuild()
    build.publish([publication("d1", "đơn")])

    def refuse(folder: Path) -> None:
        raise PermissionError(folder)

    monkeypatch.setattr(shutil, "rmtree", refuse)
    build.serve()
    build.abandon()
    assert total(opened(tmp_path)) == 1


@pytest.mark.parametrize("begin", [EmbeddedIndex.rebuild, EmbeddedIndex.clear])
def test_a_new_generation_cannot_be_taken_away_before_it_is_held(
    filled: EmbeddedIndex,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    begin: Callable[[EmbeddedIndex], object],
) -> None:
    new = Generations.new
    monkeypatch.setattr(generations, "BUSY_SECONDS", 0.02)

    def new_and_others_come(here: Generations) -> Path:
        generation = new(here)
        with pytest.raises(BusyIndexError):
            opened(tmp_path).remove_old()
        return generation

    monkeypatch.setattr(Generations, "new", new_and_others_come)
    begin(filled)


def test_others_who_come_just_before_the_switch_take_nothing_away(
    filled: EmbeddedIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked, others = Generations.locked, list[str]()
    build = filled.rebuild()
    build.publish([publication("d9", "đơn")])

    @contextmanager
    def others_first(here: Generations) -> Iterator[None]:
        if not others:
            others.append("came")
            assert opened(tmp_path).remove_old() == 0
        with locked(here):
            yield

    monkeypatch.setattr(Generations, "locked", others_first)
    build.serve()
    assert others
    assert dict(opened(tmp_path).sequences()) == {"d9": 2}


def test_a_generation_that_is_gone_is_unavailable_to_its_builder(
    filled: EmbeddedIndex, tmp_path: Path
) -> None:
    here = Generations(tmp_path / "index")
    with pytest.raises(SearchUnavailableError), here.building(tmp_path / "index" / "1-1"):
        pass


def test_an_abandoned_build_commits_nothing_and_leaves_nothing(
    filled: EmbeddedIndex, tmp_path: Path
) -> None:
    build = filled.rebuild()
    build.publish([publication("d9", "đơn")])
    build.abandon()
    assert folders(tmp_path) == {generation_of(tmp_path).name}


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="only root may mount")
def test_a_build_on_a_full_disk_is_taken_away(tmp_path: Path) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "sohoa-test", tmp_path], check=True)
    try:
        index = opened(tmp_path)
        index.publish([publication("d1", "đơn")])
        build = index.rebuild()
        build.publish([publication(f"e{number}", "đơn " * 2_000) for number in range(50)])
        with (
            (tmp_path / "rest").open("wb", buffering=0) as rest,
            pytest.raises(OSError, match="28"),
        ):
            for _ in range(16 << 8):
                rest.write(b"x" * 4096)
        build.abandon()
        assert folders(tmp_path) == {generation_of(tmp_path).name}
        assert total(opened(tmp_path)) == 1
    finally:
        subprocess.run(["umount", "-l", tmp_path], check=True)


def _build_and_be_killed(home: Path) -> None:
    build = opened(home).rebuild()
    build.publish([publication("k1", "đơn")])
    dict(build.sequences())  # all of it is on the disk
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.slow
def test_what_a_killed_rebuild_left_goes_when_the_next_begins(
    filled: EmbeddedIndex, tmp_path: Path
) -> None:
    running = filled.rebuild()
    before = folders(tmp_path)
    killed = multiprocessing.get_context("spawn").Process(
        target=_build_and_be_killed, args=(tmp_path,)
    )
    killed.start()
    killed.join(300)
    assert killed.exitcode == -signal.SIGKILL
    assert len(folders(tmp_path) - before) == 1
    build = filled.rebuild()
    assert len(folders(tmp_path) - before) == 1, "only the one being built now"
    assert before <= folders(tmp_path), "others build theirs"
    build.serve()
    running.abandon()
    assert len(folders(tmp_path)) == 2, "the one that serves, and the one before"


def test_files_that_only_look_like_those_of_0_1_are_left_alone(
    filled: EmbeddedIndex, tmp_path: Path
) -> None:
    theirs = {"index.sqlite3.bak", "index.sqlite3_old", "index-2025.sqlite3.gz", "myindex.sqlite3"}
    ours = {"index.sqlite3", "index.sqlite3-wal", "index-2.sqlite3", "index-2.sqlite3-shm"}
    for name in theirs | ours:
        (tmp_path / name).write_bytes(b"old")
    (tmp_path / "index-mine.sqlite3").mkdir()
    filled.rebuild().serve()
    left = {each.name for each in tmp_path.iterdir()}
    assert left == theirs | {"index-mine.sqlite3", "index", "keys"}


def test_a_copy_of_an_index_of_0_1_makes_no_empty_home_outdated(tmp_path: Path) -> None:
    (tmp_path / "index.sqlite3.bak").write_bytes(b"old")
    assert total(opened(tmp_path)) == 0


@pytest.mark.parametrize(
    "written", [b"\xff\xfe2026", b"", b"\0", b"../..", b"9" * 400, b"lock", b"2026\n"]
)
def test_a_serving_file_that_names_no_generation_is_damage(
    filled: EmbeddedIndex, tmp_path: Path, written: bytes
) -> None:
    (tmp_path / "index" / "serving").write_bytes(written)
    index = opened(tmp_path)
    with pytest.raises(DamagedIndexError) as raised:
        total(index)
    assert "sohoa reindex" in raised.value.remedy
    assert not [check for check in index.checks() if check.is_well]
    build = index.rebuild()
    build.publish([publication("d1", "đơn")])
    build.serve()
    assert total(opened(tmp_path)) == 1


def test_a_person_goes_back_to_an_old_index_with_an_editor(
    filled: EmbeddedIndex, tmp_path: Path
) -> None:
    old = generation_of(tmp_path).name
    filled.rebuild().serve()
    assert total(filled) == 0
    (tmp_path / "index" / "serving").write_text(f"{old}\n")
    assert total(filled) == total(opened(tmp_path)) == 2
    assert filled.remove_old() == 1
    assert total(opened(tmp_path)) == 2
