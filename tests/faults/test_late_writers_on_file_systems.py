"""Late writers are seen on file systems of their own: disk image, memory, a container's layers."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.intake import Spool
from tests.support.settling import SETTLE, SHARE, Bench
from tests.support.writers import NOBODY, Writer

MOUNTS = os.geteuid() == 0 and all(map(shutil.which, ("mount", "mkfs.ext4")))
pytestmark = pytest.mark.skipif(not MOUNTS, reason="only root may mount")

KIB = 1024


def image(place: Path) -> list[str]:
    """Make a disk with a file system in a file."""
    path = place / "disk"
    with path.open("wb") as stream:
        stream.truncate(16 * KIB * KIB)
    subprocess.run(["mkfs.ext4", "-q", path], check=True, timeout=60)
    return ["-o", "loop", str(path)]


def memory(_: Path) -> list[str]:
    return ["-t", "tmpfs", "-o", "size=16m", "sohoa-test"]


def layers(place: Path) -> list[str]:
    """Make what a container writes into: a layer over an image."""
    for name in ("upper", "work", "lower"):
        (place / name).mkdir()
    options = ",".join(f"{name}dir={place / name}" for name in ("lower", "upper", "work"))
    return ["-t", "overlay", "-o", options, "sohoa-test"]


@pytest.fixture(params=[image, memory, layers])
def disk(request: pytest.FixtureRequest, fast_place: Path) -> Iterator[Path]:
    fast_place.chmod(0o755)
    place = fast_place / "disk here"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", *request.param(fast_place), place], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"this machine does not mount it: {mounted.stderr.strip()}")
    try:
        place.chmod(0o777)
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


@pytest.mark.parametrize("user", [None, NOBODY], ids=["this user", "another user"])
def test_nothing_is_taken_while_somebody_writes(disk: Path, user: int | None) -> None:
    folder = disk / "inbox"
    folder.mkdir()
    folder.chmod(0o777)
    bench = Bench(folder)
    path = bench.scan("scan.png")
    path.chmod(0o666)
    with Writer(user) as writer:
        writer.do("f = open(path, 'ab')", path=str(path))
        assert [bench.after(0), bench.after(SETTLE), bench.after(SHARE)] == [[], [], []]
        assert "đang mở để ghi" in bench.remark("scan.png")
        writer.do("import mmap; f.close(); f = open(path, 'r+b'); m = mmap.mmap(f.fileno(), 0)")
        writer.do("f.close()")
        assert bench.after(SHARE) == []
        writer.do("m.close()")
    assert bench.after(0) == ["scan.png"]
    entry = Spool(disk / "spool", lambda: "0a").claim(path)
    assert entry is not None
    entry.close()
    assert not path.exists()
