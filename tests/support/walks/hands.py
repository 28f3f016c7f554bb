"""The hands of a user in a browser: every click and key that a page gets is counted by the page.

A script that the browser itself adds listens before the page does, so that what a test does by
any other way counts as well. A letter with marks costs as many keys as Telex needs for it.
"""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.walks.jobs import JOBS

_LISTENS = """(() => {
  let pressed = false;
  const tell = (kind, text) => window.__sohoaCounts(kind, text);
  addEventListener("mousedown", (e) => { if (e.isTrusted) tell("click", ""); }, true);
  addEventListener("keydown", (e) => {
    if (!e.isTrusted || ["Shift", "Control", "Alt"].includes(e.key)) return;
    pressed = true;
    tell("key", e.key);
  }, true);
  addEventListener("keyup", () => { pressed = false; }, true);
  addEventListener("input", (e) => {
    if (e.isTrusted && !pressed && e.data) tell("text", e.data);
  }, true);
})();"""


@dataclass
class Tally:
    """What a job took."""

    job: str
    clicks: int = 0
    keys: int = 0
    drops: int = 0
    seconds: float = 0.0


class Hands:
    """Does what a user does in a page, and knows what it took.

    Args:
        page: a page that was not opened yet.
        record_property: keeps what a job took for whoever prints the table.
    """

    def __init__(self, page: Page, record_property: object = None) -> None:
        self.page = page
        self.done: list[Tally] = []
        self._record = record_property
        self._tally = Tally("")
        page.expose_function("__sohoaCounts", self._count)
        page.add_init_script(_LISTENS)

    def _count(self, kind: str, text: str) -> None:
        if kind == "click":
            self._tally.clicks += 1
        else:
            self._tally.keys += 1 if kind == "key" else telex_keys(text)

    @contextmanager
    def job(self, name: str) -> Iterator[Page]:
        """Count what the block takes, and fail when it is more than it was before."""
        self._tally = tally = Tally(name)
        began = time.monotonic()
        yield self.page
        tally.seconds = round(time.monotonic() - began, 1)
        self.page.evaluate("1")  # what the page has told has arrived
        before = JOBS[name]
        if callable(self._record):
            self._record("job", asdict(tally))
        self.done.append(tally)
        self._tally = Tally("")
        if before.was_possible:
            now, most = (tally.clicks, tally.keys), (before.clicks, before.keys)
            assert now[0] <= most[0], f"{name}: more clicks than before: {tally}"
            assert now[1] <= most[1], f"{name}: more keys than before: {tally}"
            assert tally.drops <= max(before.drops, 1), f"{name}: {tally}"

    def types(self, text: str) -> None:
        """Type where the focus is."""
        self.page.keyboard.type(text)

    def presses(self, *keys: str) -> None:
        """Press keys."""
        for key in keys:
            self.page.keyboard.press(key)

    def drags(self, files: Sequence[Path], onto: Locator) -> None:
        """Drag files of the disk onto a part of the page, and let them go."""
        self._tally.drops += 1
        self.page.evaluate(_HOLDER)
        self.page.locator("#__held").set_input_files(list(files))
        onto.evaluate(_DROPS)

    def dropped(self) -> None:
        """Note that something was dropped into a watched folder."""
        self._tally.drops += 1

    def reads(self, *texts: str) -> None:
        """Wait until a page tells something, looking again as a user does."""
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text)


_HOLDER = """() => {
  const held = document.createElement("input");
  Object.assign(held, { type: "file", id: "__held", multiple: true, hidden: true });
  document.documentElement.append(held);
}"""
_DROPS = """(target) => {
  const held = document.getElementById("__held");
  const data = new DataTransfer();
  for (const file of held.files) data.items.add(file);
  held.remove();
  for (const kind of ["dragenter", "dragover", "drop"]) {
    const how = { dataTransfer: data, bubbles: true, cancelable: true };
    target.dispatchEvent(new DragEvent(kind, how));
  }
}"""


def telex_keys(text: str) -> int:
    """Return how many keys Telex needs for a text: one for a letter and one for each mark."""
    doubled = text.replace("đ", "dd").replace("Đ", "Dd")
    return len(unicodedata.normalize("NFD", doubled))


@pytest.fixture
def hands(browser: Browser, record_property: object) -> Iterator[Hands]:
    """A user at a wide screen; no script of the page may fail meanwhile."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield Hands(page, record_property)
    context.close()
    assert errors == []
