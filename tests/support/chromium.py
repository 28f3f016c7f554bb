"""Starts Debian's Chromium for tests, with patience for a machine that does much else beside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, expect, sync_playwright

from tests.support.watched import until

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WAIT = 90_000  # milliseconds for whatever is waited for; Playwright's own are 5 and 30 seconds


@contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """Start a browser; each of its contexts, and each expectation, is patient.

    Args:
        more: further arguments of the command line.
    """
    if not CHROMIUM.exists():
        raise FileNotFoundError(f"{CHROMIUM} is missing: apt-get install -y chromium")
    expect.set_options(timeout=WAIT)
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*ARGUMENTS, *more], timeout=2 * WAIT
        )
        hasty = browser.new_context

        def patient(**how: Any) -> BrowserContext:
            context = hasty(**how)
            context.set_default_timeout(WAIT)
            return context

        patch.setattr(browser, "new_context", patient)
        yield browser
        browser.close()


def comes_to_rest(part: Locator, attribute: str = "style") -> str:
    """Wait until an attribute that an animation changes stays as it is; return it.

    Args:
        part: the part of the page that moves.
        attribute: the attribute's name.
    """
    seen: list[str] = []

    def rests() -> bool:
        part.page.wait_for_timeout(100)
        seen.append(part.get_attribute(attribute) or "")
        return len(seen) > 5 and len({*seen[-5:]}) == 1

    until(rests, WAIT / 1000)
    return seen[-1]
