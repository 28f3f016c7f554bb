"""Extracts the text layer of a PDF page: what is seen of it, apart from what others read there.

Poppler extracts hidden text like any other. So where a page has hidden text, a copy of the page
without it is made, and what poppler still finds there is seen.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf

from ocr.files import poppler, text_layer
from ocr.files.content_walker import PAGE, SHOW_TEXT, TooMuchContentError
from ocr.files.inside.pdf_attachments import ODD
from ocr.files.page_content import PageContent, walk
from pipeline.model import Box, Line, PageText

NO_TEXT = PageText()
_NEXT_LINE = pikepdf.ContentStreamInstruction([], pikepdf.Operator("T*"))


class Rendering(NamedTuple):
    """A page's number, its size as shown in inches, and the resolution it is rendered at."""

    number: int
    size: poppler.PageSize
    dpi: float


@dataclass(frozen=True, slots=True)
class SeenText:
    """The text of a page that is seen, and the text that is not; boxes in pixels of the raster."""

    seen: PageText = NO_TEXT
    hidden: PageText = NO_TEXT  # a reading of others
    turn: int = 0  # degrees clockwise that bring what is seen upright


def content_of(path: Path, number: int) -> PageContent | None:
    """Return what the content of a page says, from 1; None where it cannot be looked through."""
    try:
        with pikepdf.open(path, suppress_warnings=True) as pdf:
            return walk(pdf.pages[number - 1])
    except (*ODD, MemoryError, OverflowError, TooMuchContentError):
        return None


def extract(
    path: Path, content: PageContent | None, at: Rendering, seconds: float, folder: Path
) -> SeenText:
    """Extract the text layer of a page.

    Args:
        path: the PDF.
        content: the findings on its content; None where that is not known.
        at: the page's number and size, and the resolution it is rendered at.
        seconds: the longest time that extracting may take.
        folder: where a copy of the page may be put.

    Raises:
        ReadingTimeoutError: it takes longer than that.
        RefusedScanError: poppler cannot open the file.
    """
    end = time.monotonic() + seconds
    everything = text_layer.parse(poppler.text_layer_xhtml(path, at.number, seconds), at.dpi)
    if content is None or not everything.lines:
        return SeenText(everything)
    if not content.has_seen_text:
        return SeenText(hidden=everything)
    if not (content.has_hidden_text or content.turn):
        return SeenText(everything)
    copy = folder / "seen.pdf"
    try:
        _save_seen(path, at.number, content, copy)
    except (*ODD, MemoryError):
        return SeenText(hidden=everything)
    upright = text_layer.parse(poppler.text_layer_xhtml(copy, 1, end - time.monotonic()), at.dpi)
    copy.unlink()
    seen = _turned_back(upright, content.turn, at)
    return SeenText(seen, _without(everything, seen), content.turn)


def _save_seen(path: Path, number: int, content: PageContent, target: Path) -> None:
    """Write a PDF of one page alone, without its hidden text, turned upright."""
    with pikepdf.open(path, suppress_warnings=True) as pdf, pikepdf.new() as new:
        page = pdf.pages[number - 1]
        for stream, ordinals in content.hidden.items():
            if stream == PAGE:
                page.obj.Contents = pdf.make_stream(_without_shows(page.obj, ordinals))
            else:
                form = pdf.get_object(stream)
                form.write(_without_shows(form, ordinals))
        page.rotate(content.turn, relative=True)
        new.add_pages_from(pdf, [number - 1], forms="strip", outlines="ignore")
        new.save(target)


def _without_shows(owner: Any, ordinals: frozenset[int]) -> bytes:
    """Return a content stream without some of the operators that show text, by their ordinals."""
    kept: list[Any] = []
    ordinal = 0
    for instruction in pikepdf.parse_content_stream(owner):
        if str(instruction.operator) in SHOW_TEXT:
            if ordinal not in ordinals:
                kept.append(instruction)
            elif str(instruction.operator) not in {"Tj", "TJ"}:  # these begin a new line as well
                kept.append(_NEXT_LINE)
            ordinal += 1
        else:
            kept.append(instruction)
    return pikepdf.unparse_content_stream(kept)


def _turned_back(text: PageText, turn: int, at: Rendering) -> PageText:
    """Return the text of a page that was turned clockwise, with boxes on the page as it is."""
    width, height = (round(side * at.dpi) for side in at.size)
    boxes: dict[int, Callable[[Box], Box]] = {
        90: lambda box: Box(box.top, height - box.right, box.height, box.width),
        180: lambda box: Box(width - box.right, height - box.bottom, box.width, box.height),
        270: lambda box: Box(width - box.bottom, box.left, box.height, box.width),
    }
    if turn not in boxes:
        return text
    turned = boxes[turn]
    return PageText(
        tuple(
            Line(tuple(replace(word, box=_on_sheet(turned(word.box))) for word in line.words))
            for line in text.lines
        )
    )


def _on_sheet(box: Box) -> Box:
    return box._replace(left=max(box.left, 0), top=max(box.top, 0))


def _without(text: PageText, seen: PageText) -> PageText:
    """Return the lines of a text without the words that are seen."""
    left = Counter(word.text for word in seen.words)
    lines = []
    for line in text.lines:
        words = []
        for word in line.words:
            left[word.text] -= 1
            if left[word.text] < 0:
                words.append(word)
        lines += [Line(tuple(words))] if words else []
    return PageText(tuple(lines))
