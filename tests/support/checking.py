"""What tests of «Kiểm tra» share: a room with two people, what they are given, what they say."""

from __future__ import annotations

import re
from html import unescape
from http import HTTPStatus
from pathlib import Path

from pipeline.model import Dossier, PersonRole
from pipeline.versions import newest_record
from tests.support.visitors import Browser, Room, open_room
from tests.support.web_backend import PARTIAL


def room_of_two(home: Path) -> Room:
    """A room in which lan and mai may correct."""
    made = open_room(home)
    for name in ("lan", "mai"):
        made.person(name, PersonRole.RECORDS)
    return made


def state(room: Room, dossier: str = PARTIAL) -> Dossier:
    return newest_record(dossier, room.backend.archive).dossier


def shown(browser: Browser, query: str = "") -> str:
    """Return the name of the item that somebody is given, empty for none."""
    found = re.search(r'data-item="([^"]+)"', browser.get(f"/kiem-tra{query}").text)
    return found[1] if found else ""


def path_of(name: str) -> str:
    dossier, _, item = name.partition("-")
    return f"/kiem-tra/{dossier}/{item}"


def say(browser: Browser, name: str, button: str = "tra-loi", **fields: str) -> str:
    """Answer about an item and return what the page behind says."""
    answer = browser.post(path_of(name), page="/kiem-tra", viec=button, **fields)
    if answer.status_code == HTTPStatus.SEE_OTHER:
        answer = browser.get(answer.headers["location"])
    return unescape(answer.text)
