"""Finds the end of a file's content before the padding that copiers and file systems add."""

from __future__ import annotations

from typing import BinaryIO

# Blocks filled up with NULs; 1A ends text files of DOS; FF is what empty flash memory reads as.
_PADDING = b"\0\xff\x1a \t\r\n"
_LONGEST = 2**24  # bytes: more is no padding, but a file made in its final size and still empty
_BLOCK, _LARGEST_BLOCK = 2**10, 2**20  # bytes read at a time; most files have no padding


def end_of_content(stream: BinaryIO, size: int) -> int:
    """Return the offset behind the last byte that is no padding; that of all of it at most.

    Args:
        stream: the file.
        size: its length in bytes.
    """
    end, length = size, _BLOCK
    while end > max(0, size - _LONGEST):
        block = read_before(stream, end, length)
        content = block.rstrip(_PADDING)
        if content or not block:
            return end - len(block) + len(content)
        end, length = end - len(block), min(2 * length, _LARGEST_BLOCK)
    return end


def read_before(stream: BinaryIO, end: int, length: int) -> bytes:
    """Return up to that many bytes that lie before an offset."""
    start = stream.seek(max(0, end - length))
    return stream.read(end - start)
