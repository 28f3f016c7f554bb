"""A real browser without JavaScript finds a word: search, dossier, page, the box over it."""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.support.web_backend import COMPLETE, PARTIAL, WAITING, Backend, sample_backend
from web.app import build_app

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Backend:
    return sample_backend(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def address(backend: Backend) -> Iterator[str]:
    app = build_app(backend.archive, backend.index, backend.settings)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        deadline = time.monotonic() + 30
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.05)
        assert server.started
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail(f"{CHROMIUM} is missing: apt-get install -y chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """Return a browser page that runs no script."""
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 1280, "height": 900}
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def scripted(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []  # a breach of the Content-Security-Policy would be among them


def darkness(mark: Locator) -> float:
    """Return the share of dark pixels under a mark, its frame and margin left out."""
    shot = Image.open(io.BytesIO(mark.screenshot())).convert("L")
    rim = 2 + shot.height // 5
    inner = shot.crop((rim, rim, shot.width - rim, shot.height - rim))
    return sum(inner.histogram()[:90]) / (inner.width * inner.height)


def test_from_the_search_to_the_marked_word_without_script(plain: Page, address: str) -> None:
    plain.goto(address)
    plain.get_by_label("Tìm trong kho hồ sơ").fill("thua")
    plain.get_by_role("button", name="Tìm").click()
    plain.locator("article h3 a").first.click()
    assert f"/ho-so/{PARTIAL}?tim=" in plain.url
    plain.locator(".is-hit a").click()
    assert f"/ho-so/{PARTIAL}/trang/2?tim=" in plain.url
    mark = plain.locator("polygon.hit-box")
    assert mark.count() == 1
    assert mark.is_visible()
    expect(mark).to_be_in_viewport(ratio=1)
    assert darkness(mark) > 0.9
    assert plain.locator(".reading mark").inner_text() == "Thửa"


def test_filters_are_set_and_taken_off_without_script(plain: Page, address: str) -> None:
    plain.goto(f"{address}/?q=đất")
    plain.get_by_text("Lọc theo ngày quét").click()
    plain.get_by_role("group", name="Quét").get_by_label("từ").fill("02/03/2026")
    plain.get_by_label("Chỉ đúng dấu").check()
    plain.get_by_role("button", name="Lọc", exact=True).click()
    assert "/?tim=" in plain.url
    chips = plain.get_by_label("Bộ lọc đang dùng").get_by_role("link")
    assert chips.count() == 3, "two filters, and all of them"
    chips.first.click()
    plain.get_by_text("Lọc theo ngày quét").click()
    assert plain.get_by_role("group", name="Quét").get_by_label("từ").input_value() == ""
    assert plain.locator("article").count() == 2


def test_suggestions_are_chosen_by_keys_and_by_mouse(scripted: Page, address: str) -> None:
    scripted.goto(address)
    box = scripted.locator("#q[role=combobox]")
    box.press_sequentially("chi nh")
    option = scripted.get_by_role("option", name="Chi nhánh số 1")
    expect(option).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    box.press("Escape")
    expect(option).to_be_hidden()
    box.press_sequentially("á")
    box.press("ArrowDown")
    expect(option).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    scripted.wait_for_url("**/?don-vi=*")
    box.fill("thong b")
    scripted.locator("[role=option]").first.click()
    scripted.wait_for_url("**/?tim=*")


def test_a_word_at_the_foot_of_a_page_is_brought_into_sight(plain: Page, address: str) -> None:
    plain.goto(f"{address}/?q=thu+hồi")
    plain.locator("article .snippet a").click()
    assert f"/ho-so/{COMPLETE}/trang/1" in plain.url
    expect(plain.locator("polygon.hit-box")).to_be_in_viewport(
        ratio=0.99
    )  # browsers count in 1/64 pixels


def test_the_mark_stays_over_its_word_when_the_picture_grows(plain: Page, address: str) -> None:
    plain.goto(f"{address}/ho-so/{PARTIAL}/trang/1?q=đình")
    mark = plain.locator("polygon.hit-box")
    before = mark.bounding_box()
    plain.get_by_text("250%", exact=True).click()
    after = mark.bounding_box()
    assert before
    assert after
    assert after["width"] == pytest.approx(2.5 * before["width"], rel=0.1)
    mark.scroll_into_view_if_needed()
    assert darkness(mark) > 0.9


def test_one_click_tries_again_without_script(plain: Page, address: str, backend: Backend) -> None:
    plain.goto(f"{address}/van-de")
    plain.locator(".trouble.warn").get_by_role("button", name="Thử lại").click()
    said = plain.get_by_role("status").filter(has_text="Đã xếp hồ sơ vào hàng đợi")
    expect(said).to_be_visible()
    assert {entry.dossier for entry in backend.archive.queued()} == {WAITING, PARTIAL}


def test_no_page_is_wider_than_a_telephone(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    for path in (
        "/?q=thửa+đất+1811&thieu=0&nhan-tu=2026-03-01&nhan-den=x",
        "/?q=đất",
        f"/ho-so/{PARTIAL}",
        f"/ho-so/{PARTIAL}/trang/1?q=đất",
        "/van-de",
    ):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    context.close()


def test_keys_turn_pages_and_reach_the_search_box(scripted: Page, address: str) -> None:
    scripted.goto(f"{address}/ho-so/{PARTIAL}/trang/1?q=đất")
    scripted.keyboard.press("ArrowRight")
    scripted.wait_for_url("**/trang/2?*")
    scripted.keyboard.press("p")
    scripted.wait_for_url("**/trang/1?*")
    scripted.keyboard.press("/")
    scripted.keyboard.type("thông báo")
    scripted.keyboard.press("Enter")
    scripted.wait_for_url("**/?tim=*")
    assert scripted.locator("article h3 a").count() == 1


def test_the_queue_shows_new_work_by_itself(scripted: Page, address: str, backend: Backend) -> None:
    scripted.goto(f"{address}/hang-doi")
    rows = scripted.locator("tbody tr")
    before = rows.count()
    backend.archive.enqueue(COMPLETE)
    scripted.wait_for_function(
        "count => document.querySelectorAll('tbody tr').length > count", arg=before
    )
    assert f"/ho-so/{COMPLETE}" in scripted.content()
