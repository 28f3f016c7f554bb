"""Draws a sheet as pixels, and says where every word and field came to lie."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from pipeline.model import Box
from tests.paper.sheet import BLACK, HEIGHT, WIDTH, Colour, Piece, Sheet, Stroke
from tests.paper.truth import FieldTruth, PageTruth, WordTruth

_SUBPIXEL = 4  # bits of a pixel's fraction that OpenCV is told

Pixels = NDArray[np.uint8]


class DrawnPage(NamedTuple):
    """A picture of a page and what is true of it."""

    image: Image.Image  # RGB or L, or 1 after a 1-bit scan
    truth: PageTruth


def draw(sheet: Sheet, dpi: int) -> DrawnPage:
    """Draw a sheet as a clean RGB picture."""
    size = (round(WIDTH * dpi / 72), round(HEIGHT * dpi / 72))
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    for piece in sheet.pieces:
        if piece.colour == BLACK:
            _write(pen, sheet, piece, dpi)
    inked = _ink(image, sheet, dpi)
    return DrawnPage(inked, page_truth(sheet, dpi, size))


def page_truth(sheet: Sheet, dpi: int, size: tuple[int, int]) -> PageTruth:
    """Return what is true of a sheet rastered at ``dpi``, before any degradation."""
    placed = [(piece, _box(sheet, piece, dpi)) for piece in sheet.pieces if piece.line >= 0]
    return PageTruth(
        file="",
        number=1,
        layout=sheet.layout,
        text=sheet.text,
        fields=_fields(sheet, placed),
        type=sheet.type,
        dpi=dpi,
        width=size[0],
        height=size[1],
        words=_words(placed),
        optional_text=tuple(sheet.optional_text),
    )


def _words(placed: list[tuple[Piece, Box]]) -> tuple[WordTruth, ...]:
    found: dict[int, WordTruth] = {}
    for piece, box in placed:
        known = found.get(piece.word)
        if known is None:
            found[piece.word] = WordTruth(piece.text, box, piece.line)
        else:
            text, box = known.text + piece.text, known.box.union(box)
            found[piece.word] = WordTruth(text, box, piece.line)
    return tuple(found.values())


def _fields(sheet: Sheet, placed: list[tuple[Piece, Box]]) -> dict[str, FieldTruth]:
    found: dict[str, FieldTruth] = {}
    last: dict[str, int] = {}
    for piece, box in placed:
        for name in filter(None, piece.field.split("+")):
            known = found.get(name)
            raw, whole = piece.text, box
            if known is not None:
                joint = "" if last[name] == piece.word else " "
                raw, whole = known.raw + joint + piece.text, known.box.union(box)
            found[name] = FieldTruth(sheet.values.get(name, raw), raw, whole)
            last[name] = piece.word
    return found


def _box(sheet: Sheet, piece: Piece, dpi: int) -> Box:
    scale = dpi / 72
    font = sheet.typeface.font(piece.style, piece.size * scale)
    left, top, right, bottom = _ink_of(font, piece.text)
    x, y = piece.x * scale, piece.y * scale
    corner = math.floor(x + left), math.floor(y + top)
    return Box(*corner, math.ceil(x + right) - corner[0], math.ceil(y + bottom) - corner[1])


@lru_cache(20_000)
def _ink_of(font: ImageFont.FreeTypeFont, text: str) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of a text's ink around its origin on the baseline.

    ``FreeTypeFont.getbbox`` would count the side bearings too.
    """
    mask, (x, y) = font.getmask2(text, anchor="ls")
    left, top, right, bottom = mask.getbbox() or (0, 0, *mask.size)
    return left + x, top + y, right + x, bottom + y


def _write(pen: ImageDraw.ImageDraw, sheet: Sheet, piece: Piece, dpi: int) -> None:
    scale = dpi / 72
    font = sheet.typeface.font(piece.style, piece.size * scale)
    at = (piece.x * scale, piece.y * scale)
    pen.text(at, piece.text, fill=piece.colour, font=font, anchor="ls")


def _ink(image: Image.Image, sheet: Sheet, dpi: int) -> Image.Image:
    """Lay strokes and coloured texts over the picture as ink does: it darkens, never covers."""
    page: Pixels = np.array(image)
    for stroke in sheet.strokes:
        _stroke(page, stroke, dpi)
    for piece in sheet.pieces:
        if piece.colour != BLACK:
            _print_colour(page, sheet, piece, dpi)
    return Image.fromarray(page)


def _stroke(page: Pixels, stroke: Stroke, dpi: int) -> None:
    points = np.array(stroke.points) * dpi / 72
    width = max(1, round(stroke.width * dpi / 72)) if stroke.width else 0
    left, top = np.maximum(np.floor(points.min(axis=0)).astype(int) - width - 2, 0)
    right, bottom = np.ceil(points.max(axis=0)).astype(int) + width + 2
    region = page[top:bottom, left:right]
    if not region.size:
        return
    layer = np.full_like(region, 255)
    line = np.round((points - (left, top)) * (1 << _SUBPIXEL)).astype(np.int32)
    if width:
        cv2.polylines(layer, [line], False, stroke.colour, width, cv2.LINE_AA, _SUBPIXEL)
    else:
        cv2.fillPoly(layer, [line], stroke.colour, cv2.LINE_AA, _SUBPIXEL)
    multiply(region, layer)


def _print_colour(page: Pixels, sheet: Sheet, piece: Piece, dpi: int) -> None:
    scale = dpi / 72
    font = sheet.typeface.font(piece.style, piece.size * scale)
    reach = math.ceil(font.getlength(piece.text) + 2 * piece.size * scale)
    tile = Image.new("L", (2 * reach, 2 * reach), 0)
    ImageDraw.Draw(tile).text((reach, reach), piece.text, fill=255, font=font, anchor="ls")
    if piece.angle:
        tile = tile.rotate(-piece.angle, Image.Resampling.BICUBIC, center=(reach, reach))
    corner = round(piece.x * scale) - reach, round(piece.y * scale) - reach
    place_ink(page, np.asarray(tile), corner, piece.colour)


def place_ink(page: Pixels, mask: Pixels, corner: tuple[int, int], colour: Colour) -> None:
    """Darken ``page`` with a colour where ``mask`` (0-255) says, clipped to the page.

    Args:
        page: RGB, changed in place.
        mask: how much ink, same scale as the page.
        corner: where the mask's left top pixel lies, may be outside the page.
        colour: of the ink.
    """
    left, top = max(corner[0], 0), max(corner[1], 0)
    right = min(corner[0] + mask.shape[1], page.shape[1])
    bottom = min(corner[1] + mask.shape[0], page.shape[0])
    if right <= left or bottom <= top:
        return
    part = mask[top - corner[1] : bottom - corner[1], left - corner[0] : right - corner[0]]
    share = part[..., None].astype(np.float32) / 255
    layer = 255 - share * (255 - np.array(colour, np.float32))
    multiply(page[top:bottom, left:right], layer.astype(np.uint8))


def multiply(region: Pixels, layer: Pixels) -> None:
    """Multiply a part of a picture with a layer of the same shape, in place."""
    cv2.multiply(region, layer, dst=region, scale=1 / 255)
