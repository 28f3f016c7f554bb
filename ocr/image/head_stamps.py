"""Finds framed and coloured stamps at the head of a page, and cuts each out, straight, for OCR.

The page itself is read with coloured ink faded and with frames around their words, because seals
hide print; what marks say would be lost there.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import cv2
import numpy as np

from ocr.image.background import (
    Extremes,
    balanced_extremes,
    normalise_background,
)
from ocr.image.geometry import Mapping, Pixels, compose, unmap_box, upright_mapping, warp
from ocr.image.measure import PageAnalysis
from pipeline.model import Box

_FINE = 8.0  # pixels of the head's image for a millimetre
_HEAD = 0.45  # share of the page's height in which such stamps stand
_CHROMA = 22, 45  # levels of colour in worn stamp ink, and in fresh ink beside a tinted edge
_FULL = 95  # percentile of a stamp's colour that is made black
_INK = 170  # normalised grey, below which something is printed, worn frames as well
_HEIGHTS, _WIDTHS = (4.0, 24.0), (8.0, 85.0)  # millimetres of such a stamp with its frame
_GAP = 3.2, 1.6  # millimetres between words of a stamp, and between its lines or its frame
_TORN = 0.5  # millimetres that are missing in the line of a frame
_SURELY = 0.75  # share of a limit below which nothing in a coarser image is a stamp
_LEAN = 25.0  # degrees a stamp is pressed crooked at most
_STRAIGHT, _MISLED = 1.0, 12.0  # degrees: letters' feet and marks lean their outline so
_HOLLOW = 0.5  # share of a frame's area that is inside of its line
_MOST = 6  # things that are cut out of a page; one with more is a form or a picture
_LINE = 0.6  # share of a cut-out's side: a longer stroke is its frame
_AROUND = 0.8  # millimetres that are cut out around a stamp
_LETTERS = 64  # pixels: height of the cut-out that is read
_BORDER = 14  # white pixels around it


class HeadStamp(NamedTuple):
    """A thing that may be a stamp."""

    images: list[Pixels]  # grey, dark on white: as it leans and straight, without its frame
    box: Box  # on the original page, in pixels


class _Place(NamedTuple):
    """Where a stamp lies on the image of the head, as OpenCV's turned rectangles are given."""

    middle: tuple[float, float]
    size: tuple[float, float]  # wider than high
    lean: float  # degrees clockwise

    def is_nearly(self, other: _Place) -> bool:
        """Tell whether both lie within a millimetre of each other."""
        pairs = zip((*self.middle, *self.size), (*other.middle, *other.size), strict=True)
        return all(abs(one - another) < _FINE for one, another in pairs)

    def matrix(self, scale: float, size: tuple[int, int]) -> cv2.typing.MatLike:
        """Return the map that brings it to the middle of an image of this size, straight."""
        turn = cv2.getRotationMatrix2D(self.middle, self.lean, scale)
        turn[:, 2] += np.array(size) / 2 - np.array(self.middle)
        return turn


def head_stamps(
    page: Pixels, analysis: PageAnalysis, orientation: int, skew: float
) -> Iterator[HeadStamp]:
    """Yield what may be stamps in the upper part of a page, at most six of each kind.

    Args:
        page: the original page, grey (height by width) or BGR (height by width by 3).
        analysis: the measures of that page.
        orientation: degrees clockwise that bring it upright: 0, 90, 180 or 270.
        skew: degrees it leans clockwise after that.
    """
    coloured, framed = _may_be_there(analysis, orientation, skew)
    if not coloured and not framed:
        return
    crop = analysis.page_crop
    scale = _FINE * analysis.scale / analysis.millimetre
    whole = compose(crop, upright_mapping(crop.width, crop.height, orientation, skew, scale))
    head = Mapping(whole.matrix, whole.width, max(1, round(_HEAD * whole.height)))
    colours = balanced_extremes(warp(page, head))
    height, width = page.shape[:2]
    found = [_by_colour(colours)] if coloured else []
    for ink, places in [*found, *([_by_frame(colours.darkest)] if framed else [])]:
        for place in places[:_MOST]:
            box = unmap_box(_upright_box(place), head, width, height)
            yield HeadStamp([_cut_out(ink, each) for each in _as_it_may_lie(place)], box)


def _may_be_there(analysis: PageAnalysis, orientation: int, skew: float) -> tuple[bool, bool]:
    """Tell whether the small image shows what may be coloured stamps at the head, and framed ones.

    Most pages have none, and then their head is not made in the finer image that stamps are read
    from. All limits are lower than those there, so that nothing it would show is missed.
    """
    chroma, normalised = (
        np.rot90(image, -(orientation // 90)) for image in (analysis.chroma, analysis.normalised)
    )
    high, wide = chroma.shape
    lower = _HEAD * high + abs(math.tan(math.radians(skew))) * wide / 2 + analysis.millimetre
    rows = slice(0, math.ceil(lower))
    return (
        _has_coloured(np.ascontiguousarray(chroma[rows]), analysis.millimetre),
        _has_frame(np.ascontiguousarray(normalised[rows]), analysis.millimetre),
    )


def _has_coloured(chroma: Pixels, millimetre: float) -> bool:
    ink = cv2.threshold(chroma, _SURELY * _CHROMA[0], 255, cv2.THRESH_BINARY)[1]
    gaps = [2 * round(gap * millimetre / 2) + 1 for gap in _GAP]
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones(gaps[::-1], np.uint8))
    outlines, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes = [cv2.boundingRect(outline)[2:] for outline in outlines]
    least = _SURELY * _HEIGHTS[0] * millimetre, _SURELY * _WIDTHS[0] * millimetre
    return any(min(sides) >= least[0] and max(sides) >= least[1] for sides in boxes)


def _has_frame(normalised: Pixels, millimetre: float) -> bool:
    printed = cv2.threshold(normalised, _INK / _SURELY, 255, cv2.THRESH_BINARY_INV)[1]
    torn = math.ceil(_TORN * millimetre) + 1
    joined = cv2.morphologyEx(printed, cv2.MORPH_CLOSE, np.ones((torn, torn), np.uint8))
    outlines, tree = cv2.findContours(joined, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if tree is None:
        return False
    least = _SURELY * _HOLLOW * _HEIGHTS[0] * _WIDTHS[0] * millimetre**2
    insides = [
        cv2.convexHull(outline)
        for outline, (*_, parent) in zip(outlines, tree[0].tolist(), strict=True)
        if parent >= 0 and np.prod(cv2.boundingRect(outline)[2:]) >= least
    ]
    return any(cv2.contourArea(inside) >= least for inside in insides)


def _as_it_may_lie(place: _Place) -> list[_Place]:
    """Return a place as its outline leans, and straight: letters without a frame mislead."""
    if _STRAIGHT < abs(place.lean) <= _MISLED:
        return [place, place._replace(lean=0.0)]
    return [place]


def _by_colour(colours: Extremes) -> tuple[Pixels, list[_Place]]:
    """Return the image of the coloured ink alone, dark on white, and where stamps of it are."""
    brightest, darkest = colours
    if brightest is darkest:
        return brightest, []
    chroma = cv2.GaussianBlur(cv2.subtract(brightest, darkest), (0, 0), 0.8)
    across, down = (2 * round(gap * _FINE / 2) + 1 for gap in _GAP)
    ink = np.asarray(cv2.bitwise_not(chroma), np.uint8)
    places: list[_Place] = []
    for least in _CHROMA:
        coloured = cv2.threshold(chroma, least, 255, cv2.THRESH_BINARY)[1]
        coloured = cv2.morphologyEx(coloured, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
        joined = cv2.morphologyEx(coloured, cv2.MORPH_CLOSE, np.ones((down, across), np.uint8))
        outlines, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        places += [new for new in _fitting(outlines) if not any(map(new.is_nearly, places))]
    return ink, places


def _by_frame(darkest: Pixels) -> tuple[Pixels, list[_Place]]:
    """Return the page's ink, whatever its colour, and where frames of a stamp's size are."""
    ink = normalise_background(darkest)
    printed = cv2.threshold(ink, _INK, 255, cv2.THRESH_BINARY_INV)[1]
    torn = max(1, round(_TORN * _FINE))
    joined = cv2.morphologyEx(printed, cv2.MORPH_CLOSE, np.ones((torn, torn), np.uint8))
    outlines, tree = cv2.findContours(joined, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    hollow = []
    for at, outline in enumerate(outlines):
        hole = tree[0][at][2]
        if tree[0][at][3] >= 0 or hole < 0 or _is_small(outline):
            continue
        inside = 0.0
        while hole >= 0:
            inside = max(inside, cv2.contourArea(cv2.convexHull(outlines[hole])))
            hole = tree[0][hole][0]
        if inside > _HOLLOW * np.prod(cv2.minAreaRect(outline)[1]):
            hollow.append(outline)
    return ink, _fitting(hollow)


def _is_small(outline: cv2.typing.MatLike) -> bool:
    """Tell whether an outline, as most are, is too small for a stamp however that leans."""
    return max(cv2.boundingRect(outline)[2:]) < 0.7 * _WIDTHS[0] * _FINE


def _fitting(outlines: Sequence[cv2.typing.MatLike]) -> list[_Place]:
    """Return the places of those outlines that have a stamp's size and lean."""
    places = []
    for outline in outlines:
        middle, (width, height), lean = cv2.minAreaRect(outline)
        if width < height:  # OpenCV names either side the width
            width, height, lean = height, width, lean - 90
        lean = (lean + 90) % 180 - 90
        fits = all(
            low <= side / _FINE <= high
            for side, (low, high) in zip((width, height), (_WIDTHS, _HEIGHTS), strict=True)
        )
        if fits and abs(lean) <= _LEAN:
            places.append(_Place((middle[0], middle[1]), (width, height), lean))
    return sorted(places, key=lambda place: place.middle[1])


def _upright_box(place: _Place) -> Box:
    corners = cv2.boxPoints((place.middle, place.size, place.lean))
    return Box(*(int(side) for side in cv2.boundingRect(corners)))


def _cut_out(ink: Pixels, place: _Place) -> Pixels:
    """Return a stamp straight, without its frame, as dark as print, on a white border."""
    wide, high = (side + 2 * _AROUND * _FINE for side in place.size)
    scale = _LETTERS / high
    size = (max(1, round(wide * scale)), _LETTERS)
    cut = cv2.warpAffine(
        ink, place.matrix(scale, size), size, flags=cv2.INTER_AREA, borderValue=255
    )
    dark = 255 - float(np.percentile(cut, 100 - _FULL))
    strong = np.clip((255 - cut.astype(np.float32)) * (230 / max(dark, 20.0)), 0, 255)
    image = 255 - strong.astype(np.uint8)
    return _bordered(_without_frame(np.asarray(image, np.uint8)))


def _without_frame(image: Pixels) -> Pixels:
    """Return a cut-out without long strokes along its sides; letters that touch them stay."""
    height, width = image.shape
    dark = cv2.threshold(image, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)[1]
    across = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, max(3, width // 4)), np.uint8))
    down = cv2.morphologyEx(
        dark, cv2.MORPH_OPEN, np.ones((max(3, int(height * _LINE)), 1), np.uint8)
    )
    edge = round(0.2 * height)
    across[edge : height - edge] = 0
    down[:, 2 * edge : width - 2 * edge] = 0
    line = cv2.dilate(cv2.bitwise_or(across, down), np.ones((3, 3), np.uint8))
    cleaned = image.copy()
    cleaned[line > 0] = 255
    return cleaned


def _bordered(image: Pixels) -> Pixels:
    bordered = cv2.copyMakeBorder(image, *(_BORDER,) * 4, cv2.BORDER_CONSTANT, value=255)
    return np.asarray(bordered, np.uint8)
