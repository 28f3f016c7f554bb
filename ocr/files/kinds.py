"""Recognises the kind of a file by its bytes, never by its name.

What begins like a ZIP or an OLE compound file is told by what lies in it: a Word file is a ZIP.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from pipeline.errors import EmptyScanError, UnreadableScanError

PDF, ZIP, MAIL = "application/pdf", "application/zip", "message/rfc822"
EDXML = "application/vnd.gov.vn.edxml+xml"  # our name: nobody registered one
UNKNOWN, TEXT, ZEROS = "application/octet-stream", "text/plain", "zeros"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
ODP = "application/vnd.oasis.opendocument.presentation"
DOC, XLS, PPT = "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"
RTF, MSG, LOCKED_OFFICE = "application/rtf", "application/vnd.ms-outlook", "locked office"

_HEAD = 4096  # bytes; the PDF signature may stand in the first 1,024 (PDF 32000-1, annex H)
_PDF_HEAD = 1024
_COMPOUND_BYTES = 2**25  # of a compound file that are searched for the names in it
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\0\x10\0\0\0CR", "raw photo"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"II+\0", "image/tiff"),
    (b"MM\0+", "image/tiff"),
    (b"{\\rtf", RTF),
    (b"GIF8", "image/gif"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "image/jp2"),
    (b"\xff\x4f\xff\x51", "image/jp2"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "image/jxl"),
    (b"\xff\n", "image/jxl"),
    (b"II\xbc", "image/jxr"),
    (b"8BPS", "image/psd"),
    (b"AT&TFORM", "image/djvu"),
    (b"\xd7\xcd\xc6\x9a", "image/wmf"),
    (b"%!PS", "postscript"),
    (b"\xc5\xd0\xd3\xc6", "postscript"),
    (b"AC10", "drawing"),
    (b"AC1.", "drawing"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\0", "archive"),
    (b"MSCF", "archive"),
    (b"\x1aE\xdf\xa3", "video"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video"),
    (b"FLV\x01", "video"),
    (b"\0\0\x01\xba", "video"),
    (b"\0\0\x01\xb3", "video"),
    (b"ID3", "audio"),
    (b"\xff\xfb", "audio"),
    (b"\xff\xf3", "audio"),
    (b"\xff\xf1", "audio"),
    (b"fLaC", "audio"),
    (b"OggS", "audio"),
    (b"#!AMR", "audio"),
    (b"MThd", "audio"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"#!", "program"),
    (b"L\0\0\0\x01\x14\x02\0", "shortcut"),
    (b"[InternetShortcut]", "shortcut"),
    (b"SQLite format 3\0", "data"),
    (b"\0\x01\0\0Standard", "data"),
    (b"-----BEGIN", "signature"),
    (b"\0\x01\0\0\0", "data"),
    (b"OTTO", "data"),
    (b"wOF", "data"),
)
_BRANDS = {  # ISO 14496-12: the major brand behind "ftyp"
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"), "image/heic"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    **dict.fromkeys((b"M4A ", b"M4B ", b"F4A "), "audio"),
    b"crx ": "raw photo",
}
_RIFF = {b"WEBP": "image/webp", b"AVI ": "video", b"WAVE": "audio"}
_COMPOUND = (  # a name in a compound file, in the order in which it decides
    ("EncryptedPackage", LOCKED_OFFICE),
    ("__substg1.0_", MSG),
    ("WordDocument", DOC),
    ("Workbook", XLS),
    ("PowerPoint Document", PPT),
    ("Book", XLS),
    ("Catalog", "thumbnails"),
)
_ZIPPED = (  # a name in a ZIP
    ("word/document.xml", DOCX),
    ("xl/workbook", XLSX),
    ("ppt/presentation.xml", PPTX),
    ("AndroidManifest.xml", "program"),
    ("META-INF/MANIFEST.MF", "program"),
    ("FixedDocSeq.fdseq", "xps"),
    ("FixedDocumentSequence.fdseq", "xps"),
)
_OPEN_DOCUMENT = {
    ODT: ODT,
    ODS: ODS,
    ODP: ODP,
    "application/vnd.oasis.opendocument.graphics": "drawing",
    "application/epub+zip": "book",
}
_MANIFEST, _MAX_MANIFEST = "META-INF/manifest.xml", 2**20
_MAIL_HEADER = re.compile(
    rb"(?:received|return-path|from|to|subject|date|message-id|mime-version|delivered-to|x-[\w-]+"
    rb"|content-type|arc-seal|dkim-signature|thread-topic):",
    re.IGNORECASE,
)
_MAIL_LINES = 2  # headers at least, before a file counts as an e-mail


def kind_of(path: Path) -> str:
    """Return the media type of a file, or the name of a kind that has none.

    Raises:
        EmptyScanError: the file has no bytes.
        UnreadableScanError: the disk cannot be read.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError as error:
        raise UnreadableScanError("Không đọc được tệp.", "Kiểm tra ổ đĩa rồi nộp lại.") from error
    if not head:
        raise EmptyScanError("Tệp rỗng, không có dữ liệu.", "Quét lại rồi nộp lại.")
    return _kind(path, head)


def _kind(path: Path, head: bytes) -> str:
    if b"%PDF-" in head[:_PDF_HEAD]:
        return PDF
    if kind := _kind_of_container(path, head):
        return kind
    starts = (kind for signature, kind in _SIGNATURES if head.startswith(signature))
    return next(starts, "") or _kind_within(head) or _kind_of_text(head)


def _kind_of_container(path: Path, head: bytes) -> str:
    """Tell what shares its container with other kinds; empty for anything else."""
    if head[4:8] == b"ftyp":
        return _box_kind(head)
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12], UNKNOWN)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(path)
    return _compound_kind(path) if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") else ""


def _kind_within(head: bytes) -> str:
    """Tell kinds whose mark does not stand at the start; empty for anything else."""
    if head.startswith(b"BM") and head[6:10] == bytes(4):
        return "image/bmp"
    if head[257:262] == b"ustar":
        return "archive"
    if head[0] == 0x30 and b"*\x86H\x86\xf7\r\x01\x07" in head[:32]:  # PKCS #7, its DER
        return "signature"
    return "" if head.strip(b"\0") else ZEROS


def _kind_of_text(head: bytes) -> str:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    start = text[:256].lower()
    if _is_mail(text):
        return MAIL
    if start.startswith((b"<!doctype html", b"<html")):
        return "web page"
    if start.startswith((b"<?xml", b"<edxml")) and re.search(
        rb"<(?:\w+:)?edxml[\s>]", text.lower()
    ):
        return EDXML
    if start.startswith((b"<?xml", b"<svg")):
        return "image/svg" if b"<svg" in text.lower() else "data"
    return TEXT if _is_text(head) else UNKNOWN


def _is_mail(text: bytes) -> bool:
    lines = text.split(b"\n")[:10]
    if not _MAIL_HEADER.match(lines[0]):
        return False
    return sum(bool(_MAIL_HEADER.match(line)) for line in lines) >= _MAIL_LINES


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return b"\0" not in head and sum(byte < 32 and byte not in b"\t\n\r\f" for byte in head) == 0


def _box_kind(head: bytes) -> str:
    """Tell still pictures and films, which share a container (ISO 14496-12), by their brands."""
    size = min(max(int.from_bytes(head[:4], "big"), 16), len(head))
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, size - 3, 4))]
    if brands[0] in {b"mif1", b"msf1", b"miaf"}:  # any picture; the others say which
        brands = [each for each in brands if each in _BRANDS] or brands
    return _BRANDS.get(brands[0], UNKNOWN if brands[0] in {b"mif1", b"msf1"} else "video")


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as packed:
            names = set(packed.namelist())
            if "mimetype" in names and packed.getinfo("mimetype").file_size < len(ODP) * 2:
                said = packed.read("mimetype").decode("ascii", "replace").strip()
                kind = _OPEN_DOCUMENT.get(said.removesuffix("-template"), UNKNOWN)
                return LOCKED_OFFICE if _is_locked(packed) else kind
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        return ZIP  # whether it is whole, those find out who take it apart
    for name, kind in _ZIPPED:
        if any(each.startswith(name) for each in names):
            return kind
    return ZIP


def _is_locked(packed: zipfile.ZipFile) -> bool:
    """Tell whether an OpenDocument file is encrypted (OpenDocument 1.3, part 2, 3.4)."""
    names = packed.namelist()
    if _MANIFEST not in names or packed.getinfo(_MANIFEST).file_size > _MAX_MANIFEST:
        return False
    return b"encryption-data" in packed.read(_MANIFEST)


def _compound_kind(path: Path) -> str:
    """Tell an OLE compound file by the names of its streams, which are UTF-16 (MS-CFB)."""
    with path.open("rb") as stream:
        data = stream.read(_COMPOUND_BYTES)
    for name, kind in _COMPOUND:
        if name.encode("utf-16-le") in data:
            return kind
    return UNKNOWN
