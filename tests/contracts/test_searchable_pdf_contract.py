"""The contract of stored searchable PDFs: stored once, certified, the newest attempt counts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import ObjectMissingError
from pipeline.ports import Archive
from pipeline.ports.searchable_pdf import SearchablePdf
from storage.archive import ObjectArchive
from storage.bucket import BucketStore
from storage.disk import DiskStore
from tests.support.servers import fresh_bucket, has_minio

SCAN = hashlib.sha256(b"a scan").hexdigest()
FAILED = SearchablePdf(SCAN, "made-1", 1, reasons=("Quá lâu.",), is_final=False)
BYTES = b"%PDF-1.7 " * 1000


@pytest.fixture(params=["disk", *["minio"] * has_minio()])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    if request.param == "disk":
        yield ObjectArchive(DiskStore(tmp_path / "store"))
        return
    with fresh_bucket() as settings:
        yield ObjectArchive(BucketStore(settings))


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "made.pdf"
    path.write_bytes(BYTES)
    return path


def test_nothing_is_found_before_anything_is_stored(archive: Archive) -> None:
    assert archive.find_searchable_pdf(SCAN, "made-1") is None
    with pytest.raises(ObjectMissingError), archive.searchable_pdf(SCAN, "made-1"):
        pass


def test_the_newest_attempt_counts_and_certifies_its_pdf(archive: Archive, pdf: Path) -> None:
    assert archive.keep_searchable_pdf(FAILED, None) == FAILED
    made = archive.keep_searchable_pdf(
        SearchablePdf(SCAN, "made-1", 2, size=len(BYTES), level="2b"), pdf
    )
    assert made.pdf == hashlib.sha256(BYTES).hexdigest()
    assert archive.find_searchable_pdf(SCAN, "made-1") == made
    with archive.searchable_pdf(SCAN, "made-1") as path:
        assert path.read_bytes() == BYTES
    assert archive.find_searchable_pdf(SCAN, "made-2") is None


def test_what_was_stored_first_stays(archive: Archive, pdf: Path) -> None:
    first = archive.keep_searchable_pdf(SearchablePdf(SCAN, "made-1", 1, level="2b"), pdf)
    pdf.write_bytes(b"%PDF of another worker")
    assert archive.keep_searchable_pdf(replace(first, level="1b"), pdf) == first
    with archive.searchable_pdf(SCAN, "made-1") as path:
        assert path.read_bytes() == BYTES
    faults = [archive.examine(key, lambda _: None) for key in archive.objects()]
    assert faults == [()]
