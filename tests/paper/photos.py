"""Image files that hold more than a page: previews, gain maps, films, layers, other pictures."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tests.paper import tiffs
from tests.paper.press import draw_page

DPI = 120
Maker = Callable[[Path], None]


def page(seed: int = 5) -> Image.Image:
    """Return the page that lies in each of these files, grey."""
    whole = draw_page("G", seed, DPI).image.convert("L")
    return whole.crop((0, 0, whole.width, whole.height // 2))


def jpeg(image: Image.Image, **more: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85, dpi=(DPI, DPI), **more)
    return buffer.getvalue()


def motion_photo(path: Path) -> None:
    """A telephone's photo with the film of the seconds before it behind it (ISO 14496-12)."""
    film = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0\0\xea\x60mdat" + bytes(60_000 - 8)
    path.write_bytes(jpeg(page()) + film)


def with_preview(kind: int) -> Maker:
    """Return a maker of a camera's photo with a second picture behind it (CIPA DC-007).

    Args:
        kind: what the second picture is: 0x010001 a preview; 0 something else, as a gain map is.
    """

    def write(path: Path) -> None:
        main, second = jpeg(page()), jpeg(page().reduce(4))
        table = _picture_table(len(main), len(second), kind)
        # The table lies before the end of the headers, and moves what follows.
        table = _picture_table(len(main) + len(table) + 8, len(second), kind)
        segment = b"MPF\0" + table
        head = main[:2] + b"\xff\xe2" + struct.pack(">H", len(segment) + 2) + segment
        path.write_bytes(head + main[2:] + second)

    return write


def _picture_table(first: int, second: int, kind: int) -> bytes:
    """Return the index of a Multi-Picture file (CIPA DC-007, 5.2)."""
    # The offset of the second picture counts from this table, which lies 8 bytes into a segment.
    pictures = struct.pack("<IIIHH", 0x030000, first, 0, 0, 0)
    pictures += struct.pack("<IIIHH", kind, second, first - 10, 0, 0)
    entries = struct.pack("<HHI4s", 0xB000, 7, 4, b"0100")
    entries += struct.pack("<HHII", 0xB001, 4, 1, 2)
    entries += struct.pack("<HHII", 0xB002, 7, len(pictures), 50)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", 3) + entries + bytes(4) + pictures


def animated(kind: str) -> Maker:
    """Return a maker of an animation whose first picture is the page."""

    def write(path: Path) -> None:
        first = page().convert("RGB")
        others = [Image.new("RGB", first.size, "grey"), Image.new("RGB", first.size, "white")]
        first.save(path, kind, save_all=True, append_images=others, lossless=True)

    return write


def webp(path: Path) -> None:
    page().save(path, "WEBP", quality=80)


def tiff_with_thumbnail(*, first: bool, how: str) -> Maker:
    """Return a maker of a TIFF of two pages, each with a thumbnail.

    Args:
        first: whether a thumbnail stands before its page, as cameras have it.
        how: how it says so: ``new`` NewSubfileType, ``old`` SubfileType of TIFF 5.0.
    """
    marks: dict[int, tiffs.Value] = {254: tiffs.REDUCED} if how == "new" else {255: 2}

    def write(path: Path) -> None:
        pictures = []
        for seed in (5, 6):
            whole = tiffs.Picture(np.asarray(page(seed)), tags={254: 0})
            small = tiffs.Picture(np.asarray(page(seed).reduce(8)), tags=marks)
            pictures += [small, whole] if first else [whole, small]
        tiffs.save(path, *pictures)

    return write


def tiff_with_mask(path: Path) -> None:
    """A page and its mask (NewSubfileType 4), which shows nothing by itself."""
    mask = tiffs.Picture(np.ones((40, 40), np.uint8), tiffs.MASK, 1, tags={254: 4})
    tiffs.save(path, tiffs.Picture(np.asarray(page())), mask)


def tiff_of_photoshop(path: Path) -> None:
    """A flattened picture with its layers and a preview in tags of their own (37724, 34377)."""
    layers = b"Adobe Photoshop Document Data Block\0" + b"MIB8ryaL" + bytes(4_000)
    tags: dict[int, tiffs.Value] = {37724: layers, 34377: b"8BIM\x04\x0c\0\0" + bytes(200)}
    tiffs.save(path, tiffs.Picture(np.asarray(page()), tags=tags))


def tiff_of_layers(path: Path) -> None:
    """Layers as GIMP saves them: a directory each, named, the upper ones transparent."""
    paper = np.dstack([np.full((*np.asarray(page()).shape,), 250, np.uint8)] * 3)
    ink = np.asarray(page())
    letters = np.dstack([np.zeros_like(ink)] * 3 + [255 - ink])
    stamp = np.zeros((60, 60, 4), np.uint8)
    stamp[10:50, 10:50] = (200, 0, 0, 255)
    above: dict[int, tiffs.Value] = {254: tiffs.PAGE, 338: 2}
    tiffs.save(
        path,
        tiffs.Picture(paper, tiffs.RGB, tags={254: tiffs.PAGE, 285: "Nền", 297: [0, 3]}),
        tiffs.Picture(letters, tiffs.RGB, tags=above | {285: "Chữ", 297: [1, 3]}),
        tiffs.Picture(
            stamp, tiffs.RGB, tags=above | {285: "Dấu", 297: [2, 3], 286: [2, 1], 287: [1, 1]}
        ),
    )


def pages_with_names(path: Path) -> None:
    """Two pages as document scanners name them; none is transparent, so they are no layers."""
    pictures = [
        tiffs.Picture(np.asarray(page(seed)), tags={254: 2, 285: f"Trang {seed}"})
        for seed in (5, 6)
    ]
    tiffs.save(path, *pictures)
