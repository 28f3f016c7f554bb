"""Finds what is drawn where a number should stand alone: a line through it, other figures, scrawl.

A recogniser of lines sees figures through almost anything, and is sure of them. Whether a number
still holds is told by the ink around: a stroke through it strikes it out, figures above it are put
in its place, and a signature or a stamp across it leaves open what stands below.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from ocr.image.background import extremes
from ocr.image.components import Labels, label_components
from ocr.image.geometry import Pixels

_DARK = 0.4  # share of the way from paper to the darkest ink; pencil and blue ink are darker
_LEAST_CONTRAST = 40  # grey levels between paper and ink
_TALL = 2.1  # row heights: no figure that somebody writes into a row is as high
_OVER = 0.6  # row heights by which a stroke reaches beyond the slot on both sides
_MIDDLE = 0.26  # share of the figures' height, above and below, in which no line strikes them out
_THROUGH = 0.65  # share of the figures' width, slash included, that a line through them is long
_PART = 1.3  # heights of print that a line through some of the figures is long, at several angles
_REACH = 0.2  # row heights beside the figures that such a line goes on
_LEAST_LINE = 0.9  # row heights; the bar of a 7 or 4 is shorter
_LEAN = range(-16, 17, 4)  # degrees that such a line may lean
_LONG_LINE = 4.0  # row heights; no bars of figures beside each other make a line as long
_LEAN_LONG = range(-10, 11, 2)  # the longer it is, the less it may miss
_LEAN_ALONE = range(-36, 37, 3)  # steeper ones are strokes of figures
_ALONE = 1.05  # row heights that a line through one figure is long, at least
_ANGLES = 3  # angles at which a stroke holds such a line; joined figures do at one or two
_MIDDLE_ALONE = 0.28  # as _MIDDLE, of the middle of such a line
_INNER = 0.96  # share of a box's inside that such a line is long, at least
_ADDED = 0.4, 1.6  # row heights of figures that were written above
_GOES_ON = 0.6  # row heights below a row where a number goes on
_REACHES = 0.75, 0.5  # heights of print above and below a row where no figure of it ends
_RULED = 0.25  # row heights that a rule is thick, at most
_BESIDE = 0.5  # row heights that a figure beside others is high, at least
_RULE = 1.5  # row heights that a rule under a name is long, at least
_FRAME = 2.0  # row heights that the upper rule of a stamp's frame is long, at least
_FIGURE = 0.35  # row heights that a figure is high, at least


class Disturbance(StrEnum):
    """Why the figures of a slot may not hold."""

    CROSSED = "crossed"  # a signature, a stamp or a stroke lies across it
    STRUCK = "struck"  # a line strikes it out
    ADDED = "added"  # figures stand above or below it
    BESIDE = "beside"  # something stands between it and the words around it


class Around(NamedTuple):
    """Where the figures stand on a cut-out of their row, in its pixels."""

    left: float
    right: float
    top: float  # of the row
    bottom: float
    free: float  # where the words of the row above end
    below: float = 0.0  # where the words of the row below begin; 0: nothing below is looked at
    typical: float = 0.0  # height of print; 0: a line through some of the figures is not looked for
    before: float = math.inf  # where the word before ends, if nothing may stand behind it
    behind: float = 0.0  # where the word behind begins, if nothing may stand before it
    reach: float = 0.0  # height of print, where figures may touch those of another row; 0: never


def disturbance(cut_out: Pixels, around: Around) -> Disturbance | None:
    """Return what disturbs the figures of a slot; None when they stand alone.

    Args:
        cut_out: the row with paper above and below, grey or BGR.
        around: where the figures stand on it.
    """
    return next(disturbances(cut_out, (around,)))


def disturbances(cut_out: Pixels, each: Sequence[Around]) -> Iterator[Disturbance | None]:
    """Yield what disturbs each of the groups of figures that stand in one row.

    Args:
        cut_out: the row with paper above and below, grey or BGR.
        each: where the groups stand on it.
    """
    if not each:
        return
    ink = ink_of(cut_out)
    _clear_above(ink, each[0])
    _, labels, stats = label_components(ink)
    for around in each:
        yield _disturbance(labels, stats.tolist(), around)


def _disturbance(
    labels: Labels, stats: Sequence[Sequence[int]], around: Around
) -> Disturbance | None:
    height = around.bottom - around.top
    own = np.zeros(labels.shape, np.uint8)
    for label, (left, top, width, tall, _) in enumerate(stats):
        right, low = left + width, top + tall
        if label and _is_beside((left, top, right, low), around):
            return Disturbance.BESIDE
        if label == 0 or right <= around.left or left >= around.right or tall < 0.15 * height:
            continue
        is_inside = low > around.top + 0.2 * height and top < around.bottom - 0.2 * height
        if is_inside:
            if seen := _joined((left, top, right, low), around):
                return seen
            window = np.s_[top:low, left:right]
            own[window][labels[window] == label] = 255
        elif _is_added(top, low, around):
            # A figure below ends below; a stamp's frame begins with a rule, and goes on.
            seen = labels[top:low, left:right] == label
            if low < len(labels) or top < around.bottom or not _has_rule_above(seen, height):
                return Disturbance.ADDED
    return Disturbance.STRUCK if _is_struck(own, around) else None


def ink_of(cut_out: Pixels) -> Pixels:
    """Return 255 where something is written or printed, as dark as figures are.

    Args:
        cut_out: grey or BGR.
    """
    grey = extremes(cut_out).darkest
    paper, darkest = float(np.percentile(grey, 80)), float(np.percentile(grey, 1))
    if paper - darkest < _LEAST_CONTRAST:
        return np.zeros(grey.shape, np.uint8)
    return np.where(grey < paper - _DARK * (paper - darkest), 255, 0).astype(np.uint8)


def is_struck_alone(ink: Pixels, height: float, inner: int = 0) -> bool:
    """Tell whether a line longer than any bar goes through one figure that touches no other.

    Args:
        ink: 255 where something is written, around one figure.
        height: the height of a row of print, in pixels.
        inner: how wide the box is that it stands in; 0: in none.
    """
    length = max(2, round(min(_ALONE * height, _INNER * inner or height * 2)))
    rows = np.flatnonzero(ink.any(axis=1))
    if length > ink.shape[1] or not len(rows):
        return False
    top, low = int(rows[0]), int(rows[-1]) + 1
    edge = round(_MIDDLE_ALONE * (low - top))
    held = _held_lines(ink, length, _LEAN_ALONE)
    return sum(bool(line[top + edge : low - edge].any()) for line in held) >= _ANGLES


def _clear_above(ink: Pixels, around: Around) -> None:
    """Take away the words above a row and the rule under them, but not what goes through it."""
    height = around.bottom - around.top
    ink[: round(around.free)] = 0
    above = ink[: round(around.top)]
    if above.size:
        level = np.ones((1, round(_RULE * height)), np.uint8)
        held = cv2.morphologyEx(above, cv2.MORPH_OPEN, level)
        rules = cv2.dilate(held, np.ones((3, 3), np.uint8)) > 0
        without = np.asarray(above * ~rules, np.uint8)
        thick = np.ones((max(3, round(_RULED * height)), 1), np.uint8)
        above[rules & (cv2.morphologyEx(without, cv2.MORPH_CLOSE, thick) == 0)] = 0


def _is_added(top: int, low: int, around: Around) -> bool:
    """Tell whether a stroke above or below the row may be a figure, and is nobody else's."""
    height, tall = around.bottom - around.top, low - top
    is_above = low <= around.top + 0.25 * height
    is_below = around.bottom - 0.2 * height <= top <= around.bottom + _GOES_ON * height
    is_below &= low <= around.below
    is_figure = _ADDED[0] * height <= tall <= _ADDED[1] * height
    return is_figure and (is_above or is_below)


def _joined(place: tuple[int, int, int, int], around: Around) -> Disturbance | None:
    """Return what a stroke of the row is if not its figures alone; None if it may be these."""
    (left, top, right, low), height = place, around.bottom - around.top
    is_across = min(around.left - left, right - around.right) > _OVER * height
    if low - top > _TALL * height or (is_across and low - top > _FIGURE * height):
        return Disturbance.CROSSED
    far, near = (share * around.reach for share in _REACHES)
    above = max(near, min(far, around.top - around.free - 1))  # or as far as there is paper
    is_beyond = top < around.top - above or low > around.bottom + near
    return Disturbance.ADDED if around.reach and is_beyond else None


def _has_rule_above(seen: npt.NDArray[np.bool_], height: float) -> bool:
    """Tell whether what is seen of a stroke begins with a long, nearly level rule."""
    upper = seen[: max(1, len(seen) // 2)].astype(np.uint8)
    held = _held_lines(_thickened(upper, height), round(_FRAME * height), _LEAN_LONG)
    return any(line.any() for line in held)


def _is_beside(place: tuple[int, int, int, int], around: Around) -> bool:
    """Tell whether a stroke may be a figure that stands between the figures and a word."""
    (left, top, right, low), height = place, around.bottom - around.top
    is_before = around.before <= left and right <= around.left
    is_behind = around.right <= left and right <= around.behind
    is_level = around.top - 0.2 * height < (top + low) / 2 < around.bottom + 0.2 * height
    return (is_before or is_behind) and is_level and low - top >= _BESIDE * height


def _is_struck(own: Pixels, around: Around) -> bool:
    """Tell whether one nearly level line goes through the middle of the figures."""
    height = around.bottom - around.top
    inked = own[:, max(0, round(around.left)) : round(around.right)]
    rows, columns = np.nonzero(inked.any(axis=1))[0], np.nonzero(inked.any(axis=0))[0]
    if not len(columns):
        return False
    top, low = int(rows[0]), int(rows[-1]) + 1
    edge = round(_MIDDLE * (low - top))
    middle = own[top + edge : max(top + edge + 1, low - edge)]
    wide = int(columns[-1] - columns[0]) + 1
    length = round(min(max(_THROUGH * wide, _LEAST_LINE * height), _LONG_LINE * height))
    leans = _LEAN_LONG if length > 0.5 * _LONG_LINE * height else _LEAN
    thick = _thickened(middle, height)
    if any(line.any() for line in _held_lines(thick, length, leans)):
        return True
    # Some of the figures may be struck out alone; bars of the symbol behind are no such line.
    part, reach = round(_PART * around.typical), _REACH * height
    thick = thick[:, max(0, round(around.left - reach)) : round(around.right + reach)]
    held = _held_lines(thick, part, _LEAN_LONG)
    return part > 1 and sum(bool(line.any()) for line in held) >= _ANGLES


def _thickened(ink: Pixels, height: float) -> Pixels:
    """Return ink a little thicker, so that a line that is not quite straight holds one that is."""
    return np.asarray(
        cv2.dilate(ink, np.ones((max(1, round(0.05 * height)),) * 2, np.uint8)), np.uint8
    )


def _held_lines(ink: Pixels, length: int, leans: Iterable[int]) -> Iterator[Pixels]:
    """Yield for each angle, in degrees, where ink holds a whole line that leans so."""
    for lean in leans:
        yield np.asarray(cv2.erode(ink, _line(length, lean), borderValue=0), np.uint8)


def _line(length: int, lean: float) -> Pixels:
    """Return the mask of a line one pixel thick that leans by some degrees."""
    down = round(abs(math.tan(math.radians(lean))) * length)
    mask = np.zeros((down + 1, length), np.uint8)
    first, last = (0, down) if lean > 0 else (down, 0)
    return np.asarray(cv2.line(mask, (0, first), (length - 1, last), 1, 1), np.uint8)
