"""A paper that printed page numbers put together stays one when people decide of other pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import corrections
from pipeline.corrections import PageSeen
from pipeline.documents.machine_readable.cover_sheets import encoded
from tests.support.drops import Office
from tests.support.known_pages import is_understood_alike, office_with
from tests.support.mended import LAN, MAI, cut
from tests.unit.pipeline.test_boundaries import (
    BIRTH,
    BODY,
    DECISION,
    LETTER,
    footed,
    numbered,
    read,
)
from tests.unit.pipeline.test_cover_sheets import SEPARATOR, sheet_page

pytestmark = pytest.mark.slow

SHEETS = (footed("1/3", DECISION), numbered("3/3"), BIRTH, numbered("2/3"), BIRTH, LETTER, BODY)
BEFORE = [(1, 4, 2), (3,), (5, 6, 7)]


@pytest.fixture
def stack(tmp_path: Path) -> tuple[Office, str]:
    """A dossier whose second paper lies between the pages of the first."""
    office, dossier = office_with(tmp_path, read(*SHEETS))
    assert cut(office.newest(dossier)) == BEFORE
    return office, dossier


def test_it_stays_when_a_page_of_another_paper_is_left_out(stack: tuple[Office, str]) -> None:
    office, dossier = stack
    paper = office.newest(dossier).dossier.documents[0]
    record = corrections.leave_out(PageSeen(dossier, 7), office.archive, LAN)
    assert cut(record) == [(1, 4, 2), (3,), (5, 6)]
    assert record.dossier.documents[0] == paper
    office.digitises_all()
    assert cut(office.newest(dossier)) == cut(record)
    undone = corrections.undo(dossier, record.sequence, office.archive, MAI)
    assert cut(undone) == BEFORE
    corrections.leave_out(PageSeen(dossier, 3), office.archive, LAN)
    office.digitises_all()
    assert cut(office.newest(dossier))[0] == (1, 3, 2)


def test_it_stays_when_another_paper_is_cut(stack: tuple[Office, str]) -> None:
    office, dossier = stack
    record = corrections.begin_paper(dossier, 6, office.archive, LAN)
    assert cut(record) == [(1, 4, 2), (3,), (5,), (6, 7)]
    assert is_understood_alike(office, record)


def test_it_stays_when_the_separator_behind_it_is_said_to_be_a_paper(tmp_path: Path) -> None:
    sheets = read(*SHEETS[:4])
    pages = [*sheets, sheet_page(encoded(SEPARATOR), 5), *read(BIRTH)]
    office, dossier = office_with(tmp_path, pages)
    assert cut(office.newest(dossier)) == [(1, 4, 2), (3,), (6,)]
    record = corrections.begin_paper(dossier, 5, office.archive, LAN)
    assert cut(record) == [(1, 4, 2), (3,), (5,), (6,)]
    assert is_understood_alike(office, record)


def test_it_is_cut_where_a_person_says_that_its_own_page_is_left_out(
    stack: tuple[Office, str],
) -> None:
    office, dossier = stack
    record = corrections.leave_out(PageSeen(dossier, 4), office.archive, LAN)
    assert cut(record) == [(1, 2), (3,), (4, 5, 6)]
