"""A real browser without JavaScript finds a word: search, dossier, page, the box over it."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.served_app import serving
from tests.support.watched import until
from tests.support.web_backend import COMPLETE, PARTIAL, WAITING, Backend, sample_backend
from web.app import build_app

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Backend:
    return sample_backend(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def address(backend: Backend) -> Iterator[str]:
    app = build_app(backend.archive, backend.index, backend.settings)
    with serving(app) as address:
        yield address


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


def width(mark: Locator) -> float:
    box = mark.bounding_box()
    return box["width"] if box else 0.0


def test_from_the_search_to_the_marked_word_without_script(plain: Page, address: str) -> None:
    plain.goto(address)
    plain.get_by_label("Tìm trong kho hồ sơ").fill("thua")
    plain.get_by_role("button", name="Tìm").click()
    plain.locator("article h3 a").first.click()
    plain.wait_for_url(f"**/ho-so/{PARTIAL}?tim=*")
    plain.locator(".is-hit a").click()
    plain.wait_for_url(f"**/ho-so/{PARTIAL}/trang/2?tim=*")
    mark = plain.locator("polygon.hit-box")
    expect(mark).to_have_count(1)
    expect(mark).to_be_visible()
    expect(mark).to_be_in_viewport(ratio=1)
    until(lambda: darkness(mark) > 0.9)
    assert plain.locator(".reading mark").inner_text() == "Thửa"


def test_filters_are_set_and_taken_off_without_script(plain: Page, address: str) -> None:
    plain.goto(f"{address}/?q=đất")
    plain.get_by_text("Lọc theo ngày quét").click()
    plain.get_by_role("group", name="Quét").get_by_label("từ").fill("02/03/2026")
    plain.get_by_label("Chỉ đúng dấu").check()
    plain.get_by_role("button", name="Lọc", exact=True).click()
    plain.wait_for_url("**/?tim=*")
    chips = plain.get_by_label("Bộ lọc đang dùng").get_by_role("link")
    expect(chips, "two filters, and all of them").to_have_count(3)
    chips.first.click()
    expect(chips).not_to_have_count(3)
    plain.get_by_text("Lọc theo ngày quét").click()
    expect(plain.get_by_role("group", name="Quét").get_by_label("từ")).to_have_value("")
    expect(plain.locator("article")).to_have_count(2)


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
    plain.wait_for_url(f"**/ho-so/{COMPLETE}/trang/1*")
    expect(plain.locator("polygon.hit-box")).to_be_in_viewport(
        ratio=0.99
    )  # browsers count in 1/64 pixels


def test_the_mark_stays_over_its_word_when_the_picture_grows(plain: Page, address: str) -> None:
    plain.goto(f"{address}/ho-so/{PARTIAL}/trang/1?q=đình")
    mark = plain.locator("polygon.hit-box")
    before = width(mark)
    plain.get_by_text("250%", exact=True).click()
    until(lambda: width(mark) == pytest.approx(2.5 * before, rel=0.1))
    mark.scroll_into_view_if_needed()
    until(lambda: darkness(mark) > 0.9)


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
    expect(scripted.locator("article h3 a")).to_have_count(1)


def test_the_queue_shows_new_work_by_itself(scripted: Page, address: str, backend: Backend) -> None:
    scripted.goto(f"{address}/hang-doi")
    rows = scripted.locator("tbody tr")
    before = rows.count()
    backend.archive.enqueue(COMPLETE)
    scripted.wait_for_function(
        "count => document.querySelectorAll('tbody tr').length > count", arg=before
    )
    assert f"/ho-so/{COMPLETE}" in scripted.content()
