"""Seconds from dropping a one-page PDF into a watched folder to finding it. Median of ten.

    .venv/bin/python bench/drop_to_hit.py [--count 10]

Runs `sohoa watch` as its own process in a fresh home with the default settings, and searches
for each page's own number through the embedded index.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pipeline.model import Query
from pipeline.ports import SearchIndex
from pipeline.settings import SearchSettings
from search import open_index
from tests.paper import make_pages

PATIENCE = 120.0


def main() -> None:
    """Drop pages one by one and print how long each took to be found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10)
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as place:
        home = Path(place)
        pages = [path for path, _ in make_pages(home / "made", count + 1, seed=7)]
        os.environ["SOHOA_HOME"] = str(home)
        watcher = subprocess.Popen([sys.executable, "-m", "flows.cli", "watch"])
        try:
            seconds = [drop(page, home) for page in pages]
        finally:
            watcher.terminate()
            watcher.wait()
    first, *rest = seconds
    print(f"first page after start (server and engine still starting): {first:.1f} s")
    print(
        f"drop to searchable, {len(rest)} one-page 300-dpi PDFs: median "
        f"{statistics.median(rest):.1f} s, {min(rest):.1f} to {max(rest):.1f} s"
    )


def drop(page: Path, home: Path) -> float:
    """Drop one page; return the seconds until it is found."""
    inbox = home / "inbox"
    while not inbox.is_dir():
        time.sleep(0.1)
    index = open_index(SearchSettings(), home)
    before = total(index)
    began = time.monotonic()
    page.rename(inbox / page.name)
    while total(index) == before:
        if time.monotonic() - began > PATIENCE:
            raise TimeoutError(f"{page.name} was not found after {PATIENCE:.0f} s")
        time.sleep(0.05)
    return time.monotonic() - began


def total(index: SearchIndex) -> int:
    """Return how many dossiers can be found."""
    return index.find(Query("", limit=1)).total


if __name__ == "__main__":
    main()
