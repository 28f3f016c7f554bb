"""«Kiểm tra» in a real browser: two people work it off by keys alone, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from pipeline import corrections
from pipeline.corrections import FieldAct, FieldChange
from pipeline.model import Box, Finding, PersonRole, Source
from pipeline.versions import Act, keep_next, newest_record
from tests.browser.test_masking import with_code
from tests.browser.test_signing_in import address
from tests.support.visitors import Room, open_room
from tests.support.watched import until
from tests.support.web_backend import PARTIAL

__all__ = ["address"]  # a fixture

pytestmark = pytest.mark.browser

FIELDS = ("number", "symbol", "issued_on", "received_on", "signer", "summary", "issuer", "due_on")


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    made = open_room(tmp_path_factory.mktemp("home"))
    for name in ("lan", "mai"):
        made.person(name, PersonRole.RECORDS)
    return made


@pytest.fixture(autouse=True)
def _doubtful(room: Room) -> None:
    """Eight doubtful fields in the first paper, nothing decided."""
    archive = room.backend.archive
    record = newest_record(PARTIAL, archive)
    found = {
        name: Finding(
            "2026-03-01" if name.endswith("_on") else f"giá trị {place}",
            "đọc",
            0.3,
            Source.OCR,
            1,
            Box(60, 80 + 60 * (place % 3), 200, 30),
            reasons=("Chữ mờ.",),
        )
        for place, name in enumerate(FIELDS)
    }
    paper = replace(record.dossier.documents[0], findings=found, absent={})
    state = replace(record.dossier, documents=(paper,), edits=())
    keep_next(record, state, "x", archive)
    review = room.app.state.context.review
    review.reviewing.look(newest_record(PARTIAL, archive))
    for name in ("lan", "mai"):
        review.queue.give_back(None, name)


@pytest.fixture(scope="module")
def people(browser: Browser, address: str) -> Iterator[tuple[Page, Page]]:
    pages = []
    for name in ("lan", "mai"):
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        with_code(page, name, f"{address}/")
        pages.append(page)
    yield pages[0], pages[1]


def item(page: Page) -> str:
    return page.locator("[data-item]").get_attribute("data-item") or ""


def after(page: Page, name: str) -> str:
    """Wait for another item than that of a name; return its name, empty for none."""
    expect(page.locator(f'[data-item="{name}"]')).to_have_count(0)
    return item(page) if page.locator("[data-item]").count() else ""


def findings(room: Room) -> dict[str, Finding]:
    return newest_record(PARTIAL, room.backend.archive).dossier.documents[0].findings


def test_two_people_work_it_off_by_keys(
    room: Room, address: str, people: tuple[Page, Page]
) -> None:
    lan, mai = people
    seen: dict[str, str] = {}
    for page in people:
        page.goto(f"{address}/kiem-tra")
    names = [item(lan), item(mai)]
    assert len({*names}) == 2
    saved = 0
    while any(names):
        for place, page in enumerate(people):
            if not (name := names[place]):
                continue
            assert seen.setdefault(name, page.url) == page.url, "given to one person alone"
            field = name.rpartition("-")[2]
            expect(page.locator("[data-first]")).to_be_focused()
            if field == "signer":
                page.keyboard.type("Nguyễn Văn Mẫu")
                expect(page.locator("[data-enter]")).to_contain_text("Sửa thành")
            page.keyboard.press("Alt+k" if field == "issuer" else "Enter")
            names[place] = after(page, name)
            expect(page.locator("#tin .good")).to_contain_text(
                "Đã lưu" if field != "page" else "Đã để nguyên"
            )  # it is saved behind the next item
            saved += 1
    assert saved == len(FIELDS) + 2
    expect(lan.get_by_role("heading", name="Không còn mục nào chờ bạn")).to_be_visible()
    # Answers go behind the next item, but all arrive.
    until(lambda: all(one.confirmed_by for one in findings(room).values()))
    now = findings(room)
    assert now["signer"].value == "Nguyễn Văn Mẫu"
    assert "issuer" not in now
    assert {one.confirmed_by for one in now.values()} <= {"lan", "mai"}


def test_the_last_answer_is_taken_back_by_a_key(
    room: Room, address: str, people: tuple[Page, Page]
) -> None:
    lan, _ = people
    lan.goto(f"{address}/kiem-tra")
    name = item(lan)
    lan.keyboard.type("12345")
    lan.keyboard.press("Enter")
    behind = after(lan, name)
    expect(lan.locator("#tin .good")).to_contain_text("Đã lưu: Số «12345»")
    lan.keyboard.press("Alt+h")
    expect(lan.locator("#tin")).to_contain_text("Đã hoàn tác: Số")
    expect(lan.locator("#gia-tri")).to_have_value("giá trị 0")
    assert findings(room)["number"].confirmed_by is None
    lan.keyboard.press("Enter")
    expect(lan.locator("[data-item]")).to_have_attribute("data-item", behind)
    expect(lan.locator("#tin .good")).to_contain_text("Đã lưu: Số «giá trị 0»")


def test_a_wrong_value_comes_back_with_what_was_typed(
    room: Room, address: str, people: tuple[Page, Page]
) -> None:
    lan, _ = people
    lan.goto(f"{address}/kiem-tra?ho-so={PARTIAL}")
    while not item(lan).endswith("issued_on"):
        name = item(lan)
        lan.keyboard.press("Alt+b")
        after(lan, name)
    name = item(lan)
    expect(lan.locator("#gia-tri")).to_have_value("01/03/2026")
    lan.keyboard.type("31/02/2026")
    lan.keyboard.press("Enter")
    expect(lan.locator("#tin")).to_contain_text("không phải một ngày có thật")
    expect(lan.locator("#gia-tri")).to_have_value("31/02/2026")
    assert item(lan) == name
    lan.keyboard.press("Escape")
    expect(lan.locator("#gia-tri")).to_have_value("01/03/2026")
    lan.keyboard.press("?")
    expect(lan.get_by_text("Bỏ qua, để người khác xem")).to_be_visible()
    lan.keyboard.press("?")


def test_a_conflict_is_told_with_what_the_other_wrote(
    room: Room, address: str, people: tuple[Page, Page]
) -> None:
    lan, _ = people
    lan.goto(f"{address}/kiem-tra")
    name = item(lan)
    field = name.rpartition("-")[2]
    change = FieldChange(1, field, FieldAct.CORRECT, "01/02/2026")
    corrections.amend(PARTIAL, [change], room.backend.archive, Act("mai"))
    lan.keyboard.press("Enter")
    after(lan, name)
    expect(lan.locator("#tin .warn")).to_contain_text("Mục này đã được mai ghi «01/02/2026»")
    expect(lan.locator("#tin .warn")).to_contain_text("không được lưu")
    assert findings(room)[field].confirmed_by == "mai"


@pytest.mark.parametrize("width", [1440, 390])
def test_without_script_it_is_plain_forms_and_fits(
    browser: Browser, address: str, room: Room, people: tuple[Page, Page], width: int
) -> None:
    cookies = people[0].context.cookies()
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": width, "height": 844}
    )
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{address}/kiem-tra")
    name = item(page)
    page.get_by_label("Giấy ghi").press("Enter")
    expect(page.locator(f'[data-item="{name}"]')).to_have_count(0)
    expect(page.locator("#tin .good")).to_contain_text("Đã lưu")
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_label("Giấy ghi")).to_be_visible()
    page.get_by_role("button", name="Giấy không ghi").click()
    expect(page.locator("#tin .good")).to_contain_text("giấy không ghi")
    context.close()


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(
    "path", ["/kiem-tra", f"/kiem-tra/{PARTIAL}/2.3-page", "/kiem-tra/chat-luong"]
)
def test_nothing_serious_for_screen_readers_and_nothing_sideways(
    address: str, people: tuple[Page, Page], width: int, path: str
) -> None:
    lan, _ = people
    lan.set_viewport_size({"width": width, "height": 844})
    lan.goto(address + path)
    found = Axe().run(lan).response["violations"]
    assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []
    assert lan.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    lan.set_viewport_size({"width": 1440, "height": 900})
