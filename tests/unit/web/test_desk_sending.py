"""Files sent from the desk: into the same intake, mended ones for refused ones, locks taken off."""

from __future__ import annotations

import base64
import io
import re
import time
from html import unescape
from pathlib import Path

import pikepdf
import pytest
from httpx import Response

from flows.watch import Watcher
from pipeline import clock
from pipeline.intake import refused_folder
from pipeline.model import PersonRole, ReceiptStatus
from pipeline.settings import UPLOADS
from tests.support.clerk import slip
from tests.support.visitors import Browser, Room, open_room
from web.request_limits import MAX_PART

OURS = {"Sec-Fetch-Site": "same-origin"}
PASSWORD = "mật-khẩu-bí-mật-8841"


@pytest.fixture
def room(home: Path) -> Room:
    home.mkdir()
    room = open_room(home, upload_mib=1, spare_mib=0)
    room.backend.settings.watched_folders[0].mkdir(parents=True)
    return room


@pytest.fixture
def clerk(room: Room) -> Browser:
    return room.signed_in(room.person("văn-thư", PersonRole.CLERK))


def send(browser: Browser, *files: tuple[str, bytes], path: str = "tep", **fields: str) -> Response:
    """Send a form of files as a browser without scripts does."""
    named = {name.replace("_", "-"): value for name, value in fields.items()}
    data = {"khoa": browser.token("/ban-quet")} | named
    parts = [("file", each) for each in files]
    answer: Response = browser.client.post(
        f"/ban-quet/{path}", data=data, files=parts or None, headers=OURS
    )
    return answer


def polled(room: Room, count: int) -> list[tuple[str, ReceiptStatus]]:
    """Poll as the watcher does until so many files have receipts; return them."""
    watcher, home = Watcher(), room.backend.settings.home
    for _ in range(2_000):
        watcher.poll(home / UPLOADS)
        lines = [
            line for drop in room.backend.archive.receipts(clock.today()) for line in drop.receipts
        ]
        if len(lines) >= count:
            return [(line.name, line.status) for line in lines]
        time.sleep(0.05)
    raise AssertionError("never received")


def begin(browser: Browser, name: str, length: int, token: str = "") -> Response:
    told = f"filename {base64.b64encode(name.encode()).decode()}"
    headers = OURS | {
        "X-Khoa": token or browser.token("/ban-quet"),
        "Upload-Length": str(length),
        "Upload-Metadata": told,
    }
    answer: Response = browser.client.post("/ban-quet/gui", headers=headers)
    return answer


def part(browser: Browser, address: str, offset: int, content: bytes) -> Response:
    headers = OURS | {"X-Khoa": browser.token("/ban-quet"), "Upload-Offset": str(offset)}
    answer: Response = browser.client.patch(address, content=content, headers=headers)
    return answer


def test_files_without_a_name_are_drops_of_their_own(room: Room, clerk: Browser) -> None:
    answer = send(clerk, ("a.png", slip(1)), ("b.png", slip(2)))
    assert answer.headers["location"] == "/ban-quet?bao=da-gui"
    assert {name for name, _ in polled(room, 2)} == {"a.png", "b.png"}
    assert len(list(room.backend.archive.receipts(clock.today()))) == 2


def test_files_with_a_name_are_one_dossier(room: Room, clerk: Browser) -> None:
    send(clerk, ("a.png", slip(1)), ("b.png", slip(2)), name="Hồ sơ A")
    assert {name for name, _ in polled(room, 2)} == {"Hồ sơ A/a.png", "Hồ sơ A/b.png"}


@pytest.mark.parametrize("name", ["../../../etc/cron.d/x.png", "..\\..\\x.png", "/abs/x.png"])
def test_no_name_leads_out_of_the_intake(room: Room, clerk: Browser, name: str) -> None:
    home = room.backend.settings.home
    send(clerk, (name, slip(1)), name="..")
    send(clerk, (name, slip(1)))
    assert [each for each, _ in polled(room, 1)] == ["x.png"]
    assert [path.name for path in home.parent.iterdir()] == [home.name]


def test_a_refused_file_is_mended_and_its_line_closes(room: Room, clerk: Browser) -> None:
    send(clerk, ("ảnh.png", b"not a picture"))
    assert polled(room, 1) == [("ảnh.png", ReceiptStatus.REFUSED)]
    html = unescape(clerk.get("/ban-quet").text)
    assert "Tệp gửi" not in html.partition('id="song"')[2]
    key = re.search(r'name="thay" value="([^"]+)"', html)
    assert key
    answer = send(clerk, ("quét mới.png", slip(3)), thay=key[1])
    assert answer.headers["location"] == "/ban-quet?bao=da-thay"
    assert polled(room, 2)[1] == ("ảnh.png", ReceiptStatus.ARCHIVED)
    html = unescape(clerk.get("/ban-quet?muc=xong").text)
    assert "Đã thay bằng tệp đã sửa" in html
    twice = send(clerk, ("quét mới.png", slip(4)), thay=key[1])
    assert twice.status_code == 409


def test_uploads_that_were_refused_are_shown_and_closable(room: Room, clerk: Browser) -> None:
    """Their folder `uploads/_loi` is nobody's share, so the desk is where they end."""
    send(clerk, ("ảnh.png", b"not a picture"))
    polled(room, 1)
    lying = refused_folder(room.backend.settings.home / UPLOADS)
    assert [path.name for path in lying.iterdir() if path.suffix == ".png"] == ["ảnh.png"]
    html = clerk.get("/ban-quet").text
    key = re.search(r'name="dong" value="([^"]+)"', html)
    assert key
    clerk.post("/ban-quet/bo-qua", "/ban-quet", dong=key[1], ly_do="Gửi nhầm")
    assert "Đã đủ. Có thể cất giấy." in clerk.get("/ban-quet").text


def locked_pdf(password: str) -> bytes:
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(300, 400))
        lock = pikepdf.Encryption(user=password, owner=password)
        pdf.save(made, encryption=lock)
    return made.getvalue()


def test_a_lock_is_taken_off_by_its_password_which_is_kept_nowhere(
    room: Room, clerk: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    send(clerk, ("khóa.pdf", locked_pdf(PASSWORD)))
    assert polled(room, 1) == [("khóa.pdf", ReceiptStatus.REFUSED)]
    html = clerk.get("/ban-quet").text
    assert "Nhập mật khẩu" in html
    key = re.search(r'name="dong" value="([^"]+)"', html)
    assert key
    wrong = send(clerk, path="mo-khoa", dong=key[1], mat_khau="sai")
    assert wrong.status_code == 422
    assert "không mở được tệp" in wrong.text
    answer = send(clerk, path="mo-khoa", dong=key[1], mat_khau=PASSWORD)
    assert answer.headers["location"] == "/ban-quet?bao=da-thay", answer.text
    assert polled(room, 2)[1] == ("khóa.pdf", ReceiptStatus.ARCHIVED)
    assert PASSWORD not in caplog.text
    secret = PASSWORD.encode()
    home = room.backend.settings.home
    holding = [path for path in home.rglob("*") if path.is_file() and secret in path.read_bytes()]
    assert holding == []


def test_passwords_that_are_tried_are_recorded_and_slowed(home: Path) -> None:
    home.mkdir()
    room = open_room(home, upload_mib=1, spare_mib=0, lookups_a_minute=2)
    room.backend.settings.watched_folders[0].mkdir(parents=True)
    clerk = room.signed_in(room.person("văn-thư", PersonRole.CLERK))
    send(clerk, ("khóa.pdf", locked_pdf(PASSWORD)))
    polled(room, 1)
    key = re.search(r'name="dong" value="([^"]+)"', clerk.get("/ban-quet").text)
    assert key
    tried = [send(clerk, path="mo-khoa", dong=key[1], mat_khau="sai") for _ in range(3)]
    assert [answer.status_code for answer in tried] == [422, 422, 429]
    entries = room.entries()
    assert sum(one.detail("what") == "password" for one in entries) == 2
    assert sum(one.detail("reason") == "WrongPassword" for one in entries) == 2
    assert not any("sai" in str(one.body).split() for one in entries)


def test_a_locked_file_that_lies_elsewhere_is_sent_with_its_password(
    room: Room, clerk: Browser
) -> None:
    content = locked_pdf(PASSWORD)
    send(clerk, ("khóa.pdf", content))
    polled(room, 1)
    lying = refused_folder(room.backend.settings.home / UPLOADS) / "khóa.pdf"
    lying.unlink()
    key = re.search(r'name="dong" value="([^"]+)"', clerk.get("/ban-quet").text)
    assert key
    asked = send(clerk, path="mo-khoa", dong=key[1], mat_khau=PASSWORD)
    assert "Không thấy tệp bị khóa" in asked.text
    lying.symlink_to("/etc/hostname")
    assert send(clerk, path="mo-khoa", dong=key[1], mat_khau=PASSWORD).status_code == 422
    given = send(clerk, ("a.pdf", content), path="mo-khoa", dong=key[1], mat_khau=PASSWORD)
    assert given.status_code == 303


def test_a_large_file_comes_in_parts_and_goes_on_after_a_break(room: Room, clerk: Browser) -> None:
    content = slip(5)
    address = begin(clerk, "bản đồ.png", len(content)).headers["location"]
    assert part(clerk, address, 0, content[:100]).headers["upload-offset"] == "100"
    assert part(clerk, address, 0, content[:100]).status_code == 409
    told = clerk.client.head(address)
    assert (told.headers["upload-offset"], told.headers["upload-length"]) == (
        "100",
        str(len(content)),
    )
    upload = address.rsplit("/", 1)[1]
    assert send(clerk, gui=upload).status_code == 422, "not whole yet"
    assert part(clerk, address, 100, content[100:]).status_code == 204
    assert send(clerk, gui=upload).status_code == 303
    assert polled(room, 1) == [("bản đồ.png", ReceiptStatus.ARCHIVED)]
    assert clerk.client.head(address).status_code == 404


def test_parts_are_for_their_account_and_with_its_token(room: Room, clerk: Browser) -> None:
    address = begin(clerk, "a.png", 10).headers["location"]
    other = room.signed_in(room.person("khác", PersonRole.CLERK))
    assert part(other, address, 0, b"x").status_code == 404
    assert other.client.head(address).status_code == 404
    assert send(other, gui=address.rsplit("/", 1)[1]).status_code == 404
    assert begin(clerk, "a.png", 10, token="0" * 64).status_code == 403
    assert room.browser().client.patch(address, content=b"x").status_code in {401, 403, 422}
    headers = OURS | {"X-Khoa": clerk.token("/ban-quet")}
    assert clerk.client.delete(address, headers=headers).status_code == 204


def test_a_part_has_a_largest_size_and_never_passes_the_length(room: Room, clerk: Browser) -> None:
    address = begin(clerk, "a.png", 10).headers["location"]
    assert part(clerk, address, 0, b"x" * 11).status_code == 422
    assert part(clerk, address, 0, b"x" * (MAX_PART + 1)).status_code == 413
    assert clerk.client.head(address).headers["upload-offset"] in {"0", "10"}


def test_a_disk_without_space_is_said_before_anything_is_sent(room: Room, clerk: Browser) -> None:
    object.__setattr__(room.app.state.context.settings.web, "spare_mib", 10**9)
    assert begin(clerk, "a.png", 10).status_code == 507
    assert send(clerk, ("a.png", slip(1))).status_code == 507
