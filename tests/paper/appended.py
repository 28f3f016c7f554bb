"""Adds what copiers and telephones put behind a finished file: padding, films, more pictures."""

from __future__ import annotations

import random
import struct


def padded(content: bytes, length: int = 4_096, filling: bytes = b"\0") -> bytes:
    """Return a file filled up, as copiers do that write whole blocks."""
    return content + filling * length


def film(length: int = 60_000, seed: int = 1) -> bytes:
    """Return the boxes of an MP4 film: type, data, index; nothing in it can be played."""
    data = random.Random(seed).randbytes(length)
    kind = b"mp42\0\0\0\0mp42isom"
    return b"".join(
        struct.pack(">L4s", 8 + len(content), name) + content
        for name, content in ((b"ftyp", kind), (b"mdat", data), (b"moov", b"\0" * 200))
    )


def maker_data(length: int = 5_000, seed: int = 2) -> bytes:
    """Return a trailer as some telephones write it: a named block, then where the blocks are."""
    block = b"\0\0\x30\x0a\x10\0\0\0MotionPhoto_Data" + random.Random(seed).randbytes(length)
    index = b"SEFH" + struct.pack("<LLHHLL", 107, 1, 0, 0x0A30, len(block), len(block))
    return block + index + struct.pack("<L", len(index)) + b"SEFT"
