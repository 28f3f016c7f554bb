"""Takes printed boxes, rules and dots out of the picture of a number, and finds its figures.

Forms print a box for each figure, a rule or dots to write on. A recogniser of lines reads boxes as
1 and dots as points, so they are painted over with paper first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from ocr.image.background import extremes
from ocr.image.components import label_components
from ocr.image.geometry import Pixels
from ocr.image.slot_boxes import Mask, Span, find_boxes
from pipeline.model import Box

_FAINT = 0.16  # share of the way from paper to the darkest ink: boxes are often printed grey
_DARK = 0.4  # the same for what is written
_LEAST_CONTRAST = 40  # grey levels between paper and ink
_RULE = 0.8  # row heights that a rule of a box is long, at least
_LONG = 2.5  # row heights that one to write on is long: no bar of a 7, nor two of them
_TALL = 2.6  # row heights that a rule down is long which is not a figure's stroke
_GAP = 0.1  # row heights that a rule may be broken
_DOT = 0.24  # row heights: what is smaller both ways is a dot
_BAR = 0.3  # row heights that the bar of a 7 or of a 2 is long, at least
_THICKER = 0.045  # row heights by which a bar makes a rule thicker, at least
_CROSSED = 0.12  # row heights that a rule is thick, at most, which strokes are followed through
_LEVEL = 0.6  # share of the pixels of a box's longest row that its rules have
_PALE = 0.75  # share of the ink's contrast that boxes have, at most, which ink is told from
_BEYOND = 0.1  # row heights beyond a rule where a figure has gone through it
_TOUCHES = 2  # pixels from a rule to a figure that ends on it
_FIGURE = 0.42  # row heights that a figure is high, at least


class Cleaned(NamedTuple):
    """A band of a form without what is printed for figures to stand in."""

    grey: Pixels
    ink: Mask  # 255 where something is written
    cells: tuple[Span, ...]  # between the sides of its boxes; none where a number stands on a line
    paper: int  # grey level
    edges: Span | None = None  # the rows where the boxes' rules were, above and below; -1: none
    dark: Mask | None = None  # 1 where the band was dark, before anything was taken out
    printed: Mask | None = None  # 1 where boxes were taken out
    is_pale: bool = False  # boxes are paler than ink, which was told from them


def cleaned(
    band: Pixels, height: float, counts: Sequence[int], words: Sequence[Box] = ()
) -> Cleaned:
    """Return a band without boxes, rules and dots, and the boxes if there are any.

    Args:
        band: upright, grey or BGR; the row in its middle, paper above and below.
        height: the height of a row of print, in pixels.
        counts: how many boxes there may be.
        words: the printed words above the row, which become paper too.
    """
    grey = extremes(band).darkest
    paper, darkest = int(np.percentile(grey, 75)), float(np.percentile(grey, 0.5))
    contrast = paper - darkest
    if words:
        grey = grey.copy()
    for word in words:
        left, top = max(0, word.left), max(0, word.top)
        grey[top : max(top, word.bottom), left : max(left, word.right)] = paper
    if contrast < _LEAST_CONTRAST:
        return Cleaned(grey, np.zeros(grey.shape, np.uint8), (), paper)
    seen = np.asarray(grey < paper - max(14.0, _FAINT * contrast), np.uint8)
    joined = _closed(seen, (1, _size(_GAP * height)))
    long = _opened(joined, (1, _size(_LONG * height)))
    long[_written_through(long, height)] = 0
    boxes = find_boxes(seen, _opened(joined, (1, _size(_RULE * height))), height, counts)
    down = _opened(seen, (_size(_TALL * height), 1))
    thick = np.ones((3, 3), np.uint8)
    rules = np.asarray(cv2.dilate(long | down, thick), np.uint8)
    rules = (rules & np.asarray(cv2.dilate(seen, thick), np.uint8)) | boxes.printed
    dark = np.asarray(grey < paper - _DARK * contrast, np.uint8)
    written = dark & (1 - rules)
    rules &= 1 - _through(written, height)
    darkest = _pale_boxes(grey, written, boxes.printed, paper)
    for cell in boxes.cells:  # their sides may be drawn twice, and darker
        inside = slice(cell.left, cell.right)
        rules[:, inside][grey[:, inside] < darkest] = 0
    clean = np.where(rules > 0, np.uint8(paper), grey).astype(np.uint8)
    ink = np.where(clean < paper - _DARK * contrast, 255, 0).astype(np.uint8)
    _clear_dots(ink, clean, height, paper)
    printed, is_pale = boxes.printed, darkest > 0
    return Cleaned(clean, ink, boxes.cells, paper, boxes.edges, dark, printed, is_pale)


def figures_in(ink: Mask, row: tuple[float, float], height: float) -> list[Span]:
    """Return where strokes as high as figures stand in a row, joined where they lie over another.

    Args:
        ink: 255 where something is written.
        row: the top and bottom of the row, in pixels from the top of the band.
        height: the height of the row of print, in pixels.
    """
    stats = label_components(ink)[2]
    spans: list[Span] = []
    for left, top, wide, tall, _ in sorted(stats[1:].tolist()):
        middle = top + tall / 2
        if tall < _FIGURE * height or not row[0] - 0.2 * height < middle < row[1] + 0.2 * height:
            continue
        if spans and left < spans[-1].right:
            spans[-1] = Span(spans[-1].left, max(spans[-1].right, left + wide))
        else:
            spans.append(Span(left, left + wide))
    return spans


def row_alone(picture: Cleaned, row: tuple[float, float], height: float) -> Cleaned:
    """Return a band with what stands in its row alone; rows above and below become paper.

    Args:
        picture: a band without what is printed for figures to stand in.
        row: the top and bottom of the row, in pixels from the top of the band.
        height: the height of the row of print, in pixels.
    """
    _, labels, stats = label_components(picture.ink)
    middles = stats[:, 1] + stats[:, 3] / 2
    other = (middles < row[0] - 0.85 * height) | (middles > row[1] + 0.2 * height)
    other |= (stats[:, 1] <= 1) & (stats[:, 1] + stats[:, 3] < row[0] + 0.5 * height)
    other[0] = False
    return without(picture, other[labels].astype(np.uint8))


def without(picture: Cleaned, gone: Mask) -> Cleaned:
    """Return a band where some of it became paper.

    Args:
        picture: a band without what is printed for figures to stand in.
        gone: 1 where it becomes paper.
    """
    ink = np.where(gone > 0, 0, picture.ink).astype(np.uint8)
    grown = cv2.dilate(gone, np.ones((3, 3), np.uint8)) > 0
    grey = np.where(grown & (ink == 0), np.uint8(picture.paper), picture.grey).astype(np.uint8)
    dark = None if picture.dark is None else np.where(gone > 0, 0, picture.dark).astype(np.uint8)
    return picture._replace(grey=grey, ink=ink, dark=dark)


def cut_figures(picture: Cleaned, cells: Sequence[Span], text: str, height: float) -> int:
    """Count the figures that may have lost a bar that lay on a rule: a 7 is 1 then, a 2 is 7.

    Args:
        picture: a band with boxes.
        cells: the boxes that hold the figures.
        text: the figure that was read in each.
        height: the height of a row of print, in pixels.
    """
    edges = picture.edges
    if edges is None:
        return 0
    return sum(
        _rests_on_rule(picture, cell, edges.left if figure == "1" else edges.right, height)
        for cell, figure in zip(cells, text, strict=True)
        if figure in "17"
    )


def _rests_on_rule(picture: Cleaned, cell: Span, row: int, height: float) -> bool:
    """Tell whether a bar may lie on the rule of a box: the figure ends there, or it is thicker.

    Where no rule is to be seen, nobody can tell what lay on it.
    """
    if picture.dark is None or picture.printed is None or row < 0:
        return False
    room = max(2, round(0.14 * height))
    near = slice(max(0, row - room), row + room + 1)
    own = picture.ink[:, cell.left : cell.right]
    printed = picture.printed[near, cell.left : cell.right].mean(axis=1)
    if not printed.any():
        return True
    rule = near.start + np.flatnonzero(printed > _LEVEL * printed.max())
    is_above, far = 2 * row < len(own), max(2, round(_BEYOND * height))
    above, below = own[: max(0, rule[0] - far)], own[rule[-1] + 1 + far :]
    beyond = above[-far:] if is_above else below[:far]
    if picture.is_pale or beyond.any():  # a bar is seen on a pale rule, and beyond any
        return False
    if is_above and own[rule[0] : rule[-1] + 1 + _TOUCHES].any():
        return True  # a 7 whose bar lies on the rule, all of it
    thick = picture.dark[near].sum(axis=0)
    inner = np.concatenate([thick[each.left : each.right] for each in picture.cells])
    most = float(np.median(inner)) + max(1.0, _THICKER * height)
    thicker = np.concatenate(([False], thick[cell.left : cell.right] > most, [False]))
    edges = np.flatnonzero(np.diff(thicker.astype(np.int8)))
    return any(b - a > _BAR * height for a, b in zip(edges[::2], edges[1::2], strict=True))


def _size(length: float) -> int:
    return max(2, round(length))


def _opened(mask: Mask, size: tuple[int, int]) -> Mask:
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones(size, np.uint8)), np.uint8)


def _closed(mask: Mask, size: tuple[int, int]) -> Mask:
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones(size, np.uint8)), np.uint8)


def _written_through(across: Mask, height: float) -> slice:
    """Return the rows of figures: a line through them strikes them out, their bars are theirs."""
    middle = across.shape[0] / 2
    return slice(round(middle - 1.1 * height), round(middle + 0.25 * height))


def _through(written: Mask, height: float) -> Mask:
    """Return 1 where a stroke of a figure goes on beyond a rule or the side of a box."""
    reach = _size(_CROSSED * height) + 4
    joined = np.zeros_like(written)
    for lean in (-1, 0, 1):
        stroke = np.zeros((reach, reach), np.uint8)
        half = lean * reach // 4
        cv2.line(stroke, (reach // 2 + half, 0), (reach // 2 - half, reach - 1), 1)
        joined |= np.asarray(cv2.morphologyEx(written, cv2.MORPH_CLOSE, stroke), np.uint8)
    return joined


def _pale_boxes(grey: Pixels, written: Mask, printed: Mask, paper: int) -> float:
    """Return the grey level below which a pixel is ink, where boxes are paler than it; else 0."""
    if not printed.any() or not written.any():
        return 0.0
    rows = np.flatnonzero(printed.sum(axis=1) > _LEVEL * printed.sum(axis=1).max())
    rule = min(float(np.median(grey[row][printed[row] > 0])) for row in rows.tolist())
    darkest = float(np.percentile(grey[written > 0], 20))
    return (rule + darkest) / 2 if paper - rule <= _PALE * (paper - darkest) else 0.0


def _clear_dots(ink: Mask, clean: Pixels, height: float, paper: int) -> None:
    """Take away specks and leaders: what is small both ways."""
    _, labels, stats = label_components(ink)
    small = (stats[:, 2] < _DOT * height) & (stats[:, 3] < _DOT * height)
    small[0] = False
    gone = small[labels]
    ink[gone] = 0
    clean[cv2.dilate(gone.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0] = paper
