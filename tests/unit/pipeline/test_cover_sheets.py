"""Cover sheets: their text, which pages count as one, and what the papers behind them are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest

from pipeline.documents import PageOfDossier, assemble
from pipeline.documents.catalogue import Catalogue
from pipeline.documents.completeness import Held, components_of
from pipeline.documents.machine_readable.cover_findings import TWO_CODES, with_cover_sheets
from pipeline.documents.machine_readable.cover_sheets import (
    MOST_LETTERS,
    CoverSheet,
    decoded,
    encoded,
    signs_of,
)
from pipeline.model import (
    Box,
    ComponentState,
    Document,
    Dossier,
    Finding,
    Outcome,
    PageCode,
    Source,
)
from pipeline.model.page import SignKind
from pipeline.understanding import with_papers
from tests.support import typeset

CODE, OTHER = "H26.12.23-260701-0001", "H26.12.23-260701-0002"
COVER = CoverSheet(SignKind.COVER, CODE, "1.001193", "Giấy chứng sinh")
SEPARATOR = CoverSheet(SignKind.SEPARATOR)
BOX = Box(900, 560, 690, 690)
FORM = ("^CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "^Độc lập - Tự do - Hạnh phúc", "",
        "^TỜ KHAI ĐĂNG KÝ KHAI SINH", "", "Kính gửi: Ủy ban nhân dân phường Mẫu")  # fmt: skip
LETTER = ("trang này không có tiêu đề và nói tiếp một giấy tờ khác",)


def sheet_page(
    text: str, number: int = 1, *, box: Box = BOX, rows: tuple[str, ...] = ("^TỜ BÌA",)
) -> PageOfDossier:
    numbered = typeset.page(rows, number=number)
    codes = (PageCode("QRCode", text, box),)
    size = (typeset.WIDTH, typeset.HEIGHT)
    signs = signs_of(codes, numbered.page.text, size)
    return numbered._replace(page=replace(numbered.page, codes=codes, signs=signs))


def paper(number: int, rows: tuple[str, ...] = LETTER) -> PageOfDossier:
    return typeset.page(rows, number=number)


@pytest.mark.parametrize(
    "sheet",
    [COVER, SEPARATOR, COVER._replace(code=""), COVER._replace(procedure="", component="")],
)
def test_what_is_written_is_read(sheet: CoverSheet) -> None:
    assert decoded(encoded(sheet)) == sheet


@pytest.mark.parametrize(
    "sheet",
    [
        CoverSheet(SignKind.COVER),
        SEPARATOR._replace(code=CODE),
        COVER._replace(code="H26"),
        COVER._replace(code="H26.12.23-269901-0001"),
        COVER._replace(procedure="một"),
        COVER._replace(component="a|b"),
        COVER._replace(component="a\nb"),
        COVER._replace(component="a\u202eb"),
        COVER._replace(component="x" * (MOST_LETTERS + 1)),
    ],
)
def test_what_a_sheet_cannot_say_is_refused(sheet: CoverSheet) -> None:
    with pytest.raises(ValueError, match=r"code|procedure|component|kind"):
        encoded(sheet)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SOHOA",
        encoded(COVER)[:-1] + "x",
        encoded(COVER).replace("|1|C", "|2|C"),  # another version
        encoded(COVER).replace("SOHOA", "SOHOB"),
        encoded(COVER).lower(),
        encoded(COVER) + "|",
        " " + encoded(COVER),
        encoded(COVER).replace(CODE, OTHER),  # its check digits are those of another
        "<script>alert(1)</script>",
        "https://example.invalid/" + encoded(COVER),
        "SOHOA|1|C|" + "|" * 9_000,
        "SOHOA|1|C|\x00\x1b[2J||x|12",
        "SOHOA|1|C|" + "x" * 9_000 + "|||12",
        "\ud800",
    ],
)
def test_a_foreign_or_damaged_code_changes_nothing(text: str) -> None:
    assert decoded(text) is None
    page = sheet_page(text)
    assert page.page.signs == ()
    plain = assemble([paper(1, FORM), paper(2)])
    coded = assemble([paper(1, FORM), sheet_page(text, 2, rows=LETTER)])
    assert coded == plain


def test_no_changed_letter_passes_for_another_sheet() -> None:
    random, text = Random("letters"), encoded(COVER._replace(component="Giay chung sinh"))
    for _ in range(400):
        at = random.randrange(len(text))
        other = random.choice("0123456789ABCXYZabcxyz.-| ")
        changed = text[:at] + other + text[at + 1 :]
        assert changed == text or decoded(changed) is None


def test_a_small_code_or_one_on_a_full_page_takes_no_paper_out() -> None:
    assert sheet_page(encoded(SEPARATOR)).page.signs
    assert not sheet_page(encoded(SEPARATOR), box=Box(100, 100, 300, 300)).page.signs
    full = tuple(" ".join(["chữ"] * 20) for _ in range(8))
    assert not sheet_page(encoded(SEPARATOR), rows=full).page.signs


def test_two_sheets_on_one_page_contradict_each_other() -> None:
    codes = [PageCode("QRCode", encoded(one), BOX) for one in (COVER, SEPARATOR)]
    text, size = typeset.page(("^TỜ BÌA",)).page.text, (typeset.WIDTH, typeset.HEIGHT)
    assert signs_of(codes, text, size) == ()
    assert len(signs_of([codes[0], codes[0]], text, size)) == 1  # printed twice


def test_sheets_part_papers_and_are_none() -> None:
    pages = [
        sheet_page(encoded(COVER), 1),
        paper(2),
        paper(3),
        sheet_page(encoded(SEPARATOR), 4),
        typeset.page((), number=5),  # the back of the separator
        paper(6),
    ]
    first, *others = assemble(pages)
    assert [first.pages, *(one.pages for one in others)] == [(2, 3), (6,)]
    found = first.findings
    assert {name: one.value for name, one in found.items()} == {
        "dossier_code": CODE,
        "procedure_code": "1.001193",
        "component": "Giấy chứng sinh",
    }
    assert all(one.source is Source.QR and one.is_certain for one in found.values())
    assert found["component"].page == 1 and found["component"].box == BOX
    assert "component" not in others[-1].findings


def test_a_person_may_say_that_a_page_is_no_sheet() -> None:
    pages = [paper(1), sheet_page(encoded(SEPARATOR), 2), paper(3)]
    assert [one.pages for one in assemble(pages, {2: True, 3: False})] == [(1,), (2, 3)]


def test_a_sheet_behind_all_papers_names_the_dossier_only() -> None:
    (only,) = assemble([paper(1), sheet_page(encoded(COVER), 2)])
    assert only.findings["dossier_code"].value == CODE
    assert "component" not in only.findings
    assert assemble([sheet_page(encoded(COVER), 1)]) == ()


def test_a_sheet_tells_of_the_paper_behind_it_also_where_its_first_page_lies_later() -> None:
    other = encoded(COVER._replace(code="", component="Giấy khác"))
    pages = [sheet_page(encoded(COVER), 1), paper(2), sheet_page(other, 3), paper(4), paper(5)]
    papers = with_cover_sheets([Document("", (5, 2)), Document("", (4,))], pages)
    told = [one.findings["component"].value for one in papers]
    assert told == [COVER.component, "Giấy khác"]


def test_the_checklist_believes_the_sheet() -> None:
    documents = assemble([sheet_page(encoded(COVER), 1), paper(2)])
    listed = ("Giấy chứng sinh", "Tờ khai")
    born, form = components_of(documents, listed, Held(Catalogue(())))
    assert born.state is ComponentState.PRESENT and born.pages == (2,)
    assert form.state is ComponentState.MISSING


def a_dossier() -> Dossier:
    return Dossier("000000000001", "ho so", datetime(2026, 7, 1, tzinfo=UTC))


def told(dossier: Dossier, *pages: PageOfDossier) -> Dossier:
    return with_papers(replace(dossier, outcome=Outcome.COMPLETE), assemble(pages), ())


def test_a_sheet_names_the_dossier() -> None:
    dossier = told(a_dossier(), sheet_page(encoded(COVER), 1), paper(2))
    assert dossier.code == CODE and dossier.procedure == "1.001193"
    assert dossier.outcome is Outcome.COMPLETE and TWO_CODES not in dossier.reasons


def test_two_codes_go_to_review_until_a_person_decides() -> None:
    other = encoded(COVER._replace(code=OTHER))
    pages = sheet_page(encoded(COVER), 1), paper(2), sheet_page(other, 3), paper(4)
    dossier = told(a_dossier(), *pages)
    assert dossier.code is None and dossier.reasons == (TWO_CODES,)
    assert dossier.outcome is Outcome.PARTIAL
    codes = [one.findings["dossier_code"] for one in dossier.documents]
    assert not any(one.is_certain for one in codes)
    first = dossier.documents[0]
    confirmed = replace(first.findings["dossier_code"], confirmed_by="minh")
    decided = replace(first, findings={**first.findings, "dossier_code": confirmed})
    after = with_papers(dossier, [decided, *dossier.documents[1:]])
    assert after.code == CODE and after.reasons == () and after.outcome is Outcome.COMPLETE


def test_the_name_of_the_drop_and_a_sheet_contradict_each_other() -> None:
    dossier = told(replace(a_dossier(), code=OTHER), sheet_page(encoded(COVER), 1), paper(2))
    assert dossier.code == OTHER and dossier.reasons == (TWO_CODES,)


def test_a_sheet_and_a_certain_reading_contradict_each_other() -> None:
    rows = (*FORM, f"Mã hồ sơ: {OTHER}")
    dossier = told(a_dossier(), sheet_page(encoded(COVER), 1), paper(2, rows))
    assert dossier.code is None and TWO_CODES in dossier.reasons
    finding: Finding = dossier.documents[0].findings["dossier_code"]
    assert not finding.is_certain


def test_one_code_said_twice_is_no_contradiction() -> None:
    rows = (*FORM, f"Mã hồ sơ: {CODE}")
    dossier = told(replace(a_dossier(), code=CODE), sheet_page(encoded(COVER), 1), paper(2, rows))
    assert dossier.code == CODE and dossier.reasons == ()
