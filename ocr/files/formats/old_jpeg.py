"""Takes the JPEG out of a TIFF of the old style (compression 6), which no decoder here reads.

TIFF 6.0, section 22, was withdrawn for its ambiguity (Technical Note 2), but scanners of the
nineties and "Imaging for Windows" wrote it. Either a whole JPEG lies in the file
(JPEGInterchangeFormat), or tables and data lie apart; then a JPEG is put together of them.
"""

from __future__ import annotations

import struct
from pathlib import Path

from PIL.TiffImagePlugin import ImageFileDirectory_v2

from ocr.files.formats import tiff

_STREAM, _STREAM_LENGTH, _RESTART = 513, 514, 515
_QUANTISATION, _DC_TABLES, _AC_TABLES = 519, 520, 521
_WIDTH, _HEIGHT, _STRIPS, _STRIP_SIZES, _SAMPLES, _SUBSAMPLING = 256, 257, 273, 279, 277, 530
_TILES = 324
_MAX_STRIPS = 65_536
_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_TABLE = 64  # bytes of a quantisation table
_COUNTS = 16  # bytes before the values of a Huffman table


class OldJpegError(ValueError):
    """The parts of the JPEG are not where the TIFF says, or in a way that is not known here."""


def extract_jpeg(path: Path, offset: int) -> bytes:
    """Return the picture of a directory of compression 6 as a JPEG.

    Args:
        path: the TIFF.
        offset: where the directory begins, in bytes from the start of the file.

    Raises:
        OldJpegError: it cannot be put together.
    """
    try:
        tags = tiff.read_tags(path, offset)
        with path.open("rb") as stream:
            data = stream.read()
        return _whole(tags, data) or _built(tags, data)
    except (*tiff.MALFORMED, IndexError) as error:
        raise OldJpegError(str(error)) from error


def _whole(tags: ImageFileDirectory_v2, data: bytes) -> bytes:
    """Return the JPEG that lies in the file; empty when there is none."""
    start, length = _numbers(tags, _STREAM), _numbers(tags, _STREAM_LENGTH)
    if not start and _TILES not in tags:  # some writers put the whole of it into the only strip
        start, length = _numbers(tags, _STRIPS), _numbers(tags, _STRIP_SIZES)
        start = start if len(start) == 1 else ()
    if not start or data[start[0] : start[0] + 2] != _SOI:
        return b""
    end = start[0] + length[0] if length and length[0] else len(data)
    jpeg = data[start[0] : end]
    if b"\xff\xda" not in jpeg:
        return b""
    if not _has_pixels(jpeg):  # the header alone, its data in the strips
        jpeg = jpeg.removesuffix(_EOI) + _joined_strips(tags, data)
    return jpeg if jpeg.rstrip(b"\0").endswith(_EOI) else jpeg + _EOI


def _has_pixels(jpeg: bytes) -> bool:
    scan = jpeg.rindex(b"\xff\xda")
    length: int = struct.unpack_from(">H", jpeg, scan + 2)[0]
    return len(jpeg) - scan - 2 - length > len(_EOI)


def _built(tags: ImageFileDirectory_v2, data: bytes) -> bytes:
    if _TILES in tags:
        raise OldJpegError("tiles")
    (width,), (height,) = _numbers(tags, _WIDTH), _numbers(tags, _HEIGHT)
    count = (_numbers(tags, _SAMPLES) or (1,))[0]
    across, down = (_numbers(tags, _SUBSAMPLING) or (2, 2)) if count > 1 else (1, 1)
    quantisation = _numbers(tags, _QUANTISATION)
    parts = [_SOI]
    parts += [
        _segment(0xDB, bytes([n]) + data[place : place + _TABLE])
        for n, place in enumerate(quantisation)
    ]
    components = [
        bytes([n + 1, (across << 4 | down) if n == 0 else 0x11, min(n, len(quantisation) - 1)])
        for n in range(count)
    ]
    size = struct.pack(">BHHB", 8, height, width, count)
    parts.append(_segment(0xC0, size + b"".join(components)))
    tables = [(0x00, _numbers(tags, _DC_TABLES)), (0x10, _numbers(tags, _AC_TABLES))]
    parts += [
        _segment(0xC4, bytes([kind | n]) + _huffman(data, place))
        for kind, places in tables
        for n, place in enumerate(places)
    ]
    if restart := _numbers(tags, _RESTART):
        parts.append(_segment(0xDD, struct.pack(">H", restart[0])))
    most = len(tables[0][1]) - 1
    chosen = [bytes([n + 1, min(n, most) << 4 | min(n, most)]) for n in range(count)]
    parts.append(_segment(0xDA, bytes([count]) + b"".join(chosen) + b"\0\x3f\0"))
    return b"".join(parts) + _joined_strips(tags, data) + _EOI


def _joined_strips(tags: ImageFileDirectory_v2, data: bytes) -> bytes:
    """Return the data of all strips; between them stand the restart marks that a JPEG has there."""
    places, sizes = _numbers(tags, _STRIPS), _numbers(tags, _STRIP_SIZES)
    if not places or len(places) > _MAX_STRIPS:
        raise OldJpegError("strips")
    if len(sizes) != len(places):
        sizes = (len(data) - places[0],) if len(places) == 1 else ()
    if len(places) > 1 and not _numbers(tags, _RESTART):
        raise OldJpegError("strips without restart marks")
    joined = bytearray()
    for n, (place, size) in enumerate(zip(places, sizes, strict=True)):
        strip = data[place : place + size].removesuffix(_EOI)
        is_marked = len(strip) > 1 and strip[-2] == 0xFF and 0xD0 <= strip[-1] <= 0xD7
        joined += strip
        if n < len(places) - 1 and not is_marked:
            joined += bytes([0xFF, 0xD0 | n % 8])
    return bytes(joined)


def _huffman(data: bytes, place: int) -> bytes:
    counts = data[place : place + _COUNTS]
    return data[place : place + _COUNTS + sum(counts)]


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _numbers(tags: ImageFileDirectory_v2, tag: int) -> tuple[int, ...]:
    value = tags.get(tag, ())
    return tuple(map(int, value)) if isinstance(value, tuple) else (int(value),)
