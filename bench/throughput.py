"""Pages a minute through the whole pipeline, and where the processor time goes.

    .venv/bin/python bench/throughput.py [--pages 50] [--tens 3] [--pile]

Synthetic 300-dpi pages as one-page PDFs, and then as PDFs of ten pages, are ingested in this
process: intake, store, Prefect runs on a real server, reading, documents, records, index. With
--pile all pages are one PDF instead. One dossier goes before, so that loading engines and tables
counts for none; what it cost is told. Processor time of OpenCV, Tesseract, the
encoder of WebP (native code in Pillow) and the stages is measured around their calls on each
thread, the Prefect server's and that of the sandboxed workers (poppler, building of PDFs) by the
kernel. What is left is the Prefect client, the audit log, the threads of the command and the index.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from types import BuiltinFunctionType
from typing import Any, NamedTuple

import cv2
from PIL import _webp

from flows.prefect_api import prefect_server
from flows.upkeep.processor_time import processor_seconds
from flows.wiring import settings
from ocr.engines import tesseract
from tests.paper import make_pages, make_pile
from tests.support.prefect_servers import servers_of

TEN = 10  # pages of the larger dossiers
LIBRARIES = ("Tesseract", "OpenCV", "WebP")
STAGES = ("intake", "reading, without these", "papers and fields", "index", "searchable PDF")
SPENT: dict[str, float] = defaultdict(float)
LOCK = threading.Lock()
INSIDE = threading.local()


def timed(part: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a call so that its processor time counts for a part, without that of parts inside."""

    def measured(*args: Any, **kwargs: Any) -> Any:
        inner: list[float] = vars(INSIDE).setdefault("inner", [])
        inner.append(0.0)
        began = time.thread_time()
        try:
            return call(*args, **kwargs)
        finally:
            spent = time.thread_time() - began
            own = spent - inner.pop()
            if inner:
                inner[-1] += spent
            with LOCK:
                SPENT[part] += own

    return measured


def main() -> None:
    """Ingest, then print pages a minute and the share of each part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=50, help="as many dossiers of one page")
    parser.add_argument("--tens", type=int, default=3, help="dossiers of ten pages in the same run")
    parser.add_argument("--pile", action="store_true", help="one PDF of all pages, and no other")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as place:
        home = Path(place)
        os.environ["SOHOA_HOME"] = str(home / "home")
        make_pages(home / "first", 1, seed=8)
        sets = paper(home, arguments.pages, 0 if arguments.pile else arguments.tens)
        if arguments.pile:
            make_pile(home / "pile.pdf", arguments.pages, seed=7)
            sets = {home / "pile.pdf": arguments.pages}
        with prefect_server(settings()):
            watch_parts()
            first = ingest([*(home / "first").glob("*.pdf")])
            sys.stderr.write(f"first, with loading: {first.whole:.1f} processor seconds\n")
            for pages in sorted(set(sets.values())):
                measure([path for path, number in sets.items() if number == pages], pages)


def paper(home: Path, ones: int, tens: int) -> dict[Path, int]:
    """Make the files; return how many pages each has."""
    make_pages(home / "made", ones, seed=7)
    made = dict.fromkeys(sorted((home / "made").glob("*.pdf")), 1)
    for number in range(tens):
        path = home / f"ten-{number}.pdf"
        make_pile(path, TEN, seed=100 + number)
        made[path] = TEN
    return made


def watch_parts() -> None:
    """Measure the calls of the libraries and the stages from now on."""
    from flows.commands.dossiers import ingest as command  # noqa: PLC0415 — see ingest
    from pipeline import pdf_binding, stages  # noqa: PLC0415 — the same

    for name, call in vars(cv2).items():
        if isinstance(call, BuiltinFunctionType):
            setattr(cv2, name, timed("OpenCV", call))
    places: list[tuple[str, Any, str]] = [
        ("Tesseract", tesseract.TesserocrEngine, "read"),
        ("WebP", _webp, "WebPEncode"),
        *zip(
            STAGES,
            (command, stages, stages, stages, pdf_binding),
            ("receive", "read_page", "conclude", "publish", "bind"),
            strict=True,
        ),
    ]
    for part, owner, name in places:
        setattr(owner, name, timed(part, getattr(owner, name)))


class Cost(NamedTuple):
    """What a set of files cost: seconds by the clock, and processor seconds by part."""

    wall: float
    parts: dict[str, float]

    @property
    def whole(self) -> float:
        """Processor seconds of all processes."""
        return sum(self.parts.values())


def ingest(paths: list[Path]) -> Cost:
    """Take the files in; return what it cost."""
    from flows.commands.dossiers import ingest as command  # noqa: PLC0415 — Prefect must find the server's address

    server = servers_of(os.getpid())
    before = (processor(), server_seconds(server), processor_seconds())
    SPENT.clear()
    began = time.monotonic()
    with redirect_stdout(StringIO()):
        command.run(argparse.Namespace(paths=paths, json=True))
    wall = time.monotonic() - began
    own, served = processor() - before[0], server_seconds(server) - before[1]
    named = {part: SPENT[part] for part in (*LIBRARIES, *STAGES)}
    parts = named | {
        "Prefect client and the rest of our process": own - sum(named.values()),
        "Prefect server": served,
        "sandboxed workers": processor_seconds() - before[2] - own - served,
    }
    return Cost(wall, parts)


def measure(paths: list[Path], pages: int) -> None:
    """Take files of so many pages each in, and print what it cost."""
    cost, number = ingest(paths), pages * len(paths)
    say = sys.stderr.write
    say(
        f"{datetime.now(UTC):%Y-%m-%d} {number} pages in {len(paths)} files: "
        f"{60 * number / cost.wall:.1f} pages a minute, "
        f"{cost.whole / number:.2f} processor seconds a page\n"
    )
    for part, seconds in cost.parts.items():
        say(f"  {part:44} {1000 * seconds / number:7.0f} ms {100 * seconds / cost.whole:5.1f} %\n")
    outside = cost.whole - sum(cost.parts[part] for part in (*LIBRARIES, "sandboxed workers"))
    outside -= cost.parts["Prefect server"]
    with_webp = outside + cost.parts["WebP"]
    say(
        f"  our process without OpenCV, Tesseract and WebP: {100 * outside / cost.whole:.1f} %, "
        f"with WebP {100 * with_webp / cost.whole:.1f} %\n"
    )


def processor() -> float:
    """Processor seconds of this process, all threads."""
    return time.process_time()


def server_seconds(processes: list[int]) -> float:
    """Processor seconds of the Prefect server so far."""
    ticks = 0
    for process in processes:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])  # proc(5): utime, stime
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
