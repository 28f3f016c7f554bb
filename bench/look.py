"""Seconds that one look at a watched folder costs, with many drops waiting in it.

    .venv/bin/python -m bench.look [--count 10000]

Files that still settle, that are ready and that somebody has open for writing; dossiers as folders;
and files of another user seen by an unprivileged watcher, which looks through /proc (root only).
Each figure is a whole look, every drop asked for: on the clock, and of the processor.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from PIL import Image

from pipeline.intake import Settling
from pipeline.settings import WatchSettings

NOBODY = 65534
HELD = 500  # files that are held open at once; a process may have 1,024


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory(prefix="sohoa-look-") as made:
        place = Path(made)
        place.chmod(0o755)
        scan = place / "scan.jpg"
        Image.effect_noise((200, 150), 40).save(scan)
        files = filled(place / "files", lambda n: f"Tờ khai số {n}.jpg", scan, count)
        report(f"{count} files", files)
        folders = filled(
            place / "folders", lambda n: f"hồ sơ {n // 3}/trang {n % 3}.jpg", scan, count
        )
        report(f"{count} files in {count // 3} folders", folders)
        one = filled(place / "one", lambda n: f"hồ sơ/trang {n}.jpg", scan, count)
        report(f"one folder of {count} files", one)
        with ExitStack() as held:
            for path in sorted(files.iterdir())[:HELD]:
                held.enter_context(path.open("ab"))
            report(f"{count} files, {HELD} of them open", files)
        if os.geteuid() == 0:
            as_nobody(lambda: report(f"{count} files of another user, unprivileged", files))


def filled(folder: Path, name: Callable[[int], str], scan: Path, count: int) -> Path:
    """Fill a folder with copies of a scan."""
    for number in range(count):
        path = folder / name(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(scan, path)
    return folder


def report(what: str, folder: Path) -> None:
    """Time four looks: the first, one while settling, one that finds all ready, one after that."""
    settings, now = WatchSettings(), [0.0]
    settling = Settling(settings, lambda: now[0])
    figures = []
    for now[0] in (0.0, 1.0, 3.0, settings.share_settle_seconds + 1):
        began, worked = time.perf_counter(), time.process_time()
        found = len(list(settling.ready(folder)))
        worked, took = time.process_time() - worked, time.perf_counter() - began
        figures.append(f"{took:.2f} s, processor {worked:.2f} s ({found} ready)")
    print(f"{what}: {'; '.join(figures)}", flush=True)


def as_nobody(work: Callable[[], None]) -> None:
    """Do something in a child process without privileges."""
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        work()
        os._exit(0)
    os.waitpid(child, 0)


if __name__ == "__main__":
    main()
