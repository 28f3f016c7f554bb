"""Finds round seals that a copier made black, and takes their rings off the print they cross."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.image.components import Boxes, label_components
from ocr.image.geometry import Pixels

_RADII = (11.0, 26.0)  # millimetres: seals of offices have 16 to 18 (TT 21/2012/TT-BCA)
_WIDEST = 110.0  # millimetres of a component that a seal may be part of: a line may touch it
_BORDER = 8  # pixels around a cut-out in which the edge of a ring shows
_INK = 170  # normalised grey below which a pixel is ink
_FADES = 0.3  # share of its box from which a seal is a coloured one
_ROUND = 0.72  # share of a circle that must be ink, at least
_THIN = 1.7  # millimetres: a line is not thicker, a letter that crosses it is higher
_RIM = 0.35  # share of the radius below which no ring is looked for
_FINER = 2  # samples of a radius for each pixel
_RING = 0.45  # share of the directions in which a ring has ink, at least
_MASKED = 100  # of 255: a pixel of the ring
_STEPS = 720  # directions in which the rings of a seal are looked at
_ALONG = 24  # directions a ring goes on at least: 12 degrees, more than a letter is wide


_BODY = 0.55  # letter heights that a letter without its marks has at least
_MARK = 7  # pixels of a mark, at least
_OVER = 0.6  # share of a mark's width that stands over or under a letter


class Circle(NamedTuple):
    """The outer ring of a seal, in pixels."""

    x: float
    y: float
    radius: float

    def has(self, x: float, y: float) -> bool:
        """Tell whether a place lies in it."""
        return float(np.hypot(x - self.x, y - self.y)) < self.radius


def black_seals(
    normalised: Pixels, components: Boxes, coloured: Pixels, millimetre: float
) -> Iterator[Circle]:
    """Yield the round seals of a page that are as dark as print.

    Args:
        normalised: the page in 8-bit grey, its background normalised to 255.
        components: boxes of everything written, drawn or printed on it.
        coloured: 255 where coloured seals and signatures are, which fade by their colour, else 0.
        millimetre: the length of a millimetre in pixels.
    """
    low, high = (2 * radius * millimetre for radius in _RADII)
    sides = components[:, 2:4]
    large = (sides.min(axis=1) >= low) & (sides[:, 1] <= 2 * high)
    large &= sides.max(axis=1) <= _WIDEST * millimetre
    found: list[Circle] = []
    for left, top, width, height in sorted(components[large].tolist(), key=lambda box: -box[3]):
        if any(circle.has(left + width / 2, top + height / 2) for circle in found):
            continue  # an inner ring
        window = slice(top, top + height), slice(left, left + width)
        if np.count_nonzero(coloured[window]) > _FADES * width * height:
            continue
        piece = normalised[window]
        ink = np.asarray(cv2.threshold(piece, _INK, 255, cv2.THRESH_BINARY_INV)[1], np.uint8)
        padded = cv2.copyMakeBorder(ink, *(_BORDER,) * 4, cv2.BORDER_CONSTANT, value=0)
        if circle := _outer_circle(np.asarray(padded), low / 2, high / 2):
            found.append(circle._replace(x=circle.x + left - _BORDER, y=circle.y + top - _BORDER))
            yield found[-1]


def _outer_circle(ink: Pixels, least: float, most: float) -> Circle | None:
    found = cv2.HoughCircles(
        cv2.GaussianBlur(ink, (0, 0), 1.2),
        cv2.HOUGH_GRADIENT_ALT,
        1.5,
        least,
        param1=200,
        param2=0.6,
        minRadius=round(least),
        maxRadius=round(most),
    )
    if found is None:
        return None
    circles = [Circle(*map(float, each[:3])) for each in found.reshape(-1, found.shape[-1])]
    return max((each for each in circles if _is_drawn(ink, each)), default=None, key=lambda c: c[2])


def _is_drawn(ink: Pixels, circle: Circle) -> bool:
    angles = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    hit = np.zeros(len(angles), np.bool_)
    for reach in (-2, -1, 0, 1, 2):
        x = np.rint(circle.x + (circle.radius + reach) * np.cos(angles)).astype(int)
        y = np.rint(circle.y + (circle.radius + reach) * np.sin(angles)).astype(int)
        inside = (x >= 0) & (y >= 0) & (x < ink.shape[1]) & (y < ink.shape[0])
        hit[inside] |= ink[y[inside], x[inside]] > 0
    return bool(hit.mean() >= _ROUND)


def without_rings(grey: Pixels, circle: Circle, millimetre: float) -> Pixels:
    """Return an image without the rings of a seal; strokes of letters that cross them stay.

    Args:
        grey: the image, 8-bit, dark on light.
        circle: the outer ring on that image.
        millimetre: the length of a millimetre in pixels.
    """
    reach = circle.radius + 2 * millimetre
    size = (round(reach * _FINER), _STEPS)  # across: from the middle outwards
    centre = (circle.x, circle.y)
    flags = cv2.WARP_POLAR_LINEAR | cv2.INTER_LINEAR | cv2.WARP_FILL_OUTLIERS
    polar = cv2.warpPolar(255 - grey, size, centre, reach, flags)
    ink = np.asarray(cv2.threshold(polar, 255 - _INK, 255, cv2.THRESH_BINARY)[1], np.uint8)
    outlines = _outline(ink, circle.radius * _FINER, millimetre * _FINER)
    lines = _shifted(_rings(_shifted(ink, outlines), circle, millimetre), -outlines)
    inverse = flags | cv2.WARP_INVERSE_MAP
    mask = cv2.warpPolar(lines, grey.shape[::-1], centre, reach, inverse)
    return np.asarray(np.where(np.asarray(mask) > _MASKED, 255, grey), np.uint8)


def _outline(ink: Pixels, radius: float, millimetre: float) -> NDArray[np.int32]:
    """Return by how many samples the outer ring lies farther out than its radius, by direction."""
    window = slice(round(radius - 2 * millimetre), round(radius + 1.2 * millimetre))
    reversed_ink = ink[:, window][:, ::-1] > 0
    outer = window.stop - 1 - reversed_ink.argmax(axis=1)
    outer = np.where(reversed_ink.any(axis=1), outer, round(radius))
    half = _STEPS // 16
    around = np.concatenate([outer[-half:], outer, outer[:half]])
    smooth = np.median(np.lib.stride_tricks.sliding_window_view(around, 2 * half + 1), axis=1)
    return np.asarray(np.rint(smooth - radius), np.int32)


def _shifted(polar: Pixels, by: NDArray[np.int32]) -> Pixels:
    """Return an image of directions by samples, each row moved inwards by so many samples."""
    places = np.arange(polar.shape[1])[np.newaxis] + by[:, np.newaxis]
    moved = np.take_along_axis(polar, np.clip(places, 0, polar.shape[1] - 1), axis=1)
    return np.asarray(moved, np.uint8)


def _rings(ink: Pixels, circle: Circle, millimetre: float) -> Pixels:
    """Return the samples of rings; where strokes of letters cross one they are left out."""
    around = np.vstack([ink[-_ALONG:], ink, ink[:_ALONG]])
    thick = round(_THIN * millimetre * _FINER) | 1
    letters = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, thick), np.uint8))
    lines = cv2.morphologyEx(around, cv2.MORPH_OPEN, np.ones((_ALONG, 1), np.uint8))
    lines = np.asarray(lines[_ALONG:-_ALONG], np.uint8)
    is_ring = (ink > 0).mean(axis=0) >= _RING
    is_ring[: round(_RIM * circle.radius * _FINER)] = False
    wide = np.ones((1, 2 * _FINER + 1), np.uint8)
    near = cv2.dilate(is_ring[np.newaxis].astype(np.uint8), wide)
    lines[:, near[0] == 0] = 0
    lines = np.asarray(cv2.dilate(lines, np.ones((3, 3), np.uint8)), np.uint8)
    return np.asarray(np.where(letters > 0, 0, lines), np.uint8)


def without_residue(strip: Pixels, inside: Pixels, letter: float) -> Pixels:
    """Return a line's strip of an image without what seal and rings left between its letters.

    Args:
        strip: the strip in 8-bit grey; the line runs along its middle.
        inside: 255 where the seal was, as large as the strip.
        letter: the height of letters in pixels.
    """
    dark = cv2.threshold(strip, _INK, 255, cv2.THRESH_BINARY_INV)[1]
    dark = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    count, labels, stats = label_components(np.asarray(dark, np.uint8))
    tops, lows, middle = stats[:, 1], stats[:, 1] + stats[:, 3], strip.shape[0] / 2
    kept = (stats[:, 3] >= _BODY * letter) & (tops < middle) & (lows > middle)
    kept[0] = False
    has_body = kept[labels].any(axis=0)
    for number in range(1, count):
        left, _, width, _, area = stats[number].tolist()
        is_small = area >= _MARK and width <= letter
        kept[number] |= is_small and has_body[left : left + width].mean() > _OVER
    grown = cv2.dilate(kept[labels].astype(np.uint8), np.ones((3, 3), np.uint8))
    return np.asarray(np.where((inside > 0) & (grown == 0), 255, strip), np.uint8)
