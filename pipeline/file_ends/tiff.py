"""Checks whether a TIFF reaches as far as its directories say, classic or BigTIFF."""

from __future__ import annotations

import struct
from typing import Any, BinaryIO

_STRIPS = {273: 279, 324: 325}  # TIFF 6.0: StripOffsets → StripByteCounts, Tile… likewise
# Bytes of each kind of value: TIFF 6.0 §2 and, from 16, BigTIFF.
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_SIZES |= {16: 8, 17: 8, 18: 8}
_LETTERS = {1: "B", 2: "H", 4: "L", 8: "Q"}
_DIRECTORIES = 10_000  # twice the most pages that are taken; a chain this long is no scan
_ENTRIES = 4_096  # of a directory; real ones have 20
_PARTS = 2**20  # strips or tiles of a page; tiles of 16 x 16 cover 268 million pixels with them
_NUMBERS = 2**23  # offsets and lengths of strips in a file: 5,000 pages of 800 strips

_Entry = tuple[int, int, bytes]  # kind of the values, how many, and they themselves or their offset


def is_whole_tiff(stream: BinaryIO, size: int) -> bool:
    """Tell whether a TIFF of that many bytes holds all that its directories point to."""
    try:
        return _Tiff(stream, size).end() <= size
    except struct.error:
        return False


class _Tiff:
    """The directories of a TIFF, which may claim anything: nothing outside the file is looked at.

    Raises:
        struct.error: something ends too early, or claims more than can be true.
    """

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream, self._size = stream, size
        # Lists that do not overlap are no longer than the file.
        self._numbers_left = min(size, _NUMBERS)
        head = self._at(0, min(16, size))
        self._order = "<" if head.startswith(b"II") else ">"
        self._big = head[2:4] in {b"+\0", b"\0+"}
        self._first = self._unpack("Q" if self._big else "L", 8 if self._big else 4)[0]

    def end(self) -> int:
        """Return the first byte after everything the directories point to."""
        offset, end, seen = self._first, 8, set[int]()
        while offset and offset not in seen and end <= self._size:
            if len(seen) == _DIRECTORIES:
                raise struct.error("too many directories")
            seen.add(offset)
            offset, directory_end = self._directory(offset)
            end = max(end, directory_end)
        return end

    def _directory(self, offset: int) -> tuple[int, int]:
        """Return the offset of the next directory and the end of what this one points to."""
        count_form, entry_form, next_form = (
            ("Q", "HHQ8s", "Q") if self._big else ("H", "HHL4s", "L")
        )
        (count,) = self._unpack(count_form, offset)
        if count > _ENTRIES:
            raise struct.error("too many entries")
        start, width = offset + struct.calcsize("<" + count_form), struct.calcsize("<" + entry_form)
        table = self._at(start, count * width)
        entries = {
            tag: (kind, amount, value)
            for tag, kind, amount, value in struct.iter_unpack(self._order + entry_form, table)
        }
        start += len(table)
        (following,) = self._unpack(next_form, start)
        end = start + struct.calcsize("<" + next_form)
        end = max([end, *(self._value_end(entry) for entry in entries.values())])
        for offsets, lengths in _STRIPS.items():
            if end <= self._size and offsets in entries and lengths in entries:
                starts, sizes = self._numbers(entries[offsets]), self._numbers(entries[lengths])
                end = max(end, max(map(sum, zip(starts, sizes, strict=False)), default=0))
        return following, end

    def _value_end(self, entry: _Entry) -> int:
        """Return the first byte after a value that lies outside its directory; 0 for one inside."""
        kind, amount, value = entry
        length = amount * _SIZES.get(kind, 1)
        return self._offset(value) + length if length > len(value) else 0

    def _offset(self, value: bytes) -> int:
        (offset,) = struct.unpack(self._order + _LETTERS[len(value)], value)
        return int(offset)

    def _numbers(self, entry: _Entry) -> tuple[int, ...]:
        kind, amount, value = entry
        self._numbers_left -= amount
        if amount > _PARTS or self._numbers_left < 0:
            raise struct.error("too many strips")
        width = _SIZES.get(kind, 4)
        if amount * width > len(value):
            value = self._at(self._offset(value), amount * width)
        return struct.unpack_from(f"{self._order}{amount}{_LETTERS[width]}", value)

    def _unpack(self, form: str, offset: int) -> tuple[Any, ...]:
        form = self._order + form
        return struct.unpack(form, self._at(offset, struct.calcsize(form)))

    def _at(self, offset: int, length: int) -> bytes:
        if offset + length > self._size:
            raise struct.error("outside the file")
        self._stream.seek(offset)
        return self._stream.read(length)
