"""The stages over a real archive and index: partial is said, repeating is free."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import stages
from pipeline.errors import ObjectMissingError, ReadingTimeoutError
from pipeline.model import (
    Box,
    Dossier,
    Line,
    Outcome,
    Page,
    PageMeasures,
    PageState,
    PageText,
    Query,
    Record,
    Scan,
    Word,
)
from pipeline.ports import Archive, InnerFile, PageReading, ScanInfo, SearchIndex, UnpackLimits
from pipeline.settings import SearchSettings, StorageSettings
from search import open_index
from storage import open_archive

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


@dataclass
class SickReader:
    """A reader that fails on the pages it is told to, and counts what it reads."""

    sick: frozenset[int] = frozenset()
    printed: str = "QUYẾT ĐỊNH trang"
    reads: int = 0
    recipe: str = "sick-1"

    def inspect(self, path: Path) -> ScanInfo:
        raise NotImplementedError

    def unpack(self, path: Path, folder: Path, limits: UnpackLimits) -> tuple[InnerFile, ...]:
        raise NotImplementedError

    def read_page(self, path: Path, number: int, orientation: int | None = None) -> PageReading:
        self.reads += 1
        if number in self.sick:
            raise ReadingTimeoutError("Trang đọc quá lâu.", "Quét lại trang này.")
        words = tuple(
            Word(text, 0.9, Box(10 + 90 * place + 200 * text.isdigit(), 10, 80, 20))
            for place, text in enumerate(f"{self.printed} {number}".split())
        )
        measures = PageMeasures(600, 800, 72.0)
        page = Page(number, PageState.READ, measures, PageText((Line(words),)), seconds=0.5)
        return PageReading(page, b"webp")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return open_archive(StorageSettings(), tmp_path)


@pytest.fixture
def index(tmp_path: Path) -> SearchIndex:
    return open_index(SearchSettings(), tmp_path)


@pytest.fixture
def record(archive: Archive, tmp_path: Path) -> Record:
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF of three pages")
    sha256 = archive.keep_original(scan)
    dossier = Dossier(
        "0a", "scan.pdf", NOW, scans=(Scan(sha256, "scan.pdf", 19, "application/pdf", 3),)
    )
    first = Record(1, NOW, "intake", "received", dossier)
    archive.keep_record(first)
    return first


def digitised(record: Record, archive: Archive, reader: SickReader) -> Record:
    notes = [stages.read_page(ref, archive, reader) for ref in record.dossier.page_refs()]
    return stages.conclude(record, notes, archive)


def test_a_whole_dossier_is_complete_and_found(
    record: Record, archive: Archive, index: SearchIndex
) -> None:
    after = digitised(record, archive, SickReader())
    stages.publish(after, archive, index)
    assert after.dossier.outcome is Outcome.COMPLETE
    assert [hit.dossier for hit in index.find(Query("quyet dinh")).hits] == ["0a"]


def test_a_torn_page_is_named_and_the_others_are_found(
    record: Record, archive: Archive, index: SearchIndex
) -> None:
    """OCRmyPDF leaves such a page without text and exits 0 (peers O1)."""
    after = digitised(record, archive, SickReader(sick=frozenset({2})))
    stages.publish(after, archive, index)
    assert after.dossier.outcome is Outcome.PARTIAL
    assert "trang 2" in after.dossier.reasons[0]
    assert after.dossier.pages[1].reasons == ("Trang đọc quá lâu. Quét lại trang này.",)
    assert index.find(Query("trang 3")).total == 1


def test_a_dossier_without_a_single_readable_page_has_failed(
    record: Record, archive: Archive
) -> None:
    after = digitised(record, archive, SickReader(sick=frozenset({1, 2, 3})))
    assert after.dossier.outcome is Outcome.FAILED


def test_repeating_reads_nothing_twice_and_adds_no_record(record: Record, archive: Archive) -> None:
    reader = SickReader()
    first = digitised(record, archive, reader)
    again = digitised(stages.newest_record("0a", archive), archive, reader)
    assert again == first
    assert reader.reads == 3
    assert len(archive.history("0a")) == 2


def test_only_the_page_that_failed_is_read_again(record: Record, archive: Archive) -> None:
    digitised(record, archive, SickReader(sick=frozenset({2})))
    healed = SickReader()
    after = digitised(stages.newest_record("0a", archive), archive, healed)
    assert healed.reads == 1
    assert after.dossier.outcome is Outcome.COMPLETE
    assert after.dossier.reasons == ()


def test_what_intake_refused_keeps_the_dossier_partial(record: Record, archive: Archive) -> None:
    scan = record.dossier.scans[0]
    refused = replace(record.dossier, id="0b", reasons=("Tệp 2.pdf bị từ chối: rỗng.",))
    archive.keep_record(Record(1, NOW, "intake", "received", refused))
    after = digitised(stages.newest_record("0b", archive), archive, SickReader())
    assert scan.pages == len(after.dossier.pages)
    assert after.dossier.outcome is Outcome.PARTIAL
    assert after.dossier.reasons == ("Tệp 2.pdf bị từ chối: rỗng.",)


def test_giving_up_is_recorded_and_asking_again_puts_it_back(
    record: Record, archive: Archive
) -> None:
    failed = stages.give_up(record, "Đã thử 3 lần.", archive)
    assert failed.dossier.outcome is Outcome.FAILED
    stages.ask_again("0a", archive)
    assert [pending.dossier for pending in archive.queued()] == ["0a"]


def test_a_secret_paper_is_neither_found_nor_shown(
    record: Record, archive: Archive, index: SearchIndex
) -> None:
    stages.publish(digitised(record, archive, SickReader()), archive, index)
    found_again = SickReader(printed="TUYỆT MẬT", recipe="sick-2")
    after = digitised(stages.newest_record("0a", archive), archive, found_again)
    stages.publish(after, archive, index)
    assert after.dossier.outcome is Outcome.FAILED
    assert "«TUYỆT MẬT»" in after.dossier.reasons[0]
    assert {page.recipe for page in after.dossier.pages} == {""}
    assert index.find(Query("quyet dinh")).total == 0


def test_an_unknown_dossier_is_said_to_be_unknown(archive: Archive) -> None:
    with pytest.raises(ObjectMissingError, match="Không có hồ sơ"):
        stages.newest_record("ff", archive)
