"""Searchable PDFs made in tests, and what two readers of PDFs find in them."""

from __future__ import annotations

import re
import subprocess
import warnings
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from ocr import open_binder
from pipeline.model import Box, Line, Page, PageMeasures, PageState, PageText, Source, Word
from pipeline.ports.searchable_pdf import PdfRequest, PdfResult
from pipeline.settings import ReadingSettings
from tests.paper import (
    Degradation,
    DrawnPage,
    PageTruth,
    degrade,
    draw_page,
    save_pdf,
    save_picture,
    save_tiff,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pypdfium2

TITLE, CODE = "Quyết định 12/QĐ-UBND về việc cấp giấy", "H26.19.25-260105-0007"
PDF, TIFF, JPEG, PNG = "application/pdf", "image/tiff", "image/jpeg", "image/png"


GREY, FAX = Degradation(grey=True), Degradation(one_bit=True)


def drawn(*wear: Degradation) -> list[DrawnPage]:
    """Return a page of another layout for each kind of wear."""
    return [_page(layout, worn) for layout, worn in zip("ABC", wear, strict=False)]


@cache
def _page(layout: str, worn: Degradation) -> DrawnPage:
    return degrade(draw_page(layout, 7, 150), worn, 7)


def as_pdf(pages: list[DrawnPage], folder: Path) -> tuple[Path, str]:
    path = folder / "scan.pdf"
    save_pdf(pages, path)
    return path, PDF


def as_pdf_with_garbage(pages: list[DrawnPage], folder: Path) -> tuple[Path, str]:
    path = folder / "garbage.pdf"
    save_pdf(pages, path, garbage=True)
    return path, PDF


def as_tiff(pages: list[DrawnPage], folder: Path) -> tuple[Path, str]:
    path = folder / "scan.tif"
    save_tiff(pages, path)
    return path, TIFF


def as_jpeg(pages: list[DrawnPage], folder: Path) -> tuple[Path, str]:
    path = folder / "scan.jpg"
    save_picture(pages[0], path)
    return path, JPEG


def as_png(pages: list[DrawnPage], folder: Path) -> tuple[Path, str]:
    path = folder / "scan.png"
    save_picture(pages[0], path)
    return path, PNG


def page_of(truth: PageTruth, number: int = 1) -> Page:
    """Return a page on which every printed word was read as it is."""
    rows = groupby(truth.words, key=lambda word: word.line)
    lines = [Line(tuple(Word(word.text, 0.9, word.box) for word in row)) for _, row in rows]
    measures = PageMeasures(
        truth.width,
        truth.height,
        float(truth.dpi),
        orientation=-truth.degradation.rotation % 360,
        skew=truth.degradation.skew,
    )
    return Page(number, PageState.READ, measures, PageText(tuple(lines)))


def pages_of(drawn: Sequence[DrawnPage]) -> list[Page]:
    """Return the pages of a scan as read."""
    return [page_of(page.truth, number) for number, page in enumerate(drawn, start=1)]


def plain_page(lines: Sequence[Sequence[tuple[str, Box]]], width: int, height: int) -> Page:
    """Return a page with these words at these places."""
    text = PageText(tuple(Line(tuple(Word(t, 0.9, box) for t, box in line)) for line in lines))
    return Page(1, PageState.READ, PageMeasures(width, height, 150.0), text)


def own(page: Page) -> Page:
    """Return the page as one whose own text was taken."""
    return replace(page, source=Source.TEXT_LAYER)


class MadePdf(NamedTuple):
    """A ``PdfResult`` whose PDF is there."""

    path: Path
    level: str
    words: int
    reasons: tuple[str, ...]
    seconds: float


def bind(
    source: Path, media_type: str, pages: Sequence[Page], folder: Path, level: str = "2b"
) -> MadePdf:
    """Make the searchable PDF of a scan, which must come out."""
    result = attempt(source, media_type, pages, folder, level)
    assert result.path, result.reasons
    return MadePdf(result.path, *result[1:])


def attempt(
    source: Path, media_type: str, pages: Sequence[Page], folder: Path, level: str = "2b"
) -> PdfResult:
    """Make the searchable PDF of a scan as the product does, in a sandboxed worker process."""
    binder = open_binder(ReadingSettings.model_validate({"pdf_level": level}))
    folder.mkdir(exist_ok=True)
    return binder.bind(source, PdfRequest(media_type, TITLE, CODE), pages, folder)


def tokens(page: Page) -> list[str]:
    """Return the words that must come out, in their order."""
    return page.text.text.split()


def raw_words(pdf: Path) -> list[list[str]]:
    """Return what poppler reads on each page, in the order of the content."""
    done = subprocess.run(
        ["pdftotext", "-raw", "-enc", "UTF-8", str(pdf), "-"], capture_output=True, check=True
    )
    return [page.split() for page in done.stdout.decode().split("\f")[:-1]]


def pdfium_words(pdf: Path) -> list[list[str]]:
    """Return what pdfium reads on each page; it writes a hyphen at a line's end as U+FFFE."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [
            page.get_textpage().get_text_bounded().replace("\ufffe", "-").split()
            for page in document
        ]


def shown_boxes(pdf: Path) -> list[tuple[str, tuple[float, float, float, float]]]:
    """Return the words of the first page with their boxes in points of the page as shown."""
    done = subprocess.run(
        ["pdftotext", "-bbox", "-cropbox", "-f", "1", "-l", "1", str(pdf), "-"],
        capture_output=True,
        text=True,
        check=True,
    )
    rows = re.findall(
        r'xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>', done.stdout
    )
    return [(text, (float(a), float(b), float(c), float(d))) for a, b, c, d, text in rows]


def overlap(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the intersection over union of two boxes: left, top, right, bottom."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    common = max(across, 0.0) * max(down, 0.0)
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return common / (areas - common)


def mean_overlap(pdf: Path, page: Page, scale: float) -> float:
    """Return the mean overlap of the words found with those written.

    Args:
        pdf: of which the first page is looked at.
        page: what was written on it.
        scale: points of the page for each of its pixels.
    """
    found = shown_boxes(pdf)
    assert sorted(text for text, _ in found) == sorted(tokens(page))
    overlaps = []
    for word in page.text.words:
        box = [side * scale for side in (word.box.left, word.box.top)]
        box += [side * scale for side in (word.box.right, word.box.bottom)]
        overlaps.append(max(overlap(box, there) for text, there in found if text == word.text))
    return sum(overlaps) / len(overlaps)
