"""The pages of accounts for tests: addresses, forms as browsers send them, what was recorded."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

from tests.support.visitors import Browser, Room


def page_of(room: Room, name: str) -> str:
    """Return the address of an account's page."""
    return f"/tai-khoan/{room.accounts.people.named(name).id}"


def acts(room: Room) -> list[tuple[str, str, str, str]]:
    """Return what was recorded of administration: who, what, to whom, how it ended."""
    return [
        (e.text("account"), e.detail("what"), e.detail("subject"), e.text("result"))
        for e in room.entries()
        if e.text("verb") == "manage"
    ]


def fields_of(form: str) -> list[tuple[str, str]]:
    """Return what a browser sends of a form as it is shown."""
    boxes = re.findall(r"<input[^>]*>", form)
    sent = [box for box in boxes if "checkbox" not in box or " checked" in box]
    named = [re.search(r'name="([^"]+)" (?:value)="([^"]*)"', box) for box in sent]
    areas = re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)<', form)
    typed = [(found[1], found[2]) for found in named if found]
    return [(name, unescape(value)) for name, value in (*typed, *areas)]


def undo(chef: Browser, page: str, changed: str) -> int:
    """Press the button that takes a change of roles back."""
    form = changed.split('role="status"')[1].split("</form>")[0]
    return send(chef, f"{page}/vai-tro/hoan-tac", fields_of(form))


def send(chef: Browser, path: str, fields: list[tuple[str, str]]) -> int:
    """Send fields, and return the status."""
    form = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    return int(chef.client.post(path, content=urlencode(fields), headers=form).status_code)
