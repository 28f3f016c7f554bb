"""An index on a read-only disk is searched; what would write says so; afterwards all goes on."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from pipeline.errors import SearchUnavailableError
from pipeline.model import Query
from pipeline.settings import SearchSettings
from search import check_index, open_index
from tests.faults.test_full_and_read_only import disk, needs_mount, remount
from tests.support.indexed import publication

Work = Callable[[], object]


def become_read_only(place: Path) -> None:
    """Mount a disk read-only, which the kernel refuses while the engine still merges files."""
    for _ in range(100):
        with suppress(subprocess.CalledProcessError):
            return remount(place, "ro")
        time.sleep(0.2)
    raise AssertionError("somebody writes all the time")


@needs_mount
def test_a_read_only_disk_is_searched_and_told(tmp_path: Path) -> None:
    with disk(tmp_path) as place:
        held = open_index(SearchSettings(), place)
        held.publish([publication("d1", "giao đất")])
        become_read_only(place)
        fresh = open_index(SearchSettings(), place)
        for index in (held, fresh):
            assert index.find(Query("giao dat")).total == 1
            assert [one.text for one in index.suggest("d1")] == ["d1.pdf"]
            assert dict(index.sequences()) == {"d1": 2}
        assert all(not check.remedy for check in check_index(SearchSettings(), place))
        writes: list[Work] = [
            lambda: fresh.publish([publication("d2", "giao đất")]),
            lambda: fresh.withdraw("d1"),
            fresh.rebuild,
            fresh.clear,
        ]
        for write in writes:
            with pytest.raises(SearchUnavailableError, match="chỉ cho đọc") as said:
                write()
            assert said.value.retryable
            assert "remount" in said.value.remedy
        remount(place, "rw")
        fresh.publish([publication("d2", "giao đất")])
        assert [index.find(Query("giao dat")).total for index in (held, fresh)] == [2, 2]


@needs_mount
@pytest.mark.parametrize("has_folder", [False, True])
def test_a_read_only_disk_without_an_index_says_so(tmp_path: Path, *, has_folder: bool) -> None:
    with disk(tmp_path) as place:
        if has_folder:
            (place / "index").mkdir(mode=0o700)
        become_read_only(place)
        with pytest.raises(SearchUnavailableError, match="chỉ cho đọc"):
            open_index(SearchSettings(), place).find(Query(""))
