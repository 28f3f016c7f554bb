"""PDFs whose page is one picture: each kind of pixels and packing, turned, or tampered with."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image

DPI = 200
SIZE = (161, 233)  # pixels
# By how much a page is smaller than its picture for poppler to paint it pixel by pixel: it takes
# the pixel in which a picture's edge lies as part of the picture, so a page of whole pixels is
# stretched by one.
UNSTRETCHED = 0.5
Tamper = Callable[[pikepdf.Pdf, Any], None]


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """How the page of a PDF is made."""

    mode: str = "RGB"  # Pillow's: RGB, L, 1
    packing: str = "jpeg"  # jpeg, flate, png
    rotate: int = 0
    less: float = UNSTRETCHED  # pixels by which the page is smaller than its picture
    dpi: int = DPI
    content: str = "q {w} 0 0 {h} 0 0 cm /Scan Do Q"
    tamper: Tamper | None = None


def picture(mode: str = "RGB") -> Image.Image:
    """Return a picture of strokes and noise, in which each pixel and direction shows."""
    chance = np.random.default_rng(7)
    pixels = chance.integers(120, 256, (SIZE[1], SIZE[0], 3), np.uint8)
    pixels[20:60, 10:14] = (30, 30, 200)
    pixels[100:103, 20:150] = 0
    return Image.fromarray(pixels).convert(mode)


def save_scanned(made: ScannedPage, path: Path) -> None:
    """Write a PDF of one page that is a picture."""
    image = picture(made.mode)
    width, height = ((side - made.less) * 72 / made.dpi for side in image.size)
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(width, height))
        page.Resources = Dictionary(XObject=Dictionary(Scan=_stream(pdf, image, made.packing)))
        content = made.content.format(w=f"{width:.4f}", h=f"{height:.4f}")
        page.Contents = pdf.make_stream(content.encode())
        if made.rotate:
            page.Rotate = made.rotate
        if made.tamper:
            made.tamper(pdf, page)
        pdf.save(path, compress_streams=False)  # filters stay as they are


def _stream(pdf: pikepdf.Pdf, image: Image.Image, packing: str) -> pikepdf.Stream:
    bits = 1 if image.mode == "1" else 8
    stream = pdf.make_stream(
        packed(image, packing),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=image.width,
        Height=image.height,
        BitsPerComponent=bits,
        ColorSpace=Name.DeviceRGB if image.mode == "RGB" else Name.DeviceGray,
    )
    stream.Filter = Name.DCTDecode if packing == "jpeg" else Name.FlateDecode
    if packing == "png":
        colours = len(image.getbands())
        stream.DecodeParms = Dictionary(
            Predictor=15, Colors=colours, BitsPerComponent=bits, Columns=image.width
        )
    return stream


def packed(image: Image.Image, packing: str) -> bytes:
    """Return the data of a picture as it lies in a PDF."""
    if packing == "flate":
        return zlib.compress(image.tobytes())
    made = io.BytesIO()
    image.save(made, "JPEG" if packing == "jpeg" else "PNG", quality=80)
    return made.getvalue() if packing == "jpeg" else _rows(made.getvalue())


def _rows(png: bytes) -> bytes:
    """Return the packed rows of a PNG."""
    rows, at = b"", 8
    while at < len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        if png[at + 4 : at + 8] == b"IDAT":
            rows += png[at + 8 : at + 8 + length]
        at += length + 12
    return rows
