"""Hostile files end in a stated outcome, within their time and memory, and touch nothing else."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.vietnamese import has_mark
from tests import ROOT
from tests.paper import bombs, lures

pytestmark = pytest.mark.long

BENCH = ROOT / "bench" / "hostile.py"
SECONDS, MEGABYTES = 60, 2048
# Reading an honest page may take its time on a busy machine; what never ends is stopped early.
PATIENCE = {"honest": 55, "endless": 3}
Listing = dict[str, str]
Rows = dict[str, dict[str, Any]]


def listing(folder: Path) -> Listing:
    """Return every file under a folder with its hash."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with a home, a temporary folder, and the files in two heaps."""
    place = tmp_path_factory.mktemp("sandbox")
    for name in ("home", "tmp", "here", "endless"):
        (place / name).mkdir()
    bombs.make_all(place / "honest")
    for name in bombs.ENDLESS:
        (place / "honest" / name).rename(place / "endless" / name)
    return place


@pytest.fixture(scope="module")
def visitors() -> Iterator[socket.socket]:
    """Listen where the lures call."""
    with socket.create_server(("127.0.0.1", lures.PORT)) as server:
        server.setblocking(False)
        yield server


@pytest.fixture(scope="module")
def before_and_after(sandbox: Path, visitors: socket.socket) -> tuple[Rows, Listing, Listing]:
    """Read all files, both heaps at the same time; return what became of them, and the listings."""
    before = listing(sandbox)
    home, temporary = str(sandbox / "home"), str(sandbox / "tmp")
    around = os.environ | {"HOME": home, "TMPDIR": temporary, "PYTHONDONTWRITEBYTECODE": "1"}
    runs = [
        subprocess.Popen(
            [sys.executable, BENCH, sandbox / heap, "--json", "--page-seconds", str(seconds)],
            stdout=subprocess.PIPE,
            cwd=sandbox / "here",
            env=around,
        )
        for heap, seconds in PATIENCE.items()
    ]
    said = b"".join(run.communicate()[0] for run in runs)
    rows = {row["name"]: row for row in map(json.loads, said.splitlines())}
    return rows, before, listing(sandbox)


@pytest.fixture(scope="module")
def rows(before_and_after: tuple[Rows, Listing, Listing]) -> Rows:
    return before_and_after[0]


def test_every_file_was_looked_at(rows: Rows) -> None:
    assert rows.keys() == bombs.MAKERS.keys()


@pytest.mark.parametrize("name", bombs.MAKERS)
def test_it_ends_as_it_must(name: str, rows: Rows) -> None:
    row = rows[name]
    ends = {outcome.removeprefix("refused: ") for outcome in row["outcomes"]}
    assert ends
    assert ends <= set(bombs.MAKERS[name][1]), row
    assert row["seconds"] < SECONDS
    assert row["megabytes"] < MEGABYTES


@pytest.mark.parametrize("name", bombs.MAKERS)
def test_what_was_not_read_has_its_reason_in_vietnamese(name: str, rows: Rows) -> None:
    row = rows[name]
    unread = [outcome for outcome in row["outcomes"] if outcome not in ("READ", "BLANK")]
    assert len(row["reasons"]) >= len(unread)
    for reason in row["reasons"]:
        assert sum(map(has_mark, reason.split())) >= 3, reason


def test_nothing_is_written_changed_or_left_behind(
    before_and_after: tuple[Rows, Listing, Listing],
) -> None:
    _, before, after = before_and_after
    assert after == before


def test_nothing_was_run_and_nobody_called(rows: Rows, visitors: socket.socket) -> None:
    assert rows["ma_lenh.pdf"]["outcomes"] == ["READ"]
    with pytest.raises(BlockingIOError):
        visitors.accept()
    assert not list(Path("/tmp").glob(lures.MARKER))
