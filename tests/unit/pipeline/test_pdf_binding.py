"""The searchable PDF of a dossier: made once, kept with its proof, never of a secret paper."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from ocr import open_binder
from pipeline import reconcile, records, stages
from pipeline.errors import ReadingError, StorageUnavailableError
from pipeline.fixity import Damage, Fault
from pipeline.model import Dossier, Outcome, Page, PageNote, PageRef, PageState, Record, Scan
from pipeline.pdf_binding import bind as bind_dossier
from pipeline.ports import Archive, PageReading
from pipeline.ports.searchable_pdf import PdfResult, SearchablePdf
from pipeline.settings import ReadingSettings, StorageSettings
from storage import open_archive
from tests.paper.acting import save_acting
from tests.support.searchable_pdfs import (
    FAX,
    TIFF,
    as_pdf,
    as_tiff,
    drawn,
    pages_of,
    raw_words,
    tokens,
)
from tests.support.stored import flip

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
RECIPE = "truth-1"
CODE = "H26.19.25-260105-0007"


class Digitised(NamedTuple):
    archive: Archive
    record: Record
    pages: list[Page]

    @property
    def scan(self) -> str:
        return self.record.dossier.scans[0].sha256


@dataclass
class SickBinder:
    """A binder that fails the way it is told to, and counts."""

    error: Exception | None = None
    tries: int = 0
    codes: list[str] = field(default_factory=list)

    def bind(self, source: Path, wanted: object, pages: object, folder: Path) -> PdfResult:
        self.tries += 1
        if self.error:
            raise self.error
        return PdfResult(None, "", 5, ("Chữ lấy lại từ PDF không đúng.",), 0.1)

    def is_inert(self, pdf: Path) -> bool:
        raise AssertionError("nobody asked for it")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def digitised(home: Path, tmp_path: Path) -> Digitised:
    archive = open_archive(StorageSettings(), home)
    scan = drawn(FAX, FAX)
    path, _ = as_tiff(scan, tmp_path)
    sha256 = archive.keep_original(path)
    archive.claim_original(sha256, "0a")
    pages = pages_of(scan)
    for page in pages:
        ref = PageRef("0a", sha256, page.number)
        archive.keep_page(ref, RECIPE, PageReading(page, b"webp"))
    notes = tuple(PageNote(sha256, number, RECIPE, PageState.READ, 0.9, 0.5) for number in (1, 2))
    scans = (Scan(sha256, "fax.tif", path.stat().st_size, TIFF, 2),)
    dossier = Dossier("0a", "fax.tif", NOW, code=CODE, scans=scans, pages=notes)
    record = Record(1, NOW, "sohoa", "digitised", dossier)
    archive.keep_record(record)
    return Digitised(archive, record, pages)


def test_a_scan_gets_its_pdf_with_the_hash_that_proves_it(digitised: Digitised) -> None:
    archive, record, pages = digitised
    (made,) = bind_dossier(record, archive, open_binder(ReadingSettings()))
    assert (made.level, made.reasons, made.is_final) == ("2b", (), True)
    assert archive.find_searchable_pdf(digitised.scan, RECIPE) == made
    with archive.searchable_pdf(digitised.scan, RECIPE) as path:
        assert path.name == "searchable.pdf"
        assert path.parts[-4:-1] == ("derived", digitised.scan, RECIPE)
        assert path.stat().st_size == made.size
        assert raw_words(path) == [tokens(page) for page in pages]


def test_repeating_makes_nothing_twice(digitised: Digitised) -> None:
    archive, record, _ = digitised
    first = bind_dossier(record, archive, open_binder(ReadingSettings()))
    binder = SickBinder()
    assert bind_dossier(record, archive, binder) == first
    assert binder.tries == 0


def test_a_pdf_that_a_crash_left_without_its_note_is_certified(
    digitised: Digitised, home: Path
) -> None:
    archive, record, _ = digitised
    bind_dossier(record, archive, open_binder(ReadingSettings()))
    (note,) = (home / "store" / "derived").rglob("*.json")
    note.unlink()
    (made,) = bind_dossier(record, archive, open_binder(ReadingSettings()))
    assert made.attempt == 1
    assert all(archive.examine(key, lambda _: None) == () for key in archive.objects())


def an_acting_pdf(tmp_path: Path) -> Path:
    save_acting("link with Launch", as_pdf(drawn(FAX), tmp_path)[0], tmp_path / "acting.pdf")
    return tmp_path / "acting.pdf"


def test_a_pdf_of_0_1_that_acts_is_made_again_beside_it(
    digitised: Digitised, tmp_path: Path
) -> None:
    archive, record, pages = digitised
    old = SearchablePdf(digitised.scan, RECIPE, 1)
    archive.keep_searchable_pdf(old, an_acting_pdf(tmp_path))
    (made,) = bind_dossier(record, archive, open_binder(ReadingSettings()))
    assert (made.attempt, made.pdf_number, made.is_inert) == (2, 2, True)
    with archive.searchable_pdf(digitised.scan, RECIPE) as path:
        assert path.name == "searchable-000002.pdf"
        assert raw_words(path) == [tokens(page) for page in pages]
    assert bind_dossier(record, archive, SickBinder()) == (made,)
    assert all(archive.examine(key, lambda _: None) == () for key in archive.objects())


def test_a_pdf_of_0_1_that_does_not_act_stays(digitised: Digitised, home: Path) -> None:
    archive, record, _ = digitised
    (made,) = bind_dossier(record, archive, open_binder(ReadingSettings()))
    (path,) = (home / "store" / "derived").rglob("*.json")
    path.write_bytes(records.SEARCHABLE_PDF.dump(replace(made, is_inert=False)))
    (kept,) = bind_dossier(record, archive, open_binder(ReadingSettings()))
    assert (kept.attempt, kept.pdf) == (1, made.pdf)


def test_a_pdf_of_unknown_origin_is_not_taken_for_ours(
    digitised: Digitised, home: Path, tmp_path: Path
) -> None:
    archive, record, pages = digitised  # a crash of 0.1 may have left one without its note
    stray = home / "store" / "derived" / digitised.scan / RECIPE / "searchable.pdf"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(an_acting_pdf(tmp_path).read_bytes())
    (made,) = bind_dossier(record, archive, open_binder(ReadingSettings()))
    assert (made.attempt, made.pdf_number) == (1, 1)
    with archive.searchable_pdf(digitised.scan, RECIPE) as path:
        assert raw_words(path) == [tokens(page) for page in pages]


def test_one_whose_words_differ_is_noted_and_not_handed_out(digitised: Digitised) -> None:
    archive, record, _ = digitised
    binder = SickBinder()
    (made,) = bind_dossier(record, archive, binder)
    assert (made.pdf, made.level, made.is_final) == ("", "", True)
    assert made.reasons == ("Chữ lấy lại từ PDF không đúng.",)
    bind_dossier(record, archive, binder)
    assert binder.tries == 1


def test_a_failure_is_noted_fails_nothing_and_is_tried_again_next_time(
    digitised: Digitised,
) -> None:
    archive, record, _ = digitised
    (failed,) = bind_dossier(record, archive, SickBinder(ReadingError("Quá lâu.", "Thử lại.")))
    assert (failed.pdf, failed.reasons) == ("", ("Quá lâu. Thử lại.",))
    (made,) = bind_dossier(record, archive, open_binder(ReadingSettings()))
    assert (made.attempt, made.level) == (2, "2b")


def test_a_store_that_is_away_is_no_fault_of_the_paper(digitised: Digitised) -> None:
    archive, record, _ = digitised
    with pytest.raises(StorageUnavailableError):
        bind_dossier(record, archive, SickBinder(StorageUnavailableError("Đầy.")))
    assert archive.find_searchable_pdf(digitised.scan, RECIPE) is None


def test_a_withheld_dossier_gets_none(digitised: Digitised) -> None:
    archive, record, _ = digitised
    binder = SickBinder()
    assert bind_dossier(replace(record, action=stages.WITHHELD), archive, binder) == ()
    assert binder.tries == 0


def test_a_pdf_left_of_a_paper_that_turned_out_secret_is_reported(digitised: Digitised) -> None:
    archive, record, _ = digitised
    bind_dossier(record, archive, open_binder(ReadingSettings()))
    withheld = replace(record.dossier, outcome=Outcome.FAILED)
    archive.keep_record(Record(2, NOW, "sohoa", stages.WITHHELD, withheld))
    places = reconcile.Snapshot(
        archive.inventory(NOW),
        {"0a": reconcile.summarise(archive.history("0a"))},
        frozenset(),
        None,
    )
    kinds = [difference.kind for difference in reconcile.differences(places)]
    assert kinds == ["handout-of-secret"]


def test_a_scan_of_which_no_page_was_read_gets_none(digitised: Digitised) -> None:
    archive, record, _ = digitised
    unread = tuple(replace(note, recipe="") for note in record.dossier.pages)
    record = replace(record, dossier=replace(record.dossier, pages=unread))
    assert bind_dossier(record, archive, SickBinder()) == ()


def test_a_page_that_was_not_read_has_no_words_and_keeps_its_place(digitised: Digitised) -> None:
    archive, record, pages = digitised
    first, second = record.dossier.pages
    notes = (replace(first, recipe="", state=PageState.NOT_READ), second)
    record = replace(record, dossier=replace(record.dossier, pages=notes))
    bind_dossier(record, archive, open_binder(ReadingSettings()))
    with archive.searchable_pdf(digitised.scan, RECIPE) as path:
        assert raw_words(path) == [[], tokens(pages[1])]


@pytest.mark.parametrize("ending", [".pdf", ".json"])
def test_verify_finds_a_flipped_bit_in_it(digitised: Digitised, home: Path, ending: str) -> None:
    archive, record, _ = digitised
    bind_dossier(record, archive, open_binder(ReadingSettings()))
    (path,) = (home / "store" / "derived").rglob(f"*{ending}")
    flip(path, path.stat().st_size // 2)
    key = path.relative_to(home / "store").as_posix()
    faults = [
        fault for each in archive.objects() for fault in archive.examine(each, lambda _: None)
    ]
    assert faults == [Fault(key, Damage.CHANGED)]


def test_a_damaged_note_hands_nothing_out(digitised: Digitised, home: Path) -> None:
    archive, record, _ = digitised
    bind_dossier(record, archive, open_binder(ReadingSettings()))
    (note,) = (home / "store" / "derived").rglob("*.json")
    flip(note, 100)
    assert archive.find_searchable_pdf(digitised.scan, RECIPE) is None
