"""Local copies: fetched once, lent to many, given up when the shelf is full."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage.file_cache import FileCache


def test_many_borrowers_fetch_once(tmp_path: Path) -> None:
    shelf, fetched = FileCache(tmp_path, 1000), list[Path]()
    start = threading.Barrier(8)

    def fetch(path: Path) -> None:
        fetched.append(path)
        path.write_bytes(b"scan")

    def borrow(_: int) -> bytes:
        start.wait()
        with shelf.lend("aa", fetch) as path:
            return path.read_bytes()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(borrow, range(8))) == {b"scan"}
    assert len(fetched) == 1


def test_the_one_lent_longest_ago_goes_first_and_a_lent_one_never(tmp_path: Path) -> None:
    shelf = FileCache(tmp_path, 250)
    with shelf.lend("held", lambda path: path.write_bytes(b"x" * 100)) as held:
        for name in ("a", "b", "c"):
            with shelf.lend(name, lambda path: path.write_bytes(b"x" * 100)):
                pass
        assert held.exists()
        assert sorted(path.name for path in tmp_path.iterdir()) == ["c", "held"]


def test_a_failed_fetch_is_tried_again(tmp_path: Path) -> None:
    shelf = FileCache(tmp_path, 100)

    def fail(path: Path) -> None:
        path.write_bytes(b"ha")
        raise OSError("away")

    with pytest.raises(OSError, match="away"), shelf.lend("a", fail):
        pass
    assert not list(tmp_path.iterdir())
    with shelf.lend("a", lambda path: path.write_bytes(b"all")) as path:
        assert path.read_bytes() == b"all"
