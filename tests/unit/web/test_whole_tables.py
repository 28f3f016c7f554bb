"""A list over several pages is handed out in one piece, from any of its pages."""

from __future__ import annotations

import csv
import io

import pytest

from pipeline.model import (
    Document,
    Dossier,
    IndexEntry,
    Outcome,
    PageNote,
    PageRef,
    PersonRole,
    Publication,
    Record,
)
from pipeline.ports import PageReading
from tests.support.callers import V1, caller
from tests.support.listed import HEADING, list_page, page_number, rows_of
from tests.support.visitors import Browser, Room, open_room
from tests.support.web_backend import RECEIVED, RECIPE, UPRIGHT, draw, line, store_scan

DOSSIER = "0c01"
PLACE = f"/ho-so/{DOSSIER}/trang"
PAGES = (
    list_page(1, [HEADING, *rows_of(1, 14)], others=[line(40, "DANH", "SÁCH")]),
    list_page(2, [HEADING, *rows_of(15, 28)], others=[page_number(2)]),
    list_page(3, rows_of(29, 31), others=[page_number(3), line(900, "Người", "lập")]),
    list_page(4, [HEADING, *rows_of(1, 3)]),  # of the next paper
)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    """A reading room with a dossier of two lists, the first on three pages."""
    room = open_room(tmp_path_factory.mktemp("room"))
    backend = room.backend
    scan = store_scan(backend, "danh sách.pdf", len(PAGES))
    for page in PAGES:
        reading = PageReading(page, draw(page.text, UPRIGHT))
        backend.archive.keep_page(PageRef(DOSSIER, scan.sha256, page.number), RECIPE, reading)
    notes = tuple(PageNote(scan.sha256, page.number, RECIPE, page.state, 0.95, 1) for page in PAGES)
    papers = (Document("Danh sách", (1, 2, 3)), Document("Danh sách", (4,)))
    made = Dossier(
        DOSSIER,
        scan.name,
        RECEIVED,
        scans=(scan,),
        pages=notes,
        documents=papers,
        outcome=Outcome.COMPLETE,
    )
    record = Record(1, RECEIVED, "worker", "digitised", made)
    backend.archive.keep_record(record)
    entries = tuple(IndexEntry(page.number, page.text.text, page.state, "") for page in PAGES)
    backend.index.publish([Publication(made, 1, entries)])
    return room


@pytest.fixture(scope="module")
def visitor(room: Room) -> Browser:
    return room.signed_in(room.person("xem"))


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("number", [1, 2, 3])
def test_any_of_its_pages_gives_the_whole_list_with_one_heading(
    visitor: Browser, number: int
) -> None:
    told = visitor.get(f"{PLACE}/{number}/bang/1.csv?ca=1")
    assert rows(told.content) == [list(HEADING), *map(list, rows_of(1, 31))]
    named = 'attachment; filename="trang-1-3-bang-1.csv"'
    assert told.headers["content-disposition"] == named
    whole = visitor.get(f"{PLACE}/{number}/bang/1.html?ca=1").text
    assert (whole.count("<tr>"), whole.count("<td>STT</td>")) == (32, 1)


def test_the_page_alone_is_given_where_nobody_asks_for_more(visitor: Browser) -> None:
    told = rows(visitor.get(f"{PLACE}/2/bang/1.csv").content)
    assert told == [list(HEADING), *map(list, rows_of(15, 28))]


def test_the_list_of_the_next_paper_is_another_one(visitor: Browser) -> None:
    told = visitor.get(f"{PLACE}/4/bang/1.csv?ca=1")
    assert rows(told.content) == [list(HEADING), *map(list, rows_of(1, 3))]
    assert told.headers["content-disposition"].endswith('"trang-4-bang-1.csv"')
    assert visitor.get(f"{PLACE}/4/bang/2.csv?ca=1").status_code == 404


@pytest.mark.parametrize(
    ("number", "said", "not_said"),
    [
        (1, ("còn tiếp ở trang 2",), ("tiếp từ",)),
        (2, ("tiếp từ trang 1", "còn tiếp ở trang 3"), ()),
        (3, ("tiếp từ trang 2",), ("còn tiếp",)),
        (4, (), ("tiếp từ", "còn tiếp", "cả bảng")),
    ],
)
def test_the_viewer_says_where_the_list_goes_on(
    visitor: Browser, number: int, said: tuple[str, ...], not_said: tuple[str, ...]
) -> None:
    html = visitor.get(f"{PLACE}/{number}").text
    assert all(words in html for words in said)
    assert not any(words in html for words in not_said)
    assert (f'href="{PLACE}/{number}/bang/1.csv?ca=1"' in html) is bool(said)


def test_the_api_gives_the_whole_list_too(room: Room) -> None:
    machine = caller(room, "bảng", PersonRole.READER)
    told = machine.get(f"{V1}/dossiers/{DOSSIER}/pages/2/tables/1.csv?whole=true")
    assert len(rows(told.content)) == 32
    alone = machine.get(f"{V1}/dossiers/{DOSSIER}/pages/2/tables/1.csv")
    assert len(rows(alone.content)) == 15
