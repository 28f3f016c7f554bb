"""The pages of administrators and secrecy officers, in a browser, at both widths."""

from __future__ import annotations

import re
from collections.abc import Iterator

import cv2
import numpy as np
import pyotp
import pytest
import zxingcpp
from playwright.sync_api import Browser, Page, expect

from pipeline.model import PersonRole, Scope
from tests.browser.test_signing_in import address as address
from tests.browser.test_signing_in import sign_in, visitor
from tests.support.drops import withhold
from tests.support.visitors import Room, open_room
from tests.support.web_backend import PARTIAL

pytestmark = pytest.mark.browser

WHY = "Quyết định giải mật số 3 ngày 02/11/2026"
WIDTHS = (1440, 390)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    made = open_room(tmp_path_factory.mktemp("home"))
    withhold(PARTIAL, made.backend.archive, made.backend.index)
    made.person("chef", PersonRole.ADMIN)
    units = Scope(frozenset({"H26.19.25", "Phòng Tài nguyên và Môi trường thành phố Đông Hà"}))
    made.person("nguyen.thi.minh.duc", PersonRole.RECORDS, PersonRole.CLERK, scope=units)
    for name in ("lan", "hoa"):
        made.person(name, PersonRole.SECRECY)
    return made


def enter(browser: Browser, address: str, name: str) -> Page:
    """Sign in as somebody whose role demands a second factor, and set that up."""
    page = visitor(browser)
    page.goto(f"{address}/dang-nhap")
    sign_in(page, name)
    key = page.locator(".secret code").inner_text().replace(" ", "")
    page.get_by_label("Mã xác nhận").fill(pyotp.TOTP(key).now())
    page.get_by_role("button", name="Xác nhận").click()
    page.get_by_role("link", name=re.compile("Tôi đã cất mã")).click()
    return page


def fits(page: Page) -> Iterator[int]:
    """Yield the widths of windows that a page is wider than."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if not page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
            yield width
    page.set_viewport_size({"width": 1440, "height": 900})


def test_an_administrator_makes_an_account_and_closes_it(browser: Browser, address: str) -> None:
    page = enter(browser, address, "chef")
    expect(page.get_by_role("heading", name=re.compile("Tài khoản"))).to_be_visible()
    assert list(fits(page)) == []
    page.get_by_label("Tên đăng nhập").fill("moi.den")
    page.get_by_label("Người tra cứu").check()
    page.get_by_label("Chỉ các đơn vị này").fill("H26")
    page.get_by_role("button", name="Tạo tài khoản").click()
    expect(page.locator(".secret code")).to_have_count(1)
    assert list(fits(page)) == []
    page.get_by_role("button", name="Khóa tài khoản").click()
    expect(page.get_by_text("bị khóa")).to_be_visible()
    expect(page.locator(".secret code")).to_have_count(0)


def test_two_officers_let_a_dossier_go(browser: Browser, address: str) -> None:
    lan, hoa = (enter(browser, address, name) for name in ("lan", "hoa"))
    lan.goto(f"{address}/giu-lai")
    assert list(fits(lan)) == []
    lan.get_by_label(re.compile("Lý do bỏ giữ lại")).fill(WHY)
    lan.get_by_role("button", name="Đề nghị bỏ giữ lại").click()
    expect(lan.get_by_role("button", name="Rút đề nghị")).to_be_visible()
    expect(lan.get_by_role("button", name="Duyệt bỏ giữ lại")).to_have_count(0)
    hoa.goto(f"{address}/ho-so/{PARTIAL}")
    hoa.get_by_role("link", name="Xem đề nghị bỏ giữ lại").click()
    expect(hoa.get_by_text(WHY)).to_be_visible()
    assert list(fits(hoa)) == []
    hoa.get_by_role("button", name="Duyệt bỏ giữ lại").click()
    expect(hoa.get_by_role("status")).to_contain_text("đang chờ đọc")
    expect(hoa.get_by_text("Không có hồ sơ nào bị giữ lại")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_telephone_reads_the_code_of_the_second_factor(
    browser: Browser, address: str, room: Room, width: int
) -> None:
    name = f"soat-{width}"
    room.person(name, PersonRole.AUDITOR)
    page = visitor(browser, width)
    page.goto(f"{address}/dang-nhap")
    sign_in(page, name)
    expect(page.locator(".qr svg")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    drawn = np.frombuffer(page.locator(".qr svg").screenshot(), np.uint8)
    picture = np.asarray(cv2.imdecode(drawn, cv2.IMREAD_COLOR))
    (read,) = [code.text for code in zxingcpp.read_barcodes(picture)]
    assert read == page.get_by_role("link", name="mở ứng dụng").get_attribute("href")
    assert f"Sohoa:{name}" in read
