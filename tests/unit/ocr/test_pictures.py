"""A picture file gives the pages that a person sees in it: no previews, films, layers, masks."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ocr.files import image_page
from ocr.files.formats import jpeg
from ocr.files.inspect import inspect
from ocr.image.geometry import Pixels
from pipeline.errors import (
    OversizedScanError,
    SohoaError,
    UnreadableScanError,
    UnsupportedFormatError,
)
from pipeline.ports import ScanInfo
from pipeline.settings import ReadingSettings
from tests import ROOT
from tests.paper import old_jpegs, phone, photos, tiffs
from tests.paper.tiffs import Picture

pytestmark = pytest.mark.slow

SETTINGS = ReadingSettings()
HEIC = ROOT / "tests" / "fixtures" / "heic"
ALIKE = 3.0  # mean difference of two pictures in grey levels; lossy packing makes 1


def pages_of(path: Path, info: ScanInfo) -> list[Pixels]:
    """Return the pages of a file as they are given to reading."""
    return [
        image_page.decode_page(path, number, info.media_type, 10**8, path.parent).load().pixels
        for number in range(1, info.pages + 1)
    ]


def is_like(pixels: Pixels, wanted: Image.Image) -> bool:
    shown = Image.fromarray(pixels).convert("L")
    difference = np.abs(np.asarray(shown, np.float32) - np.asarray(wanted, np.float32))
    return shown.size == wanted.size and float(difference.mean()) < ALIKE


ONE_PAGE: dict[str, tuple[Callable[[Path], None], int]] = {  # maker, remarks
    "anh-kem-phim.jpg": (photos.motion_photo, 0),
    "anh-xem-truoc.jpg": (photos.with_preview(0x010001), 0),
    "anh-hdr.jpg": (photos.with_preview(0), 0),
    "anh.webp": (photos.webp, 0),
    "anh-dong.webp": (photos.animated("WEBP"), 1),
    "anh-dong.png": (photos.animated("PNG"), 1),
    "mat-na.tif": (photos.tiff_with_mask, 0),
    "photoshop.tif": (photos.tiff_of_photoshop, 0),
    "ca-luong.tif": (old_jpegs.whole_stream, 0),
    "mot-dai.tif": (old_jpegs.whole_strip, 0),
    "dau-rieng.tif": (old_jpegs.header_apart, 0),
    "bang-rieng.tif": (old_jpegs.tables_apart, 0),
}


@pytest.mark.parametrize("name", ONE_PAGE)
def test_previews_maps_films_and_old_packings_give_one_page(name: str, tmp_path: Path) -> None:
    make, remarks = ONE_PAGE[name]
    make(tmp_path / name)
    info = inspect(tmp_path / name, SETTINGS)
    assert info.pages == 1
    assert len(info.remarks) == remarks
    (page,) = pages_of(tmp_path / name, info)
    assert is_like(page, photos.page())


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("how", ["new", "old"])
def test_thumbnails_in_a_tiff_are_no_pages(first: bool, how: str, tmp_path: Path) -> None:
    photos.tiff_with_thumbnail(first=first, how=how)(tmp_path / "may-anh.tif")
    info = inspect(tmp_path / "may-anh.tif", SETTINGS)
    assert info.pages == 2
    pages = pages_of(tmp_path / "may-anh.tif", info)
    assert [is_like(page, photos.page(seed)) for page, seed in zip(pages, (5, 6), strict=True)]


def test_a_thumbnail_of_an_unknown_packing_keeps_no_page_back(tmp_path: Path) -> None:
    """Pillow opens a TIFF by its first directory, whatever page is wanted."""
    small = Picture(np.zeros((20, 20), np.uint8), compression=34887, tags={254: 1})
    tiffs.save(tmp_path / "a.tif", small, Picture(np.asarray(photos.page())))
    (page,) = pages_of(tmp_path / "a.tif", inspect(tmp_path / "a.tif", SETTINGS))
    assert is_like(page, photos.page())


def test_layers_are_one_page_as_the_program_showed_it(tmp_path: Path) -> None:
    photos.tiff_of_layers(tmp_path / "gimp.tif")
    (page,) = pages_of(tmp_path / "gimp.tif", inspect(tmp_path / "gimp.tif", SETTINGS))
    ink = np.asarray(photos.page())
    assert page[ink > 250].mean() > 235  # the paper below, which is not quite white
    assert page[ink < 5].mean() < 20  # the letters above it
    red = page[150 + 30, 300 + 30]  # the stamp, where its position says (pixels are BGR)
    assert red[2] > 190
    assert red[0] < 10


def test_named_pages_of_a_scanner_are_no_layers(tmp_path: Path) -> None:
    photos.pages_with_names(tmp_path / "a.tif")
    assert inspect(tmp_path / "a.tif", SETTINGS).pages == 2


@pytest.mark.parametrize(
    ("marker", "precision", "named"),
    [(0xF7, 8, "JPEG-LS"), (0xC5, 8, "phân cấp"), (0xC1, 12, "12 bit")],
)
def test_a_jpeg_of_an_unusual_kind_is_named(
    marker: int, precision: int, named: str, tmp_path: Path
) -> None:
    data = bytearray(photos.jpeg(photos.page()))
    place = data.index(b"\xff\xc0")
    data[place + 1], data[place + 4] = marker, precision
    (tmp_path / "a.jpg").write_bytes(data)
    with pytest.raises(UnsupportedFormatError, match=named):
        pages_of(tmp_path / "a.jpg", inspect(tmp_path / "a.jpg", SETTINGS))


@pytest.mark.parametrize("name", ["dung.heic", "nghieng.heic", "hai-anh.heic"])
def test_photos_of_telephones_are_read_upright(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes((HEIC / name).read_bytes())
    info = inspect(tmp_path / name, SETTINGS)
    assert (info.media_type, info.pages) == ("image/heic", 1)
    assert bool(info.remarks) == (name == "hai-anh.heic")
    assert all("2 ảnh, chỉ đọc ảnh chính (ảnh thứ 2)" in remark for remark in info.remarks)
    (page,) = pages_of(tmp_path / name, info)
    assert is_like(page, phone.paper())


def test_photos_that_are_cut_off_are_refused(tmp_path: Path) -> None:
    whole = (HEIC / "dung.heic").read_bytes()
    photos.webp(tmp_path / "anh.webp")
    webp = (tmp_path / "anh.webp").read_bytes()
    for data in (whole[: len(whole) // 2], whole[:40], whole[:-1], webp[:-100], webp[:12]):
        (tmp_path / "cat").write_bytes(data)
        with pytest.raises(UnreadableScanError):
            inspect(tmp_path / "cat", SETTINGS)


def test_a_trailer_behind_a_photo_does_no_harm(tmp_path: Path) -> None:
    whole = (HEIC / "dung.heic").read_bytes()
    for trailer in (b"\0\0\0\x10mpvd12345678", b"SEFT", b"\0" * 5_000, b"\x01\x02\x03 not a box"):
        (tmp_path / "a.heic").write_bytes(whole + trailer)
        assert inspect(tmp_path / "a.heic", SETTINGS).pages == 1


def test_large_photos_are_refused_and_lies_about_size_are_not_believed(tmp_path: Path) -> None:
    whole = bytearray((HEIC / "dung.heic").read_bytes())
    (tmp_path / "a.heic").write_bytes(whole)
    with pytest.raises(OversizedScanError):
        inspect(tmp_path / "a.heic", ReadingSettings(max_pixels=1000))
    struct.pack_into(">II", whole, whole.index(b"ispe") + 8, 30_000, 30_000)
    (tmp_path / "a.heic").write_bytes(whole)
    with pytest.raises(SohoaError):
        pages_of(tmp_path / "a.heic", inspect(tmp_path / "a.heic", SETTINGS))


def test_the_first_picture_of_a_jpeg_comes_out_alone(tmp_path: Path) -> None:
    plain = photos.jpeg(photos.page())
    for make in (photos.motion_photo, photos.with_preview(0), photos.with_preview(0x010001)):
        make(tmp_path / "a.jpg")
        assert jpeg.primary_picture((tmp_path / "a.jpg").read_bytes()) == plain
    assert jpeg.primary_picture(plain) == plain
    progressive = photos.jpeg(photos.page(), progressive=True)
    assert jpeg.primary_picture(progressive + b"film") == progressive
