"""Measure what masking costs: a page's words, its picture, and each kind of page of the room.

    .venv/bin/python bench/masking.py

The same made-up papers are shown to an officer who chose a purpose and to a reader who sees them
masked; of searches, which nobody sees unmasked, the other is the demonstration. Times are of
this thread's processor; those of requests are on the clock.
"""

from __future__ import annotations

import io
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from httpx import Response
from PIL import Image, ImageFilter

from pipeline.masking import mask_page
from pipeline.model import Box, Page, PageRef, PageState, PageText, PersonRole, View
from tests.support.personal_papers import PersonalPaper, add_personal_papers
from tests.support.visitors import Browser, open_room
from tests.support.web_backend import RECIPE, Backend, line, open_client, sample_backend
from web.masked.painting import paint
from web.pictures import THUMBNAIL_SIZE

ROUNDS = 40
WORDS = 450  # of a dense page


def main() -> None:
    """Print the price of each step, then of each kind of request."""
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as other:
        room = open_room(Path(home))
        papers = add_personal_papers(room.backend, 20)
        paper = papers[0]
        page = room.backend.archive.find_page(PageRef(paper.dossier, paper.scan, 1), RECIPE)
        assert page
        _print_steps(page)
        officer = room.signed_in(room.person("minh", PersonRole.RECORDS))
        reader = room.signed_in(room.person("lan"))
        for one in papers:
            officer.unmask(one.dossier)
        _print_requests(sample_backend(Path(other)), officer, reader, paper)
        room.app.state.context.audit.close()


def _print_steps(page: Page) -> None:
    words = [word.text for word in page.text.words]
    lines = tuple(line(40 * at, *words) for at in range(1, WORDS // len(words) + 1))
    dense = Page(1, PageState.READ, page.measures, PageText(lines), page.view)
    cost = _median([partial(mask_page, dense)] * 10)
    print(f"mask the {len(dense.text.words)} words of a page: {cost:.1f} ms, once a process")
    view = View(2480, 3508, (1, 0, 0, 0, 1, 0))
    paper = Image.effect_noise((view.width, view.height), 40).filter(ImageFilter.GaussianBlur(2))
    kept = io.BytesIO()
    paper.convert("RGB").save(kept, "WEBP", quality=80, method=1)
    boxes = [Box(300, 300 * at, 600, 60) for at in range(1, 10)]
    full = _median([partial(paint, kept.getvalue(), view, boxes)] * 5)
    small = _median([partial(paint, kept.getvalue(), view, boxes, THUMBNAIL_SIZE)] * 5)
    print(f"paint a picture of A4 at 300 dpi: {full:.0f} ms; its thumbnail: {small:.0f} ms")


def _print_requests(
    backend: Backend, officer: Browser, reader: Browser, paper: PersonalPaper
) -> None:
    dossier = f"/ho-so/{paper.dossier}"
    add_personal_papers(backend, 20)
    free = open_client(backend)
    _compare("search", partial(free.get, "/?q=đề+nghị"), partial(reader.get, "/?q=đề+nghị"))
    paths = {
        "dossier": dossier,
        "page": f"{dossier}/trang/1",
        "picture": f"{dossier}/trang/1/anh.webp",
    }
    for what, path in paths.items():
        _compare(what, partial(officer.get, path), partial(reader.get, path))


def _compare(what: str, clear: Callable[[], Response], masked: Callable[[], Response]) -> None:
    """Print what a request costs, asked in turn on a busy machine."""
    times: list[list[float]] = [[], []]
    for _ in range(ROUNDS):
        for ask, kept in zip((clear, masked), times, strict=True):
            began = time.perf_counter()
            assert ask().status_code == 200
            kept.append(1000 * (time.perf_counter() - began))
    one, other = (statistics.median(kept[ROUNDS // 10 :]) for kept in times)
    print(f"{what:8} {one:6.2f} ms clear, {other:6.2f} ms masked (first {times[1][0]:.1f} ms)")


def _median(steps: list[Callable[[], object]]) -> float:
    times = []
    for step in steps:
        began = time.thread_time()
        step()
        times.append(1000 * (time.thread_time() - began))
    return statistics.median(times)


if __name__ == "__main__":
    main()
