"""TIFFs as devices and programs write them, tag by tag: depths, layouts, thumbnails, layers.

Pillow writes few of them. The numbers are those of TIFF 6.0 and its Technical Notes 1 to 3.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, MASK, SEPARATED, YCBCR, LAB = 0, 1, 2, 3, 4, 5, 6, 8
UNSIGNED, SIGNED, FLOAT = 1, 2, 3
PLAIN, LZW, OLD_JPEG, JPEG, DEFLATE = 1, 5, 6, 7, 8
REDUCED, PAGE = 1, 2  # NewSubfileType
_SHORT, _LONG, _RATIONAL, _ASCII, _BYTE = 3, 4, 5, 2, 1
_FORMS = {_SHORT: "H", _LONG: "I", _BYTE: "B"}

Value = int | bytes | str | Sequence[int] | tuple[int, int]


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of a TIFF: its samples, and how they are written."""

    samples: npt.NDArray[np.generic]  # rows x columns, or rows x columns x samples
    photometric: int = BLACK_IS_ZERO
    bits: int = 8
    kind: int = UNSIGNED  # of the samples
    compression: int = PLAIN
    planar: bool = False  # each sample in a strip of its own
    tile: int = 0  # side of the tiles; 0: one strip
    packed: bytes | None = None  # the strip as it is, in place of the samples
    behind: bytes = b""  # bytes behind the strips that only its tags name
    tags: Mapping[int, Value] = field(default_factory=dict)  # more tags, or other values


def save(path: Path, *pictures: Picture, big_endian: bool = False) -> None:
    """Write pictures one after the other, the directories chained in this order."""
    order = ">" if big_endian else "<"
    out = bytearray((b"MM\0*" if big_endian else b"II*\0") + bytes(4))
    link = 4  # where the offset of the next directory belongs
    for picture in pictures:
        strips = _strips(picture, order)
        places = []
        for strip in strips:
            places.append(len(out))
            out += strip + bytes(len(strip) % 2)
        out += picture.behind + bytes(len(picture.behind) % 2)
        tags = _tags(picture, places, [len(strip) for strip in strips])
        struct.pack_into(order + "I", out, link, _append(out, tags, order))
        link = len(out) - 4
    path.write_bytes(bytes(out))


def _append(out: bytearray, tags: Mapping[int, Value], order: str) -> int:
    """Append a directory and the values that do not fit into it; return its offset."""
    entries = []
    for tag, value in sorted(tags.items()):
        kind, count, data = _encoded(tag, value, order)
        if len(data) > 4:
            place = len(out)
            out += data + bytes(len(data) % 2)
            data = struct.pack(order + "I", place)
        entries.append(struct.pack(order + "HHI", tag, kind, count) + data.ljust(4, b"\0"))
    start = len(out)
    out += struct.pack(order + "H", len(entries)) + b"".join(entries) + bytes(4)
    return start


_RATIONALS = {282, 283, 286, 287}
_LONGS = {254, 256, 257, 273, 279, 324, 325, 330, 513, 514, 519, 520, 521, 278}
_BYTES = {347, 34377, 37724, 700}


def _encoded(tag: int, value: Value, order: str) -> tuple[int, int, bytes]:
    if isinstance(value, str):
        text = value.encode() + b"\0"
        return _ASCII, len(text), text
    if isinstance(value, bytes):
        return (7 if tag in _BYTES else _BYTE), len(value), value
    numbers = [value] if isinstance(value, int) else list(value)
    if tag in _RATIONALS:
        return (
            _RATIONAL,
            1,
            struct.pack(order + "II", *(numbers if len(numbers) == 2 else [numbers[0], 1])),
        )
    kind = _LONG if tag in _LONGS else _SHORT
    return kind, len(numbers), struct.pack(f"{order}{len(numbers)}{_FORMS[kind]}", *numbers)


def _tags(picture: Picture, places: list[int], sizes: list[int]) -> dict[int, Value]:
    height, width = picture.samples.shape[:2]
    samples = picture.samples.shape[2] if picture.samples.ndim == 3 else 1
    tags: dict[int, Value] = {
        256: width, 257: height, 258: [picture.bits] * samples, 259: picture.compression,
        262: picture.photometric, 277: samples, 282: 150, 283: 150, 296: 2,
        284: 2 if picture.planar else 1, 339: [picture.kind] * samples,
    }  # fmt: skip
    if picture.tile:
        tags |= {322: picture.tile, 323: picture.tile, 324: places, 325: sizes}
    else:
        tags |= {273: places, 278: height, 279: sizes}
    return tags | dict(picture.tags)


def _strips(picture: Picture, order: str) -> list[bytes]:
    if picture.packed is not None:
        return [picture.packed]
    samples = picture.samples
    parts = [samples[..., n] for n in range(samples.shape[2])] if picture.planar else [samples]
    if picture.tile:
        parts = [tile for part in parts for tile in _tiles(part, picture.tile)]
    raw = [_bytes(part, picture.bits, order) for part in parts]
    return [zlib.compress(each) for each in raw] if picture.compression == DEFLATE else raw


def _tiles(samples: npt.NDArray[np.generic], side: int) -> list[npt.NDArray[np.generic]]:
    height, width = samples.shape[:2]
    room = [(0, -height % side), (0, -width % side), *[(0, 0)] * (samples.ndim - 2)]
    padded = np.pad(samples, room, mode="edge")
    return [
        padded[top : top + side, left : left + side]
        for top in range(0, height, side)
        for left in range(0, width, side)
    ]


def _bytes(samples: npt.NDArray[np.generic], bits: int, order: str) -> bytes:
    if bits >= 8 and bits != 12:
        return (samples.byteswap() if order == ">" else samples).tobytes()
    rows = samples.reshape(len(samples), -1).astype(">u2")
    unpacked = np.unpackbits(rows.view(np.uint8).reshape(*rows.shape, 2), axis=2)
    return np.packbits(unpacked[:, :, 16 - bits :].reshape(len(rows), -1), axis=1).tobytes()
