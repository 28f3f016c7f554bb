"""Compares two checkouts: what they read of the same pages, byte for byte, and what it costs.

    .venv/bin/python -m bench.same_readings OTHER [--pages 2] [--folder FOLDER]

OTHER is another checkout of this repository. Pages of every kind of ``bench/reading.py``, and heads
and forms that were filled in by hand, tables and stamped letters, are read by both, page by page in
turn, without the second opinion. The page results must be equal without their seconds, and so must
the pictures for people. Processor time is that of the process that reads.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

OWN = Path(__file__).resolve().parent.parent
FILLED, TABLES = 4, ("closed", "open", "double", "merged")


def serve() -> None:
    """Read the pages that are named on standard input, and tell of each what came out."""
    from ocr import open_reader  # noqa: PLC0415 — of the checkout that is asked
    from pipeline.model import Page  # noqa: PLC0415 — the same
    from pipeline.records import Codec  # noqa: PLC0415 — the same
    from pipeline.settings import ReadingSettings  # noqa: PLC0415 — the same

    reader = open_reader(ReadingSettings(second_opinion="off"))
    codec = Codec(Page)
    for path in sys.stdin:
        began = time.process_time()
        read = reader.read_page(Path(path.strip()), 1)
        spent = time.process_time() - began
        page = hashlib.sha256(codec.dump(replace(read.page, seconds=0.0))).hexdigest()
        picture = hashlib.sha256(read.picture).hexdigest()
        told = {"page": page, "picture": picture, "bytes": len(read.picture), "spent": spent}
        print(json.dumps(told), flush=True)


class Checkout:
    """A process that reads pages with the code of a checkout."""

    def __init__(self, root: Path) -> None:
        command = [sys.executable, str(Path(__file__).resolve()), "--serve"]
        self.process = subprocess.Popen(
            command,
            cwd=root,
            env=os.environ | {"PYTHONPATH": str(root)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def read(self, path: Path) -> dict[str, Any]:
        """Return what it tells of a page."""
        assert self.process.stdin is not None and self.process.stdout is not None
        print(path, file=self.process.stdin, flush=True)
        return dict(json.loads(self.process.stdout.readline()))

    def close(self) -> None:
        """End it."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def pages(folder: Path, count: int) -> Iterator[Path]:
    """Draw the pages; what lies there already is not drawn again."""
    from bench.reading import synthetic  # noqa: PLC0415 — the processes that read need no paper

    made = sorted(folder.glob("*.png"))
    if not made:
        folder.mkdir(parents=True, exist_ok=True)
        synthetic(folder, count, set())
        others(folder)
        made = sorted(folder.glob("*.png"))
    yield from made


def others(folder: Path) -> None:
    """Draw pages for the steps that hardly any page of ``synthetic`` needs."""
    from tests.paper import draw_page, save_picture, typeface  # noqa: PLC0415 — see ``pages``
    from tests.paper.cases import make_case  # noqa: PLC0415 — the same
    from tests.paper.drawn_tables import draw_table  # noqa: PLC0415 — the same
    from tests.paper.layouts import PERSONAL_LAYOUTS, lay_out  # noqa: PLC0415 — the same
    from tests.paper.marks import head_mark  # noqa: PLC0415 — the same
    from tests.paper.picture import draw  # noqa: PLC0415 — the same
    from tests.paper.sheet import BLACK, MM, RED  # noqa: PLC0415 — the same
    from tests.paper.written_forms import written_form  # noqa: PLC0415 — the same
    from tests.paper.written_heads import written_head  # noqa: PLC0415 — the same

    for seed in range(FILLED):
        save_picture(written_head("AB"[seed % 2], seed).page, folder / f"head.{seed}.png")
        save_picture(written_form(seed).page, folder / f"form.{seed}.png")
        save_picture(draw_table(seed, TABLES[seed]).page, folder / f"table.{seed}.png")
    for layout in PERSONAL_LAYOUTS:
        save_picture(draw_page(layout, 5, 200), folder / f"layout-{layout}.png")
    for seed, (mark, ink) in enumerate((("MẬT", RED), ("HỎA TỐC", BLACK))):
        random = Random(f"stamped {seed}")
        sheet = lay_out("A", make_case(random), random, typeface("termes"))
        head_mark(sheet, mark, (42 * MM, 14 * MM), ink, lean=3.0 * seed)
        save_picture(draw(sheet, 300), folder / f"stamped.{seed}.png")


def compare(other: Path, paths: list[Path]) -> int:
    """Read all pages by both; print the differences and the cost; return how many pages differ."""
    differ, told = 0, [(0.0, 0), (0.0, 0)]
    with ExitStack() as stack:
        checkouts = [Checkout(root) for root in (other, OWN)]
        for checkout in checkouts:
            stack.callback(checkout.close)
            checkout.read(paths[0])  # loads models
        for number, path in enumerate(paths):
            turn = 1 - 2 * (number % 2)
            read = [checkout.read(path) for checkout in checkouts[::turn]][::turn]
            told = [(s + r["spent"], b + r["bytes"]) for (s, b), r in zip(told, read, strict=True)]
            unequal = [part for part in ("page", "picture") if read[0][part] != read[1][part]]
            differ += bool(unequal)
            seconds = " ".join(f"{one['spent']:.3f}" for one in read)
            print(f"{path.stem:28} {seconds} {' and '.join(unequal)}")
    count = len(paths)
    for name, (spent, size) in zip(("other", "this"), told, strict=True):
        print(f"{name}: {spent / count:.3f} s of processor, {size / count:.0f} bytes a page")
    print(f"{count} pages, {differ} differ; {told[1][0] / told[0][0]:.3f} of the time")
    return differ


def main() -> None:
    """Compare, or serve a comparison."""
    if sys.argv[1:] == ["--serve"]:
        serve()
        return
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("other", type=Path)
    parser.add_argument("--pages", type=int, default=2, help="pages of each kind")
    parser.add_argument("--folder", type=Path, help="folder of the pages, to be made if empty")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as place:
        paths = list(pages(chosen.folder or Path(place), chosen.pages))
        sys.exit(bool(compare(chosen.other.resolve(), paths)))


if __name__ == "__main__":
    main()
