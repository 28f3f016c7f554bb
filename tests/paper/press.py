"""Single pages and piles of pages, for tests and benchmarks that need no dossier."""

from __future__ import annotations

from pathlib import Path
from random import Random

from tests.paper import wear
from tests.paper.cases import make_case
from tests.paper.degrade import degrade
from tests.paper.files import save_digital, save_pdf
from tests.paper.fonts import typeface
from tests.paper.layouts import lay_out, named_paper
from tests.paper.picture import DrawnPage, draw
from tests.paper.truth import PageTruth

_MIX = ("A", "B", "A", "C", "A", "F", "B", "G", "continuation", "A")


def draw_page(layout: str, seed: int, dpi: int = 300) -> DrawnPage:
    """Draw one clean page.

    Args:
        layout: one of ``LAYOUTS``.
        seed: the same gives the same page.
        dpi: dots per inch of the picture.

    Raises:
        KeyError: no such layout.
        MisconfiguredError: a font is missing.
    """
    random = Random(f"page {layout} {seed}")
    return draw(lay_out(layout, make_case(random), random, typeface("termes")), dpi)


def make_pages(
    out: Path, count: int, seed: int, dpi: int = 300, *, clean: bool = False
) -> list[tuple[Path, PageTruth]]:
    """Write single-page scanned PDFs ``0001.pdf`` … into ``out``; return them and their truth."""
    out.mkdir(parents=True, exist_ok=True)
    made = []
    for number in range(1, count + 1):
        path = out / f"{number:04d}.pdf"
        (truth,) = save_pdf([_pile_page(seed, number, dpi, clean=clean)], path)
        made.append((path, truth))
    return made


def make_pile(
    path: Path, count: int, seed: int, dpi: int = 300, *, clean: bool = False
) -> tuple[PageTruth, ...]:
    """Write the pages of ``make_pages`` as one scanned PDF."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pages = [_pile_page(seed, number, dpi, clean=clean) for number in range(1, count + 1)]
    return save_pdf(pages, path)


def save_born_digital(seed: int, path: Path, *, pages: int = 1) -> tuple[PageTruth, ...]:
    """Write an office paper as a born-digital PDF with a true text layer."""
    random = Random(f"digital {seed}")
    case = make_case(random)
    sheets = named_paper(case, random, typeface("noto-serif"), pages=pages)
    return save_digital(sheets, path)


def _pile_page(seed: int, number: int, dpi: int, *, clean: bool) -> DrawnPage:
    drawn = draw_page(_MIX[(number - 1) % len(_MIX)], seed * 10_000 + number, dpi)
    if clean:
        return drawn
    worn = wear.moderate(Random(f"wear {seed} {number}"), dpi)
    return degrade(drawn, worn, seed * 10_000 + number)
