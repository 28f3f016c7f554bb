"""Fills a real archive the way the product does, with a reader of text files instead of OCR."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flows.upkeep.verify import VerifyOptions, VerifyReport, verify_store
from flows.upkeep.verify_progress import VerifyProgress
from pipeline import stages
from pipeline.intake import receive, take_path
from pipeline.leases import this_holder
from pipeline.model import Box, Lease, Line, Page, PageMeasures, PageState, PageText, Word
from pipeline.ports import (
    Archive,
    InnerFile,
    PageReading,
    ScanInfo,
    ScanReader,
    SearchIndex,
    UnpackLimits,
)
from pipeline.settings import StorageSettings
from storage import new_dossier_id, open_archive

PAGES = {
    "H26.19.25-260105-0007.pdf": ("QUYẾT ĐỊNH giao đất", "thửa đất số bảy"),
    "thông báo.pdf": ("THÔNG BÁO thu hồi đất",),
}
WAITING = "đơn xin cấp lại.pdf"


@dataclass(frozen=True)
class TextReader:
    """Reads files whose pages are lines of text."""

    recipe: str = "text-1"

    def inspect(self, path: Path) -> ScanInfo:
        return ScanInfo("application/pdf", len(path.read_text().splitlines()))

    def unpack(self, path: Path, folder: Path, limits: UnpackLimits) -> tuple[InnerFile, ...]:
        raise NotImplementedError

    def read_page(self, path: Path, number: int, orientation: int | None = None) -> PageReading:
        text = path.read_text().splitlines()[number - 1]
        words = tuple(
            Word(word, 0.9, Box(100 * column, 10, 90, 20))
            for column, word in enumerate(text.split())
        )
        page = Page(number, PageState.READ, PageMeasures(600, 800, 72.0), PageText((Line(words),)))
        return PageReading(page, f"a picture of page {number} of {text}".encode() * 20)


def fill(archive: Archive, index: SearchIndex, folder: Path) -> list[str]:
    """Add two digitised dossiers of three pages, and one that waits; return their ids."""
    drops = {**PAGES, WAITING: ("đơn",)}
    ids = [take_in(archive, folder / name, lines) for name, lines in drops.items()]
    for dossier in ids[:-1]:
        digitise(archive, index, dossier)
    return ids


def take_in(archive: Archive, path: Path, lines: tuple[str, ...]) -> str:
    """Receive a file with a page for each line; return the dossier's id."""
    path.write_text("\n".join(lines))
    with tempfile.TemporaryDirectory() as private:
        drop = take_path(path, new_dossier_id(datetime.now(UTC)), Path(private))
        reception = receive(drop, archive, TextReader())
    assert reception.dossier
    return reception.dossier


def digitise(
    archive: Archive, index: SearchIndex, dossier: str, reader: ScanReader | None = None
) -> None:
    """Lease, read, conclude, publish and dequeue a dossier, as a drain does."""
    (entry,) = (entry for entry in archive.queued() if entry.dossier == dossier)
    archive.take_lease(Lease(dossier, 1, this_holder(), datetime.now(UTC), released=True))
    record = stages.newest_record(dossier, archive)
    notes = [
        stages.read_page(ref, archive, reader or TextReader()) for ref in record.dossier.page_refs()
    ]
    stages.publish(stages.conclude(record, notes, archive), archive, index)
    archive.dequeue(entry)


def objects(home: Path) -> Iterator[Path]:
    """Yield every finished file of the store, sorted by path."""
    found = (path for path in (home / "store").rglob("*") if path.is_file())
    return iter(sorted(path for path in found if ".arriving" not in path.parts))


def kind(path: Path) -> str:
    """Return what an object is: the store's folder it lies in, and its suffix."""
    folder = next(part for part in path.parts[path.parts.index("store") + 1 :])
    return f"{folder}{path.suffix}"


def opened(home: Path) -> Archive:
    """Open the archive of a home."""
    return open_archive(StorageSettings(), home)


def verified(home: Path, **options: float) -> VerifyReport:
    """Run `sohoa verify` once with the given ``VerifyOptions``; return its report."""
    progress = VerifyProgress(home)
    try:
        return verify_store(opened(home), progress, VerifyOptions(**options))  # type: ignore[arg-type]
    finally:
        progress.close()


def key_of(home: Path, path: Path) -> str:
    return path.relative_to(home / "store").as_posix()


def of_kind(home: Path, wanted: str) -> list[Path]:
    return [path for path in objects(home) if kind(path) == wanted]


def flip(path: Path, offset: int) -> bytes:
    """Flip the lowest bit of the byte at an offset; return the bytes from before."""
    before = path.read_bytes()
    after = bytearray(before)
    after[offset] ^= 1
    path.write_bytes(after)
    return before
