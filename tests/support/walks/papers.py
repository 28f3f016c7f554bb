"""An office that reads drawn paper of one birth registration as an engine would have read it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from pipeline.model import Page, PageSign, PageText, View
from pipeline.model.page import SignKind
from pipeline.ports import PageReading
from tests.paper.cases import PROCEDURES, Case, make_case
from tests.paper.fonts import typeface
from tests.paper.layouts import certificate, form, receipt
from tests.paper.patches import patch_sheet
from tests.paper.picture import draw
from tests.paper.sheet import Sheet
from tests.support.drops import Office, RefusingReader
from tests.support.stored import TextReader
from tests.support.web_backend import HEIGHT, RECIPE, UPRIGHT, WIDTH, line
from tests.support.web_backend import draw as blocks
from tests.support.words_of_truth import page_of_truth

DPI = 96  # of drawn paper, unless it is to be looked at
SEPARATOR = "@phân cách"
Known = Mapping[str, PageReading]


@dataclass(frozen=True)
class PaperReader(TextReader):
    """Reads files whose lines are pages: the name of a drawn paper, or the words of a page."""

    papers: Known | None = None
    recipe: str = RECIPE

    def read_page(self, path: Path, number: int, orientation: int | None = None) -> PageReading:
        text = path.read_text().splitlines()[number - 1]
        known = (self.papers or {}).get(text)
        reading = known or written(super().read_page(path, number).page, text)
        return PageReading(replace(reading.page, number=number), reading.picture)


def written(page: Page, text: str) -> PageReading:
    """Return a page of a few words with a picture in which each is a block."""
    words = PageText((line(90, *text.split()),))
    measures = replace(page.measures, width=WIDTH, height=HEIGHT, dpi=100.0)
    whole = replace(page, text=words, measures=measures, view=UPRIGHT)
    return PageReading(whole, blocks(words, UPRIGHT))


def birth_case(seed: int = 4) -> Case:
    """Return who registers which birth; always the same for a seed."""
    return make_case(Random(f"walk {seed}"), PROCEDURES[0])


def birth_papers(case: Case, dpi: int = DPI) -> dict[str, PageReading]:
    """Return the papers of a case by name, and a separator sheet, as read pages with pictures."""
    random, face = Random("papers of a walk"), typeface("termes")
    sheets = {
        "@tiếp nhận": receipt(case, random, face)[0],
        "@tờ khai": form(case, random, face)[0],
        "@khai sinh": certificate(case, random, face)[0],
        SEPARATOR: patch_sheet(face),
    }
    return {name: _read(sheet, dpi, is_apart=name == SEPARATOR) for name, sheet in sheets.items()}


def _read(sheet: Sheet, dpi: int, *, is_apart: bool) -> PageReading:
    drawn = draw(sheet, dpi)
    page = page_of_truth(drawn.truth)
    view = View(drawn.truth.width, drawn.truth.height, (1, 0, 0, 0, 1, 0))
    signs = (PageSign(SignKind.SEPARATOR, "patch"),) if is_apart else ()
    picture = io.BytesIO()
    drawn.image.convert("RGB").save(picture, "WEBP", quality=60)
    return PageReading(replace(page, view=view, signs=signs), picture.getvalue())


def papers_office(home: Path, case: Case, dpi: int = DPI) -> Office:
    """Return an office over a home that reads the papers of a case."""
    reader = PaperReader(papers=birth_papers(case, dpi))
    return Office(home, RefusingReader(reader))
