"""Files inside dropped files: which become scans, what is said, and that receipts add up."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ocr import open_reader
from pipeline.errors import (
    EmptyScanError,
    OversizedScanError,
    RefusedScanError,
    UnreadableScanError,
    UnsupportedFormatError,
)
from pipeline.intake.containers import Expansion, expand
from pipeline.ports import ScanReader
from pipeline.settings import ReadingSettings
from tests.paper import pdf_files, zips

pytestmark = pytest.mark.slow

XML = b"<?xml version='1.0'?><hoaDon/>"


@pytest.fixture(scope="module")
def reader() -> ScanReader:
    return open_reader(ReadingSettings(office="off", max_unpacked=100_000_000))


@pytest.fixture
def room() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def scanned() -> tuple[bytes, bytes]:
    return pdf_files.scanned(5), pdf_files.scanned(6)


def names(found: Expansion) -> list[str]:
    """Return the papers that have pages."""
    return [paper.name for paper in found.papers if paper.info.pages]


def test_a_zip_is_a_folder_in_reading_order(reader: ScanReader, room: Path, tmp_path: Path) -> None:
    one, two, three = zips.papers(1, 2, 3)
    entries = {"trang 10.jpg": one, "trang 2.jpg": two, "phu luc/1.jpg": three, "phu luc/": b""}
    zips.save(tmp_path / "hs.zip", entries | {"Thumbs.db": b"x", "__MACOSX/._1.jpg": b"x"})
    found = expand("hs.zip", tmp_path / "hs.zip", reader, room)
    assert names(found) == ["hs.zip/phu luc/1.jpg", "hs.zip/trang 2.jpg", "hs.zip/trang 10.jpg"]
    assert (found.papers[0].name, found.papers[0].info.pages) == ("hs.zip", 0)
    assert found.reasons == ()
    assert found.receipt == "Bên trong có 3 giấy tờ đã lưu."


def test_a_few_bytes_that_are_left_are_a_bound_and_no_fault(room: Path, tmp_path: Path) -> None:
    zips.save(tmp_path / "a.zip", {"1.jpg": zips.papers(1)[0]})
    reader = open_reader(ReadingSettings(office="off", max_unpacked=100))
    with pytest.raises(OversizedScanError, match="bung ra hơn"):
        expand("a.zip", tmp_path / "a.zip", reader, room)


def test_names_mean_what_their_systems_meant(
    reader: ScanReader, room: Path, tmp_path: Path
) -> None:
    wanted = zips.names_of_all_kinds(tmp_path / "a.zip")
    found = expand("a.zip", tmp_path / "a.zip", reader, room)
    assert names(found) == [f"a.zip/{name}" for name in wanted.values()]


Hostile = tuple[Callable[[Path], None], list[str], str]
SOME_TAKEN: dict[str, Hostile] = {
    "khoa": (zips.locked_entry, ["1.jpg"], "khóa bằng mật khẩu"),
    "leo": (zips.climbing, ["etc/tuyet-doi.jpg", "leo.jpg", "Windows/o-dia.jpg"], "Liên kết"),
    "kieu la": (zips.unusual_method, ["1.jpg"], "Deflate64"),
    "hong": (zips.damaged_entry, ["1.jpg"], "bị hỏng"),
    "long": (lambda path: zips.nested(path, 2), ["nua.zip/tang 0.jpg", "tang 1.jpg"], "nhiều lớp"),
}


@pytest.mark.parametrize("name", SOME_TAKEN)
def test_what_cannot_be_taken_from_a_zip_is_named_and_the_rest_is_taken(
    name: str, reader: ScanReader, room: Path, tmp_path: Path
) -> None:
    make, taken, said = SOME_TAKEN[name]
    make(tmp_path / "hs.zip")
    found = expand("hs.zip", tmp_path / "hs.zip", reader, room)
    assert names(found) == [f"hs.zip/{each}" for each in taken]
    (reason,) = found.reasons
    assert reason.startswith("Tệp hs.zip/")
    assert " bị từ chối: " in reason
    assert said in reason
    assert said in found.receipt


def test_one_zip_in_a_zip_is_opened(reader: ScanReader, room: Path, tmp_path: Path) -> None:
    zips.nested(tmp_path / "hs.zip", 1)
    found = expand("hs.zip", tmp_path / "hs.zip", reader, room)
    assert names(found) == ["hs.zip/nua.zip/trong cung.jpg", "hs.zip/tang 0.jpg"]
    assert not found.reasons


def cut_off(path: Path) -> None:
    path.write_bytes(zips.packed({"1.jpg": b"a" * 999})[:-30])


REFUSED: dict[str, tuple[Callable[[Path], None], type[RefusedScanError]]] = {
    "nhieu": (zips.many_entries, OversizedScanError),
    "bom": (zips.large_bomb, OversizedScanError),
    "bom noi doi": (zips.lying_bomb, UnreadableScanError),
    "bom chong": (zips.overlapping_bomb, OversizedScanError),
    "rong": (lambda path: zips.save(path, {}), EmptyScanError),
    "chi co chu": (lambda path: zips.save(path, {"a.txt": b"a" * 99}), UnsupportedFormatError),
    "cut": (cut_off, UnreadableScanError),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_zip_without_a_paper_is_refused_quickly(
    name: str, reader: ScanReader, room: Path, tmp_path: Path
) -> None:
    make, error = REFUSED[name]
    make(tmp_path / "hs.zip")
    began = time.monotonic()
    with pytest.raises(RefusedScanError) as caught:
        expand("hs.zip", tmp_path / "hs.zip", reader, room)
    assert type(caught.value) is error
    assert caught.value.remedy
    assert time.monotonic() - began < 60
    assert sum(file.stat().st_size for file in room.rglob("*") if file.is_file()) < 10**6


def test_the_bound_of_bytes_holds_for_all_zips_within_together(
    reader: ScanReader, room: Path, tmp_path: Path
) -> None:
    blank = {"trang.bin": bytes(60_000_000)}
    zips.save(tmp_path / "hs.zip", {"1.jpg": zips.papers(1)[0]} | {
        f"{n}.zip": zips.packed(blank) for n in (2, 3)
    })  # fmt: skip
    found = expand("hs.zip", tmp_path / "hs.zip", reader, room)
    assert names(found) == ["hs.zip/1.jpg"]
    assert any("hs.zip/3.zip bị từ chối: Các tệp bên trong bung ra hơn" in r for r in found.reasons)


@pytest.mark.parametrize("cover", [pdf_files.ADOBE_COVER, ""])
def test_the_papers_of_a_portfolio_are_taken_and_its_cover_is_not(
    cover: str, reader: ScanReader, room: Path, tmp_path: Path, scanned: tuple[bytes, bytes]
) -> None:
    """Case p01: the cover alone was read, and the dossier was COMPLETE."""
    one, two = scanned
    pdf_files.portfolio(tmp_path / "hs.pdf", {"10.pdf": one, "9.pdf": two, "a.xml": XML}, cover)
    found = expand("hs.pdf", tmp_path / "hs.pdf", reader, room)
    assert names(found) == ["hs.pdf/9.pdf", "hs.pdf/10.pdf"]
    assert found.reasons == ()
    assert "Không phải giấy tờ, còn trong tệp gốc: a.xml" in found.receipt


def test_a_cover_that_is_a_letter_stays(
    reader: ScanReader, room: Path, tmp_path: Path, scanned: tuple[bytes, bytes]
) -> None:
    pdf_files.portfolio(tmp_path / "hs.pdf", {"1.pdf": scanned[0]}, pdf_files.COVER_LETTER)
    found = expand("hs.pdf", tmp_path / "hs.pdf", reader, room)
    assert names(found) == ["hs.pdf", "hs.pdf/1.pdf"]


@pytest.mark.parametrize("on_page", [False, True])
def test_what_is_attached_to_a_paper_becomes_a_scan_behind_it(
    on_page: bool, reader: ScanReader, room: Path, tmp_path: Path, scanned: tuple[bytes, bytes]
) -> None:
    pdf_files.with_attachments(tmp_path / "a.pdf", {"phu luc.pdf": scanned[0]}, on_page=on_page)
    found = expand("a.pdf", tmp_path / "a.pdf", reader, room)
    assert names(found) == ["a.pdf", "a.pdf/phu luc.pdf"]


def test_data_attached_to_a_paper_is_told_and_makes_nothing_partial(
    reader: ScanReader, room: Path, tmp_path: Path
) -> None:
    pdf_files.with_attachments(tmp_path / "hoa don.pdf", {"hd.xml": XML, "ky.p7s": b"\x93\1\2\xfe"})
    found = expand("hoa don.pdf", tmp_path / "hoa don.pdf", reader, room)
    assert (names(found), found.reasons) == (["hoa don.pdf"], ())
    assert "hd.xml" in found.receipt
    assert "ky.p7s" in found.receipt


def test_a_document_attached_to_a_paper_is_missing_where_it_cannot_be_read(
    reader: ScanReader, room: Path, tmp_path: Path
) -> None:
    docx = zips.packed({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
    pdf_files.with_attachments(tmp_path / "a.pdf", {"phu luc.docx": docx})
    found = expand("a.pdf", tmp_path / "a.pdf", reader, room)
    (reason,) = found.reasons
    assert reason.startswith("Tệp a.pdf/phu luc.docx bị từ chối: Đây là tệp Word")


def test_a_portfolio_of_programs_is_refused(reader: ScanReader, room: Path, tmp_path: Path) -> None:
    pdf_files.portfolio(tmp_path / "a.pdf", {"cai.exe": b"MZ" + bytes(99)})
    with pytest.raises(UnsupportedFormatError, match=r"không có giấy tờ nào nhận được: cai\.exe"):
        expand("a.pdf", tmp_path / "a.pdf", reader, room)
