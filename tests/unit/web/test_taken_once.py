"""Two clerks at once, or one who clicks twice: a file is taken in once, the other is told."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from httpx import Response

from pipeline.errors import StorageUnavailableError
from pipeline.intake.spool import claimed_drops, spool_folder
from pipeline.intake.uploads import keep_upload
from pipeline.model import PersonRole, ReceiptStatus
from pipeline.settings import UPLOADS
from tests.support.callers import Caller, assert_error, caller
from tests.support.clerk import slip
from tests.support.paused import paused
from tests.support.visitors import Browser, Room, open_room
from tests.support.web_backend import open_client
from tests.unit.web.api.test_uploads_in_parts import begin as begin_call
from tests.unit.web.api.test_uploads_in_parts import send as send_call
from tests.unit.web.test_desk_converting import picture, refused
from tests.unit.web.test_desk_parts import send_parts
from tests.unit.web.test_desk_sending import OURS, begin, part, polled, send
from tests.unit.web.test_first_steps import empty

BUSY, TAKEN = "Việc này đang được làm", "đã được nhận rồi"
COMING = "đang được nhận ở một lần gửi khác"


@pytest.fixture
def room(home: Path) -> Room:
    home.mkdir()
    room = open_room(home, upload_mib=8, part_upload_mib=1, spare_mib=0)
    room.backend.settings.watched_folders[0].mkdir(parents=True)
    return room


@pytest.fixture
def clerk(room: Room) -> Browser:
    return room.signed_in(room.person("văn-thư", PersonRole.CLERK))


@pytest.fixture
def other(room: Room) -> Browser:
    return room.signed_in(room.person("khác", PersonRole.CLERK))


@pytest.fixture
def machine(room: Room) -> Caller:
    return caller(room, "máy-quét", PersonRole.CLERK)


def told(answer: Response) -> tuple[int, str]:
    """Return a status, and which conflict the page tells of."""
    said = [each for each in (BUSY, TAKEN, COMING) if each in unescape(answer.text)]
    return answer.status_code, "".join(said)


def waiting(room: Room) -> int:
    """Return how many drops wait for the watcher."""
    home, sent = room.backend.settings.home, room.backend.settings.home / UPLOADS
    return len(claimed_drops(spool_folder(home, sent), sent))


def test_a_refused_file_is_converted_for_one_clerk(
    room: Room, clerk: Browser, other: Browser
) -> None:
    key = refused(room, clerk, "ảnh.dat", picture("BMP"))
    token = other.token("/ban-quet")

    def convert() -> Response:
        return clerk.post("/ban-quet/chuyen", "/ban-quet", dong=key)

    with paused("web.pages.desk.converting.convert_file", convert) as first:
        second = other.post_bare("/ban-quet/chuyen", khoa=token, dong=key)
        assert told(second) == (409, BUSY)
        assert told(send(other, ("mới.png", slip(3)), thay=key)) == (409, BUSY)
        left = other.post("/ban-quet/bo-qua", "/ban-quet", dong=key, ly_do="Gửi nhầm")
        assert told(left) == (409, BUSY)
    assert first.result().headers["location"] == "/ban-quet?bao=da-chuyen"
    assert other.post_bare("/ban-quet/chuyen", khoa=token, dong=key).status_code == 409
    assert waiting(room) == 1
    assert polled(room, 2)[1] == ("ảnh.pdf", ReceiptStatus.ARCHIVED)


def test_a_mended_file_is_put_back_by_one_clerk(room: Room, clerk: Browser, other: Browser) -> None:
    key = refused(room, clerk, "ảnh.png", b"not a picture")

    def put_back() -> Response:
        return send(clerk, ("quét mới.png", slip(3)), thay=key)

    with paused("web.pages.desk.mending.keep_upload", put_back) as first:
        assert told(send(other, ("khác.png", slip(4)), thay=key)) == (409, BUSY)
    assert first.result().headers["location"] == "/ban-quet?bao=da-thay"
    assert send(other, ("khác.png", slip(4)), thay=key).status_code == 409
    assert waiting(room) == 1
    assert polled(room, 2)[1] == ("ảnh.png", ReceiptStatus.ARCHIVED)


def test_a_line_is_free_again_after_a_file_that_cannot_be_taken(
    room: Room, clerk: Browser, other: Browser
) -> None:
    key = refused(room, clerk, "ảnh.bmp", picture("BMP")[:5_000])
    assert clerk.post("/ban-quet/chuyen", "/ban-quet", dong=key).status_code == 422
    assert send(other, ("mới.png", slip(3)), thay=key).status_code == 303
    assert list((room.backend.settings.home / UPLOADS / ".claims").iterdir()) == []


def test_what_somebody_decided_during_a_conversion_stands(
    room: Room, clerk: Browser, other: Browser
) -> None:
    """Left out from a machine that knows of no claim: nothing is taken in."""
    key = refused(room, clerk, "ảnh.dat", picture("BMP"))

    def convert() -> Response:
        return clerk.post("/ban-quet/chuyen", "/ban-quet", dong=key)

    with (
        paused("web.pages.desk.converting.convert_file", convert) as first,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr("web.pages.desk.scanning.check_unmended", lambda *_: None)
        left = other.post("/ban-quet/bo-qua", "/ban-quet", dong=key, ly_do="Gửi nhầm")
        assert left.status_code == 303
    assert first.result().status_code == 409
    assert "khác vừa quyết định" in unescape(first.result().text)
    assert waiting(room) == 0


def sent_in_parts(machine: Caller, number: int) -> str:
    content = slip(number)
    made = begin_call(machine, f"{number}.png", len(content))
    assert send_call(machine, made, 0, content).status_code == 200
    return made


def test_files_in_parts_are_handed_in_once_by_programs(room: Room, machine: Caller) -> None:
    one, two = (sent_in_parts(machine, number) for number in (5, 6))
    both = {"parts": [one, two], "name": "Hồ sơ"}
    with paused(
        "web.api.uploads_in_parts.hand_in", lambda: machine.post("/uploads/whole", json=both)
    ) as first:
        for ids in ([one, two], [two, one], [two]):
            body = {"parts": ids, "name": "Hồ sơ"}
            assert_error(machine.post("/uploads/whole", json=body), 409, "conflict")
    assert first.result().status_code == 202
    upload = first.result().json()["upload"]
    again = machine.post("/uploads/whole", json=both)
    assert_error(again, 409, "conflict")
    assert upload in again.json()["error"]["message"]
    left = room.backend.settings.home.glob(f"{UPLOADS}/.parts/*/*")
    assert {path.name for path in left} == {"received.json"}, "no names of files"
    other = caller(room, "máy-khác", PersonRole.CLERK)
    assert_error(other.post("/uploads/whole", json=both), 404, "not_found")
    assert waiting(room) == 1
    assert sorted(name for name, _ in polled(room, 2)) == ["Hồ sơ/5.png", "Hồ sơ/6.png"]


def at_the_desk(clerk: Browser) -> list[str]:
    """Bring two files in parts; return their ids."""
    ids = []
    for number in (5, 6):
        place = begin(clerk, f"{number}.png", len(slip(number))).headers["location"]
        assert part(clerk, place, 0, slip(number)).status_code == 204
        ids.append(place.rsplit("/", 1)[1])
    return ids


def hand(browser: Browser, *ids: str) -> Response:
    """Hand files in that came in parts, each by itself."""
    data = {"khoa": browser.token("/ban-quet"), "gui": list(ids)}
    answer: Response = browser.client.post("/ban-quet/tep", data=data, headers=OURS)
    return answer


def test_files_in_parts_are_handed_in_once_at_the_desk(room: Room, clerk: Browser) -> None:
    one, two = at_the_desk(clerk)
    with paused("web.pages.desk.mending.keep_upload", lambda: hand(clerk, one)) as first:
        assert told(hand(clerk, one)) == (409, COMING)
    assert first.result().status_code == 303
    assert told(hand(clerk, one)) == (409, TAKEN)
    assert told(send_parts(clerk, one, two)) == (409, TAKEN), "of one dossier: all or none"
    assert hand(clerk, one, two).status_code == 303, "each by itself: what is left"
    assert waiting(room) == 2
    assert sorted(name for name, _ in polled(room, 2)) == ["5.png", "6.png"]


def test_files_by_themselves_go_on_from_where_it_failed(room: Room, clerk: Browser) -> None:
    one, two = at_the_desk(clerk)
    calls = iter([False, True, False])

    def busy(*args: Any, **named: Any) -> Any:
        if next(calls):
            raise StorageUnavailableError("đầy")
        return keep_upload(*args, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("web.pages.desk.mending.keep_upload", busy)
        assert hand(clerk, one, two).status_code == 503
        assert hand(clerk, one, two).status_code == 303
    assert waiting(room) == 2


def test_many_at_once_hand_a_file_in_once(room: Room, machine: Caller) -> None:
    ids = [sent_in_parts(machine, 5)]
    start = threading.Barrier(4)

    def whole(_: int) -> int:
        start.wait(300)
        answer: Response = machine.post("/uploads/whole", json={"parts": ids})
        return answer.status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(whole, range(4))) == [202, 409, 409, 409]
    assert waiting(room) == 1


def test_a_double_click_gives_the_sample_dossiers_once(home: Path) -> None:
    home.mkdir()
    client = open_client(empty(home))

    def click() -> Response:
        answer: Response = client.post("/ban-quet/ho-so-mau", headers=OURS)
        return answer

    with paused("web.pages.desk.samples.draw_sample_dossiers", click) as first:
        assert told(click()) == (409, BUSY)
    assert first.result().headers["location"] == "/ban-quet?bao=da-gui-mau"
    assert click().status_code == 409
    sent = home / UPLOADS
    assert len(claimed_drops(spool_folder(home, sent), sent)) == 2
