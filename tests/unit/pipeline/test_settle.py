"""The settle rule: quiet for the settle time and whole, whatever the clock or the names do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image

from pipeline.intake.settle import files_of, strays_of
from tests.support.settling import SETTLE, TORN, Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_ready_once_quiet_for_the_settle_time(bench: Bench) -> None:
    bench.scan("tờ khai.png")
    assert bench.after(0) == []
    assert bench.after(SETTLE - 0.1) == []
    assert bench.after(0.2) == ["tờ khai.png"]


def test_writing_starts_the_wait_again(bench: Bench) -> None:
    path = bench.scan("a.png")
    bench.after(0)
    bench.after(SETTLE - 0.1)
    with path.open("ab") as stream:
        stream.write(b"more")
    assert bench.after(0.2) == []
    assert bench.after(SETTLE + 0.1) == ["a.png"]


def test_an_old_modification_time_is_no_proof_of_quiet(bench: Bench) -> None:
    """FSCrawler misses or mistakes files moved in with an old mtime (peers F1)."""
    os.utime(bench.scan("old.png"), (1, 1))
    assert bench.after(0) == []
    assert bench.after(SETTLE) == ["old.png"]


def test_a_half_file_waits_and_is_taken_at_last_to_be_refused(bench: Bench) -> None:
    path = bench.scan("half.png")
    path.write_bytes(path.read_bytes()[:30])
    bench.after(0)
    assert bench.after(TORN - 1) == []
    assert bench.after(1) == ["half.png"]


def test_a_folder_is_ready_when_all_of_it_is(bench: Bench) -> None:
    bench.scan("hồ sơ/1.png")
    bench.after(0)
    bench.after(1)
    bench.scan("hồ sơ/2.png")
    assert bench.after(1) == []
    assert bench.after(SETTLE) == ["hồ sơ"]


def test_an_empty_folder_waits_for_its_first_file(bench: Bench) -> None:
    (bench.folder / "hồ sơ").mkdir()
    bench.after(0)
    assert bench.after(TORN * 2) == []


def test_a_folder_with_an_unfinished_copy_waits(bench: Bench) -> None:
    bench.scan("hồ sơ/1.png")
    (bench.folder / "hồ sơ" / "2.png.part").write_bytes(b"half")
    bench.after(0)
    assert bench.after(SETTLE) == []


@pytest.mark.parametrize(
    "name", [".hidden.png", "~$tờ khai.png", "a.png.part", "Thumbs.db", ".DS_Store", "_loi"]
)
def test_left_alone(bench: Bench, name: str) -> None:
    (bench.folder / name).write_bytes(b"x")
    bench.after(0)
    assert bench.after(TORN * 2) == []


def test_links_and_pipes_are_never_followed(
    bench: Bench, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret.png"
    Image.new("L", (40, 40)).save(outside)
    (bench.folder / "link.png").symlink_to(outside)
    (bench.folder / "folder").symlink_to(outside.parent)
    os.mkfifo(bench.folder / "pipe.pdf")
    bench.after(0)
    assert bench.after(TORN * 2) == []


def test_what_is_in_a_folder_is_either_taken_or_a_stray(bench: Bench) -> None:
    bench.scan("hồ sơ/2.png")
    bench.scan("hồ sơ/10.png")
    drop = bench.folder / "hồ sơ"
    (drop / ".ẩn.png").write_bytes(b"x")
    (drop / "Thumbs.db").write_bytes(b"x")
    (drop / "liên kết").symlink_to("/etc/hostname")
    assert [path.name for path in files_of(drop)] == ["2.png", "10.png"]
    assert [path.name for path in strays_of(drop)] == [".ẩn.png", "liên kết"]


@pytest.mark.parametrize(
    "name", [b"-rf.png", b"hai\ndong.png", b"\xff\xfe.png", b"x" * 251 + b".png"]
)
def test_any_name_the_file_system_allows(bench: Bench, name: bytes) -> None:
    path = bench.folder / os.fsdecode(name)
    Image.new("L", (40, 40)).save(path, format="png")
    bench.after(0)
    assert bench.after(SETTLE) == [os.fsdecode(name)]
