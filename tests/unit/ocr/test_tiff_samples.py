"""TIFFs of every depth and layout come out light where paper is; what no decoder has is named.

Deep pictures whose white is 0 (case f07), old and rare packings (case f05).
"""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from ocr.files.inspect import inspect
from pipeline.errors import UnsupportedFormatError
from pipeline.settings import ReadingSettings
from tests.paper import old_jpegs, photos, tiffs
from tests.paper.tiffs import Picture
from tests.unit.ocr.test_pictures import is_like, pages_of

SETTINGS = ReadingSettings()
MARK = (slice(60, 120), slice(30, 120))
GREY = np.full((300, 200), 255, np.uint8)
GREY[MARK] = 0
Samples = npt.NDArray[np.generic]


def rgb(*more: Samples) -> Samples:
    return np.dstack([GREY, GREY, GREY, *more])


def deep(bits: int, *, white_is_zero: bool) -> Picture:
    most = 2**bits - 1
    samples = GREY.astype(np.uint64) * most // 255
    samples = most - samples if white_is_zero else samples
    kind = np.uint8 if bits <= 8 else np.uint16 if bits <= 16 else np.uint32
    return Picture(samples.astype(kind), 0 if white_is_zero else 1, bits)


OPAQUE = np.full_like(GREY, 255)
INK = np.where(GREY < 128, 255, 0).astype(np.uint8)  # all that is not transparent
RAMP = [value * 257 for value in range(256)] * 3
DEPTHS = (1, 2, 4, 8, 12, 16, 32)
SIGNED = (GREY.astype(np.int32) * 257 - 32768).astype(np.int16)
HALF = OPAQUE // 2 + 1
LIGHT: dict[str, Picture] = {
    **{
        f"{bits} bit, den la 0": deep(bits, white_is_zero=False)
        for bits in (1, 2, 4, 8, 12, 16, 32)
    },
    **{
        f"{bits} bit, trang la 0": deep(bits, white_is_zero=True)
        for bits in (1, 2, 4, 8, 12, 16, 32)
    },
    "12 bit trong 16": Picture(GREY.astype(np.uint16) * 16, 1, 16),
    "so thuc": Picture((GREY / 255).astype(np.float32), 1, 32, tiffs.FLOAT),
    "so thuc, trang la 0": Picture((1 - GREY / 255).astype(np.float32), 0, 32, tiffs.FLOAT),
    "so thuc 64": Picture(GREY / 255, 1, 64, tiffs.FLOAT),
    "co dau 8": Picture((GREY.astype(np.int16) - 128).astype(np.int8), 1, 8, tiffs.SIGNED),
    "co dau 16": Picture(
        (GREY.astype(np.int32) * 257 - 32768).astype(np.int16), 1, 16, tiffs.SIGNED
    ),
    "rgb": Picture(rgb(), tiffs.RGB),
    "rgb, mat phang": Picture(rgb(), tiffs.RGB, planar=True),
    "rgb 16": Picture(rgb().astype(np.uint16) * 257, tiffs.RGB, 16),
    "rgb so thuc": Picture((rgb() / 255).astype(np.float32), tiffs.RGB, 32, tiffs.FLOAT),  # type: ignore[operator]
    "rgb trong suot": Picture(np.dstack([GREY * 0] * 3 + [INK]), tiffs.RGB, tags={338: 2}),
    "rgb nhan truoc": Picture(np.dstack([GREY * 0] * 3 + [INK]), tiffs.RGB, tags={338: 1}),
    "xam trong suot": Picture(np.dstack([GREY * 0, INK]), tags={338: 2}),
    "xam nhan truoc": Picture(np.dstack([GREY * 0, INK]), tags={338: 1}),
    "cmyk": Picture(np.dstack([GREY * 0] * 3 + [255 - GREY]), tiffs.SEPARATED),
    "bang mau": Picture(GREY, tiffs.PALETTE, tags={320: RAMP}),
    "bang mau nguoc": Picture(255 - GREY, tiffs.PALETTE, tags={320: RAMP[::-1]}),
    "ycbcr": Picture(np.dstack([GREY, HALF, HALF]), tiffs.YCBCR, tags={530: [1, 1]}),
    "lab": Picture(np.dstack([GREY, GREY * 0, GREY * 0]), tiffs.LAB),
}


@pytest.mark.parametrize("big_endian", [False, True], ids=["II", "MM"])
@pytest.mark.parametrize("packing", ["", "deflate", "tile"])
@pytest.mark.parametrize("name", LIGHT)
def test_paper_is_light_and_ink_is_dark(
    name: str, packing: str, big_endian: bool, tmp_path: Path
) -> None:
    compression = tiffs.DEFLATE if packing == "deflate" else tiffs.PLAIN
    picture = replace(LIGHT[name], compression=compression, tile=64 * (packing == "tile"))
    tiffs.save(tmp_path / "a.tif", picture, big_endian=big_endian)
    (page,) = pages_of(tmp_path / "a.tif", inspect(tmp_path / "a.tif", SETTINGS))
    grey = np.asarray(Image.fromarray(page).convert("L"))
    assert grey[200:].min() > 230
    assert grey[65:115, 35:115].max() < 40


@pytest.mark.parametrize("orientation", range(1, 9))
def test_deep_pictures_lie_as_viewers_show_them(orientation: int, tmp_path: Path) -> None:
    shallow, deeper = tmp_path / "8.tif", tmp_path / "16.tif"
    for path, bits in ((shallow, 8), (deeper, 16)):
        picture = deep(bits, white_is_zero=bits == 16)
        tiffs.save(
            path, Picture(picture.samples, picture.photometric, bits, tags={274: orientation})
        )
    (one,) = pages_of(shallow, inspect(shallow, SETTINGS))
    (other,) = pages_of(deeper, inspect(deeper, SETTINGS))
    assert one.shape == other.shape
    assert np.array_equal(one < 128, other < 128)


LACKING: dict[str, tuple[Picture, str]] = {
    "lerc": (Picture(GREY, compression=34887), "LERC"),
    "jbig": (Picture(GREY, compression=34661), "JBIG"),
    "jbig2": (Picture(GREY, compression=34715), "JBIG2"),
    "jpeg xl": (Picture(GREY, compression=50002), "JPEG XL"),
    "jpeg 2000": (Picture(GREY, compression=34712, packed=b"?" * 99), "JPEG 2000"),
    "webp": (Picture(GREY, compression=50001, packed=b"?" * 99), "WebP"),
    "so 12345": (Picture(GREY, compression=12345), "số 12345"),
    "half": (Picture((GREY / 255).astype(np.float16), 1, 16, tiffs.FLOAT), "16 bit số thực"),
    "cmyk trong suot": (
        Picture(np.dstack([GREY] * 5), tiffs.SEPARATED, tags={338: 2}), "CMYK 5 × 8 bit"
    ),
    "xam trong suot 16": (
        Picture(np.dstack([GREY, GREY]).astype(np.uint16), bits=16, tags={338: 2}), "2 × 16 bit"
    ),
    "xam trong suot, mat phang": (
        Picture(np.dstack([GREY, OPAQUE]), planar=True, tags={338: 2}), "tách mặt phẳng màu"
    ),
    "may anh": (Picture(GREY, 32803), "CFA"),
}  # fmt: skip


@pytest.mark.parametrize("name", LACKING)
def test_what_a_decoder_lacks_is_named_and_no_damage(name: str, tmp_path: Path) -> None:
    picture, named = LACKING[name]
    tiffs.save(tmp_path / "a.tif", picture)
    with pytest.raises(UnsupportedFormatError) as caught:
        pages_of(tmp_path / "a.tif", inspect(tmp_path / "a.tif", SETTINGS))
    assert named in caught.value.message
    assert "tệp không hỏng" in caught.value.message
    assert "xuất lại" in caught.value.remedy


def test_an_old_jpeg_that_cannot_be_put_together_is_named(tmp_path: Path) -> None:
    old_jpegs.nonsense(tmp_path / "a.tif")
    with pytest.raises(UnsupportedFormatError, match=r"JPEG kiểu cũ \(JPEG trong TIFF 6.0\)"):
        pages_of(tmp_path / "a.tif", inspect(tmp_path / "a.tif", SETTINGS))


@pytest.mark.parametrize("kind", ["WEBP", "JPEG2000"])
def test_strips_that_are_files_of_another_format_are_read(kind: str, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    photos.page().save(buffer, kind, **({"lossless": True} if kind == "WEBP" else {}))
    number = {"WEBP": 50001, "JPEG2000": 34712}[kind]
    picture = Picture(np.asarray(photos.page()), compression=number, packed=buffer.getvalue())
    tiffs.save(tmp_path / "a.tif", picture)
    (page,) = pages_of(tmp_path / "a.tif", inspect(tmp_path / "a.tif", SETTINGS))
    assert is_like(page, photos.page())


def test_one_good_page_is_enough_to_take_a_tiff(tmp_path: Path) -> None:
    bad = Picture(GREY, compression=34887)
    tiffs.save(tmp_path / "a.tif", bad, Picture(GREY))
    assert inspect(tmp_path / "a.tif", SETTINGS).pages == 2
