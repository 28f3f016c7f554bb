"""Takes the pictures of docs/images/screens/: the main screens, wide and on a telephone.

    .venv/bin/python setup/screen_pictures.py [NAME …]

Serves a room over a birth registration that is drawn and stamped MẪU, a file that was refused, a
page that was scanned again and two sides of a stack, and photographs it in Debian's chromium. The
pages are as an engine would have read them, so it takes a minute; run it whenever a screen changes.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "setup")]

from guide_pictures import ARGUMENTS, CHROMIUM, wait_for_images, write  # noqa: E402

from pipeline import clock  # noqa: E402
from pipeline.model import DropReceipts, Receipt, ReceiptStatus  # noqa: E402
from tests.support.desk_rows import NOW, refused  # noqa: E402
from tests.support.drops import Office  # noqa: E402
from tests.support.served_desk import served  # noqa: E402
from tests.support.walks.papers import birth_case, papers_office  # noqa: E402

PICTURES = ROOT / "docs" / "images" / "screens"
CASE = birth_case()
BUNDLE = "@tiếp nhận\n@tờ khai\n@khai sinh"
SIZES = {1440: 1000, 390: 844}
AGAIN = CASE.code.replace(f"-{CASE.serial:04d}", "-0901")


def main() -> int:
    """Take every picture, or those that are named, at both widths."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", help="only these screens")
    names = parser.parse_args().names or list(VIEWS)
    with tempfile.TemporaryDirectory(prefix="sohoa-screens-") as folder:
        home = Path(folder)
        os.environ["SOHOA_HOME"] = str(home)
        office, joins = furnish(home)
        with served(office) as where, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            for width, height in SIZES.items():
                size = {"width": width, "height": height}
                page = browser.new_context(viewport=size, color_scheme="light").new_page()  # type: ignore[arg-type]
                for name in names:
                    VIEWS[name](page, where, joins)
                    wait_for_images(page)
                    write(f"{name}-{width}", page.screenshot(), PICTURES)
            browser.close()
    return 0


def furnish(home: Path) -> tuple[Office, str]:
    """Fill an office; return it and the dossier that is to be joined."""
    (home / "inbox").mkdir()
    office = papers_office(home, CASE, 130)
    lines = [line for name in ("Scan_0016.pdf",) for line in receive(office, name, BUNDLE)]
    lines += receive(office, f"{AGAIN}.pdf", "@tờ khai\n@khai sinh\n@khai sinh")
    joins = receive(office, f"{AGAIN} trang 2 quét lại.pdf", "@tờ khai")
    lines += joins
    for side, text in (("trước", "@tờ khai\n@khai sinh"), ("sau", "@khai sinh\n@tờ khai")):
        lines += receive(office, f"mặt {side}.pdf", text)
    locked = Receipt("khóa.pdf", ReceiptStatus.REFUSED, NOW, None, "Tệp PDF bị khóa bằng mật khẩu.")
    lines += [refused("ảnh chụp.txt"), replace(locked, size=81_000)]
    for at, line in enumerate(lines):
        folder = str((home / "inbox").absolute())
        office.archive.keep_receipts(DropReceipts(f"{at:022x}", folder, clock.today(), (line,)))
    assert joins[0].dossier
    return office, joins[0].dossier


def receive(office: Office, name: str, text: str) -> list[Receipt]:
    """Drop a file, read it, and return its receipts."""
    done = office.drops(name, text)
    office.digitises_all()
    return list(done.receipts)


def results(page: Page, where: str, _: str) -> None:
    """Search a name typed without marks."""
    page.goto(f"{where}/")
    page.locator("#q").fill("khai sinh")
    page.get_by_role("button", name="Tìm", exact=True).click()


def dossier(page: Page, where: str, _: str) -> None:
    """Open a dossier by its code."""
    page.goto(f"{where}/ho-so/{CASE.code}")


def viewer(page: Page, where: str, joins: str) -> None:
    """Open the first doubtful field of a dossier."""
    dossier(page, where, joins)
    page.locator(".steps a").first.click()
    page.wait_for_selector("[data-ready]")


def desk(page: Page, where: str, _: str) -> None:
    """Open the scanning desk: what must be decided."""
    page.goto(f"{where}/ban-quet")


def join(page: Page, where: str, joins: str) -> None:
    """Open the page that joins a page scanned again."""
    page.goto(f"{where}/ban-quet/ghep/{joins}")


def check(page: Page, where: str, _: str) -> None:
    """Open the review queue, once there is something in it."""
    deadline = time.monotonic() + 120
    page.goto(f"{where}/kiem-tra")
    while not page.locator("[data-item]").count() and time.monotonic() < deadline:
        time.sleep(1)
        page.goto(f"{where}/kiem-tra")


def counter(page: Page, where: str, _: str) -> None:
    """Answer at the counter who comes with the code of a dossier."""
    page.goto(f"{where}/quay")
    page.locator("#so").fill(CASE.code)
    page.get_by_role("button", name="Tra cứu", exact=True).click()


def operation(page: Page, where: str, _: str) -> None:
    """Open the operators' page."""
    page.goto(f"{where}/van-hanh")


VIEWS: dict[str, Callable[[Page, str, str], None]] = {
    "ket-qua": results,
    "ho-so": dossier,
    "trang": viewer,
    "ban-quet": desk,
    "ghep": join,
    "kiem-tra": check,
    "quay": counter,
    "van-hanh": operation,
}

if __name__ == "__main__":
    sys.exit(main())
