"""Clerks at the scanning desk in a real browser: clicks, broken lines, no scripts, axe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from pipeline import clock
from pipeline.model import DropReceipts, Receipt, ReceiptStatus
from pipeline.settings import UPLOADS
from pipeline.stages import newest_record
from tests.paper.broken import encrypted_pdf
from tests.support.desk_rows import NOW, picture, refused
from tests.support.drops import CODE, Office
from tests.support.served_desk import served

pytestmark = pytest.mark.browser
LONG = "tên rất dài " * 14  # as long as a file system takes it


@pytest.fixture
def office(home: Path) -> Office:
    home.mkdir(exist_ok=True)
    (home / "inbox").mkdir()
    return Office(home)


@pytest.fixture
def address(office: Office) -> Iterator[str]:
    with served(office) as address:
        yield address


@pytest.fixture
def scripted(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    yield page
    context.close()


def note(office: Office, drop: str, *lines: Receipt) -> None:
    folder = str((office.home / "inbox").absolute())
    office.archive.keep_receipts(DropReceipts(drop, folder, clock.today(), lines))


def told(page: Page, text: str) -> None:
    expect(page.locator("body")).to_contain_text(text)


def test_k1_files_dropped_on_the_page_are_each_told(
    scripted: Page, address: str, tmp_path: Path
) -> None:
    """No click at all: the files fall on the page, the balance comes by itself."""
    scripted.goto(f"{address}/ban-quet?muc=tat")
    names = [picture(tmp_path, f"giấy {at}.png", at) for at in range(2)]
    bad = tmp_path / f"{LONG}.txt"
    bad.write_text("không phải giấy tờ")
    scripted.locator("#tep").set_input_files([*names, bad])
    told(scripted, "3 tệp = 2 đã lưu + 0 trùng + 1 bị từ chối + 0 đang chờ")
    told(scripted, "Còn 1 tệp phải xử lý. Chưa được cất giấy.")
    assert scripted.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_lost_connection_goes_on_where_it_stopped(
    scripted: Page, address: str, tmp_path: Path, office: Office
) -> None:
    broken: list[str] = []

    def breaks(route: Route) -> None:
        if route.request.method == "PATCH" and len(broken) < 2:
            broken.append(route.request.url)
            route.abort("connectionreset")
        else:
            route.continue_()

    scripted.route("**/ban-quet/gui/*", breaks)
    scripted.goto(f"{address}/ban-quet?muc=tat")
    scripted.locator("#tep").set_input_files(picture(tmp_path, "giấy.png", 1))
    told(scripted, "Mất kết nối. Tự gửi tiếp")
    told(scripted, "1 tệp = 1 đã lưu")
    assert len(broken) == 2
    assert list((office.home / UPLOADS / ".parts").glob("*/data")) == []


def test_k2_a_mended_file_takes_one_click_and_a_choice(
    scripted: Page, address: str, office: Office, tmp_path: Path
) -> None:
    note(office, "0c", refused("ảnh.txt"))
    scripted.goto(f"{address}/ban-quet")
    with scripted.expect_file_chooser() as chooser:
        scripted.get_by_text("Thả lại tệp đã sửa").click()  # the only click
    chooser.value.set_files(picture(tmp_path, "mới.png", 1))
    told(scripted, "1 đã lưu + 0 trùng + 1 bị từ chối")
    told(scripted, "Cần xử lý 0")


def test_k2_a_locked_file_takes_two_clicks_and_its_password(
    scripted: Page, address: str, tmp_path: Path
) -> None:
    encrypted_pdf(tmp_path / "khóa.pdf")
    scripted.goto(f"{address}/ban-quet")
    scripted.locator("#tep").set_input_files(tmp_path / "khóa.pdf")
    scripted.get_by_text("Nhập mật khẩu").click()
    scripted.get_by_label("Mật khẩu của tệp").fill("mat-khau-mau")
    scripted.get_by_role("button", name="Mở khóa và nhận").click()
    told(scripted, "Đã nhận tệp đã sửa. Dòng cũ đã khép lại.")
    told(scripted, "1 đã lưu + 0 trùng + 1 bị từ chối")


def joinable(office: Office) -> tuple[str, str]:
    older = office.drops(f"{CODE}.pdf", "một\nhai\nba")
    office.digitises_all()
    newer = office.drops(f"{CODE} trang 2 quét lại.pdf", "trang hai mới")
    office.digitises_all()
    note(office, "0c", *older.receipts)
    note(office, "0d", *newer.receipts)
    assert older.dossier
    assert newer.dossier
    return older.dossier, newer.dossier


@pytest.mark.parametrize("script", [True, False])
def test_k4_a_page_scanned_again_is_put_in_its_place_in_two_clicks(
    browser: Browser, address: str, office: Office, *, script: bool
) -> None:
    older, newer = joinable(office)
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{address}/ban-quet")
    page.get_by_role("link", name="Ghép…").click()
    expect(page.get_by_label("Thay trang nào")).to_have_value("2")  # as the name says
    page.get_by_role("button", name="Thay", exact=True).click()
    told(page, "Đã ghép")
    office.digitises_all()
    first = newest_record(older, office.archive).dossier
    assert [note.scan == first.scans[0].sha256 for note in first.pages] == [True, False, True]
    page.reload()
    page.get_by_role("button", name="Hoàn tác: tách ra như trước").click()
    office.digitises_all()
    assert len(newest_record(older, office.archive).dossier.pages) == 3
    assert newest_record(newer, office.archive).dossier.joined_into is None
    context.close()


def test_k5_fronts_and_backs_are_joined_after_a_look_at_their_order(
    scripted: Page, address: str, office: Office
) -> None:
    """Two ticks, two clicks; before, it could not be done."""
    drops = [
        office.drops(f"mặt {side}.pdf", text)
        for side, text in (("trước", "t1\nt2"), ("sau", "s2\ns1"))
    ]
    office.digitises_all()
    for at, drop in enumerate(drops):
        note(office, f"0{'cd'[at]}", *drop.receipts)
    scripted.goto(f"{address}/ban-quet?muc=tat")
    for side in ("trước", "sau"):
        scripted.get_by_label(f"Chọn mặt {side}.pdf").check()
    scripted.get_by_role("button", name="Ghép hai mặt").click()
    told(scripted, "4 · Mặt sau")
    told(scripted, "Mặt trước: mặt trước.pdf")
    scripted.get_by_role("button", name="Ghép hai mặt").click()
    told(scripted, "Đã ghép")
    record = newest_record(str(drops[0].dossier), office.archive)
    assert record.dossier.two_sides is not None


def test_everything_works_without_scripts(
    plain: Page, address: str, tmp_path: Path, office: Office
) -> None:
    note(office, "0c", refused("ảnh.txt"))
    plain.goto(f"{address}/ban-quet")
    plain.locator("#tep").set_input_files(picture(tmp_path, "giấy.png", 1))
    plain.get_by_role("button", name="Gửi", exact=True).first.click()
    told(plain, "Đã nhận tệp gửi lên: đang vào kho.")
    plain.get_by_text("Bỏ qua, vì…").click()
    plain.get_by_label("Lý do").fill("Tệp rác")
    plain.get_by_role("button", name="Bỏ qua", exact=True).click()
    told(plain, "Đã bỏ qua tệp.")
    plain.get_by_role("link", name="Xong").click()
    plain.get_by_role("button", name="Hoàn tác").click()
    told(plain, "Đã hoàn tác: tệp lại chờ xử lý.")
    plain.get_by_role("link", name="Tải lại").click()
    told(plain, "Còn 1 tệp phải xử lý.")


def test_the_desk_goes_on_by_itself_and_leaves_alone_what_is_typed(
    scripted: Page, address: str, office: Office
) -> None:
    note(office, "0c", refused("ảnh.txt"))
    scripted.goto(f"{address}/ban-quet")
    scripted.get_by_text("Bỏ qua, vì…").click()
    scripted.get_by_label("Lý do").fill("Tệp r")
    note(office, "0d", refused("ảnh 2.txt"))
    told(scripted, "Còn 2 tệp phải xử lý.")
    assert scripted.get_by_label("Lý do").input_value() == "Tệp r"


@pytest.mark.parametrize("width", [1440, 390])
def test_screen_readers_can_use_it_and_nothing_is_cut_off(
    browser: Browser, address: str, office: Office, width: int
) -> None:
    _, newer = joinable(office)
    locked = Receipt("khóa.pdf", ReceiptStatus.REFUSED, NOW, None, "bị khóa bằng mật khẩu", "", 1)
    note(office, "0e", locked, refused(f"{LONG}.txt"))
    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    day = f"{clock.today():%d/%m/%Y}"
    for path in (
        "/ban-quet?muc=tat",
        f"/ban-quet/ghep/{newer}",
        f"/ban-quet/so-ngay?ngay={day}",
        "/ban-quet/to-bia",
    ):
        page.goto(f"{address}{path}")
        faults = Axe().run(page).response["violations"]
        assert [one["id"] for one in faults if one["impact"] in ("serious", "critical")] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.context.close()
