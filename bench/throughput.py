"""Pages a minute through the whole pipeline, and where the processor time goes.

    .venv/bin/python bench/throughput.py [--pages 50] [--pile]

Synthetic 300-dpi pages as one-page PDFs (or one PDF with --pile) are ingested in this process:
intake, store, Prefect runs on a real server, reading, documents, records, index. Processor time
of OpenCV and Tesseract is measured around their calls on each thread, poppler's as that of our
ended children, the Prefect server's from the kernel. What is left is Python, numpy, Pillow,
JSON, SQLite and the Prefect client.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import BuiltinFunctionType
from typing import Any

import cv2

from flows.prefect_api import prefect_server
from flows.wiring import settings
from ocr.engines import tesseract
from tests.paper import make_pages, make_pile
from tests.support.prefect_servers import servers_of

SPENT: dict[str, float] = defaultdict(float)
LOCK = threading.Lock()
INSIDE = threading.local()


def timed(part: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a call so that its processor time counts for a part; calls inside it count once."""

    def measured(*args: Any, **kwargs: Any) -> Any:
        if getattr(INSIDE, "part", None):
            return call(*args, **kwargs)
        INSIDE.part, began = part, time.thread_time()
        try:
            return call(*args, **kwargs)
        finally:
            INSIDE.part = None
            with LOCK:
                SPENT[part] += time.thread_time() - began

    return measured


def main() -> None:
    """Ingest, then print pages a minute and the share of each part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=50)
    parser.add_argument("--pile", action="store_true", help="one PDF of all pages")
    arguments = parser.parse_args()
    for name, call in vars(cv2).items():
        if isinstance(call, BuiltinFunctionType):
            setattr(cv2, name, timed("OpenCV", call))
    tesseract.TesserocrEngine.read = timed("Tesseract", tesseract.TesserocrEngine.read)  # type: ignore[method-assign]
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as place:
        home = Path(place)
        os.environ["SOHOA_HOME"] = str(home / "home")
        paths = paper(home, arguments.pages, is_pile=arguments.pile)
        with prefect_server(settings()):
            measure(paths, arguments.pages)


def paper(home: Path, pages: int, *, is_pile: bool) -> list[Path]:
    """Make the pages; return the files to take in."""
    if is_pile:
        make_pile(home / "pile.pdf", pages, seed=7)
        return [home / "pile.pdf"]
    make_pages(home / "made", pages, seed=7)
    return sorted((home / "made").glob("*.pdf"))


def measure(paths: list[Path], pages: int) -> None:
    """Take the files in and print what it cost."""
    from flows.commands.dossiers import ingest  # noqa: PLC0415 — Prefect must find the server's address

    server = servers_of(os.getpid())
    before = (processor(), children(), server_seconds(server))
    SPENT.clear()
    began = time.monotonic()
    ingest.run(argparse.Namespace(paths=paths, json=True))
    wall = time.monotonic() - began
    own = processor() - before[0]
    parts = {
        "Tesseract": SPENT["Tesseract"],
        "OpenCV": SPENT["OpenCV"],
        "poppler": children() - before[1],
    }
    parts["Prefect server"] = server_seconds(server) - before[2]
    parts["the rest of our process"] = own - SPENT["Tesseract"] - SPENT["OpenCV"]
    whole = sum(parts.values())
    say = sys.stderr.write
    say(
        f"{datetime.now(UTC):%Y-%m-%d} {pages} pages in {len(paths)} files: "
        f"{60 * pages / wall:.1f} pages a minute, {whole / pages:.2f} processor seconds a page\n"
    )
    for part, seconds in parts.items():
        say(f"  {part:24} {seconds:7.1f} s  {100 * seconds / whole:5.1f} %\n")
    outside = parts["Prefect server"] + parts["the rest of our process"]
    say(f"  not in OpenCV, poppler and Tesseract: {100 * outside / whole:.1f} %\n")


def processor() -> float:
    """Processor seconds of this process, all threads."""
    return time.process_time()


def children() -> float:
    """Processor seconds of our ended children: poppler's programs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def server_seconds(processes: list[int]) -> float:
    """Processor seconds of the Prefect server so far."""
    ticks = 0
    for process in processes:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])  # proc(5): utime, stime
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
