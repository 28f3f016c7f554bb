"""Kill `sohoa watch` again and again during a stream of drops; say whether anything was lost.

    .venv/bin/python bench/soak.py [--kills 200] [--minutes 30] [--seed 1]

The watcher is the real one with the real Prefect server, which stays for the whole soak, as a
served installation's does. At a chance moment, start-up included, the watcher gets SIGKILL; what
holds at every moment is checked then and there, and what holds at the end when all is done.
Every fifth kill is of a watcher in another home, with a Prefect server of its own: no process of it
and no server may be left. Exits 0 when nothing was lost, doubled or left; 1 otherwise.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from rich.progress import Progress

from flows.prefect_api import prefect_server
from pipeline.leases import is_gone, process_identity
from pipeline.model import Query
from pipeline.settings import SearchSettings, Settings, StorageSettings
from search import open_index
from storage import open_archive
from tests.support.clerk import Clerk, lines, slip, waiting
from tests.support.ports import free_port
from tests.support.prefect_servers import happens, servers_of
from tests.support.promise import check_end, check_now
from tests.support.work_pool import children

LONGEST_LIFE = 9.0  # seconds of a watcher before it is killed; about four of them are its start
ALONE = 5  # every fifth watcher has a Prefect server of its own
LONGEST_LIFE_ALONE = 20.0  # seconds; its server answers after seven or more
GONE_SECONDS = 5.0  # for what a killed watcher started to be gone; the kernel needs milliseconds
SAMPLED = 10  # after every tenth kill all that was dropped is waited for
PATIENCE = 240.0  # seconds until everything is searchable after a kill
MOST_WAITING = 30  # files that wait before the stream pauses: the soak asks for kills, not a pile


@dataclass
class Soak:
    """A home under fire, and what came of it."""

    clerk: Clerk
    chance: random.Random
    number: int = 0  # of drops made
    made: list[int] = field(default_factory=list)  # numbers of the slips among them
    kills: int = 0
    complaints: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)  # from a kill to everything searchable
    alone: int = 0  # kills among them of a watcher with a Prefect server of its own
    left: int = 0  # processes such a watcher left

    def drop_something(self) -> None:
        """Drop a good file, a duplicate, a file to refuse, or a folder of good ones and a bad."""
        if waiting(self.clerk) > MOST_WAITING:
            return
        self.number += 1
        name, kind = f"{self.number:05d}", self.chance.random()
        if kind < 0.5 or not self.made:
            self.clerk.drop(f"{name}.png", self._new_slip())
        elif kind < 0.7:
            self.clerk.drop(f"{name} lại.png", slip(self.chance.choice(self.made)))
        elif kind < 0.85:
            self.clerk.drop(f"{name}.docx", f"no scan {name}".encode(), good=False)
        else:
            files = {f"{number}.png": (self._new_slip(), True) for number in range(2)}
            files |= {"bảng.xlsx": (f"no scan either {name}".encode(), False)}
            self.clerk.drop_folder(name, files)

    def _new_slip(self) -> bytes:
        self.made.append(len(self.made) + 1)
        return slip(self.made[-1])

    def life(self) -> None:
        """Let a watcher live for a while among drops, kill it, and check what holds then."""
        with Watch(self.clerk.home) as watch:
            end = time.monotonic() + self.chance.uniform(0, LONGEST_LIFE)
            while time.monotonic() < end:
                self.drop_something()
                time.sleep(self.chance.uniform(0, 0.6))
            watch.kill()
        self.kills += 1
        self.complaints += [f"kill {self.kills}: {what}" for what in check_now(self.clerk)]

    def life_alone(self) -> None:
        """Let a watcher with a Prefect server of its own live for a while, and kill it."""
        home = self.clerk.home / "alone"
        home.mkdir(exist_ok=True)
        own = {"PREFECT_API_URL": "", "PREFECT_HOME": str(home / "prefect")}
        with Watch(home, SOHOA_RUNS__PREFECT_PORT=str(free_port()), **own) as watch:
            time.sleep(self.chance.uniform(0, LONGEST_LIFE_ALONE))
            left = watch.kill_and_count()
        self.kills += 1
        self.alone += 1
        self.left += left
        if left:
            self.complaints.append(f"kill {self.kills}: {left} processes were left")

    def recovery(self) -> None:
        """Start a watcher after a kill and wait until everything dropped is searchable."""
        began = time.monotonic()
        with Watch(self.clerk.home) as watch:
            while not self._is_all_done():
                if time.monotonic() - began > PATIENCE or watch.has_ended():
                    self.complaints.append(f"kill {self.kills}: no recovery")
                    return
                time.sleep(0.2)
        self.seconds.append(time.monotonic() - began)
        self.complaints += [f"after kill {self.kills}: {what}" for what in check_end(self.clerk)]

    def _is_all_done(self) -> bool:
        if waiting(self.clerk) or len(lines(self.clerk)) < self.clerk.dropped.total():
            return False
        archive = open_archive(StorageSettings(), self.clerk.home)
        kept = list(archive.dossiers())
        hits = open_index(SearchSettings(), self.clerk.home).find(Query("", limit=0))
        return not archive.queued() and hits.total == len(kept)


class Watch:
    """A `sohoa watch` of its own."""

    def __init__(self, home: Path, **environment: str) -> None:
        self._home = home
        self._environment = environment

    def __enter__(self) -> Self:
        around = os.environ | {"SOHOA_HOME": str(self._home), "SOHOA_WATCH__SETTLE_SECONDS": "0.3"}
        around |= self._environment
        with (self._home / "watch.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "flows.cli", "watch"], env=around, stdout=log, stderr=log
            )
        return self

    def __exit__(self, *_: object) -> None:
        if not self.has_ended():
            self._process.terminate()
            self._process.wait(timeout=60)

    def has_ended(self) -> bool:
        """Tell whether it runs no more."""
        return self._process.poll() is not None

    def kill(self) -> None:
        """End it as a power failure does."""
        if self.has_ended():
            raise RuntimeError(f"watch ended by itself: {self._process.returncode}")
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def kill_and_count(self) -> int:
        """Kill it and return how many of the processes that it started are left after that."""
        started = [process_identity(each) for each in children(self._process.pid)]
        self.kill()
        happens(lambda: all(map(is_gone, started)), GONE_SECONDS)
        servers = set(servers_of(self._process.pid))
        return len(servers) + sum(not is_gone(each) for each in started)


def told(soak: Soak, minutes: float) -> str:
    """Say what came of it, in a line of figures and the complaints."""
    receipts = Counter(line.status for line in lines(soak.clerk))
    seconds = sorted(soak.seconds)
    said = [
        f"{soak.kills} kills in {minutes:.0f} minutes; {soak.clerk.dropped.total()} files dropped: "
        + ", ".join(f"{count} {status.value}" for status, count in sorted(receipts.items())),
        f"from kill to everything searchable, {len(seconds)} times: median "
        f"{statistics.median(seconds):.1f} s, longest {seconds[-1]:.1f} s"
        if seconds
        else "no recovery was timed",
        f"{soak.alone} watchers had a Prefect server of their own; {soak.left} processes left",
        f"{len(soak.complaints)} complaints",
    ]
    return "\n".join([*said, *soak.complaints])


def main() -> None:
    """Kill until there were enough kills or the time is over; print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=45.0)
    parser.add_argument("--seed", type=int, default=1)
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sohoa-soak-") as place:
        soak = Soak(Clerk(Path(place)), random.Random(wish.seed))
        soak.clerk.inbox.mkdir()
        began = time.monotonic()
        with prefect_server(Settings(home=Path(place))), Progress() as progress:
            bar = progress.add_task("kills", total=wish.kills)
            while soak.kills < wish.kills and time.monotonic() - began < wish.minutes * 60:
                soak.life_alone() if (soak.kills + 1) % ALONE == 0 else soak.life()
                progress.update(bar, completed=soak.kills)
                if soak.kills % SAMPLED == 0:
                    soak.recovery()
            soak.recovery()
        print(told(soak, (time.monotonic() - began) / 60))
    sys.exit(bool(soak.complaints) or soak.kills < wish.kills)


if __name__ == "__main__":
    main()
