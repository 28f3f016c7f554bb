"""Checks whether a file is completely written, by the end marks of its format.

Scanners write straight to the final name. The check is cheap: it reads the ends of the file;
whether the content is sound, the scan reader finds out. What a copier pads the file with, or a
telephone appends to it, does not count. A format we do not know counts as whole: it will be refused
with its reason.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from pipeline.file_ends.chunked import (
    is_whole_media,
    is_whole_png,
    is_whole_webp,
    is_whole_zip,
)
from pipeline.file_ends.jpeg import is_whole_jpeg
from pipeline.file_ends.pdf import is_whole_pdf
from pipeline.file_ends.tiff import is_whole_tiff

_HEAD = 1024  # the PDF signature may stand anywhere in the first kilobyte (PDF 32000-1, annex H)
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def is_whole(path: Path) -> bool:
    """Tell whether a file ends as its format requires; an empty file is not whole.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as stream:
        return is_whole_stream(stream)


def is_whole_stream(stream: BinaryIO, *, with_rest: bool = False) -> bool:
    """Tell the same of an open file.

    Args:
        stream: the file, open for reading.
        with_rest: whether what is appended to a photo, such as a film, must be whole as well.

    Raises:
        OSError: the file cannot be read.
    """
    head = stream.read(_HEAD)
    size = stream.seek(0, 2)
    if not size:
        return False
    if head.startswith(b"\xff\xd8"):
        return is_whole_jpeg(stream, size, with_rest=with_rest)
    for is_format, check in _CHECKS:
        if is_format(head):
            return check(stream, size)
    return True


_CHECKS: tuple[tuple[Callable[[bytes], bool], Callable[[BinaryIO, int], bool]], ...] = (
    (lambda head: head.startswith(b"\x89PNG"), is_whole_png),
    (lambda head: head.startswith(_TIFF), is_whole_tiff),
    (lambda head: head.startswith(b"RIFF") and head[8:12] == b"WEBP", is_whole_webp),
    (lambda head: head[4:8] == b"ftyp", is_whole_media),
    (lambda head: head.startswith(b"PK\3\4"), is_whole_zip),
    (lambda head: b"%PDF-" in head, is_whole_pdf),
)
