"""The searchable PDF of a picture file shows the pages that were read, light side light."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from ocr import open_binder
from ocr.files.inspect import inspect
from pipeline.model import Box, Line, Page, PageMeasures, PageState, PageText, Word
from pipeline.ports.searchable_pdf import PdfRequest
from pipeline.settings import ReadingSettings
from tests import ROOT
from tests.paper import old_jpegs, photos, tiffs
from tests.support.searchable_pdfs import raw_words

pytestmark = pytest.mark.slow

HEIC = ROOT / "tests" / "fixtures" / "heic"


def deep(path: Path) -> None:
    negative = 65535 - np.asarray(photos.page(), np.uint16) * 257
    tiffs.save(path, tiffs.Picture(negative, tiffs.WHITE_IS_ZERO, 16, compression=tiffs.DEFLATE))


def heic(path: Path) -> None:
    path.write_bytes((HEIC / "nghieng.heic").read_bytes())


MAKERS: dict[str, Callable[[Path], None]] = {
    "phim.jpg": photos.motion_photo,
    "xem-truoc.jpg": photos.with_preview(0),
    "anh.webp": photos.webp,
    "anh-dong.png": photos.animated("PNG"),
    "anh.heic": heic,
    "nho.tif": photos.tiff_with_thumbnail(first=True, how="new"),
    "lop.tif": photos.tiff_of_layers,
    "cu.tif": old_jpegs.tables_apart,
    "sau.tif": deep,
}


@pytest.mark.parametrize("name", MAKERS)
def test_what_is_handed_out_shows_what_was_read(name: str, tmp_path: Path) -> None:
    MAKERS[name](tmp_path / name)
    info = inspect(tmp_path / name, ReadingSettings())
    kind, count = info.media_type, info.pages
    words = PageText((Line((Word("Đơn", 0.9, Box(10, 10, 90, 20)),)),))
    measures = PageMeasures(992, 701, 120.0)
    pages = [Page(n, PageState.READ, measures, words) for n in range(1, count + 1)]
    (tmp_path / "out").mkdir()
    wanted = PdfRequest(kind, "Đơn", "0a")
    made = open_binder(ReadingSettings()).bind(tmp_path / name, wanted, pages, tmp_path / "out")
    assert made.path is not None, made.reasons
    assert [" ".join(page) for page in raw_words(made.path)] == ["Đơn"] * count
    with pikepdf.open(made.path) as pdf:
        assert len(pdf.pages) == count
    assert b"ftypmp42" not in made.path.read_bytes(), "the film of a telephone was handed out"
    for number in range(1, count + 1):
        page = ["-f", str(number), "-l", str(number), "-r", "40", "-gray", "-singlefile"]
        subprocess.run(["pdftoppm", *page, made.path, tmp_path / "shown"], check=True)
        with Image.open(tmp_path / "shown.pgm") as shown:
            assert np.asarray(shown).mean() > 200, "a negative"
