"""Files that cannot be taken are refused with a reason and a remedy, at the price of a header."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from ocr.files.inspect import inspect
from pipeline.errors import (
    EmptyScanError,
    EncryptedScanError,
    OversizedScanError,
    RefusedScanError,
    UnreadableScanError,
    UnsupportedFormatError,
)
from pipeline.settings import ReadingSettings
from pipeline.vietnamese import has_mark
from tests.paper import broken, draw_page, save_born_digital, save_pdf, save_tiff
from tests.paper.appended import film

pytestmark = pytest.mark.slow

REASONS: dict[str, type[RefusedScanError]] = {
    "empty": EmptyScanError,
    "text_as_pdf": UnsupportedFormatError,
    "truncated_pdf": UnreadableScanError,
    "truncated_tiff": UnreadableScanError,
    "truncated_jpeg": UnreadableScanError,
    "encrypted_pdf": EncryptedScanError,
    "no_pages_pdf": EmptyScanError,
    "bomb_pdf": OversizedScanError,
    "bomb_tiff": OversizedScanError,
    "bomb_png": OversizedScanError,
}
SETTINGS = ReadingSettings()
SOON = 60.0  # seconds, with the start of a worker on a busy machine


@pytest.fixture(scope="module")
def bad_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return broken.make_all(tmp_path_factory.mktemp("broken"))


def test_every_bad_file_has_its_reason_here(bad_files: dict[str, Path]) -> None:
    assert bad_files.keys() == REASONS.keys()


@pytest.mark.parametrize("name", REASONS)
def test_a_bad_file_is_refused_for_its_own_reason(name: str, bad_files: dict[str, Path]) -> None:
    began = time.monotonic()
    with pytest.raises(RefusedScanError) as caught:
        inspect(bad_files[name], SETTINGS)
    assert type(caught.value) is REASONS[name]
    for text in (caught.value.message, caught.value.remedy):
        assert any(has_mark(word) for word in text.split())
    assert time.monotonic() - began < SOON


def cut(path: Path, keep: float) -> Path:
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])
    return path


def save_png(path: Path) -> None:
    Image.effect_noise((300, 300), 40).save(path, "PNG")


def save_jpeg(path: Path) -> None:
    Image.effect_noise((300, 300), 40).save(path, "JPEG")


def save_a_tiff(path: Path) -> None:
    save_tiff([draw_page("B", 1, 72), draw_page("A", 1, 72)], path)


@pytest.mark.parametrize("save", [save_png, save_jpeg, save_a_tiff])
@pytest.mark.parametrize("keep", [0.2, 0.6, 0.95])
def test_a_cut_off_picture_is_refused(
    save: Callable[[Path], None], keep: float, tmp_path: Path
) -> None:
    path = tmp_path / "scan.bin"
    save(path)
    assert inspect(path, SETTINGS).pages >= 1
    with pytest.raises(UnreadableScanError):
        inspect(cut(path, keep), SETTINGS)


def test_the_format_is_told_by_the_bytes_not_by_the_name(tmp_path: Path) -> None:
    path = tmp_path / "anh.pdf"
    save_jpeg(path)
    assert inspect(path, SETTINGS).media_type == "image/jpeg"
    path = tmp_path / "tep.jpg"
    save_born_digital(1, path)
    assert inspect(path, SETTINGS).media_type == "application/pdf"


def test_pages_are_counted(tmp_path: Path) -> None:
    save_a_tiff(tmp_path / "hai.tif")
    assert inspect(tmp_path / "hai.tif", SETTINGS).pages == 2
    save_born_digital(2, tmp_path / "hai.pdf", pages=2)
    assert inspect(tmp_path / "hai.pdf", SETTINGS).pages == 2


@pytest.mark.parametrize("behind", [bytes(4_096), bytes(300_000), b"\n" * 9_000, film()])
@pytest.mark.parametrize("suffix", [".pdf", ".jpg", ".png", ".tif"])
def test_what_is_appended_to_a_file_neither_breaks_it_nor_adds_a_page(
    suffix: str, behind: bytes, tmp_path: Path
) -> None:
    """Copiers fill PDFs up with NULs, telephones append a film to a photo."""
    path = tmp_path / f"tep{suffix}"
    if suffix == ".pdf":
        save_born_digital(1, path)
    else:
        draw_page("B", 1, 72).image.save(path)
    path.write_bytes(path.read_bytes() + behind)
    assert inspect(path, SETTINGS).pages == 1


def test_too_many_pages_are_refused(tmp_path: Path) -> None:
    few = ReadingSettings(max_pages=1)
    save_a_tiff(tmp_path / "hai.tif")
    save_born_digital(2, tmp_path / "hai.pdf", pages=2)
    for name in ("hai.tif", "hai.pdf"):
        with pytest.raises(OversizedScanError, match="2 trang"):
            inspect(tmp_path / name, few)


def test_a_password_for_the_owner_only_locks_nobody_out(tmp_path: Path) -> None:
    path = tmp_path / "owner.pdf"
    save_born_digital(1, path)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="bí mật", user=""))
    assert inspect(path, SETTINGS).pages == 1


def test_a_page_under_the_pixel_limit_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "trang.pdf"
    drawn = draw_page("B", 1, 100)
    save_pdf([drawn], path)
    area = drawn.image.width * drawn.image.height
    assert inspect(path, ReadingSettings(max_pixels=area)).pages == 1
    with pytest.raises(OversizedScanError):
        inspect(path, ReadingSettings(max_pixels=area - 1))
