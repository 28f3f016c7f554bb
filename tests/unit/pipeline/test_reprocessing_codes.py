"""Codes of cover sheets that contradict: what people decide of them, and understanding again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import corrections
from pipeline.corrections import FieldAct, FieldChange
from pipeline.documents import PageOfDossier
from pipeline.documents.machine_readable.cover_findings import TWO_CODES
from pipeline.documents.machine_readable.cover_sheets import encoded
from pipeline.model import Outcome, Record
from pipeline.ports import PageReading, ScanInfo
from pipeline.reprocessing.understand import Understanding, Understood, understand_again
from pipeline.versions import Act
from tests.support.drops import Office, RefusingReader
from tests.support.stored import TextReader
from tests.unit.pipeline.test_cover_sheets import CODE, COVER, FORM, OTHER, paper, sheet_page

LAN = Act("lan", "cùng một hồ sơ")


class SheetReader(TextReader):
    """Reads a line that is a dossier code as a cover sheet, and every other one as a paper."""

    def inspect(self, path: Path) -> ScanInfo:
        return ScanInfo("application/pdf", len(path.read_text().splitlines()))

    def read_page(self, path: Path, number: int, orientation: int | None = None) -> PageReading:
        line = path.read_text().splitlines()[number - 1]
        page = _sheet(line, number) if line.startswith("H26") else paper(number, FORM)
        return PageReading(page.page, f"a picture of {line} {number}".encode() * 20)


def _sheet(code: str, number: int) -> PageOfDossier:
    return sheet_page(encoded(COVER._replace(code=code)), number)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, RefusingReader(SheetReader()))


def read(office: Office, *lines: str) -> str:
    dropped = office.drops("giấy.pdf", "\n".join(lines)).dossier
    assert dropped
    return dropped


def again(office: Office, record: Record) -> Understood:
    older = replace(record, dossier=replace(record.dossier, rules="older"))
    return understand_again(older, office.archive, office.index)


def test_a_dossier_whose_codes_contradict_keeps_its_code(office: Office) -> None:
    dossier = read(office, CODE, "tờ khai")
    office.digitises_all()
    corrections.join(read(office, OTHER, "tờ khai"), dossier, office.archive, LAN)
    office.digitises_all()
    record = office.newest(dossier)
    assert (record.dossier.code, record.dossier.reasons) == (CODE, (TWO_CODES,))
    understood = again(office, record)
    assert (understood.state, understood.dossier.code) == (Understanding.SAME, CODE)


def test_rejecting_the_wrong_one_of_two_codes_ends_the_contradiction(office: Office) -> None:
    dossier = read(office, CODE, "tờ khai", OTHER, "tờ khai")
    office.digitises_all()
    assert office.newest(dossier).dossier.code is None
    wrong = [FieldChange(2, "dossier_code", FieldAct.REJECT)]
    record = corrections.amend(dossier, wrong, office.archive, LAN)
    after = record.dossier
    assert (after.code, after.reasons, after.outcome) == (CODE, (), Outcome.COMPLETE)
    assert after.documents[0].findings["dossier_code"].is_certain
    assert again(office, record).state is Understanding.SAME
    undone = corrections.undo(dossier, record.sequence, office.archive, LAN).dossier
    assert (undone.code, undone.reasons, undone.outcome) == (None, (TWO_CODES,), Outcome.PARTIAL)
    assert not any(one.findings["dossier_code"].is_certain for one in undone.documents)
