"""Opens a scan as a fresh PDF to write words on: its pages and image data, nothing else.

A PDF keeps its page content, an image its compressed bytes (JPEG, Group 4); what has no such form
in PDF (LZW, alpha, JPEG inside TIFF) is recompressed without loss.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pikepdf

from ocr.files.kinds import PDF
from ocr.pdfa import inert
from ocr.pdfa.image_source import image_pdf

_SHOW_NOTHING = {"/Link", "/Popup", "/Widget"}  # annotations without a picture of their own
_HIDDEN = 0b10  # flag of annotations (ISO 32000-1, table 165)


class PdfSource(NamedTuple):
    """A scan as a PDF of ours, and what of the scan is not in it."""

    pdf: pikepdf.Pdf
    is_signed: bool = False  # the signature holds for the scan, not for this PDF
    lost_annotations: int = 0  # that show something, and brought no picture of it

    @property
    def notes(self) -> list[str]:
        """What people must know of the scan that is not in its searchable PDF."""
        notes = []
        if self.is_signed:
            notes.append("Chữ ký số chỉ còn giá trị trên bản gốc, ở mục «Tệp gốc».")
        if self.lost_annotations:
            notes.append(
                f"{self.lost_annotations} ghi chú hay tệp kèm trên trang không nằm trong PDF này; "
                "xem ở bản gốc."
            )
        return notes


def open_source(path: Path, media_type: str, opened: ExitStack) -> PdfSource:
    """Return a fresh PDF with the pages of a scan.

    Args:
        path: the scan.
        media_type: the scan's media type.
        opened: the stack that keeps the files open.

    Raises:
        pikepdf.PdfError: the file cannot be opened.
        OSError: the image cannot be decoded.
    """
    if media_type != PDF:
        return PdfSource(opened.enter_context(pikepdf.open(image_pdf(path, media_type))))
    old = opened.enter_context(
        pikepdf.open(path, access_mode=pikepdf.AccessMode.stream, suppress_warnings=True)
    )
    form = old.Root.get("/AcroForm")
    is_signed = form is not None and _is_signed(form)
    if form is not None and form.get("/NeedAppearances"):
        old.generate_appearance_streams()  # what was filled in is shown only then
    old.flatten_annotations("screen")  # stamps and what was filled in stay visible
    lost = sum(map(_strip_page, old.pages))
    new = opened.enter_context(pikepdf.new())
    new.add_pages_from(old, forms="strip", outlines="ignore")
    return PdfSource(new, is_signed, lost)


def _strip_page(page: pikepdf.Page) -> int:
    """Remove all but content from a page; return how many annotations that show something went."""
    annotations = page.obj.get("/Annots")
    inert.prune(page.obj, "page")
    if not isinstance(annotations, pikepdf.Array):
        return 0
    return sum(
        isinstance(each, pikepdf.Dictionary)
        and str(each.get("/Subtype")) not in _SHOW_NOTHING
        and not int(each.get("/F", 0)) & _HIDDEN
        for each in annotations
    )


def _is_signed(form: pikepdf.Object) -> bool:
    return bool(int(form.get("/SigFlags", 0)) & 1) or any(
        field.get("/FT") == "/Sig" and "/V" in field for field in form.get("/Fields", [])
    )
