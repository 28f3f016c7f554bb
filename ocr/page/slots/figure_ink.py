"""Tells two numbers from one by the paper between figures, and writing over print by its colour.

The recogniser reads what is darkest or what it knows best, and its steps are a third of a row wide.
"""

from __future__ import annotations

import numpy as np

from ocr.image.background import extremes
from ocr.image.components import label_components
from ocr.image.geometry import Pixels
from ocr.image.slot_ink import ink_of

_FIGURE = 0.35  # heights of print that a figure is high, at least
_BLANK = 0.7  # the same of paper between two numbers; 0.58 in one number, 1.25 in two
_BASE = 0.4  # the same at the foot of a row, where dots and rules to write on lie
_COLOURED = 50  # levels between the channels of most of what was written in colour
_NEUTRAL = 0.4  # share of that colour which print has at most
_LABEL = 0.4  # heights of print that the end of a label reaches into the room for figures
_SLASH = 0.9  # heights of print before the end of figures where the slash may begin


def are_apart(row: Pixels, between: tuple[float, float], height: float) -> bool:
    """Tell whether more paper lies between two columns than figures of one number leave.

    Args:
        row: the row in which figures stand, grey or BGR.
        between: the columns, each within a figure.
        height: the height of print, in pixels.
    """
    ink = ink_of(row)
    ink = ink[: max(1, round(len(ink) - _BASE * height))]
    _, labels, stats = label_components(ink)
    is_figure = stats[:, 3] >= _FIGURE * height
    is_figure[0] = False
    inked = np.asarray(is_figure[labels].any(axis=0))[max(0, round(between[0])) : round(between[1])]
    edges = np.flatnonzero(np.concatenate(([True], inked, [True])))
    return bool((np.diff(edges) - 1 > _BLANK * height).any())


def is_empty(room: Pixels, height: float) -> bool:
    """Tell whether nothing as high as a figure stands between a label and its slash.

    Args:
        room: the place for figures as far as their slash, grey or BGR.
        height: the height of print, in pixels.
    """
    _, _, stats = label_components(ink_of(room))
    left, width, tall = stats[1:, 0], stats[1:, 2], stats[1:, 3]
    is_label = (left == 0) & (width < _LABEL * height)
    is_slash = left >= room.shape[1] - _SLASH * height
    return not bool(((tall > _FIGURE * height) & ~is_label & ~is_slash).any())


def is_over_print(figures: Pixels, height: float) -> bool:
    """Tell whether black strokes stand among coloured figures: somebody wrote over the print.

    Nothing is told of a page without colours, and of black ink.

    Args:
        figures: the figures as far as their slash, grey or BGR.
        height: the height of print, in pixels.
    """
    seen, ink = extremes(figures), ink_of(figures) > 0
    if not ink.any():
        return False
    colour = seen.brightest.astype(np.int16) - seen.darkest
    most = float(np.percentile(colour[ink], 80))
    if most < _COLOURED:
        return False
    _, _, stats = label_components((ink & (colour < _NEUTRAL * most)).astype(np.uint8))
    left, width, tall = stats[1:, 0], stats[1:, 2], stats[1:, 3]
    is_among = (left > 0) & (left + width < figures.shape[1] - _SLASH * height)
    return bool((is_among & (tall > _FIGURE * height)).any())
