"""Turns pictures of kinds that are no scans (BMP, GIF, AVIF, JPEG 2000, PSD) into a PDF of a page.

Runs in the sandbox. The picture is shown as viewers show it, and packed without loss.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from PIL import Image

from ocr.files import kinds
from ocr.files.image_page import IMAGE_FORMATS, MALFORMED, picture_of
from ocr.files.inside import office_parts
from ocr.files.raster import unreadable
from ocr.files.refusals import refusal_of

CONVERTED = "converted.pdf"
_FORMATS = {  # media type -> decoder of Pillow; the first picture of an animation counts
    "image/bmp": "BMP",
    "image/gif": "GIF",
    "image/avif": "AVIF",
    "image/jp2": "JPEG2000",
    "image/psd": "PSD",
}
_A4 = 11.69  # inches of its longer side: what a picture without a resolution is taken to show
_LEAST_DPI = 50.0


def convert(path: Path, folder: Path, max_pixels: int, *, with_office: bool) -> Path | None:
    """Return a PDF of a picture; None for a file that is taken in as it is.

    Args:
        path: the file.
        folder: the folder that the PDF is put into.
        max_pixels: the most pixels the picture may have.
        with_office: whether documents of offices may be turned into PDF when they are taken in.

    Raises:
        OversizedScanError: the picture has more pixels than the limit.
        UnreadableScanError: it is damaged.
        UnsupportedFormatError: nothing here reads it.
    """
    import img2pdf  # noqa: PLC0415 — 50 MB that few jobs of the worker need

    kind = kinds.kind_of(path)
    if kind in {kinds.ZIP, kinds.EDXML, *IMAGE_FORMATS}:
        return None
    if with_office and office_parts.can_convert(kind):
        return None
    if kind not in _FORMATS:
        raise refusal_of(kind)
    try:
        with closing(Image.open(path, formats=[_FORMATS[kind]])) as image:
            picture = picture_of(image, image.info.get("dpi", (0, 0)), max_pixels)
    except MALFORMED as error:
        raise unreadable() from error
    dpi = max(picture.dpi) or max(_LEAST_DPI, max(picture.image.size) / _A4)
    plain, made = folder / "picture.png", folder / CONVERTED
    picture.image.save(plain, "PNG", dpi=(dpi, dpi))
    with made.open("xb") as stream:
        img2pdf.convert(str(plain), outputstream=stream, nodate=True)
    return made
