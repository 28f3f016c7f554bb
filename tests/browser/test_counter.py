"""A browser at the counter: a card is scanned, the answer stands there, a slip, the store."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from pipeline.model import PersonRole
from tests.browser.test_masking import with_code
from tests.browser.test_signing_in import address, sign_in, visitor
from tests.support.owned_papers import (
    CARD,
    CODE,
    HOLDS,
    MARITAL,
    MARRIAGE,
    NAME,
    NUMBER,
    PHONE,
    add_owned_papers,
)
from tests.support.visitors import Room, open_room

__all__ = ["address"]  # a fixture

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    made = open_room(tmp_path_factory.mktemp("home"))
    add_owned_papers(made)
    made.person("lan")
    made.person("minh", PersonRole.RECORDS)
    return made


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [one["id"] for one in found if one["impact"] in {"serious", "critical"}]


def test_a_scanner_types_a_card_and_the_answer_stands_there_without_a_number(
    browser: Browser, address: str
) -> None:
    """Without JavaScript: Q3 takes 10 keys and Enter, as in the search box before."""
    page = visitor(browser)
    page.goto(f"{address}/quay")
    sign_in(page, "lan")
    expect(page.locator("#so")).to_be_focused()
    page.keyboard.type(CARD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="3 hồ sơ phù hợp")).to_be_visible()
    expect(page).to_have_url(f"{address}/quay")
    assert NUMBER not in page.content()
    page.get_by_role("link", name=f"{NAME} · Đăng ký kết hôn").click()
    expect(page.get_by_text("031•••••1562")).to_be_visible()
    page.get_by_label("Điện thoại").fill("+84 900 000 663")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"{NAME} · Đăng ký kết hôn")).to_be_visible()
    assert PHONE not in page.content()
    page.context.close()


def test_a_dossier_is_reached_by_its_code_and_a_slip_is_one_sheet_that_names_nobody(
    browser: Browser, address: str
) -> None:
    page = visitor(browser)
    page.goto(f"{address}/quay")
    sign_in(page, "lan")
    page.get_by_label("Số định danh, mã QR").fill(CODE)
    page.keyboard.press("Enter")
    expect(page.locator(".lacks")).to_contain_text(MARITAL)
    page.get_by_role("link", name="In phiếu trả lời").click()
    expect(page.get_by_role("heading", name="PHIẾU TRẢ LỜI")).to_be_visible()
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    page.emulate_media(media="print")
    expect(page.locator(".top")).to_be_hidden()
    assert NAME not in page.locator(".slip").inner_text()
    page.context.close()


def test_an_officer_uses_a_held_paper_again_and_takes_it_back(
    browser: Browser, address: str
) -> None:
    page = visitor(browser)
    with_code(page, "minh", f"{address}/ho-so/{MARRIAGE}")
    page.get_by_role("link", name="Kho của người này").click()
    page.wait_for_url(f"{address}/kho/{MARRIAGE}/*")
    expect(page.get_by_role("heading", name=f"Kho giấy tờ của {NAME}")).to_be_visible()
    page.get_by_role("button", name=f"Dùng lại cho {CODE}: {MARITAL}").click()
    expect(page.locator(".owner-done")).to_contain_text("Đã ghi")
    expect(page.locator(".used")).to_contain_text(CODE)
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator(".owner-done")).to_contain_text("Đã hoàn tác")
    expect(page.locator(".used")).to_have_count(0)
    page.get_by_role("button", name="Đúng là của người này").click()
    expect(page.get_by_text("minh xác nhận là của người này")).to_be_visible()
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_role("heading", name="Có thể cũng của người này")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_fit_and_are_usable_by_everyone(
    browser: Browser, address: str, width: int
) -> None:
    page = browser.new_context(viewport={"width": width, "height": 844}).new_page()
    page.goto(f"{address}/quay")
    sign_in(page, "lan")
    card = f"/quay/ho-so/{MARRIAGE}"
    for path in ("/quay", card, f"{card}/phieu", "/kho", f"/kho/{HOLDS}/1"):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        assert serious(page) == [], path
    page.context.close()
