"""What was confirmed of papers that share a sheet outlasts every cut of it; no page is lost."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from pipeline import corrections, stages
from pipeline.corrections import PageSeen
from pipeline.documents.confirmation import keep_confirmed
from pipeline.documents.rows import SEVERAL_PAPERS
from pipeline.errors import CorrectionRefusedError
from pipeline.model import Document, Finding, PagePart, Record, Source
from pipeline.ports import PageReading
from tests.support.drops import Office, RefusingReader
from tests.support.known_pages import is_understood_alike
from tests.unit.pipeline.test_corrections_of_parts import (
    BOTH,
    LAN,
    MAI,
    SheetReader,
    corrected,
    dropped,
    office,  # noqa: F401
    spans,
)

NAMES = ("number", "place", "full_name")
Papers = Sequence[Document]


class WholeReader(SheetReader):
    """Reads sheets as if one paper lay on each."""

    def read_page(self, path: Path, number: int, orientation: int | None = None) -> PageReading:
        reading = super().read_page(path, number, orientation)
        return replace(reading, page=replace(reading.page, parts=()))


def found(value: str, page: int = 1, by: str | None = None) -> Finding:
    return Finding(value, value, 0.9, Source.OCR, page, None, by)


def paper(*span: tuple[int, int], of: int = 2, **confirmed: str) -> Document:
    """Return a paper of pages and parts of them, with fields that a person confirmed."""
    pages = tuple(dict.fromkeys(page for page, _ in span))
    findings = {name: found(value, by="lan") for name, value in confirmed.items()}
    parts = tuple(PagePart(page, part, of) for page, part in span if part)
    return Document("Giấy", pages, findings, parts=parts)


def confirmed(documents: Iterable[Document]) -> Counter[tuple[str, str]]:
    findings = (pair for each in documents for pair in each.findings.items())
    return Counter((name, one.value) for name, one in findings if one.confirmed_by)


def places(documents: Papers, sheets: Sequence[int]) -> Counter[tuple[int, int]]:
    """Count how many papers have each part of the sheets."""
    return Counter(
        (page, at)
        for each in documents
        for page, part in each.span
        for at in ([part] if part else range(1, sheets[page - 1] + 1))
    )


def read(chance: random.Random, sheets: Sequence[int]) -> tuple[Document, ...]:
    """Return papers cut anywhere between the parts of sheets; some sheets are read as one page."""
    cells = [
        (page, part, of)
        for page, papers in enumerate(sheets, start=1)
        for of in [papers if chance.random() < 0.6 else 1]
        for part in range(1, of + 1)
    ]
    cuts = sorted(chance.sample(range(1, len(cells)), chance.randrange(len(cells))))
    papers = []
    for first, last in pairwise([0, *cuts, len(cells)]):
        run = cells[first:last]
        held = Counter(page for page, _, _ in run)
        parts = tuple(PagePart(*cell) for cell in run if held[cell[0]] < cell[2])
        fields = {name: found("máy", run[0][0]) for name in NAMES if chance.random() < 0.5}
        papers.append(Document("Giấy", tuple(held), fields, parts=parts))
    return tuple(papers)


def confirming(chance: random.Random, papers: Papers) -> tuple[Document, ...]:
    """Return papers of which a person confirmed more fields."""
    more = []
    for each in papers:
        known = {name for name, _ in confirmed([each])}
        names = [name for name in NAMES if name not in known and chance.random() < 0.4]
        new = {name: found(f"{chance.random()}", by="lan") for name in names}
        more.append(replace(each, findings=each.findings | new))
    return tuple(more)


@pytest.mark.parametrize("seed", range(200))
def test_no_order_of_readings_loses_a_confirmed_field_or_a_page(seed: int) -> None:
    chance = random.Random(seed)
    sheets = [chance.choice((1, 1, 2, 3)) for _ in range(5)]
    papers = read(chance, sheets)
    for _ in range(4):
        before = confirming(chance, papers)
        papers = keep_confirmed(before, read(chance, sheets))
        assert confirmed(papers) == confirmed(before)
        held = places(papers, sheets)
        assert set(held.values()) == {1}
        assert set(held) == {
            (at + 1, part + 1) for at, of in enumerate(sheets) for part in range(of)
        }
        for each in before:  # on a paper that has something of the one that they were said of
            near = [one for one in papers if places([one], sheets) & places([each], sheets)]
            assert any(confirmed([one]) >= confirmed([each]) for one in near)


def test_a_sheet_that_is_one_document_is_shared_again_where_both_parts_were_confirmed() -> None:
    first, second = paper((1, 1), place="A"), paper((1, 2), place="B")
    whole = Document("Giấy", (1, 2), {"number": found("12"), "issuer": found("C", 2)})
    kept = keep_confirmed([first, second], [whole])
    assert [one.span for one in kept] == [((1, 1), (2, 0)), ((1, 2),)]
    assert [one.findings["place"].value for one in kept] == ["A", "B"]
    doubted, certain = (kept[0].findings[name] for name in ("number", "issuer"))
    assert not doubted.is_certain and doubted.reasons == (SEVERAL_PAPERS,)
    assert certain.is_certain and kept[0].findings["place"].is_certain


def test_a_paper_takes_its_own_part_of_a_sheet_and_leaves_the_other() -> None:
    before = [paper((1, 0), place="A"), paper((2, 2), (3, 0), place="B")]
    kept = keep_confirmed(before, [paper((1, 0), (2, 1), (3, 0)), paper((2, 2))])
    assert [one.span for one in kept] == [((1, 0), (2, 1)), ((2, 2), (3, 0))]
    assert [one.findings["place"].value for one in kept] == ["A", "B"]


def test_a_confirmed_paper_without_pages_stays_beside_one_that_takes_pages() -> None:
    gone = paper(number="7")
    before = [gone, paper((1, 1), place="A"), paper((1, 2), place="B")]
    kept = keep_confirmed(before, [Document("Giấy", (1,))])
    assert confirmed(kept) == confirmed(before)
    assert [one.span for one in kept] == [(), ((1, 1),), ((1, 2),)]


def both_confirmed(office: Office) -> str:  # noqa: F811
    dossier = dropped(office, "letter", BOTH, "body")
    corrected(office, dossier, 2, "place", "Hà Nội mẫu")
    corrected(office, dossier, 3, "place", "Xã Mẫu")
    return dossier


def assert_both_stand(record: Record) -> None:
    assert spans(record) == [((1, 0),), ((2, 1),), ((2, 2), (3, 0))]
    told = [one.findings["place"] for one in record.dossier.documents[1:]]
    assert [(one.value, one.confirmed_by) for one in told] == [
        ("Hà Nội mẫu", "lan"),
        ("Xã Mẫu", "lan"),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("order", ["wpw", "twp", "wtw", "ptw"])
def test_what_was_confirmed_of_both_parts_outlasts_turns_and_readings(
    office: Office,  # noqa: F811
    order: str,
) -> None:
    dossier = both_confirmed(office)
    for at, act in enumerate(order):
        if act == "t":
            corrections.turn_page(PageSeen(dossier, 2), 180, office.archive, LAN)
        else:
            reader = WholeReader if act == "w" else SheetReader
            office.reader = RefusingReader(reader(f"text-{at + 2}"))
            stages.ask_again(dossier, office.archive)
        office.digitises_all()
        assert_both_stand(office.newest(dossier))
        assert is_understood_alike(office, office.newest(dossier))


@pytest.mark.slow
def test_a_sheet_with_the_same_field_confirmed_twice_cannot_be_said_to_be_one_paper(
    office: Office,  # noqa: F811
) -> None:
    dossier = dropped(office, "letter", BOTH, "body")
    record = corrections.begin_paper(dossier, 2, office.archive, LAN)
    undone = corrections.undo(dossier, record.sequence, office.archive, MAI)
    corrected(office, dossier, 2, "place", "Hà Nội mẫu")
    newest = corrected(office, dossier, 3, "place", "Xã Mẫu")
    for decide in (corrections.begin_paper, corrections.continue_paper):
        with pytest.raises(CorrectionRefusedError, match="hai giấy có cùng một trường"):
            decide(dossier, 2, office.archive, LAN)
    with pytest.raises(CorrectionRefusedError, match="hai giấy có cùng một trường"):
        corrections.undo(dossier, undone.sequence, office.archive, MAI)
    assert office.newest(dossier) == newest
    assert_both_stand(newest)
    corrections.undo(dossier, newest.sequence, office.archive, MAI)
    one = corrections.begin_paper(dossier, 2, office.archive, LAN)
    assert spans(one) == [((1, 0),), ((2, 0), (3, 0))]
    assert one.dossier.documents[1].findings["place"].value == "Hà Nội mẫu"
