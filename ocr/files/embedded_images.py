"""Whether the pictures inside a PDF page can be decoded to their end.

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
_MOST_IMAGES = 1_000  # on a page; scanners that cut pages into strips make some hundred
_MOST = 400_000_000  # pixels on a page, all images together
_SMALLER = 8  # an eighth of the size costs a tenth of the time and still needs all of the data


def are_whole(path: Path, number: int, images: Sequence[poppler.PageImage], seconds: float) -> bool:
    """Tell whether every JPEG and JPEG 2000 picture of a page decodes.

    The other encodings are poppler's own work, and it complains about them aloud.

    Args:
        path: the PDF.
        number: of the page, from 1.
        images: on the page.
        seconds: time left.
    """
    if not any(image.encoding in _COMPRESSED for image in images):
        return True
    if len(images) > _MOST_IMAGES or sum(image.width * image.height for image in images) > _MOST:
        return False  # each use of an image is a file: one image used a million times fills a disk
    with tempfile.TemporaryDirectory(prefix="sohoa-pictures-") as folder:
        poppler.extract_images(path, number, Path(folder) / "picture", seconds)
        stored = [file for file in Path(folder).iterdir() if file.suffix in _SUFFIXES]
        return all(_decodes(file) for file in stored)


def _decodes(file: Path) -> bool:
    try:
        with closing(Image.open(file, formats=list(_COMPRESSED.values()))) as image:
            if image.width * image.height > _MOST:
                return False
            image.draft("L", (image.width // _SMALLER, image.height // _SMALLER))
            image.load()
    except (OSError, SyntaxError, ValueError):
        return False
    return True
