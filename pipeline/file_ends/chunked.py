"""Checks formats that say the length of each of their parts: PNG, ISO media files, WebP, ZIP."""

from __future__ import annotations

from typing import BinaryIO

from pipeline.file_ends.padding import end_of_content, read_before

_PNG_END = b"IEND\xaeB`\x82"  # the last chunk, which is always the same (W3C PNG, IEND)
_PNG_CHUNKS = 200_000  # of 8 KiB each, as libpng writes them, they are more than a gigabyte
_BOXES = 10_000
_ZIP_END, _ZIP_COMMENT = b"PK\5\6", 22 + 0xFFFF  # PKWARE APPNOTE: with the longest comment


def is_whole_png(stream: BinaryIO, size: int) -> bool:
    """Tell whether a PNG of that many bytes has its last chunk."""
    end = end_of_content(stream, size)
    if read_before(stream, end, len(_PNG_END)) == _PNG_END:
        return True
    offset = 8
    for _ in range(_PNG_CHUNKS):
        stream.seek(offset)
        head = stream.read(8)
        if len(head) < 8:
            return False
        offset += 12 + int.from_bytes(head[:4], "big")
        if head[4:] == b"IEND":
            return offset <= size
    return False


def is_whole_media(stream: BinaryIO, size: int, offset: int = 0) -> bool:
    """Tell whether the boxes of an ISO base media file, a film or HEIC picture, fit into a file.

    Args:
        stream: the file.
        size: its length in bytes.
        offset: where the first box begins. What follows the last box may be anything.
    """
    for _ in range(_BOXES):
        stream.seek(offset)
        head = stream.read(16)
        if len(head) < 8 or not (head[4:8].isalnum() and head[4:8].isascii()):
            return True
        length = int.from_bytes(head[:4], "big")
        if length == 1 and len(head) == 16:
            length = int.from_bytes(head[8:], "big")
        if length < 8:  # 0: as far as the file goes
            return True
        offset += length
        if offset > size:
            return False
    return True


def is_whole_webp(stream: BinaryIO, size: int) -> bool:
    """Tell whether a WebP picture is as long as its RIFF header says."""
    stream.seek(4)
    return len(head := stream.read(4)) == 4 and 8 + int.from_bytes(head, "little") <= size


def is_whole_zip(stream: BinaryIO, size: int) -> bool:
    """Tell whether a ZIP archive has the end of its central directory."""
    end = end_of_content(stream, size)
    # Padding is taken for content where the record itself ends with NULs, as it does by default.
    return _ZIP_END in read_before(stream, min(size, end + 22), _ZIP_COMMENT + 22)
