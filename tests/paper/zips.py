"""ZIP files as people and programs pack them, and as attackers do."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.paper import photos
from tests.paper.broken import repeated

_ENCRYPTED, _UTF8, _DEFLATE64, _UNICODE_PATH, _UNIX = 0x1, 0x800, 9, 0x7075, 3
Entries = Sequence[tuple[str, bytes]]


def papers(*seeds: int) -> list[bytes]:
    """Return pages as JPEGs."""
    return [photos.jpeg(photos.page(seed)) for seed in seeds]


def save(path: Path, entries: Entries | Mapping[str, bytes]) -> None:
    """Write entries as the standard library does."""
    pairs = entries.items() if isinstance(entries, Mapping) else entries
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in pairs:
            packed.writestr(name, data)


def packed(entries: Entries | Mapping[str, bytes]) -> bytes:
    """Return a ZIP as bytes, to be put into another one."""
    buffer = io.BytesIO()
    save(buffer, entries)  # type: ignore[arg-type]
    return buffer.getvalue()


def save_raw_names(path: Path, entries: Sequence[tuple[bytes, bytes, int, bytes]]) -> None:
    """Write stored entries whose names are bytes: name, data, flags, extra field."""
    out, directory = bytearray(), bytearray()
    for name, data, flags, extra in entries:
        crc = zlib.crc32(data)
        sizes = (len(data), len(data), len(name), len(extra))
        common = struct.pack("<HHHHHIIIHH", 20, flags, 0, 0, 0x21, crc, *sizes)
        place = len(out)
        out += b"PK\3\4" + common + name + extra + data
        directory += b"PK\1\2" + struct.pack("<H", 20) + common
        directory += struct.pack("<HHHII", 0, 0, 0, 0, place) + name + extra
    end = struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(directory), len(out), 0)
    path.write_bytes(bytes(out + directory) + b"PK\5\6" + end)


def unicode_path(raw: bytes, name: str) -> bytes:
    """Return Info-ZIP's extra field with a name in UTF-8 (APPNOTE 4.6.9)."""
    body = struct.pack("<BI", 1, zlib.crc32(raw)) + name.encode()
    return struct.pack("<HH", _UNICODE_PATH, len(body)) + body


def names_of_all_kinds(path: Path) -> dict[str, str]:
    """Write names as several systems do; return what each means."""
    one, two, three, four, five = papers(1, 2, 3, 4, 5)
    raw = "Don xin.jpg".encode("cp437")
    save_raw_names(path, [
        ("01 Đơn đề nghị.jpg".encode(), one, _UTF8, b""),
        ("02 Tờ khai.jpg".encode(), two, 0, b""),  # macOS: UTF-8 that nothing says so of
        ("03 Übersicht.jpg".encode("cp437"), three, 0, b""),
        (raw, four, 0, unicode_path(raw, "04 Đơn xin.jpg")),
        (b"Giay to\\05 giay.jpg", five, 0, b""),  # Windows: folders with backslashes
    ])  # fmt: skip
    wanted = ("01 Đơn đề nghị.jpg", "02 Tờ khai.jpg", "03 Übersicht.jpg", "04 Đơn xin.jpg")
    return dict(zip(("utf8", "macos", "cp437", "infozip"), wanted, strict=True)) | {
        "windows": "Giay to/05 giay.jpg"
    }


def locked_entry(path: Path) -> None:
    """One paper, and one that is locked with a password."""
    one, two = papers(1, 2)
    save_raw_names(path, [(b"1.jpg", one, 0, b""), (b"2.jpg", two, _ENCRYPTED, b"")])


def climbing(path: Path) -> None:
    """Names that would leave the folder, and a link to a file of the system."""
    with zipfile.ZipFile(path, "w") as packed:
        for name, data in zip(
            ("../../leo.jpg", "/etc/tuyet-doi.jpg", "C:\\Windows\\o-dia.jpg"),
            papers(1, 2, 3),
            strict=True,
        ):
            packed.writestr(name, data)
        link = zipfile.ZipInfo("mat-khau.jpg")
        link.create_system, link.external_attr = _UNIX, (stat.S_IFLNK | 0o777) << 16
        packed.writestr(link, "/etc/passwd")


def unusual_method(path: Path) -> None:
    """A paper, and one packed with Deflate64, as Windows packs what is larger than 2 GB."""
    save(path, {"1.jpg": papers(1)[0], "2.jpg": b"x" * 100})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        place = data.rindex(mark) + offset
        data[place : place + 2] = struct.pack("<H", _DEFLATE64)
    path.write_bytes(data)


def damaged_entry(path: Path) -> None:
    """A paper, and one whose bytes have changed since it was packed."""
    one, two = papers(1, 2)
    save_raw_names(path, [(b"1.jpg", one, 0, b""), (b"2.jpg", two, 0, b"")])
    data = bytearray(path.read_bytes())
    place = data.rindex(two[200:300]) + 50
    data[place] ^= 0xFF
    path.write_bytes(data)


def many_entries(path: Path) -> None:
    """A thousand more than may be."""
    save(path, [(f"{number}.txt", b"a") for number in range(3_000)])


def large_bomb(path: Path) -> None:
    """Two thousand million zeros in two megabytes."""
    _save_packed(path, [("0.pdf", repeated(bytes(10**6), 2_000), 2_000 * 10**6)])


def lying_bomb(path: Path) -> None:
    """Says it is small, and unpacks to three hundred million bytes."""
    _save_packed(path, [("0.pdf", repeated(bytes(10**6), 300), 1_000)])


def overlapping_bomb(path: Path) -> None:
    """A thousand entries that share one packed block."""
    block = repeated(bytes(10**5), 90)[2:-4]
    _save_packed(path, [(f"{number}.pdf", block, 9 * 10**6) for number in range(100)], shared=True)


def _save_packed(
    path: Path, entries: Sequence[tuple[str, bytes, int]], *, shared: bool = False
) -> None:
    """Write entries that are packed already: name, a zlib stream, the size it claims."""
    out, directory = bytearray(), bytearray()
    place = 0
    for name, data, size in entries:
        raw = data if shared else data[2:-4]
        common = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0x21, 0, len(raw), size, len(name), 0)
        if not shared or not out:
            place = len(out)
            out += b"PK\3\4" + common + name.encode() + raw
        directory += b"PK\1\2" + struct.pack("<H", 20) + common
        directory += struct.pack("<HHHII", 0, 0, 0, 0, place) + name.encode()
    end = struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(directory), len(out), 0)
    path.write_bytes(bytes(out + directory) + b"PK\5\6" + end)


def nested(path: Path, depth: int) -> None:
    """A paper in a ZIP, in as many more ZIPs, a paper beside it in each."""
    inner = {"trong cung.jpg": papers(1)[0]}
    for level in range(depth):
        inner = {f"tang {level}.jpg": papers(level + 2)[0], "nua.zip": packed(inner)}
    save(path, inner)
