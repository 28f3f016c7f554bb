"""A real browser walks through a dossier: zoom, words, fields, scissors, and how many clicks."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from pipeline.model import Dossier
from pipeline.stages import newest_record
from tests.browser.test_reading_room import address, plain, scripted
from tests.support.chromium import comes_to_rest
from tests.support.watched import until
from tests.support.web_backend import COMPLETE, PARTIAL, Backend, sample_backend

__all__ = ["address", "plain", "scripted"]  # fixtures

pytestmark = pytest.mark.browser

READY = "[data-ready]"
DOSSIER = f"/ho-so/{PARTIAL}"
PAGE = f"{DOSSIER}/trang"


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Backend:
    """The sample dossiers; one has doubts on two of its pages."""
    backend = sample_backend(tmp_path_factory.mktemp("home"))
    record = newest_record(PARTIAL, backend.archive)
    paper = record.dossier.documents[0]
    doubted = replace(paper.findings["issued_on"], confidence=0.5, page=2)
    papers = (replace(paper, findings={**paper.findings, "issued_on": doubted}),)
    state = replace(record.dossier, documents=papers)
    backend.archive.keep_record(replace(record, sequence=3, dossier=state))
    return backend


def state_of(backend: Backend) -> Dossier:
    return newest_record(PARTIAL, backend.archive).dossier


def issued_on(backend: Backend) -> str:
    return state_of(backend).documents[0].findings["issued_on"].value


def papers(backend: Backend) -> list[tuple[int, ...]]:
    return [paper.pages for paper in state_of(backend).documents]


def shares(page: Page) -> int:
    """Return how large the picture is shown, in percent of the whole in its frame."""
    return int(page.locator("[data-zoom]").inner_text().removesuffix("%"))


def middle(page: Page) -> tuple[float, float]:
    box = page.locator(".stage").bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def place(page: Page) -> str:
    """Return where the picture lies, as the style of the words over it."""
    return page.locator(".over").get_attribute("style") or ""


def test_wheel_keys_and_dragging_move_the_picture_and_the_next_page_keeps_the_zoom(
    scripted: Page, address: str
) -> None:
    scripted.set_viewport_size({"width": 1280, "height": 1100})  # the picture lies below notices
    scripted.goto(f"{address}{PAGE}/1")
    scripted.wait_for_selector(READY)
    expect(scripted.locator("[data-zoom]")).to_have_text("100%")
    scripted.mouse.move(*middle(scripted))
    scripted.mouse.wheel(0, -300)
    expect(scripted.locator("[data-zoom]")).not_to_have_text("100%")
    scripted.keyboard.press("+")
    expect(scripted.locator("[data-zoom]")).to_have_text(re.compile(r"^(1[5-9]\d|[2-9]\d\d)%$"))
    before = comes_to_rest(scripted.locator(".over"))
    zoomed = shares(scripted)
    across, down = middle(scripted)
    scripted.mouse.move(across, down + 150)  # below all words
    scripted.mouse.down()
    scripted.mouse.move(across - 80, down + 90, steps=4)
    scripted.mouse.up()
    expect(scripted.locator(".over")).not_to_have_attribute("style", before)
    scripted.keyboard.press("ArrowRight")
    scripted.wait_for_url(re.compile(r"/trang/2$"))
    scripted.wait_for_selector(READY)
    until(lambda: abs(shares(scripted) - zoomed) <= 2)
    scripted.keyboard.press("r")
    expect(scripted.locator(".over")).to_have_attribute("style", re.compile(r"rotate\(1\.5"))
    scripted.keyboard.press("0")
    expect(scripted.locator("[data-zoom]")).to_have_text("100%")


def test_words_lie_over_their_ink_and_are_copied_as_text(scripted: Page, address: str) -> None:
    scripted.goto(f"{address}{PAGE}/1")
    scripted.wait_for_selector(READY)
    words = scripted.locator(".over .words span")
    first, last = words.nth(0), words.nth(4)
    assert (first.inner_text(), last.inner_text()) == ("QUYẾT", "giao")
    start, end = first.bounding_box(), last.bounding_box()
    assert start
    assert end
    scripted.mouse.move(start["x"] + 1, start["y"] + start["height"] / 2)
    scripted.mouse.down()
    scripted.mouse.move(end["x"] + end["width"] - 1, end["y"] + end["height"] / 2, steps=6)
    scripted.mouse.up()
    copied = scripted.evaluate(
        """() => {
          const data = new DataTransfer();
          const how = { clipboardData: data, bubbles: true, cancelable: true };
          const event = new ClipboardEvent("copy", how);
          document.querySelector(".over .words span").dispatchEvent(event);
          return data.getData("text/plain");
        }"""
    )
    assert copied == "QUYẾT ĐỊNH\nVề việc giao"
    scale = float(place(scripted).rpartition("scale(")[2].rstrip("); "))
    assert abs(start["width"] / scale - 12 * len("QUYẾT")) < 4  # as wide as the word on the scan


def test_a_hit_is_brought_into_the_stage(scripted: Page, address: str) -> None:
    scripted.goto(f"{address}/ho-so/{COMPLETE}/trang/1?q=thu hồi#o1")
    scripted.wait_for_selector(READY)
    expect(scripted.locator(".over polygon.hit-box")).to_be_in_viewport(ratio=1)
    assert scripted.evaluate("scrollY") == 0


def test_a_doubtful_field_is_confirmed_by_two_clicks_and_the_next_one_opens(
    scripted: Page, address: str, backend: Backend
) -> None:
    scripted.goto(f"{address}{DOSSIER}")
    scripted.locator(".steps").get_by_role("link", name="2 trường cần kiểm tra").click()  # 1
    scripted.wait_for_selector(READY)
    expect(scripted.get_by_label("Ảnh cắt từ giấy: Ký hiệu")).to_be_visible()
    expect(scripted.get_by_label("Ký hiệu", exact=True)).to_be_focused()
    scripted.get_by_role("button", name="Đúng như giấy").click()  # 2
    scripted.wait_for_url(re.compile(r"/trang/2\?giay=1&truong=issued_on"))
    until(lambda: bool(state_of(backend).documents[0].findings["symbol"].confirmed_by))
    scripted.wait_for_selector(READY)
    box = scripted.get_by_label("Ngày ban hành", exact=True)
    expect(box).to_be_focused()
    box.fill("02/03/2026")
    expect(scripted.get_by_role("button", name="Sửa thành «02/03/2026»")).to_be_visible()
    box.press("Enter")  # no click at all
    expect(scripted.get_by_role("button", name=re.compile("Hoàn tác"))).to_be_visible()
    until(lambda: issued_on(backend) == "2026-03-02")
    scripted.get_by_role("button", name=re.compile("Hoàn tác")).click()  # takes it back
    expect(scripted.get_by_role("status").first).to_be_visible()
    until(lambda: issued_on(backend) == "2026-03-01")


def test_a_boundary_is_moved_by_one_click_and_back_by_one(
    scripted: Page, address: str, backend: Backend
) -> None:
    scripted.goto(f"{address}{PAGE}/1")
    scripted.get_by_role("button", name=re.compile("Tách từ đây.*trang 2$")).click()
    scripted.wait_for_url(re.compile(r"/trang/1\?ban="))
    until(lambda: papers(backend) == [(1,), (2,)])
    scripted.get_by_role("button", name=re.compile("Hoàn tác")).click()
    until(lambda: papers(backend) == [(1, 2)])


def test_all_of_it_is_done_without_a_script(plain: Page, address: str, backend: Backend) -> None:
    plain.goto(f"{address}{PAGE}/2?sua-chu=1")
    expect(plain.locator(".scan img")).to_be_visible()
    expect(plain.locator("[data-tools]")).to_be_hidden()
    plain.get_by_text("250%", exact=True).click()
    plain.get_by_label("Dòng 2").fill("tờ bản đồ số 9")
    plain.get_by_role("button", name="Lưu chữ đã sửa").click()
    expect(plain.locator(".reading")).to_contain_text("tờ bản đồ số 9")
    plain.get_by_text("Xoay, bỏ, thay, chuyển trang").click()
    plain.get_by_label("Bỏ trang này ra, vì").fill("trang của người khác")
    plain.get_by_role("button", name="Bỏ ra").click()
    until(lambda: len(state_of(backend).pages) == 4)
    plain.get_by_role("button", name=re.compile("Hoàn tác")).click()
    until(lambda: len(state_of(backend).pages) == 5)
    plain.get_by_label("Đến trang").fill("4")
    plain.get_by_role("button", name="Mở").click()
    plain.wait_for_url("**/trang/4")


@pytest.mark.parametrize("width", [1440, 390])
def test_pages_fit_and_have_no_serious_faults(browser: Browser, address: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844})
    page = context.new_page()
    field = f"{PAGE}/1?giay=1&truong=number#o1"
    for path in (DOSSIER, f"{DOSSIER}?q=đất", field, f"{PAGE}/2?sua-chu=1", f"{DOSSIER}/muc-luc"):
        page.goto(f"{address}{path}")
        if "/trang/" in path:
            page.wait_for_selector(READY)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        found = Axe().run(page).response["violations"]
        grave = [
            (one["id"], [node["html"][:150] for node in one["nodes"]])
            for one in found
            if one["impact"] in {"serious", "critical"}
        ]
        assert not grave, (path, grave)
    context.close()


def test_a_page_is_printed_as_its_scan_alone(scripted: Page, address: str) -> None:
    scripted.goto(f"{address}{PAGE}/1")
    scripted.wait_for_selector(READY)
    scripted.emulate_media(media="print")
    expect(scripted.locator(".print-sheet img")).to_be_visible()
    for part in (".stage", ".scan", ".strip", ".page-work", ".tools"):
        expect(scripted.locator(part)).to_be_hidden()
