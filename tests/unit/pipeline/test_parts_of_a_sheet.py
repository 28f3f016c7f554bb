"""Several papers on one sheet are documents of their own where they say what they are."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pipeline.documents import PageOfDossier, assemble
from pipeline.documents.assembling import assemble_all
from pipeline.documents.boundaries.sheet_papers import rows_of_document
from pipeline.documents.confirmation import keep_confirmed
from pipeline.documents.rows import SEVERAL_PAPERS, rows_of
from pipeline.model import Box, Document, Finding, PageCode, PagePart, PageSign, Source
from pipeline.model.page import SignKind
from pipeline.records import Codec
from tests.support.typeset import HEIGHT, WIDTH, on_one_sheet, page
from tests.unit.pipeline.test_boundaries import SENTENCE, SIGNED
from tests.unit.pipeline.test_documents_assemble import BIRTH, BODY
from tests.unit.pipeline.test_documents_heads import DECISION, LETTER, values

PAPERS = {"decision": DECISION, "birth": BIRTH, "letter": LETTER}
CARD = [
    *("^CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "^Độc lập - Tự do - Hạnh phúc", ""),
    *("^CĂN CƯỚC CÔNG DÂN", "Số / No.: 001085000028", "Họ và tên / Full name: TRẦN VĂN GIẢ"),
]
BACK = ["Đặc điểm nhân dạng: nốt ruồi", "Ngày, tháng, năm: 01/02/2021", "Ngón trỏ trái"]


def sheet(*papers: list[str], number: int = 1, above: bool = False) -> PageOfDossier:
    return on_one_sheet(*map(page, papers), number=number, above=above)


def cut(*pages: PageOfDossier) -> list[tuple[tuple[int, int], ...]]:
    return [document.span for document in assemble(pages)]


@pytest.mark.parametrize("above", [False, True], ids=["side by side", "above each other"])
@pytest.mark.parametrize(
    "names",
    [("decision", "birth"), ("birth", "decision"), ("birth", "letter"), ("decision", "decision")],
    ids=str,
)
def test_each_paper_has_the_fields_that_it_has_on_a_page_of_its_own(
    names: tuple[str, str], above: bool
) -> None:
    found = assemble([sheet(*(PAPERS[name] for name in names), above=above)])
    assert [each.parts for each in found] == [(PagePart(1, 1, 2),), (PagePart(1, 2, 2),)]
    for at, (name, document) in enumerate(zip(names, found, strict=True)):
        (alone,) = assemble([page(PAPERS[name])])
        assert (document.type, values(document)) == (alone.type, values(alone))
        for field, finding in document.findings.items():
            theirs = alone.findings[field]
            assert finding.is_certain == theirs.is_certain
            assert theirs.box and finding.box == Box(
                theirs.box.left + (0 if above else at * WIDTH),
                theirs.box.top + (at * HEIGHT if above else 0),
                *theirs.box[2:],
            )


def test_why_a_part_begins_is_told() -> None:
    first, second = assemble([sheet(DECISION, BIRTH)])
    assert first.boundary == "Trang đầu của hồ sơ. Có Quốc hiệu và tên giấy «Quyết định»."
    assert second.boundary == ("Phần 2/2 của trang 1. Có Quốc hiệu và tên giấy «Giấy khai sinh».")
    assert str(second.parts[0]) == "phần 2/2 của trang 1"


def test_the_first_part_may_end_the_paper_before_and_the_last_goes_on_behind() -> None:
    pages = [page(DECISION), sheet(SIGNED, BIRTH, number=2), page(BODY, number=3)]
    assert cut(*pages) == [((1, 0), (2, 1)), ((2, 2), (3, 0))]
    before, behind = assemble(pages)
    assert (before.type, behind.type) == ("Quyết định", "Giấy khai sinh")
    assert before.findings["signer_title"].page == 2


@pytest.mark.parametrize("above", [False, True], ids=["side by side", "above each other"])
def test_both_sides_of_a_card_are_a_card(above: bool) -> None:
    """Else nothing would hide the portrait: such papers are masked whole by their type."""
    (card,) = assemble([sheet(CARD, BACK, above=above)])
    assert card.type == "Thẻ căn cước công dân"
    assert not any(each.is_certain for each in card.findings.values())


def test_a_part_that_does_not_say_what_it_is_stays_with_the_one_before() -> None:
    (document,) = assemble([sheet(BIRTH, SENTENCE)])
    assert (document.pages, document.parts) == ((1,), ())
    assert all(SEVERAL_PAPERS in each.reasons for each in document.findings.values())
    three = assemble([sheet(DECISION, SENTENCE, BIRTH)])
    assert [each.span for each in three] == [((1, 1), (1, 2)), ((1, 3),)]
    assert not any(each.is_certain for each in three[0].findings.values())
    assert any(each.is_certain for each in three[1].findings.values())


def test_what_a_person_says_of_a_page_is_meant_of_the_whole_sheet() -> None:
    pages = [page(DECISION), sheet(BIRTH, LETTER, number=2)]
    assert [each.span for each in assemble(pages, {2: True})] == [((1, 0),), ((2, 0),)]
    assert [each.span for each in assemble(pages, {2: False})] == [((1, 0), (2, 0))]
    known = assemble_all(pages, {1: True, 2: True}, {2}).documents
    assert [each.span for each in known] == [((1, 0),), ((2, 1),), ((2, 2),)]


def test_a_sheet_with_a_sign_for_scanners_is_not_parted() -> None:
    one = sheet(DECISION, BIRTH)
    marked = one._replace(page=replace(one.page, signs=(PageSign(SignKind.SEPARATOR, "patch"),)))
    assert cut(marked) == [((1, 0),)]


def test_a_code_belongs_to_the_part_it_is_printed_on() -> None:
    codes = tuple(PageCode("QRCode", text, Box(left, 50, 90, 90)) for text, left in
                  (("left", 200), ("right", WIDTH + 300)))  # fmt: skip
    one = sheet(DECISION, BIRTH)
    one = one._replace(page=replace(one.page, codes=codes))
    pages = {1: one}
    found = [rows_of_document(each, pages)[0] for each in assemble([one])]
    assert [[code.text for code in each.codes] for each in found] == [["left"], ["right"]]
    assert [(each.width, each.height) for each in found] != [(2 * WIDTH, HEIGHT)] * 2
    assert sum(len(each.rows) for each in found) == len(rows_of(one).rows)


def test_records_from_before_have_whole_pages() -> None:
    codec = Codec(Document)
    (first, _) = assemble([sheet(DECISION, BIRTH)])
    assert codec.load(codec.dump(first)) == first
    older = json.loads(codec.dump(first))
    del older["parts"], older["sha256"]
    whole = codec._adapter.validate_python(older)
    assert (whole.parts, whole.span, whole.first_part) == ((), ((1, 0),), 0)


def test_what_was_confirmed_of_the_sheet_goes_to_the_part_that_says_it() -> None:
    found = assemble([sheet(DECISION, BIRTH)])
    name = found[1].findings["full_name"]
    confirmed = Finding(name.value, name.raw, 1.0, Source.OCR, 1, name.box, "lan")
    before = Document("Quyết định", (1,), {"full_name": confirmed})
    kept = keep_confirmed([before], found)
    assert [one.findings.get("full_name") for one in kept] == [None, confirmed]
    parted = Document("Giấy khai sinh", (1,), {"full_name": confirmed}, parts=found[1].parts)
    assert keep_confirmed([parted], found) == kept


def test_a_part_of_which_nothing_is_found_again_takes_no_page_from_the_other() -> None:
    first, second = assemble([sheet(DECISION, BIRTH)])
    name = second.findings["full_name"]
    held = Finding(name.value, name.raw, 1.0, Source.OCR, 1, name.box, "lan")
    before = Document(second.type, (1,), {"full_name": held}, parts=second.parts)
    assert keep_confirmed([before], [first]) == (first, before)
