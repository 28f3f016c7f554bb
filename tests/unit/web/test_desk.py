"""The scanning desk: a balance that adds up, one action a row, decisions, rights, other units."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline import clock
from pipeline.desk import decisions
from pipeline.model import PersonRole, Receipt, ReceiptStatus, Scope
from tests.support.desk_rows import note, refused, shown
from tests.support.visitors import Browser, Room, open_room
from tests.support.web_backend import COMPLETE, FAILED, PARTIAL, WAITING, part_of

NOW = datetime.now(UTC)
UNIT, OTHER = "H26.19.25", "H99.01"
LONG = "tên rất dài " * 21  # 252 letters


@pytest.fixture
def room(home: Path) -> Room:
    home.mkdir()
    return open_room(home)


@pytest.fixture
def clerk(room: Room) -> Browser:
    return room.signed_in(room.person("văn-thư", PersonRole.CLERK))


def archived(room: Room, name: str, dossier: str) -> Receipt:
    record = room.backend.archive.find_record(dossier)
    assert record
    scan = record.dossier.scans[0]
    return Receipt(name, ReceiptStatus.ARCHIVED, NOW, dossier, "", "", scan.size, scan.sha256)


def filled(room: Room) -> None:
    """Four stored files (read, doubtful, waiting, failed), one duplicate, two refused."""
    stored = [archived(room, f"{each}.pdf", each) for each in (COMPLETE, PARTIAL, WAITING, FAILED)]
    twice = Receipt("hai lần.pdf", ReceiptStatus.DUPLICATE, NOW, COMPLETE, "Đã được lưu.")
    locked = refused("khóa.pdf", "Tệp PDF bị khóa bằng mật khẩu.")
    note(room, "0d", *stored, twice, refused(f"{LONG}.txt"), locked)


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def test_the_balance_adds_up(room: Room, clerk: Browser) -> None:
    filled(room)
    (room.backend.settings.watched_folders[0] / "đang chờ.pdf").write_bytes(b"%PDF")
    text = plain(shown(clerk))
    assert "Hôm nay 8 tệp = 4 đã lưu + 1 trùng + 2 bị từ chối + 1 đang chờ" in text
    assert "Còn 4 tệp phải xử lý. Chưa được cất giấy." in text
    assert "Cần xử lý 4 Đang đọc 2 Xong 2 Tất cả 8" in text


def test_each_tab_lists_its_files(room: Room, clerk: Browser) -> None:
    filled(room)
    rows = {
        tab: re.findall(r'class="file-name" title="([^"]*)"', shown(clerk, f"/ban-quet?muc={tab}"))
        for tab in ("can", "doc", "xong", "tat")
    }
    assert {name: len(found) for name, found in rows.items()} == {
        "can": 4,
        "doc": 1,
        "xong": 2,
        "tat": 7,
    }
    assert f"{LONG}.txt" in rows["can"]


def test_nothing_left_means_the_papers_may_be_put_away(room: Room, clerk: Browser) -> None:
    note(room, "0d", archived(room, "a.pdf", COMPLETE))
    assert "Đã đủ. Có thể cất giấy." in shown(clerk)


def test_one_action_a_row(room: Room, clerk: Browser) -> None:
    filled(room)
    html = shown(clerk, "/ban-quet?muc=can")
    row = part_of(html, r'(<b class="file-name" title="khóa\.pdf".*?</li>)')
    assert row.count('class="button main"') == 1
    assert "Nhập mật khẩu" in row
    other = part_of(html, r'(<b class="file-name" title="0a01\.pdf".*?</li>)')
    assert "Thả bản quét lại" in other
    assert "5 ảnh / 4 trang" in other


def test_left_out_and_taken_back(room: Room, clerk: Browser) -> None:
    note(room, "0d", refused("ảnh.txt"))
    key = part_of(shown(clerk), r'name="dong" value="([^"]+)"')
    answer = clerk.post("/ban-quet/bo-qua", "/ban-quet", dong=key, ly_do="Tệp rác")
    assert answer.headers["location"] == "/ban-quet?bao=bo-qua"
    html = shown(clerk, "/ban-quet?muc=xong")
    assert "Đã đủ. Có thể cất giấy." in html
    assert "Tệp rác" in html
    again = clerk.post("/ban-quet/bo-qua", "/ban-quet", dong=key, ly_do="Tệp rác khác")
    assert again.status_code == 409
    assert "văn-thư vừa quyết định" in again.text
    key = part_of(html, r'name="dong" value="([^"]+)"')
    clerk.post("/ban-quet/hoan-tac", "/ban-quet", dong=key)
    assert "Còn 1 tệp phải xử lý" in shown(clerk)
    acts = [entry.detail("what") for entry in room.entries()]
    assert {"left_out", "reopened", "desk"} <= set(acts)


@pytest.mark.parametrize(
    "key", ["", "x", "20261399.0d.0.0", "20261129.0d.99.0", "0.0.0.0", "../.."]
)
def test_keys_of_nothing(room: Room, clerk: Browser, key: str) -> None:
    note(room, "0d", refused("ảnh.txt"))
    answer = clerk.post("/ban-quet/bo-qua", "/ban-quet", dong=key, ly_do="x")
    assert answer.status_code in {400, 404, 422}
    assert list(room.backend.archive.decisions(clock.today())) == []


@pytest.mark.parametrize("path", ["/ban-quet/bo-qua", "/ban-quet/hoan-tac", "/ban-quet/tep"])
def test_foreign_posts_are_refused(room: Room, clerk: Browser, path: str) -> None:
    note(room, "0d", refused("ảnh.txt"))
    key = part_of(shown(clerk), r'name="dong" value="([^"]+)"')
    fields = {"dong": key, "ly-do": "x", "khoa": "0" * 64}
    ours, foreign = {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "cross-site"}
    assert clerk.client.post(path, data=fields, headers=ours).status_code == 403
    fields["khoa"] = clerk.token("/ban-quet")
    assert clerk.client.post(path, data=fields, headers=foreign).status_code == 403
    assert clerk.client.post(path, data=fields).status_code == 403
    assert list(room.backend.archive.decisions(clock.today())) == []


def test_guests_and_readers_see_no_desk(room: Room) -> None:
    reader = room.signed_in(room.person("đọc", PersonRole.READER))
    for path in ("/ban-quet", "/ban-quet/so-ngay", "/ban-quet/so-ngay.xlsx", "/ban-quet/to-bia"):
        assert room.browser().get(path).status_code in {303, 401}
        assert reader.get(path).status_code == 403


def test_other_units_files_are_neither_shown_nor_decided(room: Room) -> None:
    note(room, "0c", refused("của ta.txt"), unit=UNIT)
    note(room, "0d", refused("của người.txt"), unit=OTHER)
    name = room.person("một-cửa", PersonRole.CLERK, scope=Scope(frozenset({UNIT})))
    browser = room.signed_in(name)
    html = shown(browser)
    assert "của ta.txt" in html
    assert "của người" not in html
    assert "Hôm nay 1 tệp" in plain(html)
    foreign = f"{clock.today():%Y%m%d}.0d.0.0"
    assert browser.post("/ban-quet/bo-qua", "/ban-quet", dong=foreign, ly_do="x").status_code == 404
    sent = {"khoa": browser.token("/ban-quet"), "thay": foreign}
    ours = {"Sec-Fetch-Site": "same-origin"}
    files = {"file": ("a.pdf", b"%PDF")}
    answer = browser.client.post("/ban-quet/tep", data=sent, files=files, headers=ours)
    assert answer.status_code == 404
    assert "của người" not in browser.get("/ban-quet/so-ngay").text


def test_a_day_is_chosen_as_people_write_it(room: Room, clerk: Browser) -> None:
    note(room, "0d", refused("ảnh.txt"))
    before = clock.today() - timedelta(days=1)
    assert "Ngày này chưa có tệp nào" in shown(clerk, f"/ban-quet?ngay={before:%d/%m/%Y}")
    assert "ảnh.txt" in shown(clerk, f"/ban-quet?ngay={clock.today().isoformat()}")
    answer = clerk.get("/ban-quet?ngay=31/02/2026")
    assert answer.status_code == 400
    assert "28/11/2026" in answer.text


def test_numbers_of_people_in_names_of_files_are_masked(room: Room, clerk: Browser) -> None:
    note(room, "0d", refused("CCCD 001099012345.txt"))
    assert "001099012345" not in shown(clerk)


def test_places_are_called_as_peoples_machines_call_them(room: Room, clerk: Browser) -> None:
    context = room.app.state.context
    share = r"\\MAYCHU\quet1"
    object.__setattr__(context.settings.watch, "shown_as", [share])
    assert share in shown(clerk)


def test_a_desk_that_refreshes_itself_is_recorded_seldom(room: Room, clerk: Browser) -> None:
    def looks() -> int:
        return sum(1 for entry in room.entries() if entry.detail("what") == "desk")

    clerk.get("/ban-quet")
    before = looks()
    for _ in range(5):
        clerk.get("/ban-quet", **{"X-Sohoa-Live": "1"})
    assert looks() == before
    clerk.get("/ban-quet")
    assert looks() == before + 1


def test_a_clerk_begins_at_the_desk(room: Room) -> None:
    room.person("văn-thư", PersonRole.CLERK)
    browser = room.browser()
    assert browser.sign_in("văn-thư").headers["location"] == "/ban-quet"


def test_a_decision_closes_the_line_on_the_page_of_problems_too(room: Room, clerk: Browser) -> None:
    note(room, "0d", refused("ảnh.txt"))
    assert "ảnh.txt" in clerk.get("/van-de").text
    key = part_of(shown(clerk), r'name="dong" value="([^"]+)"')
    clerk.post("/ban-quet/bo-qua", "/ban-quet", dong=key, ly_do="Tệp rác")
    assert decisions.decided(clock.today(), room.backend.archive)
    assert "ảnh.txt" not in clerk.get("/van-de").text
