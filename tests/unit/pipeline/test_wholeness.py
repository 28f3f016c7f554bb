"""A half-written file is the normal case: scanners write straight to the final name."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from pipeline.intake.wholeness import is_whole


def picture() -> Image.Image:
    return Image.effect_noise((300, 200), 90)


def saved(path: Path) -> Path:
    image = picture()
    if path.suffix == ".tiff":
        image.save(path, save_all=True, append_images=[picture(), picture()], compression="raw")
    else:
        image.save(path)
    return path


@pytest.mark.parametrize("suffix", [".pdf", ".tiff", ".jpg", ".png"])
def test_whole_with_its_end_and_not_without(tmp_path: Path, suffix: str) -> None:
    path = saved(tmp_path / f"scan{suffix}")
    assert is_whole(path)
    data = path.read_bytes()
    for share in (0.2, 0.5, 0.9):
        path.write_bytes(data[: int(len(data) * share)])
        assert not is_whole(path), share


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


def test_empty_is_not_whole_and_an_unknown_format_is(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.touch()
    assert not is_whole(path)
    path.write_text("xin chào", encoding="utf-8")
    assert is_whole(path)
