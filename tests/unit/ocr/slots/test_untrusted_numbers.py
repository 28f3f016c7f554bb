"""Numbers of worn papers that may not hold, read by the real engine: none is taken."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from ocr import open_reader
from ocr.image.slot_ink import Disturbance
from ocr.page.slots.slot_phrase import DISTURBED
from ocr.reader import Reader
from pipeline.model import SlotKind
from pipeline.settings import ReadingSettings
from tests.paper import degrade, save_picture
from tests.paper.doubtful_heads import Mending, mended_head
from tests.paper.wear import moderate
from tests.paper.written_heads import Trouble, written_head

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def reader() -> Reader:
    return open_reader(ReadingSettings())


@pytest.mark.parametrize(
    ("trouble", "seed"),
    [  # two numbers near each other; a stroke that ends before the slash
        (Trouble.TWO, 2002), (Trouble.TWO, 2008), (Trouble.CORRECTED, 2001),
        (Trouble.TWO, 2031), (Trouble.CORRECTED, 2031), (Trouble.TWO, 31003),
    ],
)  # fmt: skip
def test_a_number_that_may_not_hold_is_not_taken(
    reader: Reader, tmp_path: Path, trouble: Trouble, seed: int
) -> None:
    worn = moderate(Random(f"slots {trouble} {seed}"), 200)
    head = written_head("AB"[seed % 2], seed, worn.dpi or 300, trouble=trouble)
    save_picture(degrade(head.page, worn, seed), tmp_path / "worn.png")
    slots = reader.read_page(tmp_path / "worn.png", 1).page.slots
    assert [slot.value for slot in slots if slot.kind is SlotKind.NUMBER and slot.value] == []


def test_a_number_struck_out_beside_another_is_not_taken_with_it(
    reader: Reader, tmp_path: Path
) -> None:
    """46 written before a printed 41 that is struck out was read as 464."""
    worn = moderate(Random("slots beside 800"), 200)
    head = mended_head(Mending.BESIDE, 800, 200)
    save_picture(degrade(head.page, worn, 800), tmp_path / "worn.png")
    slots = reader.read_page(tmp_path / "worn.png", 1).page.slots
    (number,) = (slot for slot in slots if slot.kind is SlotKind.NUMBER)
    assert (number.value, number.reason) == ("", DISTURBED[Disturbance.STRUCK])
