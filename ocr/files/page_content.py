"""Tells what the content of a PDF page says: text that nobody sees, which way text runs, pictures.

Scanners and copiers lay what their OCR read under or over the picture of a page, in rendering mode
3 (ISO 32000-1, 9.3.6), transparent, covered by the picture, or white over its print. Such text is a
reading, not what is printed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pikepdf
from numpy.typing import NDArray
from pikepdf import Name

from ocr.files.content_walker import (
    PAGE,
    ContentWalker,
    DrawnPicture,
    Rectangle,
    ShownText,
    StreamId,
)
from ocr.files.formats.blank_pictures import BlankPictures

# Degrees off its way by which a line gives poppler no words, and points: so large, a watermark.
_SLANTED, _LARGE = 10.0, 24.0
_MAX_PICTURES = 2_000  # beyond, only their sum counts
_MAX_FORMS = 100  # of a page that are looked into for pictures
_GRID = 200  # cells across and down a page, in which what pictures cover is counted


@dataclass(frozen=True, slots=True)
class PageContent:
    """What the content of a page says about its text and pictures."""

    covered: float  # share of the page that pictures cover together, 0-1
    hidden: dict[StreamId, frozenset[int]] = field(default_factory=dict)  # ordinals of shows
    has_seen_text: bool = False
    turn: int = 0  # degrees clockwise that bring most of the seen text upright
    may_have_pictures: bool = True  # drawn by whatever means

    @property
    def has_hidden_text(self) -> bool:
        """Whether some of its text is not seen."""
        return bool(self.hidden)


def walk(page: pikepdf.Page) -> PageContent:
    """Look through the content of a page and the forms that it draws.

    Raises:
        TooMuchContentError: there is more of it than is looked at.
        pikepdf.PdfError: it cannot be parsed; also what qpdf raises for odd objects.
    """
    walker = ContentWalker()
    walker.walk(page.obj, PAGE, page.resources)
    x0, y0, x1, y1 = (float(side) for side in page.cropbox)
    sheet = Rectangle(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
    hidden: dict[StreamId, set[int]] = defaultdict(set)
    seen: set[tuple[StreamId, int]] = set()
    ways: Counter[int] = Counter()
    for show, under in zip(
        walker.shows, _covered_texts(walker.shows, walker.pictures), strict=True
    ):
        way = round(show.angle / 90) * 90
        is_watermark = abs(show.angle - way) > _SLANTED and abs(show.size) >= _LARGE
        if show.is_unseen or under or is_watermark:
            hidden[show.stream].add(show.ordinal)
        else:
            seen.add((show.stream, show.ordinal))
            ways[way % 360] += show.length
    turned = int(page.obj.get("/Rotate", 0) or 0)
    return PageContent(
        covered=_covered([picture.box for picture in walker.pictures], sheet),
        hidden={
            stream: frozenset(each for each in ordinals if (stream, each) not in seen)
            for stream, ordinals in hidden.items()
        },
        has_seen_text=bool(seen),
        may_have_pictures=bool(walker.pictures) or _can_draw_more(page),
        turn=(max(ways, key=lambda angle: ways[angle]) - turned) % 360 if ways else 0,
    )


def _can_draw_more(page: pikepdf.Page) -> bool:
    """Tell whether a page names anything that may draw pictures besides those that were walked.

    Notes, patterns, masks and drawn letters (Type 3) are not walked.
    """
    if "/Annots" in page.obj:
        return True
    left: list[Any] = [page.resources]
    known: set[StreamId] = set()
    while left:
        resources = left.pop()
        fonts = resources.get("/Font", {}).values()
        states = resources.get("/ExtGState", {}).values()
        if "/Pattern" in resources or any(font.get("/Subtype") == Name.Type3 for font in fonts):
            return True
        if any(isinstance(state.get("/SMask"), pikepdf.Dictionary) for state in states):
            return True
        for drawn in resources.get("/XObject", {}).values():
            if drawn.get("/Subtype") != Name.Form or len(known) > _MAX_FORMS:
                return True
            if drawn.objgen not in known:
                known.add(drawn.objgen)
                left.append(drawn.get("/Resources", {}))
    return False


def _covered_texts(
    shows: Sequence[ShownText], pictures: Sequence[DrawnPicture]
) -> NDArray[np.bool_]:
    """Tell which texts begin on a picture that hides them, or that has print of its own.

    Of text over print nobody can tell whether it is seen: it may be white, or nearly transparent.
    """
    x = np.array([show.x for show in shows])
    y = np.array([show.y for show in shows])
    order = np.arange(len(shows))
    on_solid, covered = (np.zeros(len(shows), np.bool_) for _ in range(2))
    blank = BlankPictures()
    for (left, bottom, right, top), after, is_solid, stream in (
        pictures[:_MAX_PICTURES] if shows else ()
    ):
        on = (x >= left) & (x <= right) & (y >= bottom) & (y <= top)
        if not on.any():
            continue
        on_solid |= on & is_solid
        is_blank = after < len(shows) and is_solid and blank.shows_nothing(stream)
        covered |= on & (order < after) & is_solid if is_blank else on
    return on_solid & covered


def _covered(pictures: Sequence[Rectangle], sheet: Rectangle) -> float:
    """Return the share of a page that pictures cover together: strips, tiles, layers."""
    cells = np.zeros((_GRID, _GRID), np.bool_)
    across = _GRID / max(sheet.right - sheet.left, 1e-6)
    down = _GRID / max(sheet.top - sheet.bottom, 1e-6)
    for left, bottom, right, top in pictures[:_MAX_PICTURES]:
        columns = _cells((left - sheet.left) * across, (right - sheet.left) * across)
        cells[_cells((bottom - sheet.bottom) * down, (top - sheet.bottom) * down), columns] = True
    return float(cells.mean())


def _cells(start: float, end: float) -> slice:
    low, high = (min(max(round(edge), 0), _GRID) for edge in (start, end))
    return slice(low, high)
