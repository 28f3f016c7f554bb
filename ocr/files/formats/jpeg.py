"""Walks the markers of a JPEG (ITU-T T.81, annex B): its kind, and where its picture ends."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import NamedTuple

_SOS, _EOI, _APP2, _TEM = 0xDA, 0xD9, 0xE2, 0x01
_ALONE = {_TEM, 0xD8, *range(0xD0, 0xD8)}  # markers without a length
_HEAD = 2**20  # bytes that are searched for the frame; profiles and previews stand before it
_FRAMES = {  # SOFn -> what a decoder must be able to do; the usual ones are not listed
    0xC3: "không mất dữ liệu (lossless)",
    0xC5: "phân cấp (hierarchical)",
    0xC6: "phân cấp (hierarchical)",
    0xC7: "phân cấp (hierarchical)",
    0xCB: "không mất dữ liệu (lossless)",
    0xCD: "phân cấp (hierarchical)",
    0xCE: "phân cấp (hierarchical)",
    0xCF: "phân cấp (hierarchical)",
    0xF7: "JPEG-LS",
}
_USUAL = {0xC0, 0xC1, 0xC2, 0xC9, 0xCA}  # baseline, extended, progressive; the last two arithmetic


class Segment(NamedTuple):
    """A marker and where it and its data lie."""

    marker: int
    start: int  # of the marker
    end: int  # of its data


def unusual_kind(path: Path) -> str:
    """Return the name of the kind of a JPEG that decoders may lack; empty for the usual ones."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    for segment in _segments(head):
        if segment.marker in _FRAMES:
            return _FRAMES[segment.marker]
        if segment.marker in _USUAL:
            precision = head[segment.start + 4 : segment.start + 5]
            return f"{precision[0]} bit" if precision and precision[0] != 8 else ""
    return ""


def primary_picture(data: bytes) -> bytes:
    """Return the first picture of a JPEG file alone, its bytes as they are.

    Without what lies behind it (previews of cameras, gain maps, films of telephones) and without
    the table that says where that lies (CIPA DC-007, Multi-Picture Format).
    """
    parts, at = [data[:2]], 2
    for segment in _segments(data):
        if segment.marker == _SOS:
            return b"".join([*parts, data[at : _end_of_scans(data, segment.end)]])
        if segment.marker == _APP2 and data.startswith(b"MPF\0", segment.start + 4):
            parts.append(data[at : segment.start])
            at = segment.end
    return data


def _segments(data: bytes) -> list[Segment]:
    """Return the segments up to the first scan; fewer when the data ends before."""
    found, at = [], 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF or marker in _ALONE:  # fill bytes
            at += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        found.append(Segment(marker, at, at + 2 + length))
        if marker in (_SOS, _EOI):
            break
        at += 2 + length
    return found


def _end_of_scans(data: bytes, at: int) -> int:
    """Return where the picture ends: behind the first end mark that no segment contains."""
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
        marker = data[at + 1]
        if marker == _EOI:
            return at + 2
        if marker in (0x00, 0xFF) or marker in _ALONE:  # data, fill bytes, restart marks
            at += 1 if marker == 0xFF else 2
            continue
        if at + 4 > len(data):
            break
        at += 2 + struct.unpack_from(">H", data, at + 2)[0]  # tables or the head of another scan
    return len(data)
