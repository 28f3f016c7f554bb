"""The search page by keyboard and without script: clicks and keys of the jobs, keys, axe, print."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_reading_room import (  # noqa: F401 — fixtures
    address,
    backend,
    plain,
    scripted,
)
from tests.support.web_backend import COMPLETE, PARTIAL, Backend

pytestmark = pytest.mark.browser


@pytest.fixture(params=["light", "dark"])
def schemed(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(color_scheme=request.param)
    yield context.new_page()
    context.close()


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [one["id"] for one in found if one["impact"] in {"serious", "critical"}]


def test_axe_finds_nothing_serious(schemed: Page, address: str) -> None:  # noqa: F811
    for path in ("/", "/?q=thửa+đất+1811&nhan-tu=x", "/?q=khongcotunay", "/tro-giup"):
        schemed.goto(address + path)
        assert serious(schemed) == [], path


def test_words_leave_the_address_of_an_old_link(scripted: Page, address: str) -> None:  # noqa: F811
    scripted.goto(f"{address}/?q=thửa")
    scripted.wait_for_url("**/?tim=*")
    scripted.reload()
    expect(scripted.locator("#q")).to_have_value("thửa")


def test_back_and_reload_ask_for_no_form(scripted: Page, address: str) -> None:  # noqa: F811
    scripted.goto(address)
    scripted.locator("#q").fill("thửa đất")
    scripted.keyboard.press("Enter")  # keys: the words and Enter, no click
    scripted.wait_for_url("**/?tim=*")
    found = scripted.url
    scripted.locator(".snippet a").first.click()  # one click to the word on its page
    expect(scripted.locator("polygon.hit-box").first).to_be_visible()
    scripted.go_back()
    expect(scripted).to_have_url(found)
    scripted.reload()
    expect(scripted.locator("article")).to_have_count(1)
    scripted.go_back()
    expect(scripted).to_have_url(f"{address}/")


def test_arrows_walk_the_hits_and_enter_opens_one(scripted: Page, address: str) -> None:  # noqa: F811
    scripted.goto(f"{address}/?q=đất")
    links = scripted.locator(".card h3 a")
    scripted.locator("#q").focus()
    scripted.keyboard.press("ArrowDown")
    expect(links.nth(0)).to_be_focused()
    scripted.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    scripted.keyboard.press("ArrowUp")
    scripted.keyboard.press("ArrowUp")
    expect(scripted.locator("#q")).to_be_focused()
    scripted.keyboard.press("ArrowDown")
    wanted = links.nth(0).get_attribute("href") or ""
    scripted.keyboard.press("Enter")
    scripted.wait_for_url(f"**{wanted}")


def test_a_question_mark_lists_the_keys(scripted: Page, address: str) -> None:  # noqa: F811
    scripted.goto(f"{address}/ho-so/{PARTIAL}")
    scripted.locator("h1").click()
    scripted.keyboard.press("?")
    dialog = scripted.get_by_role("dialog", name="Phím tắt")
    expect(dialog).to_be_visible()
    scripted.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    scripted.goto(address)
    scripted.locator("#q").press_sequentially("ai?")
    expect(scripted.locator("#q")).to_have_value("ai?")
    expect(scripted.get_by_role("dialog")).to_be_hidden()


def test_help_is_a_page_without_script(plain: Page, address: str) -> None:  # noqa: F811
    plain.goto(address)
    plain.get_by_role("link", name="Phím tắt và cách tìm").click()
    plain.wait_for_url("**/tro-giup")
    expect(plain.get_by_role("heading", name="Cách gõ để tìm đúng hơn")).to_be_visible()


def test_a_month_and_quick_days_need_no_script(plain: Page, address: str) -> None:  # noqa: F811
    plain.goto(address)
    plain.locator("#q").fill("giao đất tháng 3/2026")
    plain.keyboard.press("Enter")
    plain.get_by_role("link", name="tháng 3/2026").click()
    expect(plain.locator("#q")).to_have_value("giao đất")
    expect(plain.locator("article")).to_have_count(1)
    plain.get_by_role("link", name="hôm nay").click()
    expect(plain.get_by_role("heading", name="Không tìm thấy")).to_be_visible()


def test_the_whole_card_leads_to_the_dossier(scripted: Page, address: str) -> None:  # noqa: F811
    scripted.goto(f"{address}/?q=thông+báo")
    card = scripted.locator("article").first
    box = card.bounding_box()
    assert box
    scripted.mouse.click(box["x"] + box["width"] - 12, box["y"] + box["height"] - 6)
    scripted.wait_for_url(f"**/ho-so/{COMPLETE}?tim=*")


def test_the_list_is_printed_without_form_and_facets(scripted: Page, address: str) -> None:  # noqa: F811
    scripted.goto(f"{address}/?q=đất")
    scripted.emulate_media(media="print")
    expect(scripted.locator(".card h3 a").first).to_be_visible()
    expect(scripted.locator(".print-head")).to_contain_text("Kết quả tra cứu “đất” · in lúc")
    for hidden in ("#tim", ".facets", ".top", ".foot", ".card-thumb", ".demonstration"):
        expect(scripted.locator(hidden).first).to_be_hidden()


def test_the_list_for_excel_takes_three_clicks_without_script(  # job B1
    plain: Page,  # noqa: F811
    address: str,  # noqa: F811
) -> None:
    plain.goto(f"{address}/?trang-thai=PARTIAL")
    plain.get_by_text("Xuất danh sách này ra Excel").click()
    plain.get_by_label("Mục đích").select_option("inspection")
    with plain.expect_download() as downloading:
        plain.get_by_role("button", name="Tải Excel (.xlsx)").click()
    assert downloading.value.suggested_filename.startswith("ket-qua-tra-cuu-")
    path = downloading.value.path()
    assert path.read_bytes().startswith(b"PK")


def test_a_near_miss_is_told_before_anything_is_opened(scripted: Page, address: str) -> None:  # noqa: F811
    scripted.goto(address)  # job Q6: seven keys
    scripted.locator("#q").press_sequentially("thửa 1811")
    scripted.keyboard.press("Enter")
    scripted.wait_for_url("**/?tim=*")
    expect(scripted.get_by_text("Không có hồ sơ nào có đủ")).to_be_visible()
    expect(scripted.locator("article")).to_have_count(1)
    expect(scripted.locator(".near-badge")).to_have_count(1)


def test_a_page_is_printed_on_one_sheet_with_its_origin(
    scripted: Page,  # noqa: F811
    address: str,  # noqa: F811
    backend: Backend,  # noqa: F811
    tmp_path: Path,
) -> None:
    path = tmp_path / "page.pdf"
    record = backend.archive.find_record(PARTIAL)
    assert record
    for number, paper in ((1, "A4"), (2, "A4"), (2, "A3"), (5, "A4")):
        scripted.goto(f"{address}/ho-so/{PARTIAL}/trang/{number}?q=đất")
        scripted.pdf(path=path, format=paper)
        told = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True)
        words = " ".join(told.stdout.split())
        with pikepdf.open(path) as printed:
            assert len(printed.pages) == 1
            assert bool(printed.pages[0].get_images()) == (number != 5)
        assert re.match(r"(Trang này .*? )?In từ kho số hóa \d\d:\d\d \d\d/\d\d/\d{4} · H26", words)
        assert f"trang {number}/5" in words
        assert record.dossier.scans[0].sha256 in words.replace(" ", "")
        assert "Thửa" not in words, "the picture, and no words of the machine"
