"""A full disk, a read-only disk, a locked index: nothing is lost, and all goes on by itself.

The folder is a real file system of its own size where the machine lets us mount one; elsewhere the
kernel's limit on the size of a file plays the full disk.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.model import PageState
from search import INDEX_FOLDER
from tests.paper import draw_page, save_pdf
from tests.support.clerk import Clerk, slip
from tests.support.killing import Killer
from tests.support.promise import check_end, check_now

pytestmark = pytest.mark.long

FULL = range(0, 96, 12)  # KiB that are left on the disk
MOUNTS = os.geteuid() == 0 and shutil.which("mount") is not None


def drop_all(clerk: Clerk) -> None:
    clerk.drop("một.png", slip(1))
    clerk.drop("thư.docx", b"PK not a scan", good=False)
    clerk.drop_folder("hồ sơ", {"a.png": (slip(2), True), "b.png": (slip(3), True)})


def remount(place: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", place], check=True)


@contextmanager
def disk(place: Path) -> Iterator[Path]:
    """Mount a small file system in memory."""
    place.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "sohoa-test", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def fill(place: Path, left: int) -> Path:
    """Fill a disk up to so many KiB; return the file that does it."""
    ballast = place / "ballast"
    free = shutil.disk_usage(place).free
    ballast.write_bytes(bytes(max(0, free - left * 1024)))
    return ballast


def recovered(killer: Killer, clerk: Clerk) -> list[str]:
    ended = killer.run("go_on", clerk)
    return [] if ended.code == 0 else [f"ended with {ended.code}: {ended.output[-600:]}"]


needs_mount = pytest.mark.skipif(not MOUNTS, reason="only root may mount; see the test of limits")


@needs_mount
@pytest.mark.parametrize("inside", ["", "store"])
def test_a_full_disk_loses_nothing_wherever_it_gets_full(
    killer: Killer, fast_place: Path, inside: str
) -> None:
    wrong = []
    for left in FULL:
        clerk = Clerk(fast_place / f"home{left}")
        clerk.home.mkdir()
        with disk(clerk.home / inside) as place:
            drop_all(clerk)
            ballast = fill(place, left)
            ended = killer.run("go_on", clerk)
            trouble = [] if ended.code == 0 else [f"{ended.code}: {ended.output[-600:]}"]
            trouble += check_now(clerk)
            ballast.unlink()
            trouble += recovered(killer, clerk) + check_end(clerk)
            wrong += [f"{left} KiB left: {what}" for what in trouble]
    assert "\n".join(wrong) == ""


@needs_mount
def test_a_store_that_cannot_be_written_takes_nothing_away(
    killer: Killer, fast_place: Path
) -> None:
    clerk = Clerk(fast_place / "home")
    clerk.home.mkdir()
    with disk(clerk.home / "store") as place:
        drop_all(clerk)
        remount(place, "ro")
        assert killer.run("go_on", clerk).code == 0
        assert check_now(clerk) == []
        remount(place, "rw")
        assert killer.run("take_in", clerk).code == 0
        remount(place, "ro")  # what is in the store is owed, and cannot be worked on
        assert killer.run("go_on", clerk).code == 0
        assert check_now(clerk) == []
        remount(place, "rw")
        assert recovered(killer, clerk) == []
        assert check_end(clerk) == []


@needs_mount
def test_a_full_temporary_folder_makes_no_good_file_a_bad_one(
    killer: Killer, clerk: Clerk, fast_place: Path
) -> None:
    drop_all(clerk)
    save_pdf([draw_page("B", 7, 150)], fast_place / "made.pdf")
    clerk.drop("công văn.pdf", (fast_place / "made.pdf").read_bytes())
    with disk(fast_place / "tmp") as place:
        ballast = fill(place, 0)
        ended = killer.run("go_on", clerk, temporary=str(place))
        assert ended.code == 0, ended.output
        assert check_now(clerk) == []
        ballast.unlink()
        assert killer.run("go_on", clerk, temporary=str(place)).code == 0
        assert check_end(clerk) == []
    records = [clerk.archive.find_record(dossier) for dossier in clerk.archive.dossiers()]
    notes = [note for record in records if record for note in record.dossier.pages]
    assert {note.state for note in notes} == {PageState.READ}


@pytest.mark.parametrize("largest", [4_000, 12_000, 40_000])
def test_files_that_cannot_grow_lose_nothing(killer: Killer, clerk: Clerk, largest: int) -> None:
    drop_all(clerk)
    killer.run("go_on", clerk, largest_file=largest)
    assert check_now(clerk) == []
    assert recovered(killer, clerk) == []
    assert check_end(clerk) == []


def test_an_index_that_somebody_holds_is_waited_for(killer: Killer, clerk: Clerk) -> None:
    drop_all(clerk)
    assert killer.run("go_on", clerk).code == 0
    clerk.drop("bốn.png", slip(4))
    with (clerk.home / INDEX_FOLDER / "lock").open("a") as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        assert killer.run("take_in", clerk).code == 0
        assert killer.run("drain", clerk, patience=2.0).code == 0
        assert len(clerk.archive.queued()) == 1, "the debt stands until the index has the dossier"
        assert check_now(clerk) == []
    assert recovered(killer, clerk) == []
    assert check_end(clerk) == []
