"""Receiving a drop: what is stored, what is said, and that every step may run twice."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from ocr import open_reader
from pipeline.intake import Reception, receive, take_path
from pipeline.intake.taking import printable
from pipeline.model import ReceiptStatus
from pipeline.ports import Archive, ScanReader
from pipeline.settings import ReadingSettings, StorageSettings
from storage import open_archive
from tests.paper import broken, draw_page, save_picture
from tests.support.hostile_names import NAMES, unseen_in

ARCHIVED, DUPLICATE, REFUSED = (
    ReceiptStatus.ARCHIVED,
    ReceiptStatus.DUPLICATE,
    ReceiptStatus.REFUSED,
)


@pytest.fixture(scope="module")
def reader() -> ScanReader:
    return open_reader(ReadingSettings())


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two scanned pages with different content."""
    folder = tmp_path_factory.mktemp("letters")
    pages = [(draw_page("B", seed, 120), folder / f"công văn {seed}.png") for seed in (1, 2)]
    for page, path in pages:
        save_picture(page, path)
    return [path for _, path in pages]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return open_archive(StorageSettings(), tmp_path / "home")


class Clerk:
    """Drops paths into an archive under given ids."""

    def __init__(self, archive: Archive, reader: ScanReader) -> None:
        self.archive, self.reader = archive, reader

    def drops(self, path: Path, dossier: str) -> Reception:
        with tempfile.TemporaryDirectory() as private:
            drop = take_path(path, dossier, Path(private))
            return receive(drop, self.archive, self.reader)

    def queued(self) -> list[str]:
        return [pending.dossier for pending in self.archive.queued()]


@pytest.fixture
def clerk(archive: Archive, reader: ScanReader) -> Clerk:
    return Clerk(archive, reader)


def statuses(reception: Reception) -> list[ReceiptStatus]:
    return [line.status for line in reception.receipts]


def test_a_file_becomes_a_dossier_with_a_record_and_a_marker(
    clerk: Clerk, letters: list[Path]
) -> None:
    reception = clerk.drops(letters[0], "0a")
    record = clerk.archive.find_record("0a")
    assert reception.dossier == "0a"
    assert statuses(reception) == [ARCHIVED]
    assert record is not None
    assert (record.sequence, record.action) == (1, "received")
    assert [scan.name for scan in record.dossier.scans] == ["công văn 1.png"]
    with clerk.archive.original(record.dossier.scans[0].sha256) as kept:
        assert kept.read_bytes() == letters[0].read_bytes()
    assert clerk.queued() == ["0a"]


def test_receiving_again_after_a_crash_adds_nothing(clerk: Clerk, letters: list[Path]) -> None:
    clerk.drops(letters[0], "0a")
    assert statuses(clerk.drops(letters[0], "0a")) == [ARCHIVED]
    assert len(clerk.archive.history("0a")) == 1
    assert clerk.queued() == ["0a"]


def test_the_same_bytes_under_another_name_point_to_the_first_dossier(
    clerk: Clerk, letters: list[Path], tmp_path: Path
) -> None:
    clerk.drops(letters[0], "0a")
    again = tmp_path / "khác.png"
    shutil.copy(letters[0], again)
    reception = clerk.drops(again, "0b")
    assert statuses(reception) == [DUPLICATE]
    assert reception.dossier == reception.receipts[0].dossier == "0a"
    assert clerk.archive.find_record("0b") is None


def test_the_same_name_with_other_bytes_is_another_scan(
    clerk: Clerk, letters: list[Path], tmp_path: Path
) -> None:
    """OCRmyPDF's watcher overwrites the first of two scan0001.pdf (peers O9)."""
    for number, letter in enumerate(letters):
        folder = tmp_path / str(number)
        folder.mkdir()
        shutil.copy(letter, folder / "scan0001.png")
        assert statuses(clerk.drops(folder / "scan0001.png", f"0{number}")) == [ARCHIVED]
    assert list(clerk.archive.dossiers()) == ["00", "01"]


def test_bytes_left_by_an_interrupted_reception_go_to_the_dossier_that_owns_them(
    clerk: Clerk, letters: list[Path]
) -> None:
    sha256 = clerk.archive.keep_original(letters[0])
    clerk.archive.claim_original(sha256, "0a")
    reception = clerk.drops(letters[0], "0b")
    assert (reception.dossier, statuses(reception)) == ("0a", [ARCHIVED])
    assert clerk.queued() == ["0a"]


def test_a_folder_is_one_dossier_in_reading_order_with_its_code(
    clerk: Clerk, letters: list[Path], tmp_path: Path
) -> None:
    folder = tmp_path / "H26.19.25-260105-0007"
    folder.mkdir()
    shutil.copy(letters[0], folder / "trang 10.png")
    shutil.copy(letters[1], folder / "trang 2.png")
    clerk.drops(folder, "0a")
    record = clerk.archive.find_record("0a")
    assert record is not None
    assert record.dossier.code == "H26.19.25-260105-0007"
    names = [scan.name.split("/")[1] for scan in record.dossier.scans]
    assert names == ["trang 2.png", "trang 10.png"]


def test_a_bad_file_in_a_folder_does_not_take_the_good_one_with_it(
    clerk: Clerk, letters: list[Path], tmp_path: Path
) -> None:
    folder = tmp_path / "hồ sơ"
    folder.mkdir()
    shutil.copy(letters[0], folder / "1.png")
    broken.empty(folder / "2.pdf")
    (folder / ".ẩn.png").write_bytes(letters[1].read_bytes())
    reception = clerk.drops(folder, "0a")
    record = clerk.archive.find_record("0a")
    assert statuses(reception) == [ARCHIVED, REFUSED, REFUSED]
    assert record is not None
    assert len(record.dossier.scans) == 1
    assert "hồ sơ/2.pdf" in record.dossier.reasons[0] or "hồ sơ/2.pdf" in record.dossier.reasons[1]


def test_a_page_scanned_twice_into_a_folder_is_kept_once(
    clerk: Clerk, letters: list[Path], tmp_path: Path
) -> None:
    folder = tmp_path / "hồ sơ"
    folder.mkdir()
    for name in ("1.png", "2.png"):
        shutil.copy(letters[0], folder / name)
    assert statuses(clerk.drops(folder, "0a")) == [ARCHIVED, DUPLICATE]


def test_every_broken_file_is_refused_with_its_own_reason_and_remedy(
    clerk: Clerk, tmp_path: Path
) -> None:
    reasons = {}
    for name, path in broken.make_all(tmp_path / "broken").items():
        (line,) = clerk.drops(path, "0a").receipts
        assert line.status is REFUSED, name
        assert line.remedy, name
        reasons[name] = line.reason
    kinds = ("empty", "text_as_pdf", "truncated_pdf", "encrypted_pdf", "no_pages_pdf", "bomb_pdf")
    assert len({reasons[kind] for kind in kinds}) == len(kinds), reasons
    assert list(clerk.archive.dossiers()) == []


@pytest.mark.parametrize("name", NAMES)
def test_what_a_name_hides_is_seen_in_records_and_receipts(
    clerk: Clerk, letters: list[Path], tmp_path: Path, name: str
) -> None:
    folder = tmp_path / f"thư mục {name}"
    folder.mkdir()
    shutil.copy(letters[0], folder / name)
    received = clerk.drops(folder, "0a")
    record = clerk.archive.find_record("0a")
    assert record
    dossier = record.dossier
    names = [dossier.name, dossier.scans[0].name, received.receipts[0].name]
    assert unseen_in("".join(names), keep="") == []
    assert dossier.scans[0].name == f"{dossier.name}/{printable(name)}"


def test_a_name_that_is_no_utf8_is_kept_readable(
    clerk: Clerk, letters: list[Path], tmp_path: Path
) -> None:
    path = tmp_path / os.fsdecode(b"\xff\xfe scan.png")
    shutil.copy(letters[0], path)
    assert clerk.drops(path, "0a").receipts[0].name == "�� scan.png"
