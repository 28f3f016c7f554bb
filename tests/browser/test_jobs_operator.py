"""The jobs of who operates it (V1 to V6), walked in a real browser over a real `sohoa watch`."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from flows.prefect_secret import home_secret
from pipeline import clock
from tests.support.clerk import slip
from tests.support.drops import CODE, Office
from tests.support.ports import free_port
from tests.support.served_desk import served
from tests.support.walks.hands import Hands, hands
from tests.support.watched import all_done, until
from tests.support.work_pool import PATIENCE, sohoa

__all__ = ["hands"]  # a fixture

pytestmark = [pytest.mark.browser, pytest.mark.prefect, pytest.mark.long]


@pytest.fixture
def office(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A home whose watcher starts a Prefect server of its own, on a port that is not 4200."""
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(home / "prefect"))  # not the runs of other tests
    monkeypatch.setenv("SOHOA_RUNS__PREFECT_PORT", str(free_port()))
    (home / "inbox").mkdir(parents=True)
    yield Office(home)


def shows(hands: Hands, address: str, text: str) -> None:
    """Look at the operators' page again and again, as its figures are some seconds old."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        hands.page.goto(f"{address}/van-hanh")
        if hands.page.get_by_text(re.compile(text)).count():
            return
        time.sleep(1)
    raise AssertionError(f"{text} is never shown: {hands.page.locator('main').inner_text()}")


def runs(home: Path, *words: str) -> None:
    """Run a command of the product as an operator does."""
    command = [sys.executable, "-m", "flows.cli", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, (home, words, done.stdout, done.stderr)


def drop(home: Path, name: str, picture: bytes) -> None:
    """Let a file appear whole in the watched folder."""
    (home / f".{name}").write_bytes(picture)
    (home / f".{name}").rename(home / "inbox" / name)


def test_a_day_of_an_operator(hands: Hands, office: Office, tmp_path: Path) -> None:
    page, home = hands.page, office.home
    drop(home, f"{CODE}.png", slip(1))
    with served(office) as address:
        with sohoa("watch", home / "watch.log") as watcher:
            until(lambda: all_done(1), PATIENCE)
            with hands.job("V1"):
                shows(hands, address, "Theo dõi thư mục")
                row = page.get_by_role("row").filter(has_text="Theo dõi thư mục")
                expect(row).to_contain_text("tốt")
            with hands.job("V2"):
                shows(hands, address, rf"{CODE}.*trang 1|1 tệp = 1 đã lưu")
                hands.reads("Trang/phút", "10 trang chậm nhất", "Lỗi theo lý do")
            with hands.job("V3"):
                page.get_by_role("link", name="xem các lần chạy").click()
                field = page.get_by_placeholder("admin:pass")
                asked = field.or_(page.locator("input[type=password]")).first
                asked.click()
                hands.types(secret := home_secret(home / "prefect"))
                expect(asked).to_have_value(secret)
                hands.presses("Enter")
                expect(run := page.get_by_role("link", name=CODE)).to_be_visible()
            with hands.job("V4"):
                run.click()
                hands.reads("Completed", f"{clock.today():%Y-%m-%d}", CODE.rsplit("-", 2)[0])
            with hands.job("V6"):
                runs(home, "backup", str(tmp_path / "backup"))
                runs(home, "restore", str(tmp_path / "backup"), "--check")
                shows(hands, address, "bản gần nhất .*khôi phục được")
                tile = page.locator(".tile").filter(has_text="Sao lưu")
                expect(tile).not_to_have_class(re.compile("bad"))
            watcher.send_signal(signal.SIGTERM)
            assert watcher.wait(PATIENCE) == 0
        with hands.job("V5"):
            page.goto(f"{address}/")
            hands.reads("Không có chương trình nào theo dõi thư mục")
            page.get_by_role("link", name="Vận hành").click()
            stopped = page.get_by_role("row").filter(has_text="Theo dõi thư mục")
            until(lambda: bool(page.reload()) and "cần xem" in stopped.inner_text(), PATIENCE)
        assert httpx.get(f"{address}/khoe", timeout=300).json()["watching"] is False
