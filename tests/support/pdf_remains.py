"""Finds what is left in a PDF of what acts or leads outside, by two readers, without our code."""

from __future__ import annotations

import ctypes
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Stream

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pypdfium2
    from pypdfium2 import raw

# Keys of ISO 32000-2 that act, name files or addresses, or carry files or data of programs.
ACTING = frozenset(
    "/A /AA /PA /AF /Alternates /AcroForm /Annots /B /Base /CO /Collection /DPartRoot /DSS /Dests"
    " /Dur /EF /EmbeddedFiles /Encrypt /FDecodeParms /FFilter /FS /JS /JavaScript /Launch /Legal"
    " /Measure /Movie /Names /Next /OPI /OpenAction /Outlines /PS /Perms /PieceInfo"
    " /PresSteps /Prev /Ref /Rendition /Renditions /Requirements /RichMediaContent /Sound"
    " /SpiderInfo /StructTreeRoot /Subtype2 /Threads /Thumb /Trans /UF /URI /URLS /Usage /XFA"
    " /3DD".split()
)
_OUTER = ("/Type", "/Subtype", "/S")
_KINDS = {
    "/Action",
    "/Filespec",
    "/EmbeddedFile",
    "/Annot",
    "/PS",
    "/JavaScript",
    "/Launch",
    "/URI",
}


def remains(path: Path, marker: str) -> list[str]:
    """Return what acts or leads outside in a PDF, and where a word is left of what did.

    Args:
        path: the PDF.
        marker: a word that everything planted in the source of this PDF names.
    """
    return [*_by_pikepdf(path, marker), *_by_pdfium(path)]


def _by_pikepdf(path: Path, marker: str) -> Iterator[str]:
    if marker.encode() in path.read_bytes():
        yield "the word, in plain bytes"
    with pikepdf.open(path) as pdf:
        for value in [pdf.trailer, *pdf.objects]:
            for owner in _dictionaries(value):
                keys = set(owner.keys())
                # Of a dictionary of fonts or images, /F may be a name of the page's own.
                yield from sorted(keys & (ACTING | {"/F"} if isinstance(owner, Stream) else ACTING))
                yield from (
                    f"{key} {owner[key]}" for key in _OUTER if str(owner.get(key)) in _KINDS
                )
                yield from (f"word in {key}" for key in keys if marker in f"{key} {owner[key]!r}")
                if isinstance(owner, Stream) and marker.encode() in _data(owner):
                    yield "word in a stream"


def _dictionaries(value: Any) -> Iterator[Any]:
    """Yield the dictionaries of an object: itself, and those written inside it."""
    ahead = [value]
    while ahead:
        each = ahead.pop()
        if isinstance(each, (Dictionary, Stream)):
            yield each
            ahead += [value for _, value in each.items()]
        elif isinstance(each, Array):
            ahead += list(each)
        ahead = [one for one in ahead if not getattr(one, "is_indirect", False)]


def _data(stream: Stream) -> bytes:
    try:
        return stream.read_bytes()
    except pikepdf.PdfError:  # image data, which is as it came
        return stream.read_raw_bytes()


def _by_pdfium(path: Path) -> Iterator[str]:
    with pypdfium2.PdfDocument(path) as opened:
        counts = {
            "attachments": raw.FPDFDoc_GetAttachmentCount(opened),
            "scripts": raw.FPDFDoc_GetJavaScriptActionCount(opened),
            "form": raw.FPDF_GetFormType(opened),
            "destinations": raw.FPDF_CountNamedDests(opened),
            "bookmarks": len(list(opened.get_toc())),
            "signatures": raw.FPDF_GetSignatureCount(opened),
        }
        for page in opened:
            counts["annotations"] = raw.FPDFPage_GetAnnotCount(page)
            place, link = ctypes.c_int(0), raw.FPDF_LINK()
            counts["links"] = raw.FPDFLink_Enumerate(page, place, link)
            yield from (f"{count} {what}" for what, count in counts.items() if count)
