"""The checklist of a dossier: present, missing, unclear, only shown, or not asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from pipeline.documents import PageOfDossier, assemble
from pipeline.documents.catalogue import COLUMNS, Catalogue, read_catalogue, sample_catalogue
from pipeline.documents.completeness import Held, components_of
from pipeline.documents.dossier_facts import components, listed_papers
from pipeline.documents.extract.checklists import checklist
from pipeline.documents.rows import rows_of
from pipeline.errors import MisconfiguredError
from pipeline.model import Component, ComponentState, Document, Dossier
from tests.paper import draw_page
from tests.paper.cases import PROCEDURES
from tests.support.drawn import page_of
from tests.support.typeset import page
from tests.unit.pipeline.test_documents_assemble import BIRTH, HEADING

DAY = date(2026, 1, 5)
SAMPLE = sample_catalogue()
FORM = "Tờ khai đăng ký khai sinh"
RECEIPT = [*HEADING, "^GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "Mã thủ tục: 1.001193",
           "Thời gian nhận hồ sơ: 8 giờ, ngày 05/01/2026"]  # fmt: skip
LISTED = ["Thành phần hồ sơ nộp gồm:", "STT Tên giấy tờ", f"1 {FORM}",
          "2 Giấy chứng sinh (bản chính)", "3 Giấy chứng nhận kết hôn của cha, mẹ (nếu có)",
          "4 Căn cước của người đi khai sinh (xuất trình)", "Số lượng hồ sơ: 01 bộ"]  # fmt: skip


def papers(*types: str) -> list[Document]:
    return [Document(kind, (number,)) for number, kind in enumerate(types, start=1)]


def made(pages: list[PageOfDossier]) -> tuple[Component, ...]:
    documents = assemble(pages)
    dossier = Dossier("0a", "a", datetime(2026, 1, 5, tzinfo=UTC))
    return components(dossier, documents, listed_papers(documents, pages), SAMPLE)


def states(found: tuple[object, ...]) -> list[str]:
    return [str(getattr(one, "state", "")) for one in found]


@pytest.mark.parametrize("seed", range(12))
def test_the_list_of_a_drawn_receipt_is_read_whole(seed: int) -> None:
    truth = draw_page("G", seed, 60).truth
    wanted = [p.components for p in PROCEDURES if p.code == truth.fields["procedure_code"].value]
    assert [checklist([rows_of(page_of(truth))])] == wanted


def test_the_receipt_decides_before_the_catalogue() -> None:
    pages = [page([*RECEIPT, *LISTED]), page([*HEADING, f"^{FORM.upper()}"], number=2)]
    found = made(pages)
    assert [one.source for one in found] == ["receipt"] * 4
    assert states(found) == ["present", "missing", "shown", "shown"]  # the second by the catalogue
    assert found[0].pages == (2,)
    assert all(one.reason for one in found[2:])


def test_without_a_list_the_catalogue_of_the_day_decides() -> None:
    pages = [page(RECEIPT), page(BIRTH, number=2)]
    found = made(pages)
    assert {one.source for one in found} == {"catalogue"}
    assert states(found) == ["missing", "missing", "shown", "shown"]
    assert components_of([], (), Held(SAMPLE, "1.001193", date(2020, 1, 5))) == ()
    assert components_of([], (), Held(SAMPLE, "9.999999", DAY)) == ()


@pytest.mark.parametrize(
    ("scanned", "unread", "state"),
    [
        ([FORM], (), ComponentState.PRESENT),
        (["Giấy khai sinh"], (), ComponentState.MISSING),
        (["Giấy khai sinh", ""], (), ComponentState.UNCLEAR),  # a paper that nobody recognised
        (["Giấy khai sinh"], (5,), ComponentState.UNCLEAR),  # a page that could not be read
        (["Tờ khai"], (), ComponentState.MISSING),
    ],
)
def test_nothing_is_missing_while_something_may_be_it(
    scanned: list[str], unread: tuple[int, ...], state: ComponentState
) -> None:
    (found,) = components_of(papers(*scanned), [FORM], Held(Catalogue(())), unread)
    assert found.state is state
    assert bool(found.reason) is (state is ComponentState.UNCLEAR)


def test_a_card_that_was_scanned_though_only_shown_is_told() -> None:
    (found,) = components_of(papers("Thẻ căn cước"), ["Căn cước (xuất trình)"], Held(SAMPLE))
    assert found.state is ComponentState.SHOWN
    assert "đã được quét" in found.reason


@pytest.mark.parametrize(
    ("listed", "kind"),
    [
        ("Giấy chứng nhận quyền sử dụng đất (bản sao)", "Giấy chứng nhận quyền sử dụng đất"),
        ("Giấy chứng nhận kết hôn của cha, mẹ (bản sao)", "Giấy chứng nhận kết hôn"),
        ("Giấy xác nhận tình trạng hôn nhân của hai bên", "Giấy xác nhận tình trạng hôn nhân"),
        ("Tờ khai thay đổi thông tin cư trú (mẫu CT01)", "Tờ khai thay đổi thông tin cư trú"),
        ("To khai dang ky khai sinh", FORM),
        ("Bản chính Giấy chứng sinh", "Giấy chứng sinh"),
    ],
)
def test_papers_are_told_by_their_names(listed: str, kind: str) -> None:
    (found,) = components_of(papers(kind), [listed], Held(Catalogue(())))
    assert found.state is ComponentState.PRESENT


def test_a_form_that_asks_for_a_paper_is_not_that_paper() -> None:
    listed = ["Tờ khai cấp Giấy xác nhận tình trạng hôn nhân"]
    (found,) = components_of(
        papers("Giấy xác nhận tình trạng hôn nhân"), listed, Held(Catalogue(()))
    )
    assert found.state is ComponentState.MISSING


def test_lacking_is_a_state_beside_the_outcome() -> None:
    found = components_of(papers(), [FORM], Held(SAMPLE))
    dossier = Dossier("0a", "a", datetime(2026, 1, 5, tzinfo=UTC), components=found)
    assert [one.name for one in dossier.lacking] == [FORM]
    assert dossier.outcome is None


HEAD = ",".join(COLUMNS)
GOOD = "1.001193,Khai sinh,2025-07-01,,Tờ khai,Tờ khai,required,"


@pytest.mark.parametrize(
    "text",
    [
        "", "a,b", f"{HEAD}\n9.9,x,2025-07-01,,Tờ khai,,required,",
        f"{HEAD}\n1.001193,x,hôm qua,,Tờ khai,,required,",
        f"{HEAD}\n1.001193,x,2025-07-01,,Tờ khai,,có lẽ,", f"{HEAD}\n{GOOD},thừa",
        f"{HEAD}\n1.001193,x,2025-07-01", f"{HEAD}\n1.001193,x,2025-07-01,,,,required,",
    ],
)  # fmt: skip
def test_what_is_no_catalogue_is_refused_whole(text: str) -> None:
    with pytest.raises(MisconfiguredError):
        read_catalogue(text.encode())


def test_a_catalogue_has_versions_by_date() -> None:
    old = GOOD.replace("2025-07-01,", "2020-01-01,2025-06-30").replace("Tờ khai,", "Đơn,", 1)
    read = read_catalogue("\ufeff".encode() + f"{HEAD}\n{old}\n{GOOD}\n".encode())
    assert [one.component for one in read.components("1.001193", date(2025, 6, 30))] == ["Đơn"]
    assert [one.component for one in read.components("1.001193", DAY)] == ["Tờ khai"]
    assert read.knows("1.001193")
