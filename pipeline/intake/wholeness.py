"""Is a file whole? Asked of its own format, because scanners write straight to the final name.

Cheap marks only, read from the ends of the file; whether the content is sound is the reader's
business. A format we do not know counts as whole: it will be refused with its reason.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any, BinaryIO

_TAIL = 2048  # PDF readers accept the end mark within the last kilobyte; some writers pad
_STRIPS = {273: 279, 324: 325}  # TIFF 6.0: StripOffsets → StripByteCounts, Tile… likewise
# Bytes of each kind of value: TIFF 6.0 §2 and, from 16, BigTIFF.
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_SIZES |= {16: 8, 17: 8, 18: 8}
_LETTERS = {1: "B", 2: "H", 4: "L", 8: "Q"}


def is_whole(path: Path) -> bool:
    """Tell whether a file ends the way its format says. An empty file is not whole.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as stream:
        head = stream.read(8)
        size = stream.seek(0, 2)
        if not size:
            return False
        if head.startswith(b"%PDF"):
            return b"%%EOF" in _tail(stream, size)
        if head.startswith(b"\xff\xd8"):
            return b"\xff\xd9" in _tail(stream, size)
        if head.startswith(b"\x89PNG"):
            return b"IEND" in _tail(stream, size)
        if head[:4] in {b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"}:
            return _is_whole_tiff(stream, size)
        return True


def _tail(stream: BinaryIO, size: int) -> bytes:
    stream.seek(max(0, size - _TAIL))
    return stream.read()


def _is_whole_tiff(stream: BinaryIO, size: int) -> bool:
    try:
        return _tiff_end(stream) <= size
    except struct.error:
        return False


def _tiff_end(stream: BinaryIO) -> int:
    """Return the first byte after everything the directories point to."""
    stream.seek(0)
    head = stream.read(16)
    order = "<" if head.startswith(b"II") else ">"
    big = head[2:4] in {b"+\0", b"\0+"}
    offset = struct.unpack_from(f"{order}Q" if big else f"{order}L", head, 8 if big else 4)[0]
    end, seen = 16 if big else 8, set[int]()
    while offset and offset not in seen:
        seen.add(offset)
        offset, directory_end = _directory_end(stream, offset, order, big=big)
        end = max(end, directory_end)
    return end


def _directory_end(stream: BinaryIO, offset: int, order: str, *, big: bool) -> tuple[int, int]:
    """Return the offset of the next directory and the end of what this one points to."""
    count_form, entry_form, next_form = ("Q", "HHQ8s", "Q") if big else ("H", "HHL4s", "L")
    stream.seek(offset)
    (count,) = _unpack(stream, order + count_form)
    entries: dict[int, tuple[int, int, bytes]] = {}
    for _ in range(count):
        tag, kind, amount, value = _unpack(stream, order + entry_form)
        entries[tag] = (kind, amount, value)
    (following,) = _unpack(stream, order + next_form)
    end = max([stream.tell(), *(_value_end(entry, order) for entry in entries.values())])
    for offsets, lengths in _STRIPS.items():
        if offsets in entries and lengths in entries:
            starts = _numbers(stream, entries[offsets], order)
            sizes = _numbers(stream, entries[lengths], order)
            end = max([end, *(a + b for a, b in zip(starts, sizes, strict=False))])
    return following, end


def _value_end(entry: tuple[int, int, bytes], order: str) -> int:
    """Return the first byte after a value that lies outside its directory; 0 for one inside."""
    kind, amount, value = entry
    length = amount * _SIZES.get(kind, 1)
    return _place(value, order) + length if length > len(value) else 0


def _place(value: bytes, order: str) -> int:
    (place,) = struct.unpack(order + _LETTERS[len(value)], value)
    return int(place)


def _numbers(stream: BinaryIO, entry: tuple[int, int, bytes], order: str) -> tuple[int, ...]:
    kind, amount, value = entry
    width = _SIZES.get(kind, 4)
    if amount * width > len(value):
        stream.seek(_place(value, order))
        value = stream.read(amount * width)
    return struct.unpack_from(f"{order}{amount}{_LETTERS[width]}", value)


def _unpack(stream: BinaryIO, form: str) -> tuple[Any, ...]:
    return struct.unpack(form, stream.read(struct.calcsize(form)))
