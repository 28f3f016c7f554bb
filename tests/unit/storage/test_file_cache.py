"""The file cache fetches a copy once, lends it to many, and evicts the oldest when it is full."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage.file_cache import FileCache


def writer(content: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


def test_many_borrowers_fetch_once(tmp_path: Path) -> None:
    cache, fetched = FileCache(tmp_path, 1000), list[Path]()
    start = threading.Barrier(8)

    def fetch(path: Path) -> None:
        fetched.append(path)
        path.write_bytes(b"scan")

    def borrow(_: int) -> bytes:
        start.wait()
        with cache.lend("aa", fetch) as path:
            return path.read_bytes()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(borrow, range(8))) == {b"scan"}
    assert len(fetched) == 1


def test_the_one_lent_longest_ago_goes_first_and_a_lent_one_never(tmp_path: Path) -> None:
    cache = FileCache(tmp_path, 250)
    with cache.lend("held", writer(b"x" * 100)) as held:
        for name in ("a", "b", "c"):
            with cache.lend(name, writer(b"x" * 100)):
                pass
        assert held.exists()
        assert sorted(path.name for path in tmp_path.iterdir()) == ["c", "held"]


def test_a_failed_fetch_is_tried_again(tmp_path: Path) -> None:
    cache = FileCache(tmp_path, 100)

    def fail(path: Path) -> None:
        path.write_bytes(b"ha")
        raise OSError("away")

    with pytest.raises(OSError, match="away"), cache.lend("a", fail):
        pass
    assert not list(tmp_path.iterdir())
    with cache.lend("a", writer(b"all")) as path:
        assert path.read_bytes() == b"all"
