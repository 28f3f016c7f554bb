"""Checks whether a JPEG is there to its end mark, and what cameras and telephones add behind it.

Behind the picture there may be a film (motion photos), further pictures (MPO, gain maps) or a
maker's own data.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from pipeline.file_ends.chunked import is_whole_media
from pipeline.file_ends.padding import end_of_content, read_before

_START, _END = b"\xff\xd8", b"\xff\xd9"
# ITU T.81 §B.1.1: in the coded picture, FF is followed by 00 or the number of a restart.
_MARKER = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")
_ALONE = {0x01, 0xD8}  # markers without a length: TEM, SOI
_MARKERS = 100_000  # of a picture; real ones have some dozens
_PICTURES = 100
_BLOCK = 2**18


def is_whole_jpeg(stream: BinaryIO, size: int, *, with_rest: bool) -> bool:
    """Tell whether a JPEG of that many bytes is there to its end mark.

    Args:
        stream: the file.
        size: its length in bytes.
        with_rest: whether further pictures, or a film, must be there to their ends as well.
    """
    end = end_of_content(stream, size)
    # Padding looks like the second byte of no mark, but may be the FF of one that is half there.
    if read_before(stream, end, 2) == _END:
        return True
    walk = _Walk(stream, size)
    offset = 0
    for _ in range(_PICTURES):
        end_of_picture = walk.end_of_picture(offset)
        if end_of_picture is None or not with_rest:
            return end_of_picture is not None
        offset = walk.skip_nuls(end_of_picture)
        head = walk.read(offset, 8)
        film = head.find(b"ftyp")  # behind its length, which begins with NULs as well
        if film >= 0:
            return is_whole_media(stream, size, offset + film - 4)
        if not head.startswith(_START):
            return True
    return True


class _Walk:
    """Steps from marker to marker, through one block of the file at a time."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream, self._size = stream, size
        self._block, self._begin = b"", 0

    def read(self, offset: int, length: int) -> bytes:
        """Return bytes at an offset; fewer at the end of the file."""
        start = offset - self._begin
        if not 0 <= start <= len(self._block) - length:
            self._stream.seek(offset)
            self._block, self._begin, start = self._stream.read(_BLOCK), offset, 0
        return self._block[start : start + length]

    def end_of_picture(self, offset: int) -> int | None:
        """Return the offset behind the end mark of the picture that begins here."""
        offset += len(_START)
        for _ in range(_MARKERS):
            found = self._next_marker(offset)
            if found is None:
                return None
            marker, offset = found
            if marker == _END[1]:
                return offset
            if marker not in _ALONE:
                length = int.from_bytes(self.read(offset, 2), "big")
                offset += max(2, length)
        return None

    def _next_marker(self, offset: int) -> tuple[int, int] | None:
        """Return the next marker and the offset behind it."""
        while offset < self._size:
            self.read(offset, 2)
            match = _MARKER.search(self._block, offset - self._begin)
            if match:
                return match[1][0], self._begin + match.end()
            after = self._begin + len(self._block)
            if after <= offset + 1:
                return None
            offset = after - 1  # the FF may be the last byte of this block
        return None

    def skip_nuls(self, offset: int) -> int:
        """Return the offset of the next byte that is no NUL, within one block."""
        self.read(offset, _BLOCK)
        rest = self._block[offset - self._begin :]
        return offset + len(rest) - len(rest.lstrip(b"\0"))
