"""The page of accounts: administrators make and change accounts, see no papers, stay themselves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.model import PersonRole, Scope
from tests.support.account_pages import acts, page_of
from tests.support.callers import caller
from tests.support.people import PASSWORD
from tests.support.visitors import Browser, Room, open_room
from tests.support.web_backend import PARTIAL

FIRST = re.compile(r'<p class="secret"><code>([^<]+)</code>')


@pytest.fixture
def room(tmp_path: Path) -> Room:
    made = open_room(tmp_path)
    made.person("chef", PersonRole.ADMIN)
    return made


@pytest.fixture
def chef(room: Room) -> Browser:
    return room.signed_in("chef")


def test_an_account_is_made_and_its_password_shown_once(room: Room, chef: Browser) -> None:
    fields = {"ten": "lan.anh", "vai_tro": "records", "don_vi": "H26\nPhòng Một cửa, xã Đông Hà\n"}
    made = chef.post("/tai-khoan", **fields)
    assert made.status_code == 200
    password = FIRST.search(made.text)
    assert password
    account = room.accounts.people.named("lan.anh")
    assert account.roles == {PersonRole.RECORDS}
    assert account.scope == Scope(frozenset({"H26", "Phòng Một cửa, xã Đông Hà"}))
    assert account.must_change_password
    assert made.headers["cache-control"] == "no-store"
    for again in ("/tai-khoan", page_of(room, "lan.anh")):
        assert password[1] not in chef.get(again).text
    assert acts(room)[-1] == ("chef", "user add", "lan.anh", "done")
    assert password[1] not in str([entry.body for entry in room.entries()])
    answer = room.browser().sign_in("lan.anh", password[1])
    assert answer.headers["location"].startswith("/dang-nhap/mat-khau")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"ten": "CHEF", "vai_tro": "reader"}, "Đã có tài khoản"),
        ({"ten": "../x", "vai_tro": "reader"}, "không dùng được"),
        ({"ten": "moi"}, "ít nhất một vai trò"),
        ({"ten": "moi", "vai_tro": "root"}, "Không có vai trò này"),
    ],
)
def test_what_cannot_be_made_says_why_and_is_recorded(
    room: Room, chef: Browser, fields: dict[str, str], told: str
) -> None:
    answer = chef.post("/tai-khoan", **fields)
    assert answer.status_code == 409
    assert told in answer.text
    assert [each.name for each in room.accounts.people.everyone()] == ["chef"]
    assert acts(room)[-1][3] == "refused"


def test_roles_scope_password_and_sessions_are_changed(room: Room, chef: Browser) -> None:
    room.person("minh")
    minh, page = room.signed_in("minh"), page_of(room, "minh")
    changed = chef.post(f"{page}/vai-tro", page, vai_tro="clerk", loai="Đơn", chi_thuong="1")
    assert changed.status_code == 200
    account = room.accounts.people.named("minh")
    assert account.roles == {PersonRole.CLERK}
    assert account.scope == Scope(None, frozenset({"Đơn"}), frozenset({"open"}))
    assert minh.get("/").status_code in {303, 403}

    minh = room.signed_in("minh")
    assert "Kết thúc mọi phiên" in chef.get(page).text
    assert chef.post(f"{page}/phien", page).status_code == 303
    assert minh.get("/hang-doi").status_code == 303

    reset = FIRST.search(chef.post(f"{page}/dat-lai", page).text)
    assert reset
    assert room.browser().sign_in("minh", PASSWORD).status_code == 401
    location = room.browser().sign_in("minh", reset[1]).headers["location"]
    assert location.startswith("/dang-nhap/mat-khau")

    assert chef.post(f"{page}/khoa", page, dong="1").status_code == 200
    assert room.accounts.people.named("minh").is_disabled
    assert chef.post(f"{page}/khoa", page, dong="0").status_code == 200
    assert not room.accounts.people.named("minh").is_disabled
    whats = [what for _, what, subject, _ in acts(room) if subject == "minh"]
    assert whats == [
        f"user {what}" for what in ("roles", "end sessions", "reset", "disable", "enable")
    ]


def test_a_lost_telephone_is_forgotten(room: Room, chef: Browser) -> None:
    room.person("hoa", PersonRole.PRIVACY)
    room.signed_in("hoa")
    page = page_of(room, "hoa")
    chef.post(f"{page}/dat-lai", page)
    assert room.accounts.people.named("hoa").has_second_factor
    chef.post(f"{page}/dat-lai", page, lop_hai="1")
    assert not room.accounts.people.named("hoa").has_second_factor


def test_one_session_of_many_is_ended(room: Room, chef: Browser) -> None:
    room.person("minh")
    first, second = room.signed_in("minh"), room.signed_in("minh")
    account, page = room.accounts.people.named("minh"), page_of(room, "minh")
    newest, _ = room.accounts.sessions.of(account.id)
    assert chef.post(f"{page}/phien", page, phien=newest.id).status_code == 303
    assert len(room.accounts.sessions.of(account.id)) == 1
    answers = sorted(browser.get("/phien").status_code for browser in (first, second))
    assert answers == [200, 303]


def test_an_administrator_makes_no_token_for_anybody(room: Room, chef: Browser) -> None:
    room.person("doc", PersonRole.RECORDS)  # its token would open originals, unmasked
    page = page_of(room, "doc")
    assert f'{page}/token"' not in chef.get(page).text
    wanted = {"quyen": "download", "ngay": "7", "may": "máy chủ cổng"}
    answer = chef.post(f"{page}/token", page, **wanted)
    assert answer.status_code in {404, 405}
    assert room.accounts.tokens.of("doc") == ()


def test_tokens_of_programs_are_listed_and_revoked(room: Room, chef: Browser) -> None:
    room.person("khac", PersonRole.READER)
    page = page_of(room, "khac")
    assert "Chưa chương trình nào" in chef.get(page).text
    scope = Scope(frozenset({"H26"}))
    machine = caller(room, "cong", PersonRole.READER, scope=scope)
    assert machine.token
    foreign, page = page, page_of(room, "cong")
    shown = chef.get(page).text
    assert machine.token.label in shown
    assert machine.text not in shown
    wrong = chef.post(f"{foreign}/token/thu-hoi", foreign, token=machine.token.id)
    assert wrong.status_code == 409
    assert not room.accounts.tokens.of("cong")[0].is_revoked
    chef.post(f"{page}/token/thu-hoi", page, token=machine.token.id)
    assert room.accounts.tokens.of("cong")[0].is_revoked
    entry = room.entries()[-1]
    told = {name: entry.detail(name) for name in ("what", "subject", "token", "rights", "units")}
    assert told == {
        "what": "user token revoked",
        "subject": "cong",
        "token": machine.token.id,
        "rights": ",".join(sorted(machine.token.rights)),
        "units": "H26",
    }
    assert (entry.detail("label"), entry.detail("days")) == (machine.token.label, "30")
    assert machine.text not in str([each.body for each in room.entries()])


DEEDS = ["vai-tro", "vai-tro/hoan-tac", "khoa", "dat-lai", "phien", "token/thu-hoi"]


@pytest.mark.parametrize("deed", DEEDS)
def test_nobody_changes_themselves_here(room: Room, chef: Browser, deed: str) -> None:
    room.person("pho", PersonRole.ADMIN)  # she is not the last one, and still does not
    page = page_of(room, "chef")
    assert f"{page}/{deed}" not in chef.get(page).text
    answer = chef.post(f"{page}/{deed}", "/tai-khoan", vai_tro="records", dong="1", quyen="view")
    assert answer.status_code == 409
    account = room.accounts.people.named("chef")
    assert account.roles == {PersonRole.ADMIN}
    assert chef.get("/tai-khoan").status_code == 200


def test_administrators_see_no_papers_and_others_no_accounts(room: Room, chef: Browser) -> None:
    for path in ("/", f"/ho-so/{PARTIAL}", f"/ho-so/{PARTIAL}/trang/1", "/bien-nhan", "/nhat-ky"):
        assert chef.get(path).status_code == 403, path
    room.person("doc", PersonRole.RECORDS)
    reader = room.signed_in("doc")
    assert reader.get("/tai-khoan").status_code == 403
    token, page = reader.token("/phien"), page_of(room, "doc")
    for path in ("/tai-khoan", f"{page}/vai-tro", f"{page}/khoa", f"{page}/dat-lai"):
        answer = reader.post_bare(path, khoa=token, ten="x", vai_tro="admin", dong="0")
        assert answer.status_code == 403, path
    assert room.accounts.people.named("doc").roles == {PersonRole.RECORDS}


def test_ids_that_nobody_has_are_said(chef: Browser) -> None:
    assert chef.get("/tai-khoan/ffff").status_code == 404
    assert chef.get("/tai-khoan/KHONG").status_code == 404
    assert chef.post("/tai-khoan/ffff/khoa", "/tai-khoan", dong="1").status_code == 404


def test_a_post_without_the_token_changes_nothing(room: Room, chef: Browser) -> None:
    room.person("minh")
    page = page_of(room, "minh")
    assert chef.post_bare(f"{page}/khoa", dong="1").status_code == 403
    assert chef.post_bare("/tai-khoan", ten="moi", vai_tro="reader").status_code == 403
    assert not room.accounts.people.named("minh").is_disabled
