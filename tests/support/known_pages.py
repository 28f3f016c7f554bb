"""A reader of pages that a test has already, such as ones with QR codes and printed numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.documents import PageOfDossier
from pipeline.model import Page, Record
from pipeline.ports import PageReading
from pipeline.reprocessing.understand import understand_again
from tests.support.drops import Office, RefusingReader
from tests.support.stored import TextReader


@dataclass(frozen=True)
class KnownPages(TextReader):
    """Reads the lines of a file as these pages."""

    pages: tuple[Page, ...] = ()

    def read_page(self, path: Path, number: int, orientation: int | None = None) -> PageReading:
        picture = super().read_page(path, number).picture
        return PageReading(replace(self.pages[number - 1], number=number), picture)


def office_with(home: Path, pages: Sequence[PageOfDossier]) -> tuple[Office, str]:
    """Return an office that has digitised one dossier of these pages, and the dossier's id."""
    reader = KnownPages(pages=tuple(each.page for each in pages))
    office = Office(home, RefusingReader(reader))
    lines = "\n".join(f"trang {number}" for number in range(1, len(pages) + 1))
    dossier = office.drops("chồng.pdf", lines).dossier
    assert dossier
    office.digitises_all()
    return office, dossier


def is_understood_alike(office: Office, record: Record) -> bool:
    """Tell whether rules of today understand a dossier as its newest version has it."""
    older = replace(record, dossier=replace(record.dossier, rules="older"))
    return understand_again(older, office.archive, office.index).state == "same"
