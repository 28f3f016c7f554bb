"""Finds connected components of ink, and removes those that are dirt by size, place and shape."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.image.geometry import Pixels
from pipeline.model import Box

Boxes = NDArray[np.int32]  # n x 4: left, top, width, height in pixels, origin top left
Labels = NDArray[np.int32]  # height x width: the number of each pixel's component, 0 of the paper
Flags = NDArray[np.bool_]  # n

_LETTER = (1.1, 9.0)  # millimetres high: from an x-height of 7 pt to a heading
_LONG, _THIN = 30.0, 1.0  # millimetres: rules of tables, folds, dividers
_HOLE = (3.5, 9.0)  # millimetres across: office punches make 5-6
_SOLID = 0.70  # share of its box a punch hole fills; letters fill less
_MARGIN = 22.0  # millimetres from an edge: where punch holes are


def label_components(mask: Pixels) -> tuple[int, Labels, NDArray[np.int32]]:
    """Return how many components a mask has, the labels of its pixels, and their statistics.

    Pixels that touch at a corner belong together. The statistics are left, top, width, height and
    area, by label; the first is the paper. OpenCV's default finds the same in twice the time.

    Args:
        mask: nonzero where something is.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(
        mask, 8, cv2.CV_32S, cv2.CCL_BBDT
    )
    return count, np.asarray(labels, np.int32), np.asarray(stats, np.int32)


def find_components(normalised: Pixels, ink: int, millimetre: float) -> Boxes:
    """Return the boxes of the components that were written, drawn or printed.

    Punch holes, rules, specks and shadows at the edges are left out.

    Args:
        normalised: the page in 8-bit grey, its background normalised to 255.
        ink: the grey level below which a pixel is ink.
        millimetre: the length of a millimetre in pixels.
    """
    dark = cv2.threshold(normalised, ink, 255, cv2.THRESH_BINARY_INV)[1]
    stats = label_components(np.asarray(dark, np.uint8))[2]
    height, width = normalised.shape
    dirt = _touches_edge(stats, width, height) | _is_hole(stats, width, height, millimetre)
    dirt |= _is_rule(stats, millimetre) | _is_speck(stats, millimetre)
    dirt[0] = True  # the paper
    return np.asarray(stats[~dirt][:, :4], np.int32)


def letter_boxes(components: Boxes, millimetre: float) -> Boxes:
    """Return the components that could be printed letters, or a few joined ones.

    Args:
        components: the boxes of all components, from ``find_components``.
        millimetre: the length of a millimetre in pixels.
    """
    highest = _LETTER[1] * millimetre
    return components[(components[:, 3] <= highest) & (components[:, 2] <= 3 * highest)]


def covered_by(boxes: Boxes, words: Iterable[Box], shape: tuple[int, ...], margin: int) -> Flags:
    """Tell which boxes have their middle in a word, or nearer to one than a margin.

    Args:
        boxes: the boxes that are asked about.
        words: boxes of words on the same image; they may lie outside.
        shape: the image's height and width.
        margin: pixels around a word that count as the word.
    """
    covered = np.zeros(shape, np.bool_)
    for left, top, width, height in words:
        rows = slice(max(0, top - margin), max(0, top + height + margin))
        covered[rows, max(0, left - margin) : max(0, left + width + margin)] = True
    limit = np.array((shape[1], shape[0])) - 1
    x, y = np.clip(boxes[:, :2] + boxes[:, 2:] // 2, 0, limit).T
    return np.asarray(covered[y, x], np.bool_)


def _touches_edge(stats: Boxes, width: int, height: int) -> Flags:
    """Tell which components reach the edge of the image, as copier shadows and torn edges do."""
    left, top, across, down = stats[:, :4].T
    at_edge = (left <= 1) | (top <= 1)
    return np.asarray(at_edge | (left + across >= width - 1) | (top + down >= height - 1), np.bool_)


def _is_hole(stats: Boxes, width: int, height: int, millimetre: float) -> Flags:
    left, top, across, down, area = stats.T
    margin = _MARGIN * millimetre
    low, high = _HOLE[0] * millimetre, _HOLE[1] * millimetre
    marginal = (left + across < margin) | (left > width - margin)
    marginal |= (top + down < margin) | (top > height - margin)
    sized = (across > low) & (across < high) & (down > low) & (down < high)
    return np.asarray(marginal & sized & (area > _SOLID * across * down), np.bool_)


def _is_rule(stats: Boxes, millimetre: float) -> Flags:
    across, down = stats[:, 2], stats[:, 3]
    thin, long = np.minimum(across, down), np.maximum(across, down)
    return np.asarray((long > _LONG * millimetre) & (thin < _THIN * millimetre), np.bool_)


def _is_speck(stats: Boxes, millimetre: float) -> Flags:
    return np.asarray(np.maximum(stats[:, 2], stats[:, 3]) < _LETTER[0] * millimetre, np.bool_)
