"""A half-written file is the normal case: scanners write straight to the final name."""

from __future__ import annotations

import io
import os
import random
import zipfile
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from pipeline.file_ends.wholeness import is_whole, is_whole_stream
from tests.paper import save_born_digital
from tests.paper.appended import film, maker_data, padded
from tests.support.processor_time import least_time


def picture() -> Image.Image:
    return Image.effect_noise((300, 200), 90)


def saved(path: Path) -> Path:
    image = picture()
    if path.suffix == ".tiff":
        image.save(path, save_all=True, append_images=[picture(), picture()], compression="raw")
    else:
        image.save(path)
    return path


def has_arrived(path: Path) -> bool:
    """Ask as intake does, which waits for films and further pictures too."""
    with path.open("rb") as stream:
        return is_whole_stream(stream, with_rest=True)


SUFFIXES = (".pdf", ".tiff", ".jpg", ".png", ".webp")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_whole_with_its_end_and_not_without(tmp_path: Path, suffix: str) -> None:
    path = saved(tmp_path / f"scan{suffix}")
    assert is_whole(path)
    data = path.read_bytes()
    for share in (0.2, 0.5, 0.9):
        path.write_bytes(data[: int(len(data) * share)])
        assert not is_whole(path), share


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("filling", [b"\0", b"\xff", b"\n", b" ", b"\x1a"])
@pytest.mark.parametrize("length", [1, 4_096, 300_000])
def test_padding_behind_the_end_does_not_count(
    tmp_path: Path, suffix: str, filling: bytes, length: int
) -> None:
    path = saved(tmp_path / f"scan{suffix}")
    data = path.read_bytes()
    path.write_bytes(padded(data, length, filling))
    assert is_whole(path)
    assert has_arrived(path)


@pytest.mark.parametrize("suffix", SUFFIXES[:1] + SUFFIXES[2:4])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_file_made_in_its_final_size_is_not_whole_before_its_end_is_there(
    tmp_path: Path, suffix: str, share: float
) -> None:
    """Some clients of shares reserve the space first, and what is not written reads as NULs."""
    path = saved(tmp_path / f"scan{suffix}")
    data = path.read_bytes()
    arrived = int(len(data) * share)
    path.write_bytes(padded(data[:arrived], len(data) - arrived))
    assert not is_whole(path)


@pytest.mark.parametrize("behind", [film(), maker_data(), random.Random(3).randbytes(9_000)])
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".pdf", ".tiff"])
def test_what_is_appended_does_not_count(tmp_path: Path, suffix: str, behind: bytes) -> None:
    path = saved(tmp_path / f"scan{suffix}")
    data = path.read_bytes()
    path.write_bytes(data + behind)
    assert is_whole(path)
    assert has_arrived(path)
    path.write_bytes(data[: len(data) // 2] + behind)
    assert not is_whole(path) or suffix == ".tiff"  # a TIFF says where its parts are: they fit


def test_a_photo_whose_film_is_still_being_copied_is_a_photo_and_waits(tmp_path: Path) -> None:
    path = saved(tmp_path / "ảnh.jpg")
    data = path.read_bytes() + film()
    for missing in (100, 5_000, 60_000):
        path.write_bytes(data[:-missing])
        assert is_whole(path), missing
        assert not has_arrived(path), missing


def test_further_pictures_behind_a_photo_are_waited_for(tmp_path: Path) -> None:
    """MPO and gain maps: one JPEG behind the other."""
    path = saved(tmp_path / "ảnh.jpg")
    data = path.read_bytes()
    for between in (b"", b"\0" * 30):
        path.write_bytes(data + between + data)
        assert has_arrived(path)
        path.write_bytes(data + between + data[:-40])
        assert is_whole(path)
        assert not has_arrived(path)


def test_the_end_of_a_thumbnail_is_not_the_end_of_the_photo(tmp_path: Path) -> None:
    small, large = io.BytesIO(), io.BytesIO()
    picture().resize((60, 40)).save(small, "JPEG")
    thumbnail = b"JFXX\0\x10" + small.getvalue()
    picture().save(large, "JPEG")
    segment = b"\xff\xe0" + (len(thumbnail) + 2).to_bytes(2, "big") + thumbnail
    data = large.getvalue()[:2] + segment + large.getvalue()[2:]
    path = tmp_path / "ảnh.jpg"
    path.write_bytes(data)
    assert is_whole(path)
    for length in (len(segment) + 100, len(data) - 40):
        path.write_bytes(padded(data[:length], 5_000))
        assert not is_whole(path), length


def test_a_pdf_that_is_still_being_saved_anew_is_not_whole(tmp_path: Path) -> None:
    """Linearized and updated PDFs have an end mark in their middle."""
    path = tmp_path / "đơn.pdf"
    save_born_digital(1, path)
    updated = path.read_bytes() + b"\n9 0 obj\n<< /Length 5000 >>\nstream\n" + b"x" * 5_000
    linear = io.BytesIO()
    with pikepdf.open(path) as pdf:
        pdf.save(linear, linearize=True)
    first = linear.getvalue().index(b"%%EOF") + len("%%EOF")
    assert first < len(linear.getvalue()) - 2_048, "shows nothing: the first part is the file"
    for content in (updated, updated[:-4_990], linear.getvalue()[: first + 200]):
        path.write_bytes(content)
        assert not is_whole(path)
    path.write_bytes(linear.getvalue())
    assert is_whole(path)


@pytest.mark.parametrize("compression", ["tiff_lzw", "group4", "jpeg"])
def test_tiff_of_any_compression_and_every_directory(tmp_path: Path, compression: str) -> None:
    image = picture().convert("1") if compression == "group4" else picture()
    path = tmp_path / "scan.tiff"
    image.save(path, save_all=True, append_images=[image], compression=compression)
    assert is_whole(path)
    path.write_bytes(path.read_bytes()[:-40])
    assert not is_whole(path)


def test_big_tiff(tmp_path: Path) -> None:
    path = tmp_path / "scan.tif"
    picture().save(path, big_tiff=True)
    assert is_whole(path)
    path.write_bytes(path.read_bytes()[:-40])
    assert not is_whole(path)


def test_a_tiff_whose_directories_form_a_ring_ends(tmp_path: Path) -> None:
    path = saved(tmp_path / "scan.tiff")
    data = bytearray(path.read_bytes())
    first = int.from_bytes(data[4:8], "little")
    entries = int.from_bytes(data[first : first + 2], "little")
    place = first + 2 + 12 * entries
    data[place : place + 4] = first.to_bytes(4, "little")
    path.write_bytes(data)
    assert is_whole(path)


def test_an_archive_has_its_directory_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "hồ sơ.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.comment = b"x" * 60_000
        archive.writestr("1.png", os.urandom(20_000))
    data = path.read_bytes()
    assert is_whole(path)
    path.write_bytes(padded(data))
    assert is_whole(path)
    path.write_bytes(data[:10_000])
    assert not is_whole(path)


def test_empty_is_not_whole_and_an_unknown_format_is(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.touch()
    assert not is_whole(path)
    path.write_text("xin chào", encoding="utf-8")
    assert is_whole(path)


HOSTILE = {
    "markers": b"\xff\xd8" + b"\xff\xc4\0\x02" * 2_000_000,
    "fill bytes": b"\xff\xd8" + b"\xff" * 8_000_000 + b"x",
    "pictures": b"\xff\xd8\xff\xd9" * 2_000_000 + b"\xff\xd8x",
    "chunks": b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0IDATcrc." * 700_000,
    "boxes": b"\xff\xd8\xff\xd9" + b"\0\0\0\x18ftyp" + bytes(16) + b"\0\0\0\x08free" * 1_000_000,
    "padding": b"%PDF-1.4" + b"\0" * 30_000_000,
    "marks": b"%PDF-1.4" + b"%%EO" * 5_000_000,
    "numbers": b"%PDF-1.4 %%EOF" + b"1 " * 5_000_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_made_to_take_long_does_not(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "scan"
    path.write_bytes(HOSTILE[kind])
    assert least_time(lambda: has_arrived(path), 2) < 2
