"""A number that nobody can give is told of its page; pages without trouble are told nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocr import open_reader
from ocr.page.slots import UNREAD
from ocr.page.slots.slot_reading import SEVERAL
from ocr.reader import Reader
from pipeline.documents import PageOfDossier, assemble
from pipeline.model import CERTAIN, Page, SlotKind
from pipeline.settings import ReadingSettings
from tests.paper import DrawnPage, degrade, draw_page, save_picture
from tests.paper.doubtful_heads import Mending, mended_head
from tests.paper.hidden_numbers import head_with_numbers, scrawled_head
from tests.paper.wear import SINGLE
from tests.paper.written_heads import Trouble, written_head

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def reader() -> Reader:
    return open_reader(ReadingSettings())


def read(reader: Reader, drawn: DrawnPage, folder: Path, wear: str = "clean") -> Page:
    save_picture(degrade(drawn, SINGLE[wear], 1), folder / "page.png")
    return reader.read_page(folder / "page.png", 1).page


def assert_told(page: Page, *reasons: str) -> None:
    (slot,) = (slot for slot in page.slots if slot.kind is SlotKind.NUMBER)
    assert slot.value == ""
    assert slot.reason
    assert set(page.reasons) & set(reasons or page.reasons), page.reasons
    for paper in assemble([PageOfDossier(1, page)]):
        number = paper.findings.get("number")
        assert number is None or number.confidence < CERTAIN


@pytest.mark.parametrize(
    ("printed", "seed"),
    [
        ("417 418", 1), ("417; 418", 4), ("417-418", 7), ("417 (418)", 12), ("417/418", 13),
        ("417/QĐ-UBND, 418", 19),
    ],
)  # fmt: skip
def test_two_printed_numbers_are_told_and_neither_is_taken(
    reader: Reader, tmp_path: Path, printed: str, seed: int
) -> None:
    page = read(reader, head_with_numbers(printed, seed), tmp_path)
    assert_told(page, SEVERAL)
    (paper,) = assemble([PageOfDossier(1, page)])
    assert "number" not in paper.findings


@pytest.mark.parametrize(
    ("seed", "wear"), [(102, "120 dpi"), (104, "skew 2°"), (107, "office scan"), (111, "yellowed")]
)
def test_a_signature_that_takes_the_row_away_is_told(
    reader: Reader, tmp_path: Path, seed: int, wear: str
) -> None:
    assert_told(read(reader, scrawled_head(seed), tmp_path, wear), UNREAD)


@pytest.mark.parametrize("trouble", [Trouble.STRUCK, Trouble.CORRECTED])
def test_a_struck_number_is_told(reader: Reader, tmp_path: Path, trouble: Trouble) -> None:
    for seed in (704, 706):
        assert_told(read(reader, written_head("A", seed, 200, trouble=trouble).page, tmp_path))


def test_figures_over_figures_are_told(reader: Reader, tmp_path: Path) -> None:
    for seed in (711, 713):
        assert_told(read(reader, mended_head(Mending.OVER, seed, 200).page, tmp_path))


@pytest.mark.parametrize("wear", ["clean", "office scan"])
def test_clean_heads_and_empty_slots_are_told_nothing(
    reader: Reader, tmp_path: Path, wear: str
) -> None:
    for drawn in (draw_page("B", 71, 200), head_with_numbers("", 5)):
        page = read(reader, drawn, tmp_path, wear)
        assert page.reasons == ()
        assert not any(slot.kind is SlotKind.NUMBER and slot.reason for slot in page.slots)
