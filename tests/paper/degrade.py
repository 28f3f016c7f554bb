"""Turns a clean page into what a scanner delivers, and moves the truth's boxes along.

Order: what is on the paper, what the copier adds, how the sheet lay, how it was scanned, how the
picture was compressed (docs/domain.md §11 lists the degradations, §6.2 their known effect).
"""

from __future__ import annotations

import io
from dataclasses import replace
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pipeline.model import Box
from tests.paper import blemishes
from tests.paper.blemishes import Scene
from tests.paper.picture import DrawnPage, Pixels
from tests.paper.truth import Degradation, FieldTruth, PageTruth, WordTruth

_Matrix = NDArray[np.float64]  # 3 × 3, drawn pixels to finished pixels
_LID = (250, 250, 250)  # the scanner's white lid around a crooked sheet
_BED = (38, 36, 35)  # its bed when the lid is open
_TABLE = (96, 74, 58)  # under a sheet that is photographed
_AROUND = 0.08  # share of the sheet's width that shows around it
_THRESHOLD = 150  # grey level below which a 1-bit scan is black


def degrade(
    drawn: DrawnPage, degradation: Degradation, seed: int, behind: DrawnPage | None = None
) -> DrawnPage:
    """Return the page as scanned; its truth follows it and says what was done.

    Args:
        drawn: a clean upright page.
        degradation: what to do; the default changes nothing.
        seed: of everything left to chance; the same gives the same bytes.
        behind: the other side of the sheet, clean; the page itself when None.
    """
    random = Random(f"degrade {seed}")
    scene = Scene(np.array(drawn.image.convert("RGB")), drawn.truth.dpi, random)
    if degradation.show_through:
        back = np.array((behind or drawn).image.convert("RGB"))
        blemishes.show_through(scene, degradation.show_through, back)
    stamps = _age_paper(scene, degradation)
    page, matrix = _lay_down(scene, degradation)
    page = _scan(page, degradation, random)
    image = _compress(_colours(page, degradation), degradation)
    truth = _moved(drawn.truth, matrix, image.size)
    return DrawnPage(
        image,
        replace(
            truth,
            degradation=degradation,
            dpi=degradation.dpi or drawn.truth.dpi,
            optional_text=truth.optional_text + stamps,
        ),
    )


def _age_paper(scene: Scene, degradation: Degradation) -> tuple[str, ...]:
    """Do to the paper what is asked; return the texts that were stamped on it."""
    stamps = (blemishes.arrival_stamp(scene),) if degradation.arrival_stamp else ()
    switched = {
        blemishes.seal_over_text: degradation.seal_over_text,
        blemishes.pen_stroke: degradation.pen_stroke,
        blemishes.fold: degradation.fold,
    }
    for blemish, wanted in switched.items():
        if wanted:
            blemish(scene)
    if degradation.yellow:
        blemishes.yellow(scene, degradation.yellow)
    if degradation.punch_holes:
        blemishes.punch_holes(scene)
    if degradation.uneven_light:
        blemishes.uneven_light(scene, degradation.uneven_light)
    if degradation.black_edge:
        blemishes.black_edge(scene)
    return stamps


def _lay_down(scene: Scene, degradation: Degradation) -> tuple[Pixels, _Matrix]:
    """Scale, skew and turn the sheet; return the picture and where its pixels went."""
    height, width = scene.page.shape[:2]
    scale = (degradation.dpi or scene.dpi) / scene.dpi
    size = (round(width * scale), round(height * scale))
    page, matrix = scene.page, np.diag((size[0] / width, size[1] / height, 1.0))
    if scale != 1:
        page = np.asarray(cv2.resize(page, size, interpolation=cv2.INTER_AREA), np.uint8)
    around = _BED if degradation.bed else _TABLE if degradation.perspective else _LID
    if around is not _LID:
        room = round(size[0] * _AROUND)
        page = np.asarray(
            cv2.copyMakeBorder(page, *(room,) * 4, cv2.BORDER_CONSTANT, value=around), np.uint8
        )
        matrix = np.array(((1, 0, room), (0, 1, room), (0, 0, 1.0))) @ matrix
        size = (size[0] + 2 * room, size[1] + 2 * room)
    if degradation.skew:
        # OpenCV turns counter-clockwise for positive angles.
        middle = (size[0] / 2, size[1] / 2)
        turn = cv2.getRotationMatrix2D(middle, -degradation.skew, 1.0)
        turned = cv2.warpAffine(page, turn, size, flags=cv2.INTER_CUBIC, borderValue=around)
        page = np.asarray(turned, np.uint8)
        matrix = np.vstack((turn, (0, 0, 1))) @ matrix
    if degradation.perspective:
        tilt = _tilt(degradation.perspective, size)
        tilted = cv2.warpPerspective(page, tilt, size, flags=cv2.INTER_CUBIC, borderValue=around)
        page, matrix = np.asarray(tilted, np.uint8), tilt @ matrix
    quarters = degradation.rotation // 90 % 4
    page = np.ascontiguousarray(np.rot90(page, -quarters))
    return page, _quarter_turns(quarters, size) @ matrix


def _tilt(strength: float, size: tuple[int, int]) -> _Matrix:
    """Return the map of a sheet whose upper edge and one side lay farther from the camera."""
    width, height = size
    inward, down = strength * width / 2, strength * height / 2
    flat = np.array(((0, 0), (width, 0), (width, height), (0, height)), np.float32)
    seen = np.array(
        ((inward, down / 2), (width - inward / 2, 0), (width, height - down / 3), (0, height)),
        np.float32,
    )
    return np.asarray(cv2.getPerspectiveTransform(flat, seen), np.float64)


def _quarter_turns(quarters: int, size: tuple[int, int]) -> _Matrix:
    """Return the matrix of clockwise quarter turns of a picture of ``size``."""
    width, height = size
    turns = {
        0: ((1, 0, 0), (0, 1, 0)),
        1: ((0, -1, height), (1, 0, 0)),
        2: ((-1, 0, width), (0, -1, height)),
        3: ((0, 1, 0), (-1, 0, width)),
    }
    return np.array((*turns[quarters], (0, 0, 1)), np.float64)


def _scan(page: Pixels, degradation: Degradation, random: Random) -> Pixels:
    """Blur, then add noise and specks."""
    chance = np.random.default_rng(random.getrandbits(64))
    if degradation.blur:
        sigma = degradation.blur * (degradation.dpi or 300) / 300
        page = np.asarray(cv2.GaussianBlur(page, (0, 0), sigma), np.uint8)
    if degradation.noise:
        grain = chance.standard_normal(page.shape[:2], np.float32) * degradation.noise
        grains = cv2.merge([grain.astype(np.int16)] * 3)
        page = np.asarray(cv2.add(page, grains, dtype=cv2.CV_8U), np.uint8)
    if degradation.salt_pepper:
        speck = chance.random(page.shape[:2], np.float32)
        page = page.copy()
        page[speck < degradation.salt_pepper / 2] = 0
        page[speck > 1 - degradation.salt_pepper / 2] = 255
    return page


def _colours(page: Pixels, degradation: Degradation) -> Image.Image:
    """Reduce to grey or black and white as the scanner's mode says."""
    if not (degradation.grey or degradation.one_bit):
        return Image.fromarray(page)
    grey = cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)
    if not degradation.one_bit:
        return Image.fromarray(grey)
    black = grey < _THRESHOLD - degradation.thin
    return Image.fromarray(np.where(black, 0, 255).astype(np.uint8)).convert(
        "1", dither=Image.Dither.NONE
    )


def _compress(image: Image.Image, degradation: Degradation) -> Image.Image:
    """Press the picture through JPEG, unless it is black and white."""
    if degradation.jpeg_quality is None or degradation.one_bit:
        return image
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=degradation.jpeg_quality)
    return Image.open(buffer).convert(image.mode)


def _moved(truth: PageTruth, matrix: _Matrix, size: tuple[int, int]) -> PageTruth:
    fields = {
        name: FieldTruth(known.value, known.raw, _move(known.box, matrix, size))
        for name, known in truth.fields.items()
    }
    words = tuple(
        WordTruth(word.text, _move(word.box, matrix, size), word.line) for word in truth.words
    )
    return replace(truth, fields=fields, words=words, width=size[0], height=size[1])


def _move(box: Box, matrix: _Matrix, size: tuple[int, int]) -> Box:
    """Return the upright box around a box that was moved, clipped to the picture."""
    corners = np.array([(x, y, 1.0) for x in (box.left, box.right) for y in (box.top, box.bottom)])
    moved = corners @ matrix.T
    moved /= moved[:, 2:]
    left, top = np.clip(np.floor(moved[:, :2].min(axis=0)), 0, size).astype(int)
    right, bottom = np.clip(np.ceil(moved[:, :2].max(axis=0)), 0, size).astype(int)
    return Box(int(left), int(top), int(right - left), int(bottom - top))
