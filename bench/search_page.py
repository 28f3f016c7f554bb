"""Measures the search page: bytes and processor time of its answer, by what is looked for.

    python -m bench.search_page HOME [TEXT …]

HOME is a folder with store and index, as `make demo ONCE=1` leaves it. Nothing is changed in it but
its audit log. Pictures, styles and scripts are not counted: they come from caches.
"""

from __future__ import annotations

import gzip
import statistics
import sys
import time
from pathlib import Path

from pipeline.settings import Settings
from search import open_index
from storage import open_archive
from tests.support.web_backend import Backend, open_client

ROUNDS, WARM = 40, 5
TEXTS = ("", "nguyen dinh toan", "giay tiep nhan", "quyết định 11/2025", "qd 1811")


def main(home: Path, texts: tuple[str, ...]) -> None:
    """Print a line for each text."""
    settings = Settings(home=home)
    archive = open_archive(settings.storage, home)
    client = open_client(Backend(archive, open_index(settings.search, home), settings))
    print(f"{'text':24} {'dossiers':>8} {'bytes':>8} {'gzip':>7} {'ms':>7} {'least':>7}")
    for text in texts:
        spent = []
        for _ in range(ROUNDS + WARM):
            before = time.process_time()
            answer = client.get("/", params={"q": text})
            spent.append(1000 * (time.process_time() - before))
            assert answer.status_code == 200, answer.text
        size, packed = len(answer.content), len(gzip.compress(answer.content))
        cards, kept = answer.text.count("<article"), spent[WARM:]
        median, least = statistics.median(kept), min(kept)
        print(f"{text:24} {cards:8} {size:8} {packed:7} {median:7.1f} {least:7.1f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), tuple(sys.argv[2:]) or TEXTS)
