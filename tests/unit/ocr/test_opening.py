"""Every kind of picture becomes the page a viewer would show."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageDraw

from ocr.files import image_page, pdf_page
from ocr.files.poppler import PageImage, PageSize, list_images, page_sizes
from ocr.files.raster import Raster
from ocr.image.geometry import Pixels
from pipeline.errors import OversizedScanError, ReadingError
from tests.paper.appended import film, maker_data

LIMIT = 50_000_000
DRAWN = (40, 30, 120, 60)  # left top right bottom of a black mark on a 200 x 300 page


def marked(mode: str = "L") -> Image.Image:
    picture = Image.new("L", (200, 300), 255)
    ImageDraw.Draw(picture).rectangle(DRAWN, fill=0)
    return picture.convert(mode)


def sixteen_bits() -> Image.Image:
    return Image.fromarray(np.asarray(marked(), np.uint16) * 257)


def transparent() -> Image.Image:
    """Black everywhere; only the mark can be seen."""
    picture = Image.new("RGBA", (200, 300), (0, 0, 0, 0))
    ImageDraw.Draw(picture).rectangle(DRAWN, fill=(0, 0, 0, 255))
    return picture


MAKERS: dict[str, tuple[Callable[[], Image.Image], str]] = {
    "1-bit": (lambda: marked("1"), "tiff"),
    "grey": (marked, "png"),
    "palette": (lambda: marked("RGB").quantize(4), "png"),
    "16-bit": (sixteen_bits, "png"),
    "alpha": (transparent, "png"),
    "grey and alpha": (lambda: transparent().convert("LA"), "png"),
    "cmyk jpeg": (lambda: marked("CMYK"), "jpeg"),
    "cmyk tiff": (lambda: marked("CMYK"), "tiff"),
    "colour": (lambda: marked("RGB"), "jpeg"),
}


def opened(path: Path, number: int, media_type: str, limit: int) -> Raster:
    return image_page.decode_page(path, number, media_type, limit, path.parent).load()


def grey(pixels: Pixels) -> Pixels:
    if pixels.ndim == 2:
        return pixels
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)


def mark_in(pixels: Pixels) -> tuple[int, int, int, int]:
    rows, columns = np.nonzero(grey(pixels) < 128)
    return int(columns.min()), int(rows.min()), int(columns.max()), int(rows.max())


@pytest.mark.parametrize("name", MAKERS)
def test_black_stays_black_on_white_paper(name: str, tmp_path: Path) -> None:
    make, kind = MAKERS[name]
    make().save(tmp_path / "page", kind)
    page = opened(tmp_path / "page", 1, f"image/{kind}", LIMIT)
    assert page.pixels.dtype == np.uint8
    assert np.allclose(mark_in(page.pixels), DRAWN, atol=1)
    assert grey(page.pixels)[250, 100] > 245
    assert grey(page.pixels)[45, 80] < 10


@pytest.mark.parametrize("behind", [bytes(4_096), film(), maker_data()])
@pytest.mark.parametrize("kind", ["jpeg", "png", "tiff"])
def test_what_is_appended_to_a_picture_changes_no_pixel(
    kind: str, behind: bytes, tmp_path: Path
) -> None:
    """Motion photos, makers' own data, padding."""
    path = tmp_path / "page"
    marked().save(path, kind)
    alone = opened(path, 1, f"image/{kind}", LIMIT).pixels
    path.write_bytes(path.read_bytes() + behind)
    assert np.array_equal(opened(path, 1, f"image/{kind}", LIMIT).pixels, alone)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["jpeg", "png", "tiff"])
def test_pixels_lie_as_a_viewer_shows_them(orientation: int, kind: str, tmp_path: Path) -> None:
    """EXIF 2.32, tag 274; Pillow's own transposition is the judge."""
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    shown = marked()
    if orientation > 1:
        shown = shown.transpose(turns[orientation])
    exif = Image.Exif()
    exif[274] = orientation
    marked().save(tmp_path / "page", kind, exif=exif)
    page = opened(tmp_path / "page", 1, f"image/{kind}", LIMIT)
    assert (page.width, page.height) == shown.size
    assert np.allclose(mark_in(page.pixels), mark_in(np.asarray(shown)), atol=1)


def test_fax_pages_get_square_pixels(tmp_path: Path) -> None:
    marked().save(tmp_path / "fax.tif", "tiff", dpi=(204, 98))
    page = opened(tmp_path / "fax.tif", 1, "image/tiff", LIMIT)
    assert page.dpi == 204
    assert page.width == 200
    assert page.height == round(300 * 204 / 98)


@pytest.mark.parametrize("dpi", [1, 9_999])
def test_a_resolution_that_cannot_be_is_none(dpi: int, tmp_path: Path) -> None:
    marked().save(tmp_path / "page.tif", "tiff", dpi=(dpi, dpi))
    assert opened(tmp_path / "page.tif", 1, "image/tiff", LIMIT).dpi == 0


def test_pages_of_a_tiff_are_opened_one_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "pages.tif"
    marked().save(path, "tiff", save_all=True, append_images=[Image.new("L", (90, 80), 255)])
    assert opened(path, 2, "image/tiff", LIMIT).width == 90
    with pytest.raises(ReadingError):
        opened(path, 3, "image/tiff", LIMIT)


def test_an_image_over_the_limit_is_not_decoded(tmp_path: Path) -> None:
    marked().save(tmp_path / "page.png")
    with pytest.raises(OversizedScanError):
        opened(tmp_path / "page.png", 1, "image/png", 200 * 300 - 1)


@pytest.mark.parametrize(
    ("dpi", "drawn_at"), [(72, 150), (150, 150), (204, 204), (300, 300), (600, 300)]
)
def test_a_scanned_page_is_drawn_at_the_resolution_of_its_scan(dpi: int, drawn_at: int) -> None:
    size = PageSize(8.27, 11.69)
    scan = PageImage(1, round(8.27 * dpi), round(11.69 * dpi), dpi)
    logo = PageImage(1, 200, 200, 700)
    assert pdf_page.render_dpi(size, [logo, scan], 200_000_000) == drawn_at


def test_a_small_picture_does_not_decide_the_resolution() -> None:
    assert pdf_page.render_dpi(PageSize(8.27, 11.69), [PageImage(1, 600, 600, 600)], LIMIT) == 200


def test_a_giant_page_with_a_sane_image_is_drawn_coarser(tmp_path: Path) -> None:
    """A scanner that writes pixels for points makes a page of 2.5 by 3.5 metres."""
    path = tmp_path / "giant.pdf"
    pdf_of_image(path, marked(), width=7200, height=10_800)
    (size,) = page_sizes(path, 1, 1)
    dpi = pdf_page.render_dpi(size, list_images(path, 1, 1), 200_000_000)
    page = pdf_page.render_page(path, 1, dpi, 30, tmp_path).load()
    assert page.width * page.height <= 20_000_000
    assert np.allclose(
        np.array(mark_in(page.pixels)) / page.width, np.array(DRAWN) / 200, atol=0.01
    )


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_pdf_page_is_drawn_as_shown(turn: int, tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    pdf_of_image(path, marked(), width=200, height=300, turn=turn)
    (size,) = page_sizes(path, 1, 1)
    page = pdf_page.render_page(path, 1, 72, 30, tmp_path).load()
    assert (round(size.width * 72), round(size.height * 72)) == (page.width, page.height)
    shown = np.rot90(np.asarray(marked()), -turn // 90)
    assert shown.shape == (page.height, page.width)
    assert np.allclose(mark_in(page.pixels), mark_in(shown), atol=2)


def pdf_of_image(
    path: Path, picture: Image.Image, *, width: int, height: int, turn: int = 0
) -> None:
    """Write a one-page PDF of a grey picture that fills the page."""
    with pikepdf.new() as pdf:
        image = pdf.make_stream(
            picture.tobytes(),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=picture.width,
            Height=picture.height,
            ColorSpace=pikepdf.Name.DeviceGray,
            BitsPerComponent=8,
        )
        page = pdf.add_blank_page(page_size=(width, height))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=image))
        page.Contents = pdf.make_stream(f"q {width} 0 0 {height} 0 0 cm /Scan Do Q".encode())
        page.Rotate = turn
        pdf.save(path)
