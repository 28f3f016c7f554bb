"""Reads the directories of a TIFF: which of them are pages, and how each picture is packed.

A directory is a page unless it says that it is a smaller copy of another one (a thumbnail, a level
of a pyramid) or a mask. Numbers of tags are those of TIFF 6.0 and its technical notes.
"""

from __future__ import annotations

import io
import math
import struct
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from PIL.TiffImagePlugin import ImageFileDirectory_v2

_NEW_SUBFILE, _SUBFILE, _WIDTH, _HEIGHT, _BITS, _COMPRESSION = 254, 255, 256, 257, 258, 259
_PHOTOMETRIC, _SAMPLES, _PLANAR, _PAGE_NAME, _PAGE_NUMBER = 262, 277, 284, 285, 297
_SUB_DIRECTORIES, _EXTRA, _KIND, _ORIENTATION = 330, 338, 339, 274
_X_RESOLUTION, _Y_RESOLUTION, _X_POSITION, _Y_POSITION, _UNIT = 282, 283, 286, 287, 296
# What is kept of a directory. Its lists of strips are read when they are needed: together, those
# of thousands of pages do not fit into memory.
_KEPT = {
    *{_NEW_SUBFILE, _SUBFILE, _WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _SAMPLES},
    *{_PLANAR, _PAGE_NAME, _PAGE_NUMBER, _SUB_DIRECTORIES, _EXTRA, _KIND},
    *{_ORIENTATION, _X_RESOLUTION, _Y_RESOLUTION, _X_POSITION, _Y_POSITION, _UNIT},
}
_INCH, _CENTIMETRE = 2, 3  # ResolutionUnit
MAX_OFFSET = 100_000  # pixels; what lies beyond lies on no page
_REDUCED, _MASK = 0b001, 0b100  # bits of NewSubfileType
_OLD_REDUCED = 2  # SubfileType of TIFF 5.0: 1 full, 2 reduced, 3 a page of many
_ALPHA = {1, 2}  # ExtraSamples: associated, unassociated
_MAX_SUB_DIRECTORIES = 64  # of one directory; cameras write two or three

# Everything that reading a directory raises when it claims what cannot be.
MALFORMED = (OSError, SyntaxError, ValueError, TypeError, KeyError, struct.error, OverflowError)


@dataclass(frozen=True, slots=True)
class Samples:
    """How the samples of a picture lie in the file: what decides whether a decoder can read it."""

    compression: int
    photometric: int  # 0 white is zero, 1 black is zero, 2 RGB, 3 palette, 5 CMYK, 6 YCbCr, 8 Lab
    bits: tuple[int, ...]  # of each sample
    kind: int  # 1 unsigned, 2 signed, 3 floating point
    extra: tuple[int, ...]  # meaning of samples beyond the colours: 1 and 2 are alpha
    planar: bool  # each sample in a plane of its own

    @property
    def has_alpha(self) -> bool:
        """Whether a sample says how transparent a pixel is."""
        return bool(_ALPHA & set(self.extra))


@dataclass(frozen=True)
class Directory:
    """One picture of a TIFF."""

    offset: int  # of its directory in the file
    index: int | None  # in the chain of directories, from 0; None: it hangs below another one
    tags: Mapping[int, Any]

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.number(_WIDTH)

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.number(_HEIGHT)

    @property
    def is_copy(self) -> bool:
        """Whether it is a thumbnail, a smaller copy or a mask of another picture."""
        kind = self.number(_NEW_SUBFILE)
        return bool(kind & (_REDUCED | _MASK)) or self.number(_SUBFILE) == _OLD_REDUCED

    @cached_property
    def samples(self) -> Samples:
        """How its samples are stored."""
        count = self.number(_SAMPLES, 1)
        bits = self.numbers(_BITS) or (1,)
        return Samples(
            compression=self.number(_COMPRESSION, 1),
            photometric=self.number(_PHOTOMETRIC, -1),
            bits=bits if len(bits) == count else bits[:1] * min(count, 2**8),
            kind=max(self.numbers(_KIND), default=1),
            extra=self.numbers(_EXTRA),
            planar=count > 1 and self.number(_PLANAR, 1) == 2,
        )

    def number(self, tag: int, default: int = 0) -> int:
        """Return the first value of a tag."""
        values = self.numbers(tag)
        return values[0] if values else default

    def numbers(self, tag: int) -> tuple[int, ...]:
        """Return the values of a tag; empty when there is none."""
        value: Any = self.tags.get(tag, ())
        return tuple(map(int, value)) if isinstance(value, tuple) else (int(value),)

    @property
    def dpi(self) -> tuple[float, float]:
        """Resolution across and down; 0 where the file states none."""
        across, down = self._real(_X_RESOLUTION), self._real(_Y_RESOLUTION)
        unit = self.number(_UNIT, _INCH)
        scale = {_INCH: 1.0, _CENTIMETRE: 2.54}.get(unit, 0.0)
        return across * scale, down * scale

    @property
    def position(self) -> tuple[int, int]:
        """Where its left upper corner lies on the page, in pixels."""
        left = self._real(_X_POSITION) * self._real(_X_RESOLUTION)
        top = self._real(_Y_POSITION) * self._real(_Y_RESOLUTION)
        return round(min(left, MAX_OFFSET)), round(min(top, MAX_OFFSET))

    def _real(self, tag: int) -> float:
        try:
            value = float(self.tags.get(tag, 0.0))
        except (TypeError, ValueError, ZeroDivisionError):
            return 0.0
        return value if math.isfinite(value) else 0.0

    @property
    def page_name(self) -> str:
        """The name that a program gave to the page or layer."""
        return str(self.tags.get(_PAGE_NAME, "")).strip("\0 ")

    @property
    def page_number(self) -> int:
        """The number that a program gave to the page or layer, from 0."""
        return self.number(_PAGE_NUMBER)


Page = tuple[Directory, ...]  # one directory, or the layers of one picture, the lowest first


def read_pages(path: Path, most: int) -> tuple[Page, ...]:
    """Return the pages of a TIFF in order, at least one.

    Layers that a drawing program (GIMP, ImageMagick) wrote as directories are one page: all are
    named and some are transparent, which no scanner's pages are.

    Args:
        path: the file.
        most: the most directories that are looked at, one more than may be taken.

    Raises:
        OSError, SyntaxError, ValueError, struct.error: one of ``MALFORMED``, for a broken file.
    """
    with closing(path.open("rb")) as stream:
        header = _header(stream)
        chain = list(_chain(stream, header, most))
        full = [each for each in chain if not each.is_copy]
        if not full:
            below = [each for top in chain for each in _below(stream, header, top)]
            full = [each for each in below if not each.is_copy] or chain[:1]
    if len(full) > 1 and _are_layers(full):
        return (_lowest_first(full),)
    return tuple((each,) for each in full)


def count_directories(path: Path, most: int) -> int:
    """Return the number of directories in the chain, thumbnails included. Raises as above."""
    with closing(path.open("rb")) as stream:
        return sum(1 for _ in _chain(stream, _header(stream), most))


def header_at(path: Path, offset: int) -> bytes:
    """Return the header of a TIFF, changed so that its first directory lies at an offset."""
    with path.open("rb") as stream:
        header = stream.read(8)
        order = "<" if header.startswith(b"II") else ">"
        if b"+" in header[2:4]:
            return header + struct.pack(order + "Q", offset)
        return header[:4] + struct.pack(order + "L", offset)


def read_tags(path: Path, offset: int) -> ImageFileDirectory_v2:
    """Return all tags of the directory at an offset. Raises as ``read_pages``."""
    with closing(path.open("rb")) as stream:
        return _load(stream, _header(stream), offset)


def _header(stream: io.BufferedReader) -> bytes:
    header = stream.read(8)
    return header + (stream.read(8) if b"+" in header[2:4] else b"")  # BigTIFF


def _chain(stream: io.BufferedReader, header: bytes, most: int) -> Iterator[Directory]:
    following, seen = ImageFileDirectory_v2(header).next, set[int]()
    while following and following not in seen and len(seen) < most:
        tags = _load(stream, header, following)
        yield _directory(tags, following, len(seen))
        seen.add(following)
        following = tags.next


def _below(stream: io.BufferedReader, header: bytes, top: Directory) -> Iterator[Directory]:
    """Yield the directories that hang below one, as a raw picture below its thumbnail."""
    for offset in top.numbers(_SUB_DIRECTORIES)[:_MAX_SUB_DIRECTORIES]:
        yield _directory(_load(stream, header, offset), offset, None)


def _load(stream: io.BufferedReader, header: bytes, offset: int) -> ImageFileDirectory_v2:
    tags = ImageFileDirectory_v2(header)
    stream.seek(offset)
    tags.load(stream)
    return tags


def _directory(tags: ImageFileDirectory_v2, offset: int, index: int | None) -> Directory:
    if _WIDTH not in tags or _HEIGHT not in tags:
        raise ValueError("a directory without a picture")
    return Directory(offset, index, {tag: tags[tag] for tag in _KEPT if tag in tags})


def _are_layers(pages: list[Directory]) -> bool:
    return all(page.page_name for page in pages) and any(page.samples.has_alpha for page in pages)


def _lowest_first(layers: list[Directory]) -> Page:
    """Order layers by number; the one that is not transparent lies below all others."""
    numbered = sorted(layers, key=lambda layer: layer.page_number)
    if numbered[0].samples.has_alpha and not numbered[-1].samples.has_alpha:
        numbered.reverse()
    return tuple(numbered)
