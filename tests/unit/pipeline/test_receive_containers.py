"""Receiving files that hold files: one receipt each, kept as dropped, known when they return."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ocr import open_reader
from pipeline.intake import Reception, receive
from pipeline.intake.taking import take_path
from pipeline.model import Dossier, ReceiptStatus, Withheld
from pipeline.ports import Archive, ScanReader
from pipeline.settings import ReadingSettings, StorageSettings
from pipeline.versions import keep_next, newest_record
from storage import open_archive
from tests.paper import zips


@pytest.fixture(scope="module")
def reader() -> ScanReader:
    return open_reader(ReadingSettings(office="off"))


class Clerk:
    """Drops paths into an archive, and looks at what became of them."""

    def __init__(self, archive: Archive, reader: ScanReader, private: Path) -> None:
        self.archive, self.reader, self.private = archive, reader, private

    def drops(self, path: Path, dossier: str, outdated: frozenset[str] = frozenset()) -> Reception:
        private = Path(tempfile.mkdtemp(dir=self.private))
        drop = replace(take_path(path, dossier, private), outdated=outdated)
        reception = receive(drop, self.archive, self.reader)
        assert not [each for each in private.iterdir() if each.is_dir()], "left behind"
        return reception

    def dossier(self, dossier: str) -> Dossier:
        record = self.archive.find_record(dossier)
        assert record is not None
        return record.dossier


@pytest.fixture
def clerk(tmp_path: Path, reader: ScanReader) -> Clerk:
    (tmp_path / "private").mkdir()
    archive = open_archive(StorageSettings(), tmp_path / "home")
    return Clerk(archive, reader, tmp_path / "private")


def test_a_dropped_zip_has_one_receipt_and_is_kept_as_it_was(clerk: Clerk, tmp_path: Path) -> None:
    zips.locked_entry(tmp_path / "hs.zip")
    reception = clerk.drops(tmp_path / "hs.zip", "0a")
    (line,) = reception.receipts
    assert (line.status, line.name) == (ReceiptStatus.ARCHIVED, "hs.zip")
    assert "Bên trong có 1 giấy tờ đã lưu. Không nhận 1 tệp: 2.jpg" in line.reason
    carrier, inner = clerk.dossier("0a").scans
    assert (carrier.sha256, carrier.pages, carrier.inside) == (line.sha256, 0, None)
    assert (inner.name, inner.pages, inner.inside) == ("hs.zip/1.jpg", 1, carrier.sha256)
    with clerk.archive.original(carrier.sha256) as kept:
        assert kept.read_bytes() == (tmp_path / "hs.zip").read_bytes()
    assert [ref.scan for ref in clerk.dossier("0a").page_refs()] == [inner.sha256]
    assert clerk.dossier("0a").reasons == (
        "Tệp hs.zip/2.jpg bị từ chối: Tệp con bị khóa bằng mật khẩu của ZIP.",
    )


def test_the_same_zip_again_is_a_duplicate_and_a_repeated_step_adds_nothing(
    clerk: Clerk, tmp_path: Path
) -> None:
    zips.save(tmp_path / "hs.zip", {"1.jpg": zips.papers(1)[0]})
    clerk.drops(tmp_path / "hs.zip", "0a")
    clerk.drops(tmp_path / "hs.zip", "0a")
    assert len(clerk.archive.history("0a")) == 1
    reception = clerk.drops(tmp_path / "hs.zip", "0b")
    assert (reception.dossier, reception.receipts[0].status) == ("0a", ReceiptStatus.DUPLICATE)


def test_a_zip_of_known_papers_is_a_dossier_of_its_own_once(clerk: Clerk, tmp_path: Path) -> None:
    """Its bytes are new, so they are stored; dropped again they are known."""
    (tmp_path / "1.jpg").write_bytes(zips.papers(1)[0])
    clerk.drops(tmp_path / "1.jpg", "0a")
    zips.save(tmp_path / "hs.zip", {"1.jpg": zips.papers(1)[0]})
    assert clerk.drops(tmp_path / "hs.zip", "0b").dossier == "0b"
    assert clerk.drops(tmp_path / "hs.zip", "0c").dossier == "0b"


def test_a_zip_that_holds_a_withheld_paper_is_withheld(clerk: Clerk, tmp_path: Path) -> None:
    (tmp_path / "1.jpg").write_bytes(zips.papers(1)[0])
    clerk.drops(tmp_path / "1.jpg", "0a")
    record = newest_record("0a", clerk.archive)
    secret = Withheld(datetime.now(UTC), "người kiểm tra", "Trang 1 đóng dấu «MẬT».")
    keep_next(record, replace(record.dossier, withheld=secret), "withheld", clerk.archive)
    one, two = zips.papers(1, 2)
    zips.save(tmp_path / "hs.zip", {"1.jpg": one, "2.jpg": two})
    clerk.drops(tmp_path / "hs.zip", "0b")
    assert clerk.dossier("0b").withheld is not None


def test_a_late_writer_s_zip_takes_the_place_of_the_one_before(
    clerk: Clerk, tmp_path: Path
) -> None:
    one, two, three = zips.papers(1, 2, 3)
    zips.save(tmp_path / "hs.zip", {"1.jpg": one, "2.jpg": two})
    clerk.drops(tmp_path / "hs.zip", "0a")
    before = clerk.dossier("0a").scans
    zips.save(tmp_path / "hs.zip", {"1.jpg": one, "2.jpg": three, "3.jpg": two})
    clerk.drops(tmp_path / "hs.zip", "0a", frozenset({before[0].sha256}))
    after = clerk.dossier("0a").scans
    assert [scan.name for scan in after] == ["hs.zip", *(f"hs.zip/{n}.jpg" for n in (1, 2, 3))]
    assert after[0].sha256 != before[0].sha256
    assert after[2].sha256 != before[2].sha256
    with clerk.archive.original(before[0].sha256):
        pass  # the older version stays


def test_a_refused_zip_leaves_nothing_behind(clerk: Clerk, tmp_path: Path) -> None:
    zips.save(tmp_path / "hs.zip", {"a.txt": b"a" * 99})
    reception = clerk.drops(tmp_path / "hs.zip", "0a")
    assert (reception.dossier, reception.receipts[0].status) == (None, ReceiptStatus.REFUSED)
    assert list(clerk.archive.dossiers()) == []
    assert not list((tmp_path / "home").rglob("originals/*"))
