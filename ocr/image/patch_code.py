"""Finds the patch code of a separator sheet: four bars, two of them wide, three spaces between.

Kodak's patch codes: narrow bars and spaces 0.08 inch, wide bars 0.2 inch, bars 2 inches and longer.
Patch T (narrow, wide, narrow, wide) and patch 2, which is T upside down, part documents; the other
four steer scanners and are left alone.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.image.background import to_grey
from ocr.image.geometry import Pixels

_NARROW = (1.3, 2.9)  # millimetres: a narrow space, printed smaller or larger by a third
_NARROW_BAR = (0.5, 1.6)  # narrow spaces: copiers make bars fatter and spaces thinner
_WIDE_BAR = (1.8, 4.2)
_SPACE = (0.6, 1.5)
_QUIET = 1.8  # narrow spaces that stay white on both sides
_LENGTH = 15.0  # millimetres of the bars that must be seen
_STEP = 1.0  # millimetres between the lines that are looked at
_SEPARATES = {(False, True, False, True), (True, False, True, False)}
_SPECK = 5  # pixels: dirt is smaller, and the narrow bars are 12 wide
_COARSE = 8  # the light of a page changes slowly
_PAPER = 12.0  # millimetres: some paper is that near to every bar
_DARK = 140  # of 255, the paper
_RUNS = 9  # white, bar, space, bar, space, bar, space, bar, white


def has_separator_patch(picture: Pixels, millimetre: float) -> bool:
    """Tell whether a patch code that parts documents is on a page, whichever way up.

    Args:
        picture: the page, grey or BGR.
        millimetre: how many pixels of the picture a millimetre has.
    """
    grey = np.asarray(cv2.medianBlur(to_grey(picture), _SPECK), np.uint8)
    # The brightest of each neighbourhood is its paper, however the light falls.
    small = cv2.resize(grey, None, fx=1 / _COARSE, fy=1 / _COARSE, interpolation=cv2.INTER_AREA)
    reach = max(3, round(_PAPER * millimetre / _COARSE))
    light = cv2.blur(cv2.dilate(small, np.ones((reach, reach), np.uint8)), (reach, reach))
    paper = np.asarray(
        cv2.resize(light, grey.shape[::-1], interpolation=cv2.INTER_LINEAR), np.uint8
    )
    step = max(1, round(_STEP * millimetre))
    across = _dark(grey[::step], paper[::step])
    if _has_bars(across, step, millimetre):
        return True
    return _has_bars(_dark(grey[:, ::step].T, paper[:, ::step].T), step, millimetre)


def _dark(grey: Pixels, paper: Pixels) -> NDArray[np.uint8]:
    """Return 1 where grey is dark beside the paper around it."""
    lit = cv2.divide(np.ascontiguousarray(grey), np.ascontiguousarray(paper), scale=255)
    return np.asarray(lit < _DARK, np.uint8)


def _has_bars(looked_at: NDArray[np.uint8], step: int, millimetre: float) -> bool:
    """Tell whether lines cross the same four bars for long enough; they are ``step`` apart."""
    streaks: dict[int, int] = {}  # where the bars began on the line before -> lines that they have
    # Of a page of text hardly a line has as much black in a row as a wide bar.
    bar = np.ones((1, max(1, int(_WIDE_BAR[0] * _NARROW[0] * millimetre))), np.uint8)
    may_have = np.flatnonzero(cv2.erode(looked_at, bar).any(axis=1))
    if len(may_have) * step < _LENGTH * millimetre:
        return False
    begins = _patches(looked_at, may_have, millimetre)
    for number in range(len(looked_at)):
        longer: dict[int, int] = {}
        for begin in begins.get(number, ()):
            near = [count for at, count in streaks.items() if abs(at - begin) <= step + 1]
            longer[begin] = max(near, default=0) + 1
            if longer[begin] * step >= _LENGTH * millimetre:
                return True
        streaks = longer
    return False


def _patches(
    lines: NDArray[np.uint8], numbers: NDArray[np.intp], millimetre: float
) -> dict[int, list[int]]:
    """Return where the first bars of separating patch codes begin, in pixels, by line.

    Args:
        lines: the lines, 1 where they are dark.
        numbers: indices of the lines that are looked at, ascending.
        millimetre: the length of a millimetre in pixels.
    """
    width = lines.shape[1]
    padded = np.pad(lines[numbers], ((0, 0), (1, 1))).astype(np.int8)
    rows, edges = np.nonzero(np.diff(padded, axis=1))
    # All lines one behind another: each begins and ends with white, one more width on either side.
    firsts = np.searchsorted(rows, np.arange(len(numbers)))
    begins = np.arange(len(numbers) + 1) * 3 * width - width
    places = np.append(np.insert(edges + rows * 3 * width, firsts, begins[:-1]), begins[-1:])
    runs = np.diff(places)
    firsts += np.arange(len(numbers))
    owners = np.repeat(np.arange(len(numbers)), np.diff(np.append(firsts, len(runs))))
    starts = np.flatnonzero((np.arange(len(runs)) - firsts[owners]) % 2 == 0)  # white
    starts = starts[starts + _RUNS <= len(runs)]
    starts = starts[owners[starts] == owners[starts + _RUNS - 1]]
    found: dict[int, list[int]] = {}
    for start in starts[_are_patches(runs[starts[:, None] + np.arange(_RUNS)], millimetre)]:
        owner = owners[start]
        begin = int(places[start + 1] - 3 * width * owner)
        found.setdefault(int(numbers[owner]), []).append(begin)
    return found


def _are_patches(windows: NDArray[np.intp], millimetre: float) -> NDArray[np.bool_]:
    """Tell which rows of runs, white first, are the bars and spaces of a separating patch code."""
    unit = windows[:, 2:7:2].mean(axis=1)
    bars, spaces = windows[:, 1:8:2] / unit[:, None], windows[:, 2:7:2] / unit[:, None]
    wide = _within(bars, _WIDE_BAR)
    fits = (wide | _within(bars, _NARROW_BAR)).all(axis=1) & _within(spaces, _SPACE).all(axis=1)
    fits &= _within(unit / millimetre, _NARROW)
    fits &= (windows[:, (0, 8)] >= _QUIET * unit[:, None]).all(axis=1)
    separates = [tuple(each) in _SEPARATES for each in wide[fits].tolist()]
    fits[fits] = separates
    return np.asarray(fits, np.bool_)


def _within(values: NDArray[np.float64], bounds: tuple[float, float]) -> NDArray[np.bool_]:
    return np.asarray((values >= bounds[0]) & (values <= bounds[1]), np.bool_)
