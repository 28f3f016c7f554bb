"""Browsers that lack something, files that are too large, two tabs: a clear state, nothing lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from pipeline.stages import newest_record
from tests.support.desk_rows import picture
from tests.support.drops import Office
from tests.support.served_desk import served
from tests.support.walks.papers import birth_case, papers_office

pytestmark = [pytest.mark.browser, pytest.mark.long]

TWO_GIB = 2 << 30
CASE = birth_case()
FIELD = "Số"


@pytest.fixture
def office(home: Path) -> Office:
    home.mkdir()
    (home / "inbox").mkdir()
    made = papers_office(home, CASE)
    made.drops("một tệp.pdf", "@tiếp nhận\n@tờ khai\n@khai sinh")
    made.digitises_all()
    return made


@pytest.fixture
def address(office: Office) -> Iterator[str]:
    with served(office) as address:
        yield address


def told(page: Page, text: str) -> None:
    expect(page.locator("body")).to_contain_text(text)


def without_modules(route: Route) -> None:
    """Stand for a browser that cannot read a script of today: none of it runs."""
    route.fulfill(body="let = not a script ?.", content_type="text/javascript")


def without_grid(route: Route) -> None:
    """Stand for a browser that passes over what it does not know of a style sheet."""
    answer = route.fetch()
    text = re.sub(r"display:\s*(inline-)?grid", "display: unknown", answer.text())
    text = re.sub(r"grid-[a-z-]+\s*:", "unknown:", text)
    text = re.sub(r":has\([^)]*\)", ":unknown", text)
    route.fulfill(response=answer, body=text)


@pytest.fixture(params=[1440, 390])
def old(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A browser that knows neither today's scripts nor grids."""
    context = browser.new_context(viewport={"width": request.param, "height": 844})
    page = context.new_page()
    page.route("**/*.js*", without_modules)
    page.route("**/*.css*", without_grid)
    yield page
    page.unroute_all(behavior="wait")  # a style sheet may still be on its way
    context.close()


def test_an_old_browser_searches_sends_and_mends(
    old: Page, address: str, office: Office, tmp_path: Path
) -> None:
    dossier = next(iter(office.archive.dossiers()))
    pages = ("/", "/ban-quet?muc=tat", f"/ho-so/{dossier}", f"/ho-so/{dossier}/trang/1")
    for path in (*pages, "/kiem-tra", "/quay", "/van-hanh", "/van-de", "/tro-giup"):
        old.goto(f"{address}{path}")
        assert old.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        hidden = old.evaluate(_COVERED)
        assert hidden == [], (path, hidden)
    old.goto(f"{address}/ban-quet")
    old.locator("#tep").set_input_files(picture(tmp_path, "giấy.png", 1))
    old.get_by_role("button", name="Gửi", exact=True).first.click()
    told(old, "Đã nhận tệp gửi lên: đang vào kho.")
    old.goto(f"{address}/")
    old.locator("#q").fill("khai sinh")
    old.get_by_role("button", name="Tìm", exact=True).click()
    old.locator("article h3 a").first.click()
    old.locator(".steps").get_by_role("link", name=re.compile("cần kiểm tra")).click()
    old.get_by_role("button", name="Đúng như giấy").first.click()
    expect(old.get_by_role("button", name=re.compile("Hoàn tác")).first).to_be_visible()
    found = [paper.findings for paper in newest_record(dossier, office.archive).dossier.documents]
    assert [one for fields in found for one in fields.values() if one.confirmed_by]


def test_two_gib_without_scripts_are_refused_with_a_sentence(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    large = tmp_path / "lớn.pdf"
    with large.open("wb") as stream:
        stream.truncate(TWO_GIB)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/ban-quet")
    page.locator("#tep").set_input_files(large)
    page.get_by_role("button", name="Gửi", exact=True).first.click()
    told(page, "quá lớn")
    told(page, "chia ra nhiều lần")
    context.close()


def test_two_tabs_on_one_field(browser: Browser, address: str, office: Office) -> None:
    """Who comes second is told what the first wrote; what they typed stays in the box."""
    dossier = next(iter(office.archive.dossiers()))
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    tabs = [context.new_page(), context.new_page()]
    for tab in tabs:
        tab.goto(f"{address}/ho-so/{dossier}")
        tab.locator(".steps").get_by_role("link", name=re.compile("cần kiểm tra")).click()
        tab.wait_for_selector("[data-ready]")
    boxes = [tab.locator("[data-chosen] [data-typed]") for tab in tabs]
    name = boxes[0].get_attribute("aria-label") or ""
    for box, value in zip(boxes, ("của tab một", "của tab hai"), strict=True):
        box.fill(value)
        box.press("Enter")
        box.page.wait_for_load_state()
    told(tabs[1], "Chưa có gì được lưu")
    late = tabs[1].get_by_label(name, exact=True).first
    expect(late).to_have_value("của tab hai")
    told(tabs[1], "của tab một")
    context.close()


_COVERED = """() => {
  const found = [];
  const kinds = ["a", "button", "input", "h1", "h2"].map((kind) => `main ${kind}`);
  for (const one of document.querySelectorAll(kinds.join())) {
    const width = one.getBoundingClientRect().width;
    if (one.closest("dialog, details:not([open])") || !one.checkVisibility() || width < 8) continue;
    one.scrollIntoView({ block: "center" });
    const at = one.getBoundingClientRect();
    const x = at.left + Math.min(at.width / 2, 60), y = at.top + at.height / 2;
    const top = document.elementFromPoint(x, y);
    if (top && !one.contains(top) && !top.contains(one) && !top.closest("label"))
      found.push([one.outerHTML.slice(0, 90), top.outerHTML.slice(0, 90)]);
  }
  return found;
}"""
