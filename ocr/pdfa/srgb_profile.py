"""Builds the ICC profile of sRGB that states what a searchable PDF's device colours mean.

Profiles of version 2 give the transfer curve as a table of 1,024 values. A reader inverts three
such tables whenever it opens the PDF, even one that only takes the words out, which costs poppler
more than all else. Version 4 has the formula itself, by which the curve is inverted at once.
"""

from __future__ import annotations

import struct
from functools import cache
from itertools import accumulate

_NAME = "sRGB"
_D50 = (0.9642, 1.0, 0.8249)  # the white of all profiles (ICC.1:2004-10, 7.2.16)
_RED = (0.43607, 0.22249, 0.01392)  # the primaries of sRGB (IEC 61966-2-1), brought to D50
_GREEN = (0.38515, 0.71687, 0.09708)
_BLUE = (0.14307, 0.06061, 0.71410)
_TO_D50 = (  # from the white of sRGB, D65, by Bradford's matrix
    *(1.04791, 0.02293, -0.05019),
    *(0.02962, 0.99046, -0.01707),
    *(-0.00925, 0.01506, 0.75179),
)
# Y = (aX + b)^g from d on, below it cX (ICC.1:2004-10, 10.15, function 3)
_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
_HEADER = 128  # bytes


def output_profile(level: str) -> bytes | str:
    """Return what ``pikepdf.pdfa`` is to take as output intent.

    Args:
        level: the level of PDF/A. Part 1 permits profiles of version 2 only: pikepdf has one.
    """
    return _NAME if level.startswith("1") else srgb_profile()


@cache
def srgb_profile() -> bytes:
    """Return the profile; the same bytes each time."""
    curve = struct.pack(">4s4xH2x", b"para", 3) + _fixed(*_CURVE)
    tags = {
        b"desc": _text(_NAME),
        b"cprt": _text("No copyright, use freely"),
        b"wtpt": b"XYZ \0\0\0\0" + _fixed(*_D50),
        b"chad": b"sf32\0\0\0\0" + _fixed(*_TO_D50),
        b"rXYZ": b"XYZ \0\0\0\0" + _fixed(*_RED),
        b"gXYZ": b"XYZ \0\0\0\0" + _fixed(*_GREEN),
        b"bXYZ": b"XYZ \0\0\0\0" + _fixed(*_BLUE),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    first = _HEADER + 4 + 12 * len(tags)
    starts = accumulate(map(len, tags.values()), initial=first)
    table = b"".join(
        struct.pack(">4sII", name, start, len(data))
        for (name, data), start in zip(tags.items(), starts, strict=False)
    )
    body = struct.pack(">I", len(tags)) + table + b"".join(tags.values())
    return _header(_HEADER + len(body)) + body


def _header(size: int) -> bytes:
    """Return the header: a display's profile of version 4.2, without a date (7.2)."""
    kind = struct.pack(">I4xI4s4s4s", size, 0x04200000, b"mntr", b"RGB ", b"XYZ ")
    return (kind + bytes(12) + b"acsp" + bytes(28) + _fixed(*_D50)).ljust(_HEADER, b"\0")


def _text(text: str) -> bytes:
    """Return a text in one language, filled up to a multiple of four bytes (10.13)."""
    letters = text.encode("utf-16-be")
    row = struct.pack(">4s4xII2s2sII", b"mluc", 1, 12, b"en", b"US", len(letters), 28)
    return row + letters + bytes(-len(letters) % 4)


def _fixed(*values: float) -> bytes:
    """Return numbers as s15Fixed16 (4.6)."""
    return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))
