"""Bytes of every page of the room before pictures, and the time until a page's picture is seen.

    .venv/bin/python -m bench.pages

Opens each page in Debian's chromium as the first role that may, nothing kept, and counts what
comes as document, style sheet and script. Then opens dossiers of 500
and 5,000 pages. Seconds are by the clock of this machine.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page, Response, sync_playwright

from tests.browser.test_accessibility import ROLES, addresses, is_page, scripted
from tests.browser.test_offices import enter
from tests.support.chromium import ARGUMENTS, CHROMIUM
from tests.support.drops import withhold
from tests.support.served_app import serving
from tests.support.visitors import Room, open_room
from tests.support.web_backend import COMPLETE, PARTIAL

KINDS = {"document", "stylesheet", "script"}
LATE = "openseadragon"  # asked for behind the picture, and kept for a year
SEEN = """() => new Promise((done) => {
  const seen = () => [...document.querySelectorAll("main img, main canvas")].some((one) => {
    const box = one.getBoundingClientRect();
    const is_there = one.tagName === "CANVAS" || (one.complete && one.naturalWidth > 0);
    return is_there && box.width > 40 && box.top < innerHeight;
  });
  const look = () => seen() ? done(performance.now()) : setTimeout(look, 5);
  look();
})"""


def main() -> int:
    """Measure and print both tables."""
    with (
        tempfile.TemporaryDirectory(prefix="sohoa-pages-") as folder,
        serving((room := furnished(folder)).app) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        visits = [Path(folder) / f"{name}.visit.json" for name in ROLES]
        for name, kept in zip(ROLES, visits, strict=True):
            scripted(browser, enter(browser, address, name)).context.storage_state(path=kept)
        print("| page | bytes |\n|---|---|")
        for route, path in addresses(room).items():
            print_weight(browser, visits, address, route, path)
        print_openings(browser, visits[0], address)
        browser.close()
    return 0


def furnished(folder: str) -> Room:
    """Open a room over the sample dossiers, somebody of each role, and two large dossiers."""
    room = open_room(Path(folder))
    archive = room.backend.archive
    record = archive.find_record(PARTIAL)
    assert record
    for pages in (500, 5_000):
        scan = replace(record.dossier.scans[0], pages=pages)
        notes = record.dossier.pages[:2] * (pages // 2)
        large = replace(record.dossier, id=f"0f{pages:06}", code="", scans=(scan,), pages=notes)
        archive.keep_record(replace(record, sequence=1, dossier=large))
    withhold(COMPLETE, archive, room.backend.index)
    for name, roles in ROLES.items():
        room.person(name, *roles)
    return room


def print_weight(browser: Browser, visits: list[Path], address: str, route: str, path: str) -> None:
    """Print the bytes of a page for the first role that gets it."""
    for visit in visits:
        context = browser.new_context(storage_state=visit)
        page = context.new_page()
        answers: list[Response] = []
        page.on("response", partial(_keep, answers))
        answer = page.goto(address + path)
        if answer is not None and answer.status == 200 and is_page(page, address + path):
            page.wait_for_load_state("load")
            ours = [one for one in answers if one.request.resource_type in KINDS]
            ours = [one for one in ours if LATE not in one.url and one.status == 200]
            print(f"| `{route}` | {sum(len(one.body()) for one in ours):,} |")
            context.close()
            return
        context.close()
    print(f"| `{route}` | nobody gets it |")


def _keep(answers: list[Response], one: Response) -> None:
    answers.append(one)


def print_openings(browser: Browser, visit: Path, address: str) -> None:
    """Print how long it takes until a page is there, and until its first picture is seen."""
    print("\n| opened, nothing kept | page there, s | first picture seen, s |\n|---|---|---|")
    for name, path in (
        ("a page of a dossier", f"/ho-so/{PARTIAL}/trang/1"),
        ("a dossier", f"/ho-so/{PARTIAL}"),
        ("a dossier of 500 pages", "/ho-so/0f000500"),
        ("page 250 of it", "/ho-so/0f000500/trang/250"),
        ("a dossier of 5,000 pages", "/ho-so/0f005000"),
        ("page 2,500 of it", "/ho-so/0f005000/trang/2500"),
    ):
        there, seen = zip(*(opening(browser, visit, address + path) for _ in range(3)), strict=True)
        print(f"| {name} | {sorted(there)[1]:.2f} | {sorted(seen)[1]:.2f} |")


def opening(browser: Browser, visit: Path, url: str) -> tuple[float, float]:
    """Return the seconds until the page is there and until a picture is seen."""
    context = browser.new_context(storage_state=visit, viewport={"width": 1440, "height": 900})
    page: Page = context.new_page()
    began = time.perf_counter()
    page.goto(url, wait_until="domcontentloaded")
    there = time.perf_counter() - began
    page.evaluate(SEEN)
    seen = time.perf_counter() - began
    context.close()
    return there, seen


if __name__ == "__main__":
    sys.exit(main())
