"""MB/s of the private copy that intake makes of each dropped file, beside hashing it in place.

    .venv/bin/python -m bench.private_copy [--megabytes 400]

Before, a file was hashed where it lay, and read again to be stored; now it is copied through the
one descriptor that was opened, and hashed on the way. The sources are in the page cache.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from pipeline.intake.taking import take_path

MEGABYTE = 10**6
SIZES = (100_000, MEGABYTE, 10 * MEGABYTE)  # bytes of a file: a page, a scan, a book
ROUNDS = 3


def main() -> None:
    """Print a line for each size of file, the median of the rounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=400, help="of files of each size")
    total = parser.parse_args().megabytes * MEGABYTE
    print("file        copied and hashed  hashed in place  ratio")
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="sohoa-copy-") as made:
            drop = Path(made) / "drop"
            drop.mkdir()
            for number in range(total // size):
                (drop / f"{number:05}.pdf").write_bytes(os.urandom(size))
            copied = median(partial(taken, drop, Path(made)))
            hashed = median(partial(in_place, drop))
        print(
            f"{size / MEGABYTE:7.1f} MB {total / MEGABYTE / copied:11.0f} MB/s"
            f" {total / MEGABYTE / hashed:11.0f} MB/s {hashed / copied:10.2f}"
        )


def median(act: Callable[[], None]) -> float:
    """Return the median seconds on the clock of some rounds."""
    found = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        act()
        found.append(time.perf_counter() - start)
    return sorted(found)[ROUNDS // 2]


def taken(drop: Path, place: Path) -> None:
    """Copy the drop as intake does."""
    with tempfile.TemporaryDirectory(dir=place) as private:
        assert take_path(drop, "00aa", Path(private)).files


def in_place(drop: Path) -> None:
    """Hash each file where it lies."""
    for path in drop.iterdir():
        with path.open("rb") as file:
            hashlib.file_digest(file, "sha256")


if __name__ == "__main__":
    main()
