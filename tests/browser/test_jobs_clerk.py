"""The jobs of who scans (K1 to K9, B1), walked in a real browser, their clicks and keys counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from pipeline import clock
from pipeline.model import DropReceipts, Outcome, Receipt
from tests.paper.broken import encrypted_pdf
from tests.support.desk_rows import picture, refused
from tests.support.drops import CODE, FIXED, PARTIAL, Office, names
from tests.support.served_desk import served
from tests.support.walks.hands import Hands, hands
from tests.support.walks.papers import SEPARATOR, birth_case, papers_office

__all__ = ["hands"]  # a fixture

pytestmark = [pytest.mark.browser, pytest.mark.long]

CASE = birth_case()
BUNDLE = "@tiếp nhận\n@tờ khai\n@khai sinh"
PASSWORD = "mat-khau-mau"


@pytest.fixture
def office(home: Path) -> Office:
    home.mkdir()
    (home / "inbox").mkdir()
    return papers_office(home, CASE)


@pytest.fixture
def address(office: Office) -> Iterator[str]:
    with served(office) as address:
        yield address


def note(office: Office, drop: str, *lines: Receipt) -> None:
    folder = str((office.home / "inbox").absolute())
    office.archive.keep_receipts(DropReceipts(drop, folder, clock.today(), lines))


def dropped(office: Office, name: str, content: str | dict[str, str]) -> str:
    """Drop something into the watched folder, read it, and keep its receipts."""
    done = office.drops(name, content)
    office.digitises_all()
    assert done.dossier
    note(office, done.dossier, *done.receipts)
    return done.dossier


def test_files_of_a_day_and_those_that_were_refused(
    hands: Hands, address: str, office: Office, tmp_path: Path
) -> None:
    """K1, K2, B1: what became of each is told by itself; a mended file falls onto its line."""
    bad = tmp_path / "giấy.txt"
    bad.write_text("không phải giấy tờ")
    files = [picture(tmp_path, f"giấy {at}.png", at) for at in range(2)]
    locked = tmp_path / "khóa.pdf"
    encrypted_pdf(locked)
    page = hands.page
    page.goto(f"{address}/ban-quet")
    with hands.job("K1"):
        hands.drags([*files, bad, locked], page.locator("h1"))
        hands.reads("4 tệp = 2 đã lưu + 0 trùng + 2 bị từ chối + 0 đang chờ")
        hands.reads("Còn 2 tệp phải xử lý")
    row = page.locator(".desk-file").filter(has_text="giấy.txt")
    with hands.job("K2"):
        hands.drags([picture(tmp_path, "mới.png", 7)], row)
        hands.reads("3 đã lưu + 0 trùng + 2 bị từ chối", "Còn 1 tệp phải xử lý")
    with hands.job("K2b"):
        page.get_by_text("Nhập mật khẩu").click()
        expect(page.get_by_label("Mật khẩu của tệp")).to_be_focused()
        hands.types(PASSWORD)
        hands.presses("Enter")
        hands.reads("Đã nhận tệp đã sửa. Dòng cũ đã khép lại.", "4 đã lưu", "Cần xử lý 0")
    with hands.job("B1"), page.expect_download() as book:
        page.get_by_role("link", name="Tải Excel").click()
    assert book.value.path().read_bytes().startswith(b"PK")
    assert office.archive.dossiers()


def test_what_was_missing_comes_later(hands: Hands, address: str, office: Office) -> None:
    """K3 to K5: a mended file finds its place, a page and the backs of a stack are put there."""
    page = hands.page
    folder = dropped(office, CODE, PARTIAL)
    page.goto(f"{address}/ban-quet?muc=tat")
    with hands.job("K3"):
        hands.dropped()
        dropped(office, CODE, PARTIAL | FIXED)
        page.reload()
    mended = office.newest(folder).dossier
    assert mended.outcome is Outcome.COMPLETE
    assert names(mended) == ["01 đơn.pdf", "02 to khai.pdf", "03 kèm.pdf"]

    code = CODE.replace("0007", "0008")
    whole = dropped(office, f"{code}.pdf", "một\nhai\nba")
    with hands.job("K4"):
        hands.dropped()
        dropped(office, f"{code} trang 2 quét lại.pdf", "trang hai mới")
        page.goto(f"{address}/ban-quet")
        page.get_by_role("link", name="Ghép…").click()
        page.get_by_role("button", name="Thay", exact=True).click()
        hands.reads("Đã ghép")
    office.digitises_all()
    joined = office.newest(whole).dossier
    assert [one.scan == joined.scans[0].sha256 for one in joined.pages] == [True, False, True]

    with hands.job("K5"):
        fronts = dropped(office, "mặt trước.pdf", "t1\nt2")
        dropped(office, "mặt sau.pdf", "s2\ns1")
        page.goto(f"{address}/ban-quet?muc=tat")
        for side in ("trước", "sau"):
            page.get_by_label(f"Chọn mặt {side}.pdf").click()
        page.get_by_role("button", name="Ghép hai mặt").click()
        hands.reads("4 · Mặt sau", "Mặt trước: mặt trước.pdf")
        page.get_by_role("button", name="Ghép hai mặt").click()
        hands.reads("Đã ghép")
    assert office.newest(fronts).dossier.two_sides is not None


def test_papers_of_a_stack(hands: Hands, address: str, office: Office) -> None:
    """K6 to K8: papers are told apart, separators belong to none, what lacks is named."""
    page = hands.page
    stack = dropped(office, "một tệp.pdf", BUNDLE)
    with hands.job("K6"):
        page.goto(f"{address}/ho-so/{stack}")
        hands.reads("Giấy khai sinh", "Tờ khai đăng ký khai sinh")
    assert [paper.pages for paper in office.newest(stack).dossier.documents] == [(1,), (2,), (3,)]
    with hands.job("K8"):
        page.goto(f"{address}/ban-quet?muc=tat")
        hands.reads("thiếu thành phần: Giấy chứng sinh (bản chính)")
    page.goto(f"{address}/ho-so/{stack}/trang/2")
    with hands.job("K6b"):
        page.get_by_role("button", name=re.compile("Nối với giấy trước.*trang 3")).click()
        page.wait_for_url(re.compile(r"ban="))
    assert [paper.pages for paper in office.newest(stack).dossier.documents] == [(1,), (2, 3)]
    parted = dropped(office, "chồng.pdf", f"@tiếp nhận\n{SEPARATOR}\n@khai sinh\n{SEPARATOR}\nhai")
    with hands.job("K7"):
        page.goto(f"{address}/ho-so/{parted}")
        hands.reads("Giấy khai sinh")
    assert [paper.pages for paper in office.newest(parted).dossier.documents] == [(1,), (3,), (5,)]


def test_a_doubtful_field_is_seen_and_mended(hands: Hands, address: str, office: Office) -> None:
    """K9: one click to the box on the scan; then the value and Enter."""
    page = hands.page
    stack = dropped(office, "một tệp.pdf", BUNDLE)
    page.goto(f"{address}/ho-so/{stack}")
    with hands.job("K9"):
        page.locator(".steps").get_by_role("link", name=re.compile("cần kiểm tra")).click()
        page.wait_for_selector("[data-ready]")
        expect(page.locator("[data-chosen] [data-typed]")).to_be_focused()
    with hands.job("K9b"):
        hands.types("29")
        hands.presses("Enter")
        expect(page.get_by_role("button", name=re.compile("Hoàn tác")).first).to_be_visible()
    found = [paper.findings for paper in office.newest(stack).dossier.documents]
    assert [one for fields in found for one in fields.values() if one.confirmed_by]


def test_the_names_of_files_may_be_as_long_as_they_are(
    hands: Hands, address: str, office: Office
) -> None:
    """A name of 250 letters, in a narrow and a wide window."""
    long = "ng" * 123 + ".pdf"
    lines = [refused(long), replace(refused(long), name=f"thư mục/{long}")]
    note(office, "0e", *lines)
    page = hands.page
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{address}/ban-quet")
        hands.reads(long)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
