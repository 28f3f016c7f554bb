"""Detects red and blue seals and pen strokes by colour, and fades their ink from the text."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.image.background import Extremes, extremes
from ocr.image.components import label_components
from ocr.image.geometry import Pixels
from pipeline.model import Box

Mask = NDArray[np.uint8]  # height x width; 255 where it holds, else 0

CHROMA = 48  # largest minus smallest channel: stamp ink and pens have 60 and more, paper < 30
_BRIGHT = 70  # brightest channel; below, it is black print with colour noise
_BIG = 11.0  # millimetres: what is higher and wider is a seal, a stamp or a signature, not print
_BIG_AT_EDGE = 2.5  # millimetres: seals across the edges of sheets (giáp lai) are cut to strips
_LARGEST = 80.0  # millimetres: an arrival stamp; larger things are frames or tinted paper
_NEAR = 0.8  # millimetres between strokes of one thing
_INK_LEVEL = 15  # percentile of the brightness of coloured ink that is made white
_ENOUGH = 30  # pixels of one ink in a seal; fewer are noise
_SHARE = 0.03  # of all coloured pixels; fewer are the tinted edges of print under another ink
_HEADROOM = 40  # levels that black print under a seal must be darker than the seal's ink
_PRINT = 120  # brightest channel; below, it is black print or two inks over one another
_ACROSS = 0.6  # millimetres: a stroke of print that cuts a seal's ring in two
_CROSSING = 4  # pixels around which red and blue ink both lie: where a signature crosses a seal
_HALO = 200  # grey; of a faded stroke only its edges are left, grey as no print is
_VIVID = 80  # chroma of a pen and of a seal; edges of black print in a poor scan have less
_DARK = 200  # grey that Tesseract may take for ink
_SPOT = 12  # pixels: what a crossing leaves is smaller than a letter of the image for OCR


def colour_mask(colours: Extremes, least: int = CHROMA) -> Mask:
    """Return where a page is coloured like stamp ink or a pen; nowhere on a grey page.

    Args:
        colours: the brightest and the darkest channel of the page.
        least: levels by which the brightest channel must exceed the darkest.
    """
    brightest, darkest = colours
    if brightest is darkest:
        return np.zeros(brightest.shape, np.uint8)
    coloured = cv2.threshold(cv2.subtract(brightest, darkest), least, 255, cv2.THRESH_BINARY)[1]
    bright = cv2.threshold(brightest, _BRIGHT, 255, cv2.THRESH_BINARY)[1]
    # JPEG leaves single coloured pixels around black letters.
    kernel = np.ones((2, 2), np.uint8)
    opened = cv2.morphologyEx(cv2.bitwise_and(coloured, bright), cv2.MORPH_OPEN, kernel)
    return np.asarray(opened, np.uint8)


def join_across_print(coloured: Mask, brightest: Pixels, millimetre: float) -> Mask:
    """Return the mask with coloured pieces joined where black print cuts through them.

    Args:
        coloured: the mask from ``colour_mask`` of the page.
        brightest: the brightest channel of the page.
        millimetre: the length of a millimetre in pixels.
    """
    if not cv2.countNonZero(coloured):
        return coloured
    reach = 2 * max(1, round(_ACROSS * millimetre)) + 1
    near = cv2.dilate(coloured, np.ones((reach, reach), np.uint8))
    dark = cv2.inRange(brightest, 0, _PRINT)
    return np.asarray(cv2.bitwise_or(coloured, cv2.bitwise_and(near, dark)), np.uint8)


def large_coloured_areas(coloured: Mask, millimetre: float) -> Mask:
    """Return the areas of coloured things larger than print: seals, stamps and signatures.

    A seal or a signature covers its convex hull. A frame or a tinted page covers its strokes only,
    so that coloured print inside it stays.

    Args:
        coloured: the mask from ``colour_mask``, its pieces joined across print.
        millimetre: the length of a millimetre in pixels.
    """
    if not cv2.countNonZero(coloured):
        return np.zeros(coloured.shape, np.uint8)
    reach = max(3, round(_NEAR * millimetre)) | 1
    kernel = np.ones((reach, reach), np.uint8)
    joined = cv2.morphologyEx(coloured, cv2.MORPH_CLOSE, kernel)
    outlines, tree = cv2.findContours(joined, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    area = np.zeros(coloured.shape, np.uint8)
    for outline, (*_, parent) in zip(outlines, tree[0].tolist(), strict=True):
        box = Box(*cv2.boundingRect(outline))
        if parent >= 0 or not _is_large(box, coloured.shape, millimetre):
            continue  # a hole, or print
        if max(box.width, box.height) <= _LARGEST * millimetre:
            cv2.drawContours(area, [cv2.convexHull(outline)], -1, 255, cv2.FILLED)
        else:
            window = np.s_[box.top : box.bottom, box.left : box.right]
            labels = cv2.connectedComponents(joined[window], connectivity=8)[1]
            x, y = outline[0, 0].tolist()
            area[window][labels == labels[y - box.top, x - box.left]] = 255
    return np.asarray(cv2.dilate(area, kernel), np.uint8) if area.any() else area


def fade_ink(page: Pixels, area: Mask) -> Pixels:
    """Return a page in grey, the ink of seals and pens in an area faded to paper.

    Stamp ink is bright in its own colour: the brightest channel shows red or blue ink light and
    the black letters under it dark.

    Args:
        page: the page in BGR, height by width by 3.
        area: the mask of the areas in which ink is faded, as large as the page.
    """
    grey = np.asarray(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), np.uint8)
    contours, _ = cv2.findContours(area, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        box = Box(*cv2.boundingRect(contour))
        window = np.s_[box.top : box.bottom, box.left : box.right]
        inside = area[window] > 0
        piece = np.ascontiguousarray(page[window])
        grey[window] = np.where(inside, _faded(piece, inside), grey[window])
    return grey


def _is_large(box: Box, shape: tuple[int, ...], millimetre: float) -> bool:
    """Tell whether a coloured thing is higher and wider than print, or half a seal at an edge."""
    small, large = sorted((box.width / millimetre, box.height / millimetre))
    at_edge = box.left <= 1 or box.right >= shape[1] - 1
    return small > _BIG or (at_edge and small > _BIG_AT_EDGE and large > _BIG)


def _faded(piece: Pixels, inside: NDArray[np.bool_]) -> Pixels:
    """Return a piece in grey with its red inks, then its blue ones, as light as paper."""
    blue, _, red = cv2.split(piece)
    brightest, darkest = colours = extremes(piece)
    chroma = cv2.subtract(brightest, darkest)
    grey = cv2.cvtColor(piece, cv2.COLOR_BGR2GRAY).astype(np.float32)
    # JPEG keeps colour at half the resolution: the edges of thin ink are grey, their surroundings
    # coloured. Ink takes light away as much as it adds colour, so the light is given back by that.
    around = cv2.blur(chroma, (3, 3)).astype(np.float32)
    coloured = (colour_mask(colours) > 0) & inside
    faded = brightest.copy()
    enough = max(_ENOUGH, _SHARE * np.count_nonzero(coloured))
    tones = [np.asarray(red >= blue), np.asarray(red < blue)]
    inks = [coloured & tone for tone in tones]
    for tone, ink in zip(tones, inks, strict=True):
        if np.count_nonzero(ink) < enough:
            continue
        darkening = np.median((255 - grey[ink]) / np.maximum(around[ink], 1))
        light = np.clip(grey + darkening * around, 0, 255).astype(np.uint8)
        stretched = _stretched(brightest, brightest[ink], brightest[inside])
        faded[tone] = np.maximum(stretched, light)[tone]
    faded[faded >= _HALO] = 255
    return _without_crossings(faded, [ink & (chroma >= _VIVID) for ink in inks], enough)


def _without_crossings(faded: Pixels, inks: list[NDArray[np.bool_]], enough: float) -> Pixels:
    """Return the image without the small dark spots where a signature crosses a seal."""
    if min(np.count_nonzero(ink) for ink in inks) < enough:
        return faded
    kernel = np.ones((2 * _CROSSING + 1,) * 2, np.uint8)
    both = cv2.bitwise_and(*(cv2.dilate(ink.astype(np.uint8), kernel) for ink in inks))
    dark = cv2.inRange(faded, 0, _DARK)
    count, labels, stats = label_components(np.asarray(dark, np.uint8))
    within = np.bincount(labels[both > 0], minlength=count)
    spots = (stats[:, 2:4].max(axis=1) <= _SPOT) & (2 * within > stats[:, 4])
    spots[0] = False
    faded[spots[labels]] = 255
    return faded


def _stretched(brightest: Pixels, ink: Pixels, all_inside: Pixels) -> Pixels:
    """Stretch grey levels so that most of the ink is white and the darkest print black."""
    level = float(np.percentile(ink, _INK_LEVEL))
    floor = min(float(np.percentile(all_inside, 1)), level - _HEADROOM)
    table = np.clip((np.arange(256) - floor) * (255 / (level - floor)), 0, 255)
    return np.asarray(cv2.LUT(brightest, table.astype(np.uint8)), np.uint8)
