"""Reading is shared fairly, and no file takes the machine for days."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from pipeline import stages
from pipeline.documents import PageOfDossier, assemble, find_secrecy_mark
from pipeline.errors import ReadingError
from pipeline.model import (
    Box,
    Line,
    Page,
    PageMeasures,
    PageRef,
    PageState,
    PageText,
    Word,
)
from pipeline.settings import StorageSettings
from pipeline.turns import LEAST_SECONDS, PageTurns, ScanBudgets
from storage import open_archive
from tests.support.processor_time import least_time
from tests.support.watched import until
from tests.unit.pipeline.test_stages import SickReader


def test_a_small_dossier_does_not_wait_for_all_pages_of_a_large_one() -> None:
    turns, order = PageTurns(2), []
    ends = threading.Semaphore(0)  # one page ends for each release

    def read(dossier: str) -> None:
        with turns.turn(dossier):
            order.append(dossier)
            ends.acquire(timeout=300)

    def has_begun(count: int) -> bool:
        return len(order) == count

    with ThreadPoolExecutor(21) as readers:
        large = [readers.submit(read, "large") for _ in range(20)]
        until(lambda: (len(order), len(turns._waiting)) == (2, 18))
        small = readers.submit(read, "small")  # it comes when the large one has long begun
        until(lambda: len(turns._waiting) == 19)
        for begun in range(3, 22):
            ends.release()
            until(partial(has_begun, begun))
        ends.release(2)
        for one in (*large, small):
            one.result()
    assert len(order) == 21
    assert order.index("small") < 10, "it had not to wait for twenty pages"


def test_no_more_pages_are_read_at_once_than_there_are_places() -> None:
    turns, now, most = PageTurns(3), 0, 0
    lock = threading.Lock()
    together = threading.Barrier(3)  # so many are read at once, again and again

    def read(dossier: str) -> None:
        nonlocal now, most
        with turns.turn(dossier):
            with lock:
                now += 1
                most = max(most, now)
            together.wait(300)
            with lock:
                now -= 1
            together.wait(300)

    with ThreadPoolExecutor(24) as readers:
        list(readers.map(read, (str(n % 4) for n in range(24))))
    assert most == 3


def test_a_scan_that_takes_too_long_is_left_and_begins_anew_at_the_next_attempt() -> None:
    budgets, page = ScanBudgets(10.0, 20), PageRef("0a", "ab", 1)
    budgets.begin("ab", 3)
    budgets.note(page, LEAST_SECONDS, failed=False)
    budgets.check(page)
    budgets.note(page, 1.0, failed=False)
    with pytest.raises(ReadingError, match="tốn quá nhiều thời gian"):
        budgets.check(page)
    budgets.check(PageRef("0a", "cd", 1))
    budgets.begin("ab", 3)
    budgets.check(page)


def test_a_long_scan_has_time_for_its_pages() -> None:
    budgets, page = ScanBudgets(10.0, 20), PageRef("0a", "ab", 1)
    budgets.begin("ab", 5_000)
    budgets.note(page, 40_000.0, failed=False)
    budgets.check(page)


def test_pages_that_fail_one_after_the_other_end_a_scan(tmp_path: Path) -> None:
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF of many pages")
    archive = open_archive(StorageSettings(), tmp_path / "home")
    sha256 = archive.keep_original(scan)
    reader, budgets = SickReader(frozenset(range(3, 99))), ScanBudgets(10.0, 5)
    budgets.begin(sha256, 40)
    notes = [
        stages.read_page(PageRef("0a", sha256, number), archive, reader, budgets)
        for number in range(1, 41)
    ]
    assert [note.state for note in notes[:2]] == [PageState.READ] * 2
    assert {note.state for note in notes[2:]} == {PageState.NOT_READ}
    assert reader.reads == 2 + 5, "the others were not tried"
    assert "5 trang liền nhau không đọc được" in notes[-1].reasons[0]


def crowded(kind: str, words: int) -> PageOfDossier:
    """Return a page with as many words as the reader lets through."""
    if kind == "one row":
        lines: tuple[Line, ...] = (
            Line(tuple(Word("Số", 0.9, Box(9 + n * 12, 90, 8, 20)) for n in range(words))),
        )
    elif kind == "one place":
        lines = (Line(tuple(Word("w", 0.9, Box(9 + n % 7, 90, 8, 20)) for n in range(words))),)
    else:
        lines = tuple(Line((Word("w", 0.9, Box(9, 90 + n % 3, 8, 20)),)) for n in range(words))
    measures = PageMeasures(2480, 3508, 300.0)
    return PageOfDossier(1, Page(1, PageState.READ, measures, PageText(lines)))


@pytest.mark.parametrize("kind", ["one row", "one place", "a line each"])
def test_a_crowded_page_costs_the_stages_no_time(kind: str) -> None:
    """10,000 words in a row took 30 s, and 12,000 lines on one height over two minutes."""
    page = crowded(kind, 12_000)

    def assembled() -> None:
        assert find_secrecy_mark(page) is None
        assert assemble([page])[0].pages == (1,)

    assert least_time(assembled, 5.0) < 5.0


def test_a_secrecy_mark_counts_behind_any_number_of_words() -> None:
    words = [Word("w", 0.9, Box(9 + n * 12, 90, 8, 20)) for n in range(6_000)]
    words.append(Word("MẬT", 0.9, Box(words[-1].box.right + 400, 90, 60, 20)))
    measures = PageMeasures(80_000, 3508, 300.0)
    text = PageText((Line(tuple(words)),))
    mark = find_secrecy_mark(PageOfDossier(1, Page(1, PageState.READ, measures, text)))
    assert mark is not None
    assert mark.value == "MẬT"
