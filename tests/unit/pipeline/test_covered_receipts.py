"""Of a receipt that is folded or half covered the list says what is there, and what is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from pipeline.documents import PageOfDossier, assemble
from pipeline.documents.catalogue import sample_catalogue
from pipeline.documents.completeness import Held, components_of
from pipeline.documents.dossier_facts import listed_papers
from pipeline.documents.extract.checklists import UNREADABLE, UNSURE, checklist
from pipeline.documents.rows import rows_of
from pipeline.model import Component, ComponentState, Line, PageText, Word
from tests.paper import draw_page
from tests.paper.cases import PROCEDURES
from tests.paper.truth import PageTruth
from tests.support.drawn import page_of
from tests.support.typeset import page
from tests.unit.pipeline.test_completeness import FORM, LISTED, RECEIPT

SEEDS = range(8)
HELD = Held(sample_catalogue())


@cache
def drawn(seed: int) -> PageTruth:
    return draw_page("G", seed, 60).truth


def printed(truth: PageTruth) -> tuple[str, ...]:
    code = truth.fields["procedure_code"].value
    (found,) = (each.components for each in PROCEDURES if each.code == code)
    return found


def edges(truth: PageTruth) -> list[int]:
    """Return where the items of the list begin, and where what follows it does."""
    title = next(word.box for word in truth.words if word.text == "STT")
    column = [
        word
        for word in truth.words
        if word.box.top > title.bottom and abs(word.box.left - title.left) < 2 * title.width
    ]
    tops = [
        next(word.box.top for word in column if word.text == str(number))
        for number in range(1, len(printed(truth)) + 1)
    ]
    behind = (
        one.box.top
        for one, other in zip(truth.words, truth.words[1:], strict=False)
        if (one.text, other.text) == ("Số", "lượng")
    )
    return [*tops, next(behind)]


def covered(truth: PageTruth, top: float, bottom: float, confidence: float = 0) -> PageOfDossier:
    """Return a page with what lies in a band not read, or read badly."""
    whole = page_of(truth)
    lines = tuple(
        Line(words)
        for line in whole.page.text.lines
        if (words := tuple(_left(line, top, bottom, confidence)))
    )
    return whole._replace(page=replace(whole.page, text=PageText(lines)))


def _left(line: Line, top: float, bottom: float, confidence: float) -> Iterator[Word]:
    for word in line.words:
        if not top <= word.box.top + word.box.height / 2 < bottom:
            yield word
        elif confidence:
            yield replace(word, confidence=confidence)


def found(seen: PageOfDossier) -> tuple[Component, ...]:
    papers = assemble([seen])
    return components_of(papers, listed_papers(papers, [seen]), HELD)


@pytest.mark.parametrize("seed", SEEDS)
def test_each_line_that_is_covered_is_told(seed: int) -> None:
    truth, names = drawn(seed), printed(drawn(seed))
    places = edges(truth)
    for at in range(len(names)):
        read = found(covered(truth, places[at] - 1, places[at + 1] - 1))
        lost = [one for one in read if one.name.endswith(UNREADABLE)]
        assert [one.name for one in read if one not in lost] == [*names[:at], *names[at + 1 :]]
        assert [one.state for one in lost] == [ComponentState.UNCLEAR]
        assert lost[0].reason.startswith("Giấy tiếp nhận bị che")
        is_last = at == len(names) - 1
        assert lost[0].name.startswith(f"Các mục sau mục {at} " if is_last else f"Mục {at + 1} ")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_list_of_which_the_end_is_not_seen_may_go_on(seed: int) -> None:
    truth, names = drawn(seed), printed(drawn(seed))
    read = found(covered(truth, edges(truth)[-1] - 1, truth.height))
    assert [one.name for one in read] == [*names, f"Các mục sau mục {len(names)} {UNREADABLE}"]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_line_that_was_read_badly_is_no_certain_name(seed: int) -> None:
    truth, names = drawn(seed), printed(drawn(seed))
    places = edges(truth)
    first, *others = found(covered(truth, places[0] - 1, places[1] - 1, 0.3))
    assert first.name.endswith((UNSURE, UNREADABLE))
    assert first.state is ComponentState.UNCLEAR
    assert [one.name for one in others if not one.name.endswith(UNREADABLE)] == [*names[1:]]


def test_what_is_read_badly_below_a_line_is_no_part_of_it() -> None:
    rows = [*LISTED[:3], "r.e.e.e bkl", "Số lượng hồ sơ: 01 bộ"]
    seen = page([*RECEIPT, *rows])
    lines = [
        Line(tuple(replace(word, confidence=0.2) for word in line.words))
        if line.text.startswith("r.e.e.e")
        else line
        for line in seen.page.text.lines
    ]
    badly = seen._replace(page=replace(seen.page, text=PageText(tuple(lines))))
    assert checklist([rows_of(badly)]) == (FORM, f"Các mục sau mục 1 {UNREADABLE}")


def test_a_list_may_go_on_behind_the_page() -> None:
    first, second = page([*RECEIPT, *LISTED[:3]]), page(["^2", *LISTED[3:]], number=2)
    (whole,) = (checklist([rows_of(page([*RECEIPT, *LISTED]))]),)
    assert checklist([rows_of(first), rows_of(second)]) == whole
    assert checklist([rows_of(first)])[1:] == (f"Các mục sau mục 1 {UNREADABLE}",)


def test_numbers_within_a_name_begin_no_item() -> None:
    rows = [*LISTED[:2], "1 Bản sao Quyết định số", "12 năm 2020 của Ủy ban", "2 Tờ khai khác",
            "Số lượng hồ sơ: 01 bộ"]  # fmt: skip
    names = checklist([rows_of(page([*RECEIPT, *rows]))])
    assert not any(name.endswith(UNREADABLE) for name in names)
    assert len(names) == 2


def test_a_list_of_which_nothing_is_read_leaves_the_catalogue() -> None:
    rows = [*LISTED[:2], "và các giấy tờ khác theo quy định", LISTED[-1]]
    names = checklist([rows_of(page([*RECEIPT, *rows]))])
    assert names == (f"Danh sách giấy tờ {UNREADABLE}",)
    (only,) = components_of([], names, HELD)
    assert only.state is ComponentState.UNCLEAR
    known = HELD._replace(procedure="1.001193", on=date(2026, 1, 5))
    assert {one.source for one in components_of([], names, known)} == {"catalogue"}
