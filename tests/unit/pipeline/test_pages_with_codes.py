"""What people decide of pages and boundaries leaves what cover sheets and half passes say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import corrections
from pipeline.corrections import PageSeen
from pipeline.documents.machine_readable.cover_findings import TWO_CODES
from pipeline.documents.machine_readable.cover_sheets import encoded
from pipeline.model import Outcome, Record
from tests.support.drops import Office
from tests.support.known_pages import is_understood_alike, office_with
from tests.support.mended import LAN, MAI, cut
from tests.unit.pipeline.test_cover_sheets import CODE, COVER, FORM, OTHER, paper, sheet_page

pytestmark = pytest.mark.slow

FIRST = sheet_page(encoded(COVER))
SAID = {"dossier_code": CODE, "procedure_code": "1.001193", "component": "Giấy chứng sinh"}
SECOND = sheet_page(encoded(COVER._replace(code=OTHER)))


def test_codes_that_contradict_wait_for_a_person_after_a_page_was_moved(tmp_path: Path) -> None:
    pages = [FIRST, paper(2, FORM), SECOND, paper(4, FORM), paper(5)]
    office, dossier = office_with(tmp_path, pages)
    before = office.newest(dossier).dossier
    assert (before.outcome, before.reasons) == (Outcome.PARTIAL, (TWO_CODES,))
    moved = corrections.reorder(dossier, [1, 2, 3, 5, 4], office.archive, LAN)
    assert (moved.dossier.outcome, moved.dossier.reasons) == (Outcome.PARTIAL, (TWO_CODES,))
    undone = corrections.undo(dossier, moved.sequence, office.archive, MAI)
    assert (undone.dossier.outcome, undone.dossier.reasons) == (Outcome.PARTIAL, (TWO_CODES,))
    office.digitises_all()
    assert office.newest(dossier).dossier.reasons == (TWO_CODES,)


def test_codes_that_contradict_no_more_are_no_reason(tmp_path: Path) -> None:
    pages = [FIRST, paper(2, FORM), SECOND, paper(4, FORM)]
    office, dossier = office_with(tmp_path, pages)
    corrections.leave_out(PageSeen(dossier, 4), office.archive, LAN)
    left = corrections.leave_out(PageSeen(dossier, 3), office.archive, LAN)
    assert (left.dossier.outcome, left.dossier.reasons) == (Outcome.COMPLETE, ())


def test_a_pass_that_lacks_its_backs_says_so_after_a_page_was_moved(tmp_path: Path) -> None:
    office = Office(tmp_path)
    taken = office.prepared("quét 1.pdf", "mặt 1\nmặt 3\nmặt 5")
    taken = replace(taken, files=tuple(replace(one, above=("hai_mat",)) for one in taken.files))
    dossier = office.receives(taken).dossier
    assert dossier
    office.digitises_all()
    before = office.newest(dossier).dossier
    assert "chờ tệp mặt sau" in before.reasons[0]
    for record in (
        corrections.reorder(dossier, [2, 1, 3], office.archive, LAN),
        corrections.leave_out(PageSeen(dossier, 1), office.archive, LAN),
    ):
        assert (record.dossier.outcome, record.dossier.reasons) == (
            Outcome.PARTIAL,
            before.reasons,
        )


def said(record: Record, paper_at: int) -> dict[str, str]:
    """Return what the cover sheet said of a paper."""
    findings = record.dossier.documents[paper_at].findings
    return {name: found.value for name, found in findings.items() if name in SAID}


def test_a_paper_keeps_what_its_cover_sheet_says_when_it_is_cut(tmp_path: Path) -> None:
    office, dossier = office_with(tmp_path, [FIRST, paper(2, FORM), paper(3), paper(4)])
    assert said(office.newest(dossier), 0) == SAID
    record = corrections.begin_paper(dossier, 4, office.archive, LAN)
    assert cut(record) == [(2, 3), (4,)]
    assert (said(record, 0), said(record, 1)) == (SAID, {})
    assert is_understood_alike(office, record)
    undone = corrections.undo(dossier, record.sequence, office.archive, MAI)
    assert (cut(undone), said(undone, 0)) == ([(2, 3, 4)], SAID)
    assert is_understood_alike(office, undone)


def test_a_cover_sheet_that_is_a_page_of_a_paper_stays_one_when_pages_beside_it_are_cut(
    tmp_path: Path,
) -> None:
    office, dossier = office_with(tmp_path, [paper(1, FORM), FIRST, paper(3), paper(4), paper(5)])
    corrections.continue_paper(dossier, 2, office.archive, LAN)
    record = corrections.begin_paper(dossier, 5, office.archive, MAI)
    assert cut(record) == [(1, 2), (3, 4), (5,)]
    assert is_understood_alike(office, record)
    joined = corrections.continue_paper(dossier, 3, office.archive, MAI)
    assert cut(joined) == [(1, 2, 3, 4), (5,)]
    for state in (record, joined):
        assert not state.dossier.pages[1].apart
