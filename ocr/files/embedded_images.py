"""Checks that the images inside a PDF page decode to their end.

Poppler draws white for a JPEG it cannot open and grey for one that is cut off, and says nothing
(seen in 22.12); such a page would pass for a blank back.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from PIL import Image

from ocr.files import poppler

_COMPRESSED = {"jpeg": "JPEG", "jpx": "JPEG2000"}  # as pdfimages -list and Pillow name them
_SUFFIXES = {".jpg", ".jp2"}
_MAX_IMAGES = 1_000  # on a page; scanners that cut pages into strips make some hundred
_MAX_PIXELS = 400_000_000  # pixels on a page, all images together
_SHRINK = 8  # an eighth of the size costs a tenth of the time and still needs all of the data


def all_decode(
    path: Path, number: int, images: Sequence[poppler.PageImage], seconds: float
) -> bool:
    """Tell whether every JPEG and JPEG 2000 image of a page decodes.

    The other encodings poppler decodes itself, and reports their errors.

    Args:
        path: the PDF.
        number: the page's number, from 1.
        images: the images on the page, as ``poppler.list_images`` gives them.
        seconds: the time left.

    Raises:
        ReadingTimeoutError: extracting the images takes longer than that.
        RefusedScanError: poppler cannot open the file.
    """
    if not any(image.encoding in _COMPRESSED for image in images):
        return True
    if len(images) > _MAX_IMAGES or _pixels(images) > _MAX_PIXELS:
        return False  # each use of an image is a file: one image used a million times fills a disk
    with tempfile.TemporaryDirectory(prefix="sohoa-images-") as folder:
        poppler.extract_images(path, number, Path(folder) / "image", seconds)
        extracted = [file for file in Path(folder).iterdir() if file.suffix in _SUFFIXES]
        return all(_decodes(file) for file in extracted)


def _pixels(images: Sequence[poppler.PageImage]) -> int:
    return sum(image.width * image.height for image in images)


def _decodes(file: Path) -> bool:
    try:
        with closing(Image.open(file, formats=list(_COMPRESSED.values()))) as image:
            if image.width * image.height > _MAX_PIXELS:
                return False
            image.draft("L", (image.width // _SHRINK, image.height // _SHRINK))
            image.load()
    except (OSError, SyntaxError, ValueError):
        return False
    return True
