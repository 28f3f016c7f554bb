"""Files that the desk sends in parts: they stay until the intake has them, whatever it refuses."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest
from httpx import Response

from pipeline.intake.spool import Spool
from pipeline.model import PersonRole, ReceiptStatus
from tests.support.clerk import slip
from tests.support.visitors import Browser, Room, open_room
from tests.unit.web.test_desk_sending import OURS, begin, part, polled


@pytest.fixture
def room(home: Path) -> Room:
    home.mkdir()
    return open_room(home, upload_mib=1, spare_mib=0)


@pytest.fixture
def clerk(room: Room) -> Browser:
    return room.signed_in(room.person("văn-thư", PersonRole.CLERK))


def send_parts(browser: Browser, *uploads: str) -> Response:
    """Hand files that came in parts over as one dossier."""
    data = {"khoa": browser.token("/ban-quet"), "name": "Hồ sơ", "gui": list(uploads)}
    answer: Response = browser.client.post("/ban-quet/tep", data=data, headers=OURS)
    return answer


def test_parts_stay_until_the_intake_has_them(room: Room, clerk: Browser) -> None:
    names = ("a.png", "a.png", "b.png")
    pictures = [slip(number) for number in range(5, 8)]
    places = [
        begin(clerk, name, len(one)).headers["location"]
        for name, one in zip(names, pictures, strict=True)
    ]
    for place, one in zip(places, pictures, strict=True):
        assert part(clerk, place, 0, one).status_code == 204
    first, second, third = (place.rsplit("/", 1)[1] for place in places)
    refused = send_parts(clerk, first, second)
    assert (refused.status_code, "cùng một tên" in unescape(refused.text)) == (422, True)
    assert [clerk.client.head(place).status_code for place in places[:2]] == [200, 200]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Spool, "claim", lambda *_, **__: None)  # the spool is busy
        assert send_parts(clerk, first, third).status_code == 503
    assert send_parts(clerk, first, third).status_code == 303
    assert [clerk.client.head(place).status_code for place in places] == [404, 200, 404]
    assert sorted(polled(room, 2)) == [
        ("Hồ sơ/a.png", ReceiptStatus.ARCHIVED),
        ("Hồ sơ/b.png", ReceiptStatus.ARCHIVED),
    ]
