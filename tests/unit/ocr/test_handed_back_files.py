"""Files that a sandboxed job hands back are opened as what they are, and its folder is removed."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ocr.deadline import Deadline
from ocr.files import client
from ocr.files.raster import RasterFile
from ocr.sandbox import pool
from ocr.sandbox.job import opened, private_folder, take
from pipeline.errors import ReadingError
from pipeline.settings import ReadingSettings
from tests.support.false_answers import order

PROGRAM = "tests.support.false_answers"
PPM = b"P6\n2 1\n255\n" + bytes(6)
PAGE = {
    "file": "page-1.ppm",
    "dpi": 300.0,
    "sound": True,
    "lacks_font": False,
    "turn": 0,
    "lines": [],
    "hidden": [],
}


@pytest.fixture(autouse=True, scope="module")
def worker() -> Iterator[None]:
    """Have jobs done by a worker that hands back what the file says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "PROGRAM", PROGRAM)
        yield
    pool.end_all()


def open_page(file: Path) -> client.OpenedPage:
    return client.open_page(file, 1, ReadingSettings(), Deadline(60))


def ordered(folder: Path, answer: object, raster: bytes = PPM) -> Path:
    return order(folder / "scan", answer, files={"page-1.ppm": raster.hex()})


def encoded(kind: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (2, 1)).save(stream, kind)
    return stream.getvalue()


FALSE_RASTERS = {
    **{f"a {kind}": encoded(kind) for kind in ("TIFF", "JPEG", "PNG", "BMP", "GIF", "JPEG2000")},
    "nothing": b"",
    "a header only": b"P6\n2 1\n255\n",
    "a byte less": PPM[:-1],
    "a byte more": PPM + b"x",
    "more than it has": b"P6\n20000 20000\n255\n" + bytes(100),
    "sides beyond memory": b"P6\n99999 99999\n255\n",
    "a side beyond all numbers": b"P6\n" + b"9" * 400 + b" 1\n255\n",
    "no width": b"P6\n0 1\n255\n",
    "a negative width": b"P6\n-2 1\n255\n" + bytes(6),
    "two bytes a colour": b"P6\n2 1\n65535\n" + bytes(12),
    "numbers as text": b"P3\n2 1\n255\n0 0 0 0 0 0\n",
    "a comment": b"P6\n# x\n2 1\n255\n" + bytes(6),
    "another map": b"P7\nWIDTH 2\nHEIGHT 1\nDEPTH 3\nMAXVAL 255\nENDHDR\n" + bytes(6),
}


@pytest.mark.parametrize("raster", FALSE_RASTERS.values(), ids=FALSE_RASTERS)
def test_only_a_plain_raster_of_the_right_length_is_loaded(raster: bytes, tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="dữ liệu bị hỏng"):
        open_page(ordered(tmp_path, PAGE, raster))


def lay(kind: str, secret: Path, place: Path) -> None:
    """Put something at a place that leads to a file of the house, or is none."""
    if kind == "link":
        place.symlink_to(secret)
    elif kind == "second name":
        place.hardlink_to(secret)
    elif kind == "pipe":
        os.mkfifo(place)
    elif kind == "folder":
        place.mkdir()
    elif kind == "socket file":
        os.mknod(place, 0o140600)


KINDS = ["link", "second name", "pipe", "folder", "socket file", "nothing"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_leads_to_a_file_of_the_house_is_not_opened(kind: str, tmp_path: Path) -> None:
    secret, place = tmp_path / "secret.ppm", tmp_path / "page-1.ppm"
    secret.write_bytes(PPM)
    lay(kind, secret, place)
    with pytest.raises(OSError), opened(place, 2**20):
        pass
    with pytest.raises(ReadingError):
        RasterFile(place, 300).load()
    with pytest.raises(OSError):
        take(place, tmp_path / "taken", 2**20)
    assert not (tmp_path / "taken").exists()


def test_a_grey_raster_is_loaded_as_it_is(tmp_path: Path) -> None:
    pixels = np.arange(6, dtype=np.uint8).reshape(2, 3)
    (tmp_path / "page.pgm").write_bytes(b"P5\n3 2\n255\n" + pixels.tobytes())
    assert RasterFile(tmp_path / "page.pgm", 0).load().pixels.tolist() == pixels.tolist()


def test_a_folder_thousands_of_levels_deep_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    with pytest.raises(ReadingError):
        open_page(order(tmp_path / "scan", "", deep=1_500))
    assert not list((tmp_path / "temporary").iterdir())


def test_closed_folders_and_links_are_removed_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "letter.txt").write_text("thư")
    with private_folder("job-", tmp_path) as folder:
        (folder / "a" / "b" / "c").mkdir(parents=True)
        (folder / "a" / "b" / "link").symlink_to(tmp_path / "kept")
        (folder / "a" / "b" / "file").touch()
        (folder / "a" / "b").chmod(0)
        (folder / "a").chmod(0)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert (tmp_path / "kept" / "letter.txt").read_text() == "thư"
