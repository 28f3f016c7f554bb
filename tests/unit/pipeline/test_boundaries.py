"""Where papers begin, why, and which pages have their place elsewhere or nowhere."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from random import Random
from time import thread_time

import pytest

from pipeline.documents import PageOfDossier, assemble
from pipeline.documents.assembling import assemble_all
from pipeline.model import PageSign
from pipeline.model.page import SignKind
from tests.support.typeset import page
from tests.unit.pipeline.test_documents_assemble import BIRTH, BODY, HEADING
from tests.unit.pipeline.test_documents_heads import DECISION

GAP = [""] * 20
SIGNED = [*BODY, *GAP, "Nơi nhận: || KT. CHỦ TỊCH", "- Như trên; || PHÓ CHỦ TỊCH"]
SENTENCE = ["và các phòng, ban có liên quan chịu trách nhiệm thi hành Quyết định này.", *BODY]
LETTER = ["ỦY BAN NHÂN DÂN XÃ MẪU", "Số: 12/UBND-VP", "^V/v cấp bản sao", *BODY]
SEPARATOR = PageSign(SignKind.SEPARATOR, "patch")


def read(*sheets: list[str], signs: dict[int, PageSign] | None = None) -> list[PageOfDossier]:
    pages = [page(rows, number=number) for number, rows in enumerate(sheets, 1)]
    marked = signs or {}
    return [
        each._replace(page=replace(each.page, signs=(marked[each.number],)))
        if each.number in marked
        else each
        for each in pages
    ]


def cut(*sheets: list[str], signs: dict[int, PageSign] | None = None) -> list[tuple[int, ...]]:
    return [document.pages for document in assemble(read(*sheets, signs=signs))]


def why(*sheets: list[str], signs: dict[int, PageSign] | None = None) -> list[str]:
    return [document.boundary for document in assemble(read(*sheets, signs=signs))]


def numbered(number: str, rows: list[str] = BODY) -> list[str]:
    return [f"^{number}", *rows]


def footed(number: str, rows: list[str]) -> list[str]:
    """Return a page with its number in the lower margin."""
    return [*rows, *[""] * (44 - len(rows)), f"^{number}"]


def test_every_boundary_has_its_reason() -> None:
    sheets = ([*DECISION], BIRTH, [*HEADING, "^PHIẾU LẠ"])
    assert why(*sheets) == [
        "Trang đầu của hồ sơ. Có Quốc hiệu và tên giấy «Quyết định».",
        "Có Quốc hiệu và tên giấy «Giấy khai sinh».",
        "Có Quốc hiệu.",
    ]


def test_a_paper_without_a_heading_begins_where_the_one_before_was_signed() -> None:
    assert cut(DECISION, SIGNED, LETTER) == [(1, 2), (3,)]
    assert cut(DECISION, SIGNED, ["^ĐƠN XIN MỘT VIỆC LẠ", *BODY]) == [(1, 2), (3,)]
    assert why(DECISION, SIGNED, LETTER)[1] == "Giấy trước đã ký; trang này có số, ký hiệu riêng."


def test_the_rest_of_a_sentence_continues_even_a_signed_paper() -> None:
    assert cut(DECISION, SIGNED, SENTENCE) == [(1, 2, 3)]


def test_what_is_attached_stays_with_its_letter_and_what_has_a_number_does_not() -> None:
    plan = ["^KẾ HOẠCH", "^Số hóa hồ sơ", "^(Kèm theo Công văn số 12/UBND-VP ngày 1/1/2026)", *BODY]
    assert cut(DECISION, SIGNED, plan) == [(1, 2, 3)]
    assert cut(DECISION, SIGNED, [*HEADING, *plan]) == [(1, 2, 3)]
    own = [*DECISION[:3], "^(Kèm theo Công văn số 12/UBND-VP ngày 1/1/2026)", *DECISION[3:]]
    assert cut(DECISION, SIGNED, own) == [(1, 2), (3,)]


def test_a_form_of_a_circular_is_no_attachment() -> None:
    form = [
        *HEADING,
        "^TỜ KHAI ĐĂNG KÝ KHAI SINH",
        "^(Ban hành kèm theo Thông tư số 04/2020/TT-BTP)",
    ]
    assert cut(DECISION, form) == [(1,), (2,)]
    assert assemble(read(DECISION, form))[1].type == "Tờ khai đăng ký khai sinh"


@pytest.mark.parametrize("printed", ["2", "- 2 -", "Trang 2", "2/2", "Trang 2/2", "Trang số 2"])
def test_the_next_page_number_continues_a_paper_whatever_else_it_shows(printed: str) -> None:
    assert cut(SIGNED, numbered(printed, ["^DANH SÁCH LẠ", *BODY])) == [(1, 2)]


def test_page_one_of_several_and_the_last_page_part_papers() -> None:
    sheets = (numbered("1/2"), numbered("2/2"), numbered("1/2"), numbered("2/2"), BODY)
    assert cut(*sheets) == [(1, 2), (3, 4), (5,)]
    assert why(*sheets)[1:] == ["Trang in số 1/2.", "Giấy trước đã hết: trang 2/2."]


@pytest.mark.parametrize(
    "rows",
    [["^Số 12/2026"], ["^2026"], ["2 || 3"], ["^0"], ["^3/2"], ["Điều 2"], ["^trang hai"]],
)  # fmt: skip
def test_what_is_no_page_number_parts_nothing(rows: list[str]) -> None:
    assert cut(DECISION, [*rows, *BODY]) == [(1, 2)]


@pytest.mark.parametrize("order", [(2, 1, 3), (3, 2, 1), (1, 3, 2)])
def test_pages_out_of_order_are_read_in_their_own_order(order: tuple[int, ...]) -> None:
    sheets = {1: footed("1/3", BIRTH), 2: numbered("2/3"), 3: numbered("3/3")}
    (document,) = assemble(read(*(sheets[number] for number in order)))
    assert [order[at - 1] for at in document.pages] == [1, 2, 3]
    assert document.type == "Giấy khai sinh"
    assert "số trang in" in document.boundary


def test_a_stray_page_goes_to_the_one_paper_that_lacks_it() -> None:
    first = footed("1/3", DECISION)
    sheets = (first, numbered("3/3"), BIRTH, numbered("2/3"))
    assert cut(*sheets) == [(1, 4, 2), (3,)]


def test_a_stray_page_that_two_papers_lack_stays_alone() -> None:
    first = footed("1/2", DECISION)
    assert cut(first, first, BIRTH, numbered("2/2")) == [(1,), (2,), (3,), (4,)]


def test_a_paper_over_two_files_is_one() -> None:
    pages = [page(DECISION), page(numbered("2/3"), number=2), page(numbered("3/3"), number=3)]
    second = pages[2]._replace(page=replace(pages[2].page, number=1))
    assert [each.pages for each in assemble([*pages[:2], second])] == [(1, 2, 3)]


def test_backs_end_no_paper_and_a_blank_sheet_does() -> None:
    assert cut(BIRTH, [], BODY, []) == [(1, 2, 3, 4)]
    assert cut(BIRTH, [], [], ["^GIẤY LẠ", *BODY]) == [(1, 2, 3), (4,)]
    assert cut(BIRTH, [], [], SENTENCE) == [(1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("rows", "signs"),
    [
        (["^PATCH T"], {}),
        (["^TỜ PHÂN CÁCH", "Đặt giữa hai giấy tờ"], {}),
        ([], {3: SEPARATOR}),
        (["chữ bị đọc nhầm"], {3: PageSign(SignKind.SEPARATOR, "qr")}),
        (["Tờ này đặt giữa hai giấy", *BODY * 3], {3: PageSign(SignKind.SEPARATOR, "qr")}),
    ],
)
def test_a_separator_parts_and_is_no_paper(rows: list[str], signs: dict[int, PageSign]) -> None:
    found = assemble_all(read(BIRTH, BODY, rows, [], BODY, signs=signs))
    assert [document.pages for document in found.documents] == [(1, 2), (5,)]
    assert list(found.apart) == [3, 4]
    assert "Tờ phân cách" in found.apart[3]
    assert found.documents[1].boundary == "Sau tờ phân cách."


def test_bars_on_a_form_begin_a_paper_that_has_the_page() -> None:
    sheets = (BIRTH, BODY * 3)
    assert cut(*sheets) == [(1, 2)]
    assert cut(*sheets, signs={2: SEPARATOR}) == [(1,), (2,)]
    assert why(*sheets, signs={2: SEPARATOR})[1] == "Có vạch phân cách in trên trang."


def test_separators_alone_are_no_papers() -> None:
    found = assemble_all(read(["^PATCH T"], [], signs={}))
    assert (found.documents, list(found.apart)) == ((), [1, 2])


def test_a_paper_that_speaks_of_separators_is_none() -> None:
    assert cut(BIRTH, ["^TỜ PHÂN CÁCH", *BODY * 4]) == [(1, 2)]


def test_covers_of_people_are_papers_and_part_them() -> None:
    assert cut(BODY, ["^BÌA HỒ SƠ", "^Năm 2026"], BODY) == [(1,), (2,), (3,)]


def test_a_sheet_of_ours_is_no_paper_and_what_follows_begins_one() -> None:
    cover = PageSign(SignKind.COVER, "qr", "H26.19.25-260105-0007")
    found = assemble_all(read(BIRTH, ["TỜ BÌA"], BODY, signs={2: cover}))
    assert [document.pages for document in found.documents] == [(1,), (3,)]
    assert 2 in found.apart


def test_a_person_beats_all_that_pages_show() -> None:
    sheets = read(BIRTH, numbered("2/2"), ["^PATCH T"], DECISION, BODY)
    decided = {2: True, 3: True, 4: False}
    assert [each.pages for each in assemble(sheets, decided)] == [(1,), (2,), (3, 4, 5)]


POOL: tuple[list[str], ...] = (
    BIRTH, DECISION, BODY, SIGNED, SENTENCE, LETTER, [], ["^PATCH T"], ["^PHỤ LỤC I", *BODY],
    footed("1/3", DECISION), numbered("1/3"), numbered("2/3"), numbered("3/3"), numbered("2"),
    numbered("2/2"), ["^BÌA HỒ SƠ"], ["^GIẤY LẠ", *BODY],
)  # fmt: skip


@pytest.mark.parametrize("seed", range(60))
def test_whatever_pages_show_each_is_in_one_place_and_people_are_obeyed(seed: int) -> None:
    chance = Random(seed)
    pages = read(*chance.choices(POOL, k=chance.randint(1, 12)))
    numbers = [each.number for each in pages]
    decided = {number: chance.random() < 0.5 for number in numbers if chance.random() < 0.3}
    found = assemble_all(pages, decided)
    placed = [number for document in found.documents for number in document.pages]
    assert sorted([*placed, *found.apart]) == numbers
    assert not found.apart.keys() & decided.keys()
    assert all(document.boundary for document in found.documents)
    paper_of = {number: at for at, one in enumerate(found.documents) for number in one.pages}
    for before, number in pairwise(sorted(placed)):
        if number in decided:
            assert (paper_of[before] != paper_of[number]) is decided[number]


@pytest.mark.slow
def test_a_bundle_of_400_pages_takes_time_by_its_length_alone() -> None:
    sheets = [footed("1/4", DECISION), numbered("2/4"), numbered("3/4"), numbered("4/4", SIGNED)]
    few, many = read(*sheets * 25), read(*sheets * 100)
    costs = []
    for pages in (few, many):
        began = thread_time()
        found = assemble(pages)
        costs.append(thread_time() - began)
        assert [len(one.pages) for one in found] == [4] * (len(pages) // 4)
    assert costs[1] < 4 * 3 * max(costs[0], 0.01)
