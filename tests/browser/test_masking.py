"""A browser without JavaScript: a masked number, the purpose, the number, and what was recorded."""

from __future__ import annotations

import re

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from pipeline.model import PersonRole
from tests.browser.test_signing_in import address, sign_in, visitor
from tests.support.personal_papers import PersonalPaper, add_personal_papers
from tests.support.visitors import Room, open_room

__all__ = ["address"]  # a fixture

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    made = open_room(tmp_path_factory.mktemp("home"))
    made.person("lan")
    made.person("minh", PersonRole.RECORDS)
    made.person("soat", PersonRole.AUDITOR)
    return made


@pytest.fixture(scope="module")
def paper(room: Room) -> PersonalPaper:
    return add_personal_papers(room.backend, 1)[0]


def with_code(page: Page, name: str, wanted: str) -> None:
    """Sign in with a second factor that is set up on the way, then open what was wanted."""
    page.goto(wanted)
    sign_in(page, name)
    key = page.locator(".secret code").inner_text().replace(" ", "")
    page.get_by_label("Mã xác nhận").fill(pyotp.TOTP(key).now())
    page.get_by_role("button", name="Xác nhận").click()
    page.get_by_role("link", name=re.compile("Tôi đã cất mã")).click()
    page.goto(wanted)


@pytest.mark.parametrize("width", [1440, 390])
def test_a_reader_sees_it_masked_and_the_page_fits(
    browser: Browser, address: str, paper: PersonalPaper, width: int
) -> None:
    page = browser.new_context(viewport={"width": width, "height": 844}).new_page()
    page.goto(f"{address}/ho-so/{paper.dossier}/trang/1")
    sign_in(page, "lan")
    number = paper.person.personal_id
    expect(page.locator(".reading")).to_contain_text(f"{number[:3]}•••••{number[-4:]}")
    expect(page.get_by_text("Dữ liệu cá nhân được che")).to_be_visible()
    for path in ("", "/trang/1", "/trang/2"):
        page.goto(f"{address}/ho-so/{paper.dossier}{path}")
        assert number not in page.content()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    page.context.close()


def test_from_the_masked_number_over_the_purpose_to_the_auditor(
    browser: Browser, address: str, paper: PersonalPaper
) -> None:
    officer, auditor = visitor(browser), visitor(browser)
    number = paper.person.personal_id
    with_code(officer, "minh", f"{address}/ho-so/{paper.dossier}")
    assert number not in officer.content()
    officer.get_by_text("Xem không che", exact=True).click()
    officer.get_by_label("Mục đích").select_option(label="Giải quyết khiếu nại, tố cáo")
    officer.get_by_label("Số văn bản yêu cầu").fill("12/GM-UBND")
    officer.get_by_role("button", name="Xem không che 30 phút").click()
    expect(officer.get_by_text("Đang xem không che")).to_be_visible()
    officer.wait_for_load_state()
    assert number in officer.content()

    with_code(auditor, "soat", f"{address}/nhat-ky")
    row = auditor.get_by_role("row").filter(has_text="minh").filter(has_text="Bỏ che dữ liệu")
    expect(row).to_contain_text("Giải quyết khiếu nại, tố cáo, 12/GM-UBND")
    expect(row).to_contain_text(paper.dossier)

    officer.get_by_role("button", name="Che lại").click()
    expect(officer.get_by_text("Đang xem không che")).to_have_count(0)
    officer.wait_for_load_state()
    assert number not in officer.content()
    with officer.expect_navigation():
        officer.get_by_role("link", name=re.compile("Tải tệp gốc")).click()
    expect(officer.get_by_role("heading", name="Xem dữ liệu cá nhân để làm gì?")).to_be_visible()
    officer.get_by_label("Mục đích").select_option("case")
    with officer.expect_download() as download:
        officer.get_by_role("button", name="Xem không che 30 phút").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
