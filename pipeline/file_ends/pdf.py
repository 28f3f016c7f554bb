"""Checks whether a PDF has its end mark, and no part of a further revision behind it."""

from __future__ import annotations

import re
from typing import BinaryIO

from pipeline.file_ends.padding import end_of_content, read_before

_END = b"%%EOF"
_NEAR = 2**11  # bytes; PDF readers look for the mark in the last kilobyte
_FAR = 2**24  # bytes that something foreign behind the mark may have: a film, the end of a mail
# What follows the mark of the first part of a linearized PDF, or of one that is saved again.
_GOES_ON = re.compile(rb"\d+\s+\d+\s+obj\b")
_LOOKED_AT = 2**12  # bytes behind the mark; an object begins at once


def is_whole_pdf(stream: BinaryIO, size: int) -> bool:
    """Tell whether a PDF of that many bytes is there to its end, PDF 32000-1 §7.5.5."""
    end = end_of_content(stream, size)
    for length in (_NEAR, _FAR):
        tail = read_before(stream, end, length)
        mark = tail.rfind(_END)
        if mark >= 0:
            rest = tail[mark + len(_END) :][:_LOOKED_AT]
            return _GOES_ON.search(rest) is None
    return False
