"""One worker against two on this machine, and the processor time Prefect costs.

    .venv/bin/python bench/workers.py [--pages 12] [--costs-only]

Costs: the same tiny scans are digitised with and without Prefect, once as many dossiers of one
page and once as few dossiers of many; what is more with Prefect, client and server, is split into
dossiers and pages. Workers: the same synthetic 300-dpi pages, one dossier each, are drained by one
`sohoa worker` and by two, one page at a time each, from when their drain runs wait for work.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bench.throughput import processor, server_seconds
from flows import wiring
from flows.prefect_api import prefect_server
from pipeline import stages
from pipeline.intake import receive, take_path
from pipeline.model import QueueEntry
from storage import new_dossier_id
from tests.paper import make_pages
from tests.support.clerk import slip
from tests.support.prefect_servers import servers_of

MANY, FEW, PAGES = 24, 2, 24  # dossiers of one page; dossiers that share the same number of pages


def main() -> None:
    """Print both measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=12)
    parser.add_argument("--costs-only", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as place:
        root = Path(place)
        fresh(root / "server", {})
        with prefect_server(wiring.settings()) as url:
            costs(root, servers_of(os.getpid()))
            if not arguments.costs_only:
                workers(root, url, arguments.pages)


def fresh(home: Path, chosen: dict[str, str]) -> None:
    """Begin with an empty home."""
    os.environ |= {"SOHOA_HOME": str(home), **chosen}
    wiring.forget()
    home.mkdir()


def take_in(paths: list[Path]) -> None:
    """Receive each path as a dossier of its own."""
    for path in paths:
        with tempfile.TemporaryDirectory() as private:
            drop = take_path(path, new_dossier_id(datetime.now(UTC)), Path(private))
            receive(drop, wiring.archive(), wiring.tools().reader)


def costs(root: Path, server: list[int]) -> None:
    """Print what Prefect costs for a dossier and for a page."""
    from flows import drain  # noqa: PLC0415 — Prefect must find the server's address

    def plain(entry: QueueEntry) -> None:
        archive, index = wiring.archive(), wiring.index()
        record = stages.newest_record(entry.dossier, archive)
        refs = record.dossier.page_refs()
        notes = [stages.read_page(ref, archive, wiring.tools().reader) for ref in refs]
        stages.publish(stages.conclude(record, notes, archive), archive, index)

    more = {}
    spent(root, FEW, drain.Drain, server)  # what is loaded and opened once is no cost of a dossier
    for dossiers in (MANY, FEW):
        with_prefect = spent(root, dossiers, drain.Drain, server)
        original, drain.run_flow = drain.run_flow, plain
        without = spent(root, dossiers, drain.Drain, server)
        drain.run_flow = original
        more[dossiers] = with_prefect - without
        print(f"{dossiers} dossiers, {PAGES} pages: {with_prefect:.1f} s, without {without:.1f} s")
    dossier = (more[MANY] - more[FEW]) / (MANY - FEW)
    page = (more[FEW] - FEW * dossier) / PAGES
    print(f"Prefect: {dossier:.2f} processor seconds a dossier, {1000 * page:.0f} ms a page")


def spent(root: Path, dossiers: int, work: Callable[[], object], server: list[int]) -> float:
    """Return the processor seconds of this process and of the server for draining so many."""
    home = Path(tempfile.mkdtemp(dir=root)) / "home"
    fresh(home, {})
    for number in range(dossiers):
        folder = home / f"drop {number}"
        folder.mkdir()
        for page in range(PAGES // dossiers):
            (folder / f"{page:02}.png").write_bytes(slip(1000 * number + page))
    take_in(sorted(home.glob("drop *")))
    before = processor() + server_seconds(server)
    drain = work()
    while drain.work_once():  # type: ignore[attr-defined]
        pass
    time.sleep(3)  # the server writes what it was told in its own time
    return processor() + server_seconds(server) - before


def workers(root: Path, url: str, pages: int) -> None:
    """Print pages a minute with one worker and with two."""
    made = [path for path, _ in make_pages(root / "made", pages, seed=7)]
    speeds: dict[int, list[float]] = {}
    for count in (1, 2, 1, 2):
        with standing_by(root, url, count) as all_done:
            began = time.monotonic()
            take_in(made)
            while not all_done(pages):
                time.sleep(0.1)
            speeds.setdefault(count, []).append(60 * pages / (time.monotonic() - began))
    one, two = max(speeds[1]), max(speeds[2])
    print(f"pages a minute, better of two runs each: one worker {one:.1f}, two {two:.1f}")
    print(f"ratio {two / one:.2f}")


@contextmanager
def standing_by(root: Path, url: str, count: int) -> Iterator[Callable[[int], bool]]:
    """Have so many workers with a drain run each that waits for work."""
    from flows.pool import Pool  # noqa: PLC0415
    from tests.support.watched import all_done  # noqa: PLC0415
    from tests.support.work_pool import flow_runs, sohoa  # noqa: PLC0415 — as above

    home = Path(tempfile.mkdtemp(dir=root)) / "home"
    name = f"bench-{home.parent.name}"
    chosen = {"SOHOA_RUNS__KIND": "pool", "SOHOA_RUNS__POOL": name}
    chosen |= {"SOHOA_RUNS__IDLE_SECONDS": "600", "SOHOA_READING__THREADS": "1"}
    fresh(home, chosen)
    pool = Pool(wiring.settings().runs)
    pool.deploy()
    with ExitStack() as stack:
        for number in range(count):
            stack.enter_context(sohoa("worker", home / f"{number}.log"))
            pool.start_run(pool.deployment(), f"{name}/{number}")
        mine = {"name": {"any_": [name]}}
        while [run["state_type"] for run in flow_runs(url, deployments=mine)] != [
            "RUNNING"
        ] * count:
            time.sleep(0.5)
        yield all_done


if __name__ == "__main__":
    main()
