"""A file of another kind is refused for what it is, with what its sender can do about it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ocr.files import kinds
from ocr.files.inspect import inspect
from pipeline.errors import EmptyScanError, NoPaperError, RefusedScanError
from pipeline.settings import ReadingSettings
from pipeline.vietnamese import has_mark
from tests.paper import office, photos, strangers, zips

NO_OFFICE = ReadingSettings(office="off")
NO_PAPER = {"phim", "âm thanh", "chương trình", "lối tắt", "hình thu nhỏ", "tệp dữ liệu"}
JARGON = re.compile(r"\b(?:format|magic|signature|codec|byte|container|MIME)\b", re.IGNORECASE)


@pytest.mark.parametrize("name", strangers.MAKERS)
def test_each_kind_has_its_sentence(name: str, tmp_path: Path) -> None:
    says, make = strangers.MAKERS[name]
    make(tmp_path / name)
    with pytest.raises(RefusedScanError) as caught:
        inspect(tmp_path / name, NO_OFFICE)
    message, remedy = caught.value.message, caught.value.remedy
    assert says in message
    assert isinstance(caught.value, NoPaperError) >= (says in NO_PAPER)
    for sentence in (message, remedy):  # what a clerk reads aloud to a visitor
        assert sentence.endswith(".")
        assert sum(map(has_mark, sentence.split())) >= 3
        assert not JARGON.search(sentence)
    assert "hỏng" not in message


def test_the_name_decides_nothing(tmp_path: Path) -> None:
    photos.webp(tmp_path / "phim.exe")
    assert inspect(tmp_path / "phim.exe", NO_OFFICE).media_type == "image/webp"
    zips.save(tmp_path / "don.pdf", {"1.jpg": b"x"})
    assert inspect(tmp_path / "don.pdf", NO_OFFICE).holds_files


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (office.docx, kinds.DOCX),
        (office.odt, kinds.ODT),
        (office.xlsx, kinds.XLSX),
        (office.rtf, kinds.RTF),
        (lambda path: office.mail(path, {}), kinds.MAIL),
    ],
)
def test_real_documents_are_recognised(make: strangers.Maker, kind: str, tmp_path: Path) -> None:
    make(tmp_path / "a")
    assert kinds.kind_of(tmp_path / "a") == kind


def test_a_photo_whose_brand_is_general_is_told_by_the_others(tmp_path: Path) -> None:
    for brand, kind in ((b"heic", "image/heic"), (b"avif", "image/avif"), (b"xyzw", kinds.UNKNOWN)):
        (tmp_path / "a").write_bytes(b"\0\0\0\x18ftypmif1\0\0\0\0mif1" + brand + bytes(99))
        assert kinds.kind_of(tmp_path / "a") == kind


def test_a_locked_open_document_is_told(tmp_path: Path) -> None:
    manifest = b"<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    zips.save(tmp_path / "a", {"mimetype": kinds.ODT.encode(), "META-INF/manifest.xml": manifest})
    assert kinds.kind_of(tmp_path / "a") == kinds.LOCKED_OFFICE


def test_an_empty_file_is_empty(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(EmptyScanError):
        inspect(tmp_path / "a", NO_OFFICE)
