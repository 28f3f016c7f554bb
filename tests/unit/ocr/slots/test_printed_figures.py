"""Print that was not read surely: only the figures in doubt are read again, in one short line.

The words around are those of the drawn paper, so no OCR engine is needed.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ocr.engines.port import Probabilities
from ocr.engines.slot_recogniser import SlotRecogniser
from ocr.image.geometry import Pixels
from ocr.page.slots.slot_phrase import trimmed
from ocr.page.slots.slot_reading import read_slots
from pipeline.model import Line, Page, PageText, SlotKind, SlotReading, Word
from tests.paper import DrawnPage, draw_page
from tests.paper.written_heads import written_head
from tests.support.words_of_truth import page_of_truth

pytestmark = pytest.mark.slow  # pages are drawn

SHORT = 4.0  # heights of a line that holds figures and a slash; the whole phrase has 5 to 9


class MeasuringRecogniser(SlotRecogniser):
    """The recogniser that we ship, with how many heights wide its lines were."""

    def __init__(self) -> None:
        super().__init__()
        self.widths: list[float] = []

    def steps(self, line: Pixels) -> Probabilities:
        self.widths.append(line.shape[1] / line.shape[0])
        return super().steps(line)


def picture(drawn: DrawnPage) -> Pixels:
    return np.ascontiguousarray(np.asarray(drawn.image.convert("RGB"))[..., ::-1])


def doubted(page: Page, *texts: str, read: str = "") -> Page:
    """Return a page whose date has words read with 0.8, or as another word."""

    def said(word: Word) -> Word:
        return replace(word, confidence=0.8, text=read or word.text) if word.text in texts else word

    lines = tuple(
        Line(tuple(map(said, line.words))) if any(w.text == "ngày" for w in line.words) else line
        for line in page.text.lines
    )
    return replace(page, text=PageText(lines))


def values(slots: tuple[SlotReading, ...]) -> dict[SlotKind, str]:
    return {slot.kind: slot.value for slot in slots}


def test_of_a_printed_date_the_doubtful_figures_alone_are_read_in_short_lines() -> None:
    for seed in (5, 6, 9):
        drawn, figures = draw_page("A", seed, 200), MeasuringRecogniser()
        day = drawn.truth.fields["issued_on"].value
        page = doubted(page_of_truth(drawn.truth, confidence=0.96), f"{int(day[-2:]):02d}")
        assert values(read_slots(figures, picture(drawn), page)) == {SlotKind.DATE: day}
        assert 1 <= len(figures.widths) <= 2  # the month may be the same as the day
        assert max(figures.widths) < SHORT


def test_the_tail_of_a_q_makes_no_written_number() -> None:
    drawn, figures = draw_page("A", 1, 200), MeasuringRecogniser()
    assert values(read_slots(figures, picture(drawn), page_of_truth(drawn.truth))) == {
        SlotKind.NUMBER: drawn.truth.fields["number"].value
    }
    assert len(figures.widths) == 1
    assert max(figures.widths) < SHORT


def test_print_that_was_read_wrong_is_read_with_the_words_around_it() -> None:
    drawn, figures = draw_page("A", 5, 200), MeasuringRecogniser()
    day = drawn.truth.fields["issued_on"].value
    page = doubted(page_of_truth(drawn.truth), f"{int(day[-2:]):02d}", read="08")
    assert values(read_slots(figures, picture(drawn), page)) == {SlotKind.DATE: day}
    assert len(figures.widths) == 4  # it alone, which differs; the phrase; day and month


def test_what_is_written_is_never_taken_for_print_because_the_page_was_read_so() -> None:
    """Tesseract gives figures to scrawls: the reading must be that of what is seen."""
    for seed in range(4):
        head = written_head("A", 700 + seed, 200)
        page = page_of_truth(head.page.truth)
        page = replace(page, text=PageText(tuple(map(_with_a_false_day, page.text.lines))))
        for slot in read_slots(SlotRecogniser(), picture(head.page), page):
            assert slot.kind is SlotKind.NUMBER or slot.value in ("", head.day)


def _with_a_false_day(line: Line) -> Line:
    """Return a line of a date with 17 between ngày and tháng, as high as the print beside it."""
    texts = [word.text for word in line.words]
    if "ngày" not in texts or texts[texts.index("ngày") + 1] != "tháng":
        return line
    at = texts.index("ngày")
    before, after = line.words[at], line.words[at + 1]
    year = line.words[-1].box
    middle = (before.box.right + after.box.left) // 2
    box = year._replace(left=middle - year.width // 4, width=year.width // 2)
    false = replace(before, text="17", confidence=0.9, box=box)
    return Line((*line.words[: at + 1], false, *line.words[at + 1 :]))


def test_a_line_loses_its_paper_and_is_not_drawn_out() -> None:
    line = np.full((50, 400, 3), 250, np.uint8)
    line[10:40, 200:206] = 30
    line[20:30, 260:262] = 200  # pencil
    assert trimmed(line, 40.0).shape == (50, 82, 3)
    assert trimmed(line[:, :250], 40.0).shape == (50, 50, 3)
    assert trimmed(np.full((50, 400, 3), 250, np.uint8), 40.0).shape == (50, 400, 3)
