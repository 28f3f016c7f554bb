"""A browser without JavaScript: signing in, a denied page, the auditor, a session ended."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from pipeline.model import PersonRole
from tests.support.people import PASSWORD
from tests.support.served_app import serving
from tests.support.visitors import Room, open_room
from tests.support.web_backend import PARTIAL

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    made = open_room(tmp_path_factory.mktemp("home"))
    made.person("lan")
    made.person("soat", PersonRole.AUDITOR)
    made.person("moi", must_change=True)
    return made


@pytest.fixture(scope="module")
def address(room: Room) -> Iterator[str]:
    room.clock.go_on()  # codes of second factors are those of the present
    with serving(room.app) as address:
        yield address


def visitor(browser: Browser, width: int = 1440) -> Page:
    size = {"width": width, "height": 900}
    return browser.new_context(java_script_enabled=False, viewport=size).new_page()  # type: ignore[arg-type]


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu", exact=True).fill(password)
    page.get_by_role("button", name="Đăng nhập").click()


def test_from_signing_in_to_a_session_that_was_ended_elsewhere(
    browser: Browser, address: str, room: Room
) -> None:
    lan, elsewhere, auditor = (visitor(browser) for _ in range(3))
    lan.goto(f"{address}/ho-so/{PARTIAL}")
    sign_in(lan, "lan", "sai mật khẩu hẳn")
    expect(lan.get_by_role("alert")).to_contain_text("không đúng")
    sign_in(lan, "lan")
    expect(lan).to_have_url(f"{address}/ho-so/{PARTIAL}")
    lan.goto(f"{address}/nhat-ky")
    expect(lan.get_by_role("heading", name="Không được phép")).to_be_visible()

    auditor.goto(f"{address}/dang-nhap")
    sign_in(auditor, "soat")
    key = auditor.locator(".secret code").inner_text().replace(" ", "")
    auditor.get_by_label("Mã xác nhận").fill(pyotp.TOTP(key).now())
    auditor.get_by_role("button", name="Xác nhận").click()
    expect(auditor.locator(".recovery code")).to_have_count(10)
    auditor.get_by_role("link", name=re.compile("Tôi đã cất mã")).click()
    row = auditor.get_by_role("row").filter(has_text="lan")
    expect(row.filter(has_text="bị từ chối").filter(has_text="Xem nhật ký")).to_have_count(1)
    expect(row.filter(has_text=PARTIAL).first).to_be_visible()

    verify = [sys.executable, "-m", "flows.cli", "audit", "verify"]  # as the page tells
    home = os.environ | {"SOHOA_HOME": str(room.backend.settings.home)}
    done = subprocess.run(verify, env=home, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr

    elsewhere.goto(f"{address}/dang-nhap")
    sign_in(elsewhere, "lan")
    elsewhere.get_by_role("link", name="lan").click()
    elsewhere.get_by_role("button", name="Kết thúc mọi phiên khác").click()
    elsewhere.wait_for_load_state()
    lan.goto(f"{address}/")
    expect(lan.get_by_role("heading", name="Đăng nhập phòng đọc")).to_be_visible()
    elsewhere.get_by_role("button", name="Đăng xuất").click()
    elsewhere.wait_for_load_state()
    elsewhere.goto(f"{address}/")
    elsewhere.wait_for_url("**/dang-nhap*")


@pytest.mark.parametrize("width", [1440, 390])
def test_no_page_of_signing_in_is_wider_than_its_window(
    browser: Browser, address: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844})
    page = context.new_page()
    page.goto(f"{address}/dang-nhap")
    narrow = "document.documentElement.scrollWidth <= window.innerWidth"
    assert page.evaluate(narrow)
    sign_in(page, "moi")
    expect(page.get_by_role("heading", name="Đổi mật khẩu")).to_be_visible()
    assert page.evaluate(narrow)
    page.goto(f"{address}/dang-nhap/mat-khau")
    assert page.evaluate(narrow)
    context.close()
