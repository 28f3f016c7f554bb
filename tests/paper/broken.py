"""Files that must be refused, each with its own reason, and never stop the watcher."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pikepdf

from tests.paper.born_digital import digital_pdf
from tests.paper.files import save_tiff
from tests.paper.fonts import Style, typeface
from tests.paper.press import draw_page, save_born_digital
from tests.paper.sheet import LEFT, TOP, Sheet, Span

BOMB_SIDE = 35_000  # pixels: 1.2 thousand million in a few kilobytes


def make_all(out: Path) -> dict[str, Path]:
    """Write every bad file into ``out`` and return them by name.

    Names: ``empty``, ``text_as_pdf``, ``truncated_pdf``, ``truncated_tiff``, ``truncated_jpeg``,
    ``encrypted_pdf``, ``no_pages_pdf``, ``bomb_pdf``, ``bomb_tiff``, ``bomb_png``.
    """
    out.mkdir(parents=True, exist_ok=True)
    made = {}
    for name, (file_name, write) in _MAKERS.items():
        path = out / file_name
        write(path)
        made[name] = path
    return made


def empty(path: Path) -> None:
    """Write a file without bytes."""
    path.write_bytes(b"")


def text_as_pdf(path: Path) -> None:
    """Write plain text under the name of a PDF."""
    path.write_text("Đây là văn bản thường, không phải tệp PDF.\n" * 20, encoding="utf-8")


def truncated_pdf(path: Path) -> None:
    """Write the first half of a PDF, as an interrupted scanner leaves it."""
    save_born_digital(1, path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def truncated_tiff(path: Path) -> None:
    """Write a TIFF whose directory and last strips are missing."""
    save_tiff([draw_page("A", 1, 72)], path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def truncated_jpeg(path: Path) -> None:
    """Write a JPEG without its second half and end marker."""
    buffer = io.BytesIO()
    draw_page("B", 1, 72).image.save(buffer, "JPEG", quality=80)
    path.write_bytes(buffer.getvalue()[: buffer.tell() // 2])


def encrypted_pdf(path: Path) -> None:
    """Write a PDF that opens with a password only."""
    sheet = Sheet(typeface("noto-serif"), "A")
    sheet.put((Span("Tài liệu khóa", Style.BOLD),), (LEFT, TOP + 40), 14)
    with pikepdf.open(io.BytesIO(digital_pdf([sheet]))) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="chu-mau", user="mat-khau-mau"))


def no_pages_pdf(path: Path) -> None:
    """Write a well-formed PDF without pages."""
    with pikepdf.new() as pdf:
        pdf.save(path, deterministic_id=True)


def bomb_pdf(path: Path) -> None:
    """Write a small PDF whose one page is an image of 35,000 × 35,000 pixels at 300 dpi."""
    side = BOMB_SIDE * 72 / 300
    with pikepdf.new() as pdf:
        image = pikepdf.Stream(pdf, _white_rows())
        image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        image.Width = image.Height = BOMB_SIDE
        image.ColorSpace, image.BitsPerComponent = pikepdf.Name.DeviceGray, 1
        image.Filter = pikepdf.Name.FlateDecode
        content = f"q {side} 0 0 {side} 0 0 cm /Scan Do Q".encode()
        page = pikepdf.Dictionary(
            Type=pikepdf.Name.Page,
            MediaBox=[0, 0, side, side],
            Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=image)),
            Contents=pdf.make_stream(content),
        )
        pdf.pages.append(pikepdf.Page(page))
        pdf.save(path, deterministic_id=True, compress_streams=False)


def bomb_tiff(path: Path) -> None:
    """Write a small TIFF of one Deflate strip with 35,000 × 35,000 white pixels."""
    strip = _white_rows()
    # Tag, type (3 short, 4 long), value; TIFF 6.0, section 2. 8 is Deflate.
    tags = (
        (256, 4, BOMB_SIDE), (257, 4, BOMB_SIDE), (258, 3, 1), (259, 3, 8), (262, 3, 1),
        (273, 4, 8), (277, 3, 1), (278, 4, BOMB_SIDE), (279, 4, len(strip)),
    )  # fmt: skip
    directory = struct.pack("<H", len(tags))
    directory += b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    header = b"II*\0" + struct.pack("<I", 8 + len(strip))
    path.write_bytes(header + strip + directory + b"\0\0\0\0")


def bomb_png(path: Path) -> None:
    """Write a small PNG of 35,000 × 35,000 white pixels."""
    header = struct.pack(">IIBBBBB", BOMB_SIDE, BOMB_SIDE, 1, 0, 0, 0, 0)
    rows = _white_rows(filter_byte=b"\0")
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunks)


def repeated(block: bytes, times: int) -> bytes:
    """Pack a block many times over as zlib would, in no time: its packed form repeats as well."""
    packer = zlib.compressobj(9)
    first = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 1
    for _ in range(times):
        check = zlib.adler32(block, check)
    return first + again * (times - 1) + b"\x03\0" + check.to_bytes(4, "big")


@cache
def _white_rows(filter_byte: bytes = b"") -> bytes:
    row = filter_byte + b"\xff" * ((BOMB_SIDE + 7) // 8)
    return repeated(row * 500, BOMB_SIDE // 500)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


_MAKERS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "empty": ("rong.pdf", empty),
    "text_as_pdf": ("van_ban.pdf", text_as_pdf),
    "truncated_pdf": ("cat_cut.pdf", truncated_pdf),
    "truncated_tiff": ("cat_cut.tif", truncated_tiff),
    "truncated_jpeg": ("cat_cut.jpg", truncated_jpeg),
    "encrypted_pdf": ("khoa_mat_khau.pdf", encrypted_pdf),
    "no_pages_pdf": ("khong_trang.pdf", no_pages_pdf),
    "bomb_pdf": ("qua_lon.pdf", bomb_pdf),
    "bomb_tiff": ("qua_lon.tif", bomb_tiff),
    "bomb_png": ("qua_lon.png", bomb_png),
}
