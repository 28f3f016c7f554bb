"""«Kiểm tra» by a real browser: seconds an item from key to next item, over a queue of any length.

    PYTHONPATH=. .venv/bin/python bench/check_page.py --items 100000 --answers 50

A room in the demonstration over made dossiers, one of which has the fields that are answered; the
others fill the queue behind them.
"""

from __future__ import annotations

import argparse
import socket
import statistics
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

import uvicorn
from playwright.sync_api import Page, sync_playwright

from accounts import open_review
from accounts.review.queue import FILE
from bench.review import items_of_dossier
from pipeline.documents.fields import FIELDS
from pipeline.model import Box, Document, Finding, Source
from pipeline.settings import AccountSettings
from pipeline.versions import keep_next, newest_record
from tests.support.review_rows import insert
from tests.support.web_backend import PARTIAL, Backend, sample_backend
from web.app import build_app

CHROMIUM = Path("/usr/bin/chromium")


def fill(backend: Backend, items: int, answers: int) -> None:
    """Make doubtful fields to be answered, and a long queue behind them."""
    record = newest_record(PARTIAL, backend.archive)
    names = [one.name for one in FIELDS if one.name != "dossier_code"]
    box = Box(60, 80, 200, 30)
    papers, left = [], answers
    for page in (1, 2, 3, 4):
        found = {
            name: Finding("2026-03-01", "đọc", 0.01, Source.OCR, page, box)
            for name in names[: max(0, left)]
        }
        left -= len(found)
        papers.append(Document("Quyết định", (page,), found))
    state = replace(record.dossier, documents=tuple(papers))
    keep_next(record, state, "x", backend.archive)
    home = backend.settings.home
    open_review(AccountSettings(), home).close()
    behind = (one for n in range(items // 5) for one in items_of_dossier(n + 2**40 // 10**6))
    insert(home / FILE, (one._replace(rank=9) for one in behind))


def told(label: str, took: list[float]) -> None:
    """Print how long something took, in milliseconds."""
    cuts = statistics.quantiles(took, n=20, method="inclusive")
    print(f"{label}: p50 {1000 * cuts[9]:.0f} ms, p95 {1000 * cuts[18]:.0f} ms", flush=True)


def answer(page: Page) -> tuple[float, float]:
    """Press Enter; return seconds until the next item is there, and until the answer is saved."""
    name = page.locator("[data-item]").get_attribute("data-item")
    gone = f"""document.querySelector('[data-item]')
        && !document.querySelector('[data-item="{name}"]')"""
    page.evaluate("document.getElementById('tin').replaceChildren()")
    began = time.perf_counter()
    page.keyboard.press("Enter")
    page.wait_for_function(gone)
    there = time.perf_counter() - began
    page.wait_for_selector("#tin .saved")
    return there, time.perf_counter() - began


def main() -> None:
    """Serve, fill, press Enter, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--answers", type=int, default=50)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as place:
        backend = sample_backend(Path(place))
        fill(backend, arguments.items, arguments.answers)
        app = build_app(backend.archive, backend.index, backend.settings)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            config = uvicorn.Config(app, log_level="warning", lifespan="off")
            server = uvicorn.Server(config)
            thread = threading.Thread(target=server.run, args=([listener],))
            thread.start()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
                )
                page = browser.new_page()
                page.goto(f"http://127.0.0.1:{listener.getsockname()[1]}/kiem-tra")
                page.wait_for_timeout(2_000)
                took = [answer(page) for _ in range(arguments.answers - 10)]
                browser.close()
            server.should_exit = True
            thread.join(30)
    told("next item on the screen", [one for one, _ in took])
    told("answer saved and published", [both for _, both in took])


if __name__ == "__main__":
    main()
