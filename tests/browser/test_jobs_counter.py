"""The jobs at the counter (Q1 to Q8), walked in a real browser, their clicks and keys counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from pipeline.vietnamese import fold
from tests.support.drops import Office
from tests.support.served_desk import served
from tests.support.walks.hands import Hands, hands
from tests.support.walks.papers import birth_case, papers_office

__all__ = ["hands"]  # a fixture

pytestmark = [pytest.mark.browser, pytest.mark.long]

CASE = birth_case()
LETTERS = {
    "công văn 29.pdf": "SỞ NỘI VỤ Số: 29/SNV-CCHC V/v cải cách hành chính năm 2026",
    "quyết định.pdf": "QUYẾT ĐỊNH Số: 12/QĐ-UBND về việc giao đất",
    "đơn.pdf": "Đơn xin cấp lại, điện thoại 0900 000 663",
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    home: Path = tmp_path_factory.mktemp("home")
    made = papers_office(home, CASE)
    made.drops("một tệp.pdf", "@tiếp nhận\n@tờ khai\n@khai sinh")
    for name, text in LETTERS.items():
        made.drops(name, text)
    made.digitises_all()
    return made


@pytest.fixture(scope="module")
def address(office: Office) -> Iterator[str]:
    with served(office) as address:
        yield address


def found(hands: Hands, words: str) -> int:
    """Type words into the search box that has the focus; return how many dossiers are shown."""
    page = hands.page
    expect(page.locator("#q")).to_be_focused()
    hands.types(words)
    hands.presses("Enter")
    page.wait_for_url("**/?tim=*")  # until it is loaded
    return page.locator("article").count()


def test_a_birth_by_name_and_by_month(hands: Hands, address: str) -> None:
    """Q1, Q2: the title says who and what; the name is marked on its page after one click."""
    page = hands.page
    page.goto(address)
    name = fold(CASE.relative.name)
    with hands.job("Q1"):
        assert found(hands, name) == 1
        expect(page.locator("article h3")).to_contain_text("Đăng ký khai sinh")
        page.locator("article .snippet a").first.click()
        expect(page.locator("polygon.hit-box").first).to_be_in_viewport()
    page.goto(address)
    with hands.job("Q2"):
        assert found(hands, f"{name} tháng {CASE.received:%-m/%Y}") == 1
        expect(page.locator("main")).to_contain_text(f"tháng {CASE.received:%-m/%Y}")


@pytest.mark.parametrize("typed", ["0900000663", "0900 000 663", "+84900000663"])
def test_a_phone_is_found_however_it_is_typed(hands: Hands, address: str, typed: str) -> None:
    hands.page.goto(address)
    if typed.isdigit():
        with hands.job("Q3"):
            assert found(hands, typed) == 1
    else:
        assert found(hands, typed) == 1
    expect(hands.page.locator(".near-badge")).to_have_count(0)


def test_the_last_digits_find_it(hands: Hands, address: str) -> None:
    """Q4: with the right to see numbers, the last six digits of a phone or an identity number."""
    hands.page.goto(address)
    with hands.job("Q4"):
        assert found(hands, CASE.applicant.personal_id[-6:]) == 1
    expect(hands.page.locator(".near-badge")).to_have_count(0)


@pytest.mark.parametrize("typed", ["so 29 snv cchc", "snv 29", "29 SNV", "29snv-cchc"])
def test_a_number_is_found_however_sloppily(hands: Hands, address: str, typed: str) -> None:
    hands.page.goto(address)
    with hands.job("Q5"):
        assert found(hands, typed) >= 1
        expect(hands.page.locator("article").first).to_contain_text("29")
    expect(hands.page.locator(".near-badge")).to_have_count(0)


def test_what_is_nowhere_is_told_before_anything_is_opened(hands: Hands, address: str) -> None:
    """Q6: near misses are under a bar that says what they lack, each with a badge."""
    page = hands.page
    page.goto(address)
    with hands.job("Q6"):
        shown = found(hands, "qd 1811")
        expect(page.locator("main")).to_contain_text("1811")
        assert page.locator(".near-badge").count() == shown
        hands.reads("Không có hồ sơ nào có đủ")


def test_two_pages_enlarged_printed_and_downloaded(
    hands: Hands, address: str, office: Office
) -> None:
    """Q7: the next page keeps the zoom; one sheet is printed; the PDF is one click away."""
    page = hands.page
    dossier = dossier_of(office, CASE.code)
    page.goto(f"{address}/ho-so/{dossier}")
    with hands.job("Q7"):
        with page.expect_download() as original:
            page.get_by_role("link", name="Tệp gốc", exact=True).click()
        page.get_by_role("link", name="Xem các trang").click()
        page.wait_for_selector("[data-ready]")
        hands.presses("+", "+", "+")
        expect(page.locator("[data-zoom]")).to_have_text(re.compile(r"^[2-9]\d\d%$"))
        hands.presses("ArrowRight")
        page.wait_for_url("**/trang/2")
        page.wait_for_selector("[data-ready]")
        expect(page.locator("[data-zoom]")).to_have_text(re.compile(r"^[2-9]\d\d%$"))
    assert original.value.path().stat().st_size
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


def test_a_dossier_is_reached_by_its_code(hands: Hands, address: str, office: Office) -> None:
    """Q8: the code is its address, and the search box and the counter lead there as well."""
    page = hands.page
    with hands.job("Q8"):
        page.goto(f"{address}/ho-so/{CASE.code}")
        expect(page.locator("h1")).to_contain_text("Đăng ký khai sinh")
    assert dossier_of(office, CASE.code) in page.url or CASE.code in page.url


def dossier_of(office: Office, code: str) -> str:
    """Return the dossier that has a code."""
    records = (office.newest(one) for one in office.archive.dossiers())
    return next(record.dossier.id for record in records if record.dossier.code == code)
