"""Photos as telephones store them (HEIC), which our libraries read and none here can write.

The files in ``tests/fixtures/heic`` were made once, with pillow-heif 1.8.1 (x265; GPL, so it is no
dependency of ours), in an environment of its own that also had what ``tests.paper`` needs:

    python -m tests.paper.phone tests/fixtures/heic
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

from PIL import Image

from tests.paper.press import draw_page

ORIENTATION = 274  # EXIF 2.32
QUALITY = 40


def paper() -> Image.Image:
    """Return what was photographed: the upper part of a page."""
    page = draw_page("G", 41, 130).image.convert("L")
    return page.crop((0, 0, page.width, page.height * 2 // 5))


def other() -> Image.Image:
    """Return the second picture of the file with two."""
    return Image.new("L", (300, 200), 90)


def make_all(out: Path) -> None:
    """Write the photos.

    ``dung.heic``: upright. ``nghieng.heic``: stored on its side and turned by the container, with
    a thumbnail, as telephones do. ``hai-anh.heic``: the page is the second of two pictures, and
    the primary one.
    """
    heif: Any = importlib.import_module("pillow_heif")
    out.mkdir(parents=True, exist_ok=True)
    page = paper()
    _save(heif, out / "dung.heic", [page])
    sideways = page.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    _save(heif, out / "nghieng.heic", [sideways], exif=exif.tobytes(), thumbnails=[160])
    _save(heif, out / "hai-anh.heic", [other(), page], primary_index=1)


def _save(heif: Any, path: Path, pictures: list[Image.Image], **more: Any) -> None:
    file = heif.from_pillow(pictures[0])
    for picture in pictures[1:]:
        file.add_from_pillow(picture)
    for thumbnail in more.pop("thumbnails", []):
        file[0].info["thumbnails"] = [thumbnail]
    file.save(path, quality=QUALITY, chroma=420, **more)


if __name__ == "__main__":
    make_all(Path(sys.argv[1]))
