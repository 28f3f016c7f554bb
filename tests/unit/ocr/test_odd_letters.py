"""Letters that are outlines, Han, without a font, or figures alone: nothing certain is wrong."""

from __future__ import annotations

import pytest

from pipeline.documents import PageOfDossier
from pipeline.errors import ReadingError
from pipeline.model import CERTAIN, Finding, Page, PageState, Source
from pipeline.understanding import assembled
from tests.paper.drawn_letters import HAN, han_page, outlined_page, page_without_its_font
from tests.paper.false_letters import Says, private_use
from tests.paper.text_layers import PAPER, Part, digital_page, scanned_page
from tests.unit.ocr.test_lying_layers import SCRIPTS, Read
from tests.unit.ocr.test_lying_layers import read as read
from tests.unit.ocr.test_lying_layers import reader as reader

pytestmark = [pytest.mark.slow, pytest.mark.engine]

FORM = {
    "Họ và tên:": "TRẦN VĂN MẪU",
    "Ngày, tháng, năm sinh:": "05/06/1990",
    "Số định danh cá nhân:": "001090012345",
    "Nơi thường trú:": "Thôn Nà Lượt, xã Mẫu Lâm, tỉnh Mẫu Sơn",
    "Nội dung đề nghị:": "Cấp bản sao trích lục khai sinh cho con thứ hai",
}
TRUE = {"Quyết định", "ỦY BAN NHÂN DÂN XÃ MẪU LÂM", "236", "QĐ-UBND", PAPER[3]}
HIDDEN = {
    "Han": HAN,
    **SCRIPTS,
    "private use": "".join(map(private_use, PAPER[3])),
    "figures": "1.250.000 17 30/11/2025",
}
FIGURES = tuple(f"{at + 10} {1250 * at}.000 {17 * at} {at:02d}/11/2025" for at in range(1, 13))


def certain(page: Page) -> dict[str, Finding]:
    """Return what the papers of a page say for certain."""
    papers = assembled((PageOfDossier(1, page),), {})
    found = (each for paper in papers for each in paper.findings.items())
    return {name: each for name, each in found if each.confidence >= CERTAIN}


def test_a_page_of_outlines_is_read_like_print(read: Read) -> None:
    page = read(outlined_page(PAPER))
    assert (page.state, page.source) == (PageState.READ, Source.OCR)
    assert page.text.text.splitlines() == list(PAPER)
    assert {each.value for each in certain(page).values()} <= TRUE


@pytest.mark.parametrize("gap", [6.0, 40.0])
def test_what_was_typed_into_a_form_of_outlines_stays_with_its_label(
    gap: float, read: Read
) -> None:
    page = read(outlined_page(tuple(FORM), tuple(FORM.values()), gap))
    assert page.source is Source.TEXT_LAYER
    near = [" ".join(row) for row in FORM.items()]
    apart = [part for row in FORM.items() for part in row]
    assert page.text.text.splitlines() == (near if gap < 20 else apart)
    sure = {word.text for word in page.text.words if word.confidence >= CERTAIN}
    assert sure == {word for value in FORM.values() for word in value.split()}
    for finding in certain(page).values():
        known = {*FORM.values(), "1990-06-05"}
        assert finding.value.casefold() in {each.casefold() for each in known}


@pytest.mark.parametrize("first", range(0, 10, 3))
def test_lines_in_private_use_are_read_in_their_places(first: int, read: Read) -> None:
    """With figures that stand alone, which are no bullets there."""
    parts = [PAPER[:first], PAPER[first : first + 3], PAPER[first + 3 :]]
    says: tuple[Says, ...] = (str, private_use, str)
    made = [Part(lines, said) for lines, said in zip(parts, says, strict=True) if lines]
    assert read(digital_page(made)).text.text.splitlines() == list(PAPER)


def test_boxes_to_tick_and_bullets_stay_no_words(read: Read) -> None:
    lines = ("\uf0a8 Đăng ký lại khai sinh", "\uf0a8 Có \uf0a8 Không", *PAPER[3:])
    page = read(digital_page([Part(lines)]))
    assert page.text.text.splitlines()[:2] == ["Đăng ký lại khai sinh", "Có Không"]


def test_han_is_kept_as_the_file_has_it_and_nothing_of_it_is_certain(read: Read) -> None:
    page = read(han_page())
    assert page.state is PageState.DOUBTFUL
    assert "không phải chữ quốc ngữ" in page.reasons[0]
    assert max(word.confidence for word in page.text.words) < CERTAIN
    assert certain(page) == {}


@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_hidden_layer_of_other_signs_changes_nothing_of_a_scan(hidden: str, read: Read) -> None:
    page = read(scanned_page(PAPER, (HIDDEN[hidden],) * len(PAPER)))
    assert (page.state, page.source) == (PageState.READ, Source.OCR)
    assert page.text.text.splitlines() == list(PAPER)
    assert {each.value for each in certain(page).values()} <= TRUE


def test_letters_whose_font_is_missing_say_so(read: Read) -> None:
    """Unless this machine has such a font and its tables: then the page is Han as above."""
    try:
        page = read(page_without_its_font())
    except ReadingError as error:
        assert "phông không có trong tệp" in error.reason
        assert "nhúng phông" in error.remedy
    else:
        assert page.state is PageState.DOUBTFUL
        assert certain(page) == {}


@pytest.mark.parametrize("is_scan", [True, False])
def test_figures_alone_are_read_and_make_no_field(read: Read, *, is_scan: bool) -> None:
    page = read(scanned_page(FIGURES, ()) if is_scan else digital_page([Part(FIGURES)]))
    assert page.state is PageState.READ
    assert page.source is (Source.OCR if is_scan else Source.TEXT_LAYER)
    lines = page.text.text.splitlines()
    assert len({*FIGURES} - {*lines}) <= is_scan, "a space between figures may be lost on a scan"
    assert certain(page) == {}
