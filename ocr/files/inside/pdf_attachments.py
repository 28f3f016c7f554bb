"""Takes the files out of a PDF: attachments of the document and of its pages, portfolios.

What is not as it should be is passed over, and the rest is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf

from ocr.files.inside.packed import Unpacking, parts_of
from pipeline.errors import EncryptedScanError, UnreadableScanError

_MAX_TREE = 100_000  # entries of a name tree that are walked
_MAX_PAGES = 5_000  # whose annotations are looked at
_MAX_ANNOTATIONS = 10_000  # of a page
# A portfolio notes in which of its folders a file lies before the file's name: "<3>don.pdf".
_FOLDER = re.compile(r"^<\d+>")
# What qpdf raises for objects that are not what they should be.
ODD = (
    *(pikepdf.PdfError, pikepdf.PasswordError, AttributeError, IndexError, KeyError),
    *(RuntimeError, TypeError, ValueError),
)


class AttachedFile(NamedTuple):
    """A file in a PDF."""

    name: str
    data: pikepdf.Stream


def unpack(path: Path, unpacking: Unpacking) -> None:
    """Take the files out of a PDF.

    Args:
        path: the PDF.
        unpacking: takes the files, and notes what cannot be taken.

    Raises:
        UnreadableScanError: it cannot be opened.
        OversizedScanError: it holds more than it may.
    """
    try:
        with pikepdf.open(path, suppress_warnings=True) as pdf:
            for name, stream in attached_streams(pdf):
                _take(parts_of(name)[-1:], stream, unpacking)
    except pikepdf.PdfError as error:
        raise _broken() from error


def _take(parts: tuple[str, ...], stream: pikepdf.Stream, unpacking: Unpacking) -> None:
    try:
        data = stream.read_bytes()
    except pikepdf.PasswordError:
        unpacking.refuse(parts, _locked())
    except pikepdf.PdfError:
        unpacking.refuse(parts, _broken())
    else:
        unpacking.write_pieces(parts, iter([data]))


def _locked() -> EncryptedScanError:
    return EncryptedScanError(
        "Tệp đính kèm trong PDF bị khóa bằng mật khẩu.",
        "Mở bằng mật khẩu, lưu tệp đính kèm ra ngoài rồi thả riêng.",
    )


def _broken() -> UnreadableScanError:
    return UnreadableScanError(
        "Tệp đính kèm trong PDF bị hỏng, không lấy ra được.",
        "Mở bằng Adobe Reader, lưu tệp đính kèm ra ngoài rồi thả riêng.",
    )


def attached_streams(pdf: pikepdf.Pdf) -> Iterator[AttachedFile]:
    """Yield the files in an open PDF, each once."""
    seen = set[tuple[int, int]]()
    for name, specification in _specifications(pdf):
        with suppress(*ODD):
            streams: Any = specification.EF
            stream = streams.get("/UF", None) or streams.get("/F", None)
            if not isinstance(stream, pikepdf.Stream):
                continue
            if stream.objgen != (0, 0) and stream.objgen in seen:
                continue
            seen.add(stream.objgen)
            yield AttachedFile(_name(specification) or _FOLDER.sub("", name), stream)


def _specifications(pdf: pikepdf.Pdf) -> Iterator[tuple[str, Any]]:
    """Yield what the document, then what its pages attach (PDF 32000-1, 7.11)."""
    names: Any = pdf.Root.get("/Names", None)
    if isinstance(names, pikepdf.Dictionary) and "/EmbeddedFiles" in names:
        with suppress(*ODD):
            for count, (key, value) in enumerate(pikepdf.NameTree(names.EmbeddedFiles).items()):
                if count >= _MAX_TREE:
                    break
                yield str(key), value
    with suppress(*ODD):
        yield from (("", each) for each in pdf.Root.get("/AF", ()))
    for count, page in enumerate(pdf.pages):
        if count >= _MAX_PAGES:
            break
        with suppress(*ODD):
            annotations: Any = page.obj.get("/Annots", ())
            for annotation in list(annotations)[:_MAX_ANNOTATIONS]:
                if annotation.get("/Subtype", "") == "/FileAttachment":
                    yield "", annotation.FS


def _name(specification: Any) -> str:
    for key in ("/UF", "/F"):
        with suppress(*ODD):
            if name := str(specification.get(key, "")):
                return name
    return ""
