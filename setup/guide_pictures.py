"""Takes the pictures of docs/guides/ from the running product, on sample paper stamped MẪU.

    .venv/bin/python setup/guide_pictures.py           # some minutes; writes docs/guides/pictures/

Runs `make demo` in a scratch home on free ports of this machine, drops a locked PDF as well (so
that the scanning desk has something to decide), and photographs the pages in Debian's chromium.
It ends everything it started and removes the home; run it again whenever a page looks different.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.paper.broken import encrypted_pdf  # noqa: E402

PICTURES = ROOT / "docs" / "guides" / "pictures"
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
SIZE: ViewportSize = {"width": 1440, "height": 1000}
MOST = 60_000  # bytes of a picture
PATIENCE = 1200.0  # seconds until the samples are read, on a busy machine
WORDS = "giay tiep nhan ho so"
LOCKED = "to khai co mat khau.pdf"
LOADED = """[...document.images].every(
    one => (one.complete && one.naturalWidth > 0) || one.getBoundingClientRect().top > innerHeight
)"""
READY = "Bấm Ctrl-C"
SHOWN_AS = json.dumps([r"\\MAYCHU\quet"])  # what the desk calls the watched folder


def main() -> int:
    """Take every picture, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", help="only these pictures")
    names = parser.parse_args().names or list(VIEWS)
    with (
        tempfile.TemporaryDirectory(prefix="sohoa-guides-") as folder,
        room(Path(folder)) as where,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_context(viewport=SIZE, color_scheme="light").new_page()
        drop_locked(page, where, Path(folder))
        for name in names:
            VIEWS[name](page, where)
            wait_for_images(page)
            write(name, page.screenshot())
        browser.close()
    return 0


@contextmanager
def room(home: Path) -> Iterator[str]:
    """Run the demo in a scratch home until the pictures are taken; yield the room's address."""
    port = free_port()
    own = {"SOHOA_HOME": str(home), "PYTHONPATH": str(ROOT), "SOHOA_WATCH__SHOWN_AS": SHOWN_AS}
    own |= {"SOHOA_WEB__PORT": str(port), "SOHOA_RUNS__PREFECT_PORT": str(free_port())}
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SOHOA_")}
    log = home / "demo.log"
    with log.open("wb") as out:
        demo = subprocess.Popen(
            [sys.executable, "-m", "tests.demo"],
            cwd=ROOT,
            env=clean | own,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + PATIENCE
        while READY not in log.read_text("utf-8", errors="replace"):
            if demo.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"The demo did not get ready:\n{log.read_text('utf-8')[-2000:]}")
            time.sleep(0.5)
        yield f"http://127.0.0.1:{port}"
    finally:
        demo.send_signal(signal.SIGTERM)  # it ends its servers in order
        demo.wait(timeout=120)


def free_port() -> int:
    """Return a port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def drop_locked(page: Page, where: str, home: Path) -> None:
    """Drop a PDF with a password and wait until the desk asks for it."""
    arriving = home / f".{LOCKED}"
    encrypted_pdf(arriving)
    arriving.rename(home / "inbox" / LOCKED)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        page.goto(f"{where}/ban-quet")
        if page.get_by_text("Nhập mật khẩu").count():
            return
        time.sleep(1)
    sys.exit("The scanning desk did not ask for the password of the locked PDF.")


def wait_for_images(page: Page) -> None:
    """Wait until the images in the window are there; they are loaded late."""
    page.wait_for_load_state("load")  # not for silence: the desk asks again by itself
    deadline = time.monotonic() + 30
    while not page.evaluate(LOADED) and time.monotonic() < deadline:
        time.sleep(0.2)
    time.sleep(0.5)


def start(page: Page, where: str) -> None:
    """Open the search with the newest dossiers."""
    page.goto(f"{where}/")


def results(page: Page, where: str) -> None:
    """Search words typed without marks."""
    page.goto(f"{where}/")
    page.locator("#q").fill(WORDS)
    page.get_by_role("button", name="Tìm", exact=True).click()


def dossier(page: Page, where: str) -> None:
    """Open the first dossier that was found."""
    results(page, where)
    page.goto(where + str(page.locator("h3 a[href^='/ho-so/']").first.get_attribute("href")))


def sheet(page: Page, where: str) -> None:
    """Open a page where the words were found, from its top, with their marks."""
    results(page, where)
    found = str(page.locator("a[href*='/trang/']").first.get_attribute("href"))
    page.goto(where + found.partition("#")[0])


def desk(page: Page, where: str) -> None:
    """Open the scanning desk: what must be decided."""
    page.goto(f"{where}/ban-quet")


def check(page: Page, where: str) -> None:
    """Open the review queue, once there is something in it."""
    deadline = time.monotonic() + 60
    page.goto(f"{where}/kiem-tra")
    while page.get_by_text("Đang xem hồ sơ mới").count() and time.monotonic() < deadline:
        time.sleep(1)
        page.goto(f"{where}/kiem-tra")


def counter(page: Page, where: str) -> None:
    """Answer at the counter who comes with the code of a dossier."""
    results(page, where)
    code = page.locator(".code").first.inner_text().strip()
    page.goto(f"{where}/quay")
    page.locator("#so").fill(code)
    page.get_by_role("button", name="Tra cứu", exact=True).click()


def operation(page: Page, where: str) -> None:
    """Open the operators' page."""
    page.goto(f"{where}/van-hanh")


VIEWS: dict[str, Callable[[Page, str], None]] = {
    "tra-cuu": start,
    "ket-qua": results,
    "ho-so": dossier,
    "trang": sheet,
    "ban-quet": desk,
    "kiem-tra": check,
    "quay": counter,
    "van-hanh": operation,
}


def write(name: str, shot: bytes, folder: Path = PICTURES) -> None:
    """Write a picture as WebP, as good as fits into its bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    picture = Image.open(BytesIO(shot)).convert("RGB")
    for quality in range(90, 4, -5):
        packed = BytesIO()
        picture.save(packed, "WEBP", quality=quality, method=6)
        if packed.tell() <= MOST:
            (folder / f"{name}.webp").write_bytes(packed.getvalue())
            sys.stdout.write(f"{name}.webp  {packed.tell() / 1000:.0f} kB, quality {quality}\n")
            return
    sys.exit(f"{name} does not fit into {MOST} bytes.")


if __name__ == "__main__":
    sys.exit(main())
