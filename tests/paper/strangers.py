"""Files that people drop by mistake, each beginning as its kind does: films, programs, drawings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.paper import office, zips

Maker = Callable[[Path], None]


def beginning(data: bytes) -> Maker:
    """Return a maker of a file that begins so."""

    def write(path: Path) -> None:
        path.write_bytes(data + bytes(600))

    return write


def text(content: str, encoding: str = "utf-8") -> Maker:
    """Return a maker of a text file."""

    def write(path: Path) -> None:
        path.write_text(content, encoding=encoding)

    return write


def streams(*names: str) -> Maker:
    """Return a maker of an OLE compound file with streams of these names."""

    def write(path: Path) -> None:
        office.compound(path, *names)

    return write


def packed(*names: str, **content: bytes) -> Maker:
    """Return a maker of a ZIP with entries of these names."""

    def write(path: Path) -> None:
        zips.save(path, dict.fromkeys(names, b"<x/>") | content)

    return write


def _box(brand: bytes) -> bytes:
    return b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0" + brand + b"isom"


# What it is, in words of its refusal, and how it is made. The names are what a clerk would see.
MAKERS: dict[str, tuple[str, Maker]] = {
    "don.docx": ("Word", packed("[Content_Types].xml", "word/document.xml")),
    "don.doc": ("Word", streams("Root Entry", "WordDocument")),
    "don.rtf": ("Word", beginning(b"{\\rtf1\\ansi")),
    "bang.xlsx": ("Excel", packed("[Content_Types].xml", "xl/workbook.xml")),
    "bang.xls": ("Excel", streams("Root Entry", "Workbook")),
    "trinh.pptx": ("PowerPoint", packed("[Content_Types].xml", "ppt/presentation.xml")),
    "trinh.ppt": ("PowerPoint", streams("Root Entry", "PowerPoint Document")),
    "don.odt": ("OpenDocument (ODT)", packed(mimetype=b"application/vnd.oasis.opendocument.text")),
    "khoa.docx": ("bị khóa bằng mật khẩu", streams("Root Entry", "EncryptedPackage")),
    "thu.eml": ("thư điện tử", text("From: a@b.vn\nTo: c@d.vn\nSubject: x\n\nKính gửi")),
    "thu.msg": ("thư Outlook", streams("Root Entry", "__substg1.0_0037001F")),
    "ghi-chu.txt": ("văn bản thuần", text("Ghi chú: mai nộp.\n" * 9)),
    "ghi-chu-utf16.txt": ("văn bản thuần", text("Ghi chú: mai nộp.\n" * 9, "utf-16")),
    "trang.html": ("trang web", text("\n<!DOCTYPE html><html><body>a</body></html>")),
    "du-lieu.xml": ("tệp dữ liệu", text("<?xml version='1.0'?><hoaDon/>")),
    "du-lieu.db": ("tệp dữ liệu", beginning(b"SQLite format 3\0")),
    "sach.epub": ("sách điện tử", packed(mimetype=b"application/epub+zip")),
    "ban-in.xps": ("XPS", packed("[Content_Types].xml", "FixedDocSeq.fdseq")),
    "ban-in.ps": ("PostScript", beginning(b"%!PS-Adobe-3.0")),
    "ban-ve.dwg": ("bản vẽ", beginning(b"AC1032\0\0")),
    "anh.gif": ("GIF", beginning(b"GIF89a")),
    "anh.bmp": ("BMP", beginning(b"BM\x10\0\0\0\0\0\0\0")),
    "anh.avif": ("AVIF", beginning(_box(b"avif"))),
    "anh.jp2": ("JPEG 2000", beginning(b"\0\0\0\x0cjP  \r\n\x87\n")),
    "anh.jxl": ("JPEG XL", beginning(b"\xff\n\xfa\x7f")),
    "anh.psd": ("Photoshop", beginning(b"8BPS\0\1")),
    "anh.svg": ("SVG", text("<svg xmlns='http://www.w3.org/2000/svg'/>")),
    "anh.cr2": ("RAW", beginning(b"II*\0\x10\0\0\0CR\2\0")),
    "tep.djvu": ("DjVu", beginning(b"AT&TFORM")),
    "tep.rar": ("không phải ZIP", beginning(b"Rar!\x1a\x07\1\0")),
    "tep.7z": ("không phải ZIP", beginning(b"7z\xbc\xaf\x27\x1c")),
    "tep.tar": ("không phải ZIP", beginning(bytes(257) + b"ustar")),
    "tep.gz": ("không phải ZIP", beginning(b"\x1f\x8b\x08")),
    "phim.mp4": ("phim", beginning(_box(b"mp42"))),
    "phim.mov": ("phim", beginning(_box(b"qt  "))),
    "phim.mkv": ("phim", beginning(b"\x1aE\xdf\xa3")),
    "phim.avi": ("phim", beginning(b"RIFF\0\0\0\0AVI ")),
    "nhac.mp3": ("âm thanh", beginning(b"ID3\3\0")),
    "nhac.m4a": ("âm thanh", beginning(_box(b"M4A "))),
    "nhac.wav": ("âm thanh", beginning(b"RIFF\0\0\0\0WAVE")),
    "cai-dat.exe": ("chương trình", beginning(b"MZ\x90\0")),
    "chay": ("chương trình", beginning(b"\x7fELF\2\1\1")),
    "ung-dung.apk": ("chương trình", packed("AndroidManifest.xml")),
    "lenh.sh": ("chương trình", text("#!/bin/sh\nexit\n")),
    "ho-so.lnk": ("lối tắt", beginning(b"L\0\0\0\x01\x14\x02\0")),
    "ho-so.url": ("lối tắt", text("[InternetShortcut]\nURL=http://a.vn\n")),
    "nho.db": ("hình thu nhỏ", streams("Root Entry", "Catalog", "256_00ab")),
    "chu-ky.p7s": ("chữ ký số", beginning(b"0\x82\x01\x00\x06\x09*\x86H\x86\xf7\r\x01\x07\x02")),
    "so-khong.pdf": ("chỉ có số 0", beginning(b"\0\0\0\0")),
    "la.bin": ("Không nhận ra loại tệp", beginning(b"\x93\x01\x02\xfe")),
}
