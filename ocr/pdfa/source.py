"""Opens a scan as a fresh PDF to write words on: its pages and image data, nothing else.

A PDF keeps its page content, an image its compressed bytes (JPEG, Group 4); what has no such form
in PDF (LZW, alpha, JPEG inside TIFF) is recompressed without loss.
"""

from __future__ import annotations

import io
from contextlib import ExitStack, closing
from pathlib import Path
from typing import NamedTuple

import img2pdf
import pikepdf
from PIL import Image, ImageOps

from ocr.files.image_page import IMAGE_FORMATS
from ocr.pdfa import inert

PDF = "application/pdf"

_POINTS = 72.0  # to the inch
_A4 = (595.28, 841.89)  # points
_DEFAULT_DPI = {72, 96}  # what programs write when they do not know it
_LARGEST = 1_684.0  # points, the long side of A2: no sheet that large has so few dots to the inch
_ORIENTATION, _MIRRORED = 274, {2, 4, 5, 7}  # EXIF 2.32
_NOT_EMBEDDABLE = (  # what img2pdf raises for images whose bytes PDF cannot carry as they are
    img2pdf.AlphaChannelError,
    img2pdf.ImageOpenError,
    img2pdf.JpegColorspaceError,
    img2pdf.UnsupportedColorspaceError,
    NotImplementedError,
    ValueError,
)
_SHOW_NOTHING = {"/Link", "/Popup", "/Widget"}  # annotations without a picture of their own
_HIDDEN = 0b10  # flag of annotations (ISO 32000-1, table 165)
_MAX_SIDE = 14_400.0  # points: no page may be longer (PDF 32000-1, annex C)


class PdfSource(NamedTuple):
    """A scan as a PDF of ours, and what of the scan is not in it."""

    pdf: pikepdf.Pdf
    is_signed: bool = False  # the signature holds for the scan, not for this PDF
    lost_annotations: int = 0  # that show something, and brought no picture of it


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
        return PdfSource(opened.enter_context(pikepdf.open(_image_pdf(path, media_type))))
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


def _image_pdf(path: Path, media_type: str) -> io.BytesIO:
    """Return a PDF of an image file, its bytes embedded as they are where PDF can carry them."""
    if _is_mirrored(path, media_type):
        return _to_pdf(*_plain_pages(path, media_type))
    try:
        return _to_pdf(path.read_bytes())
    except _NOT_EMBEDDABLE:
        return _to_pdf(*_plain_pages(path, media_type))


def _to_pdf(*images: bytes) -> io.BytesIO:
    turned = img2pdf.Rotation.ifvalid
    return io.BytesIO(img2pdf.convert(*images, layout_fun=_layout, rotation=turned, nodate=True))


def _is_mirrored(path: Path, media_type: str) -> bool:
    """Tell whether an image is to be shown mirrored, which a page's rotation cannot express."""
    with closing(Image.open(path, formats=[IMAGE_FORMATS[media_type]])) as image:
        return image.getexif().get(_ORIENTATION) in _MIRRORED


def _plain_pages(path: Path, media_type: str) -> list[bytes]:
    """Return the pages of an image file as plain PNGs, turned as viewers show them."""
    pages = []
    with closing(Image.open(path, formats=[IMAGE_FORMATS[media_type]])) as image:
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            upright = ImageOps.exif_transpose(image)
            plain = io.BytesIO()
            dpi = image.info.get("dpi", (300, 300))
            upright.convert("RGB").save(plain, "PNG", dpi=dpi, compress_level=6)
            pages.append(plain.getvalue())
    return pages


def _layout(across: int, down: int, dpi: tuple[float, float]) -> tuple[float, float, float, float]:
    """Return the sizes of page and image in points by the image's dpi, or A4 if it has none."""
    if min(dpi) > 0:
        width, height = across * _POINTS / dpi[0], down * _POINTS / dpi[1]
        longest = _LARGEST if set(dpi) <= _DEFAULT_DPI else _MAX_SIDE
        if max(width, height) <= longest and min(width, height) >= 3.0:
            return width, height, width, height
    short, long = _A4
    page = (short, long) if down >= across else (long, short)
    scale = min(page[0] / across, page[1] / down)
    return across * scale, down * scale, across * scale, down * scale
