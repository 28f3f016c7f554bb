"""Hostile files: small on disk, endless, deep or lying inside. Each has an outcome it must end in.

Images are made here, PDFs in ``traps``; all of our own code, the same every time.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from tests.paper import broken, lures, nests, traps
from tests.paper.press import draw_page

DIRECTORIES = 6_000  # of a TIFF: over the limit of 5,000 pages

# What a file must end as: the class of a refusal, the states its pages may have, or both.
REFUSED, STATES, ANY = traps.REFUSED, traps.STATES, traps.ANY
READ = ("READ",)
OVERSIZED = ("OversizedScanError",)


# These go on until they are stopped.
ENDLESS = frozenset(
    "nen_hai_lan.pdf ty_hinh.pdf hoa_van.pdf 30000_lan.pdf cay_trang_sau.pdf phan_nan.pdf"
    " nghin_luot.jpg".split()
)


def make_all(out: Path) -> dict[str, tuple[str, ...]]:
    """Write every bomb into ``out``; return by file name how each may end."""
    out.mkdir(parents=True, exist_ok=True)
    for name, (write, _) in MAKERS.items():
        write(out / name)
    return {name: ends for name, (_, ends) in MAKERS.items()}


def tiff(path: Path, tags: dict[int, tuple[int, int, int]], strip: bytes = b"\0" * 64) -> None:
    """Write a TIFF of one directory: tag → type, count, value (TIFF 6.0, section 2)."""
    path.write_bytes(_tiff_bytes(tags, strip, following=0))


def _tiff_bytes(tags: dict[int, tuple[int, int, int]], strip: bytes, following: int) -> bytes:
    entries = b"".join(struct.pack("<HHII", tag, *said) for tag, said in sorted(tags.items()))
    directory = struct.pack("<H", len(tags)) + entries + struct.pack("<I", following)
    return b"II*\0" + struct.pack("<I", 8 + len(strip)) + strip + directory


def _page(
    width: int, height: int, strip: int = 64, packing: int = 1
) -> dict[int, tuple[int, int, int]]:
    return {
        256: (4, 1, width), 257: (4, 1, height), 258: (3, 1, 8), 259: (3, 1, packing),
        262: (3, 1, 1), 273: (4, 1, 8), 277: (3, 1, 1), 278: (4, 1, height), 279: (4, 1, strip),
    }  # fmt: skip


def tiff_claims_billions_of_strips(path: Path) -> None:
    tiff(path, _page(100, 100) | {273: (4, 2**31, 8), 279: (4, 2**31, 8)})


def tiff_claims_a_huge_tag(path: Path) -> None:
    tiff(path, _page(8, 8) | {270: (2, 2**32 - 1, 8)})


def tiff_of_giant_tiles(path: Path) -> None:
    """One tile of 4,000 million pixels, in a picture of 64."""
    tags = _page(8, 8)
    for tag in (273, 278, 279):
        del tags[tag]
    tiles = {322: (4, 1, 65_520), 323: (4, 1, 65_520), 324: (4, 1, 8), 325: (4, 1, 64)}
    tiff(path, tags | tiles)


def tiff_without_end(path: Path) -> None:
    """Its only directory names itself as the next."""
    place = 8 + 64
    path.write_bytes(_tiff_bytes(_page(8, 8), b"\xc0" * 64, following=place))


def tiff_of_many_directories(path: Path) -> None:
    tags = _page(8, 8)
    whole = _tiff_bytes(tags, b"\xc0" * 64, following=0)
    directory = whole[72:-4]
    parts = [whole[:72]]
    for number in range(1, DIRECTORIES + 1):
        following = 72 + number * (len(directory) + 4) if number < DIRECTORIES else 0
        parts += [directory, struct.pack("<I", following)]
    path.write_bytes(b"".join(parts))


def tiff_of_overlapping_lists(path: Path) -> None:
    """Many directories share one long list of strips: walking all of them takes hours."""
    amount, count = 40_000, 2_000
    data = struct.pack("<I", 8) * amount
    base = 8 + len(data)
    entries = _page(8, 8) | {273: (4, amount, 8), 279: (4, amount, 8)}
    one = _tiff_bytes(entries, b"", following=0)[8:-4]
    parts = [b"II*\0", struct.pack("<I", base), data]
    for number in range(1, count + 1):
        parts += [one, struct.pack("<I", base + number * (len(one) + 4) if number < count else 0)]
    path.write_bytes(b"".join(parts))


def tiff_lies_about_depth(path: Path) -> None:
    """Says 16 samples of 64 bits each."""
    tiff(path, _page(3_000, 3_000) | {258: (3, 1, 64), 277: (3, 1, 16)})


def tiff_stretched(path: Path) -> None:
    """50 dpi across and 2,400 down: square pixels would be 48 times as many."""
    Image.new("L", (6_000, 6_000), 255).save(
        path, compression="tiff_adobe_deflate", dpi=(50, 2_400)
    )


def tiff_at_2400_dpi(path: Path) -> None:
    """A whole A4 at 2,400 dpi: 557 million pixels."""
    tiff(path, _page(19_848, 28_056))


@cache
def _head_of_a_page() -> Image.Image:
    whole = draw_page("G", 5, 150).image.convert("L")
    return whole.crop((0, 0, whole.width, whole.height // 3))


def tiff_of(mode: str) -> Callable[[Path], None]:
    """Return a maker of a readable page in an unusual kind of pixels."""

    def write(path: Path) -> None:
        grey = _head_of_a_page()
        if mode == "F":
            picture = Image.fromarray(np.asarray(grey, np.float32) / 255)
        elif mode == "I;16":
            picture = Image.fromarray(np.asarray(grey, np.uint16) * 257)
        else:
            picture = grey.quantize(16) if mode == "P" else grey.convert(mode)
        picture.save(path, compression="tiff_lzw", dpi=(150, 150))

    return write


def png(path: Path, width: int, height: int, *more: tuple[bytes, bytes]) -> None:
    """Write a white grey PNG with more chunks before its pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xff" * width) * height)
    _save_png(path, (b"IHDR", head), *more, (b"IDAT", rows))


def _save_png(path: Path, *chunks: tuple[bytes, bytes]) -> None:
    packed = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in (*chunks, (b"IEND", b""))
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(packed))


def png_of_texts(path: Path) -> None:
    """Comments that unpack to 2,000 million letters."""
    packed = b"a\0\0" + zlib.compress(b"A" * 50_000_000, 9)
    png(path, 100, 100, *[(b"zTXt", packed)] * 40)


def png_of_profile(path: Path) -> None:
    """A colour profile that unpacks to 500 million bytes."""
    png(path, 100, 100, (b"iCCP", b"a\0\0" + broken.repeated(bytes(10**6), 500)))


def png_largest_allowed(path: Path) -> None:
    """A page of 196 million pixels in colour: just under the limit."""
    head = struct.pack(">IIBBBBB", 14_000, 14_000, 8, 2, 0, 0, 0)
    rows = broken.repeated(b"\0" + b"\xff" * 42_000, 14_000)
    _save_png(path, (b"IHDR", head), (b"IDAT", rows))


def png_thin(path: Path) -> None:
    Image.new("L", (100_000, 3), 255).save(path)


def png_dot(path: Path) -> None:
    Image.new("L", (1, 1), 0).save(path)


def jpeg_lies(path: Path) -> None:
    """The header says 65,500 × 3,000; the data is of 64 × 64."""
    buffer = io.BytesIO()
    Image.new("L", (64, 64), 128).save(buffer, "JPEG")
    data = bytearray(buffer.getvalue())
    place = data.index(b"\xff\xc0") + 5
    data[place : place + 4] = struct.pack(">HH", 3_000, 65_500)
    path.write_bytes(data)


def jpeg_of_scans(path: Path) -> None:
    """A progressive JPEG that draws its 8,000 × 8,000 pixels again and again."""
    buffer = io.BytesIO()
    Image.new("L", (8_000, 8_000), 128).save(buffer, "JPEG", progressive=True)
    data = buffer.getvalue()
    last = data.rindex(b"\xff\xda")
    path.write_bytes(data[:last] + data[last:-2] * 300 + b"\xff\xd9")


MAKERS: dict[str, tuple[Callable[[Path], None], tuple[str, ...]]] = {
    "bom_35000.pdf": (broken.bomb_pdf, OVERSIZED),
    "bom_35000.tif": (broken.bomb_tiff, OVERSIZED),
    "bom_35000.png": (broken.bomb_png, OVERSIZED),
    "dai_billions.tif": (tiff_claims_billions_of_strips, REFUSED),
    "the_khong_lo.tif": (tiff_claims_a_huge_tag, REFUSED),
    "o_khong_lo.tif": (tiff_of_giant_tiles, ANY),
    "vong_tron.tif": (tiff_without_end, ANY),
    "6000_trang.tif": (tiff_of_many_directories, OVERSIZED),
    "danh_sach_chung.tif": (tiff_of_overlapping_lists, REFUSED),
    "64_bit.tif": (tiff_lies_about_depth, ANY),
    "keo_gian.tif": (tiff_stretched, ("BLANK",)),
    "cmyk.tif": (tiff_of("CMYK"), READ),
    "trong_suot.tif": (tiff_of("RGBA"), READ),
    "bang_mau.tif": (tiff_of("P"), READ),
    "so_thuc.tif": (tiff_of("F"), READ),
    "16_bit.tif": (tiff_of("I;16"), READ),
    "chu_nen.png": (png_of_texts, ANY),
    "ho_so_mau.png": (png_of_profile, ANY),
    "lon_nhat.png": (png_largest_allowed, ("BLANK",)),
    "mong.png": (png_thin, STATES),
    "mot_diem.png": (png_dot, STATES),
    "noi_doi.jpg": (jpeg_lies, ("not_read",)),
    "nghin_luot.jpg": (jpeg_of_scans, ANY),
    **traps.MAKERS,
    "ma_lenh.pdf": (lures.active, READ),
    "xmp_hong.pdf": (lures.bad_metadata, READ),
    "tep_ben_canh.pdf": (lures.file_beside, ("BLANK", "not_read")),
    "jpeg2000.pdf": (lures.packed_scan("jpx"), READ),
    "jbig2.pdf": (lures.packed_scan("jbig2"), READ),
    "2400_dpi.tif": (tiff_at_2400_dpi, OVERSIZED),
    "phieu_2400_dpi.tif": (lures.paper_at_2400_dpi, READ),
    "trieu_chu.pdf": (lures.many_words, STATES),
    "kho_lon.pdf": (lures.sized("[0 0 14400000 14400000]"), ANY),
    "kho_mong.pdf": (lures.sized("[0 0 .001 14400]"), ANY),
    "kho_khong.pdf": (lures.sized("[0 0 0 0]"), ANY),
    "kho_nan.pdf": (lures.sized("[nan -1e99 1e99 inf]"), ANY),
    "ten_sai.pdf": (lures.mixed, READ),
    **nests.MAKERS,
}
