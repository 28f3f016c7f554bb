"""Signing in: password, code, first password, second factor; rights, menu and what is recorded."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest

from pipeline.audit import AuditResult, Verb
from pipeline.model import PersonRole, Scope
from tests.support.people import PASSWORD
from tests.support.visitors import TLS_URL, Room, open_room
from tests.support.web_backend import COMPLETE, PARTIAL, open_client, sample_backend

NEW_PASSWORD = "năm con mèo leo cây cau"


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return open_room(tmp_path)


def test_without_accounts_every_page_says_that_it_is_a_demonstration(tmp_path: Path) -> None:
    client = open_client(sample_backend(tmp_path))
    for path in ("/", f"/ho-so/{PARTIAL}", "/hang-doi", "/khong-co"):
        page = client.get(path).text
        assert "Chế độ trình diễn." in page
        assert "sohoa user add" in page
        assert "Đăng xuất" not in page


def test_a_reader_signs_in_where_they_wanted_to_go(room: Room) -> None:
    browser = room.browser()
    room.person("lan")
    asked = browser.get(f"/ho-so/{PARTIAL}?q=đất")
    assert asked.status_code == 303
    sign_in = asked.headers["location"]
    assert sign_in.startswith("/dang-nhap?ve=")
    answer = browser.sign_in("lan", wanted=f"/ho-so/{PARTIAL}?q=đất")
    assert unquote(answer.headers["location"]) == f"/ho-so/{PARTIAL}?q=đất"
    page = browser.get(f"/ho-so/{PARTIAL}").text
    assert ">lan</a>" in page
    assert "Chế độ trình diễn" not in page
    assert "Tải tệp gốc" not in page
    assert 'href="/nhat-ky"' not in page
    assert 'href="/bien-nhan"' not in page


def test_the_first_password_is_changed_before_anything_is_seen(room: Room) -> None:
    room.person("lan", must_change=True)
    browser = room.browser()
    assert browser.sign_in("lan").headers["location"] == "/dang-nhap/mat-khau"
    assert browser.get("/").headers["location"] == "/dang-nhap"
    form = {"cu": PASSWORD, "moi": "ngắn", "lai": "ngắn"}
    weak = browser.post("/dang-nhap/mat-khau", **form)
    assert weak.status_code == 422
    assert "12" in weak.text
    form = {"cu": PASSWORD, "moi": NEW_PASSWORD, "lai": NEW_PASSWORD}
    assert browser.post("/dang-nhap/mat-khau", **form).headers["location"] == "/"
    assert browser.get("/").status_code == 200
    assert room.browser().sign_in("lan", NEW_PASSWORD).headers["location"] == "/"


def test_a_second_factor_is_set_up_and_asked_for(room: Room) -> None:
    room.person("minh", PersonRole.RECORDS)
    browser = room.browser()
    answer = browser.sign_in("minh")
    assert "Mã dự phòng của bạn" in answer.text
    assert len(browser.recovery) >= 8
    assert browser.get("/").status_code == 200
    assert browser.recovery[0] not in browser.get("/phien").text
    other = room.browser()
    assert other.sign_in("minh").headers["location"] == "/dang-nhap/ma"
    assert other.get("/").headers["location"].startswith("/dang-nhap")
    assert other.post("/dang-nhap/ma", ma="000000").status_code == 401
    assert browser.phone
    room.clock.forward(seconds=60)
    code = browser.phone.at(room.clock())
    assert other.post("/dang-nhap/ma", ma=code).headers["location"] == "/"
    third = room.browser()
    third.sign_in("minh")
    assert third.post("/dang-nhap/ma", ma=code).status_code == 401  # used before
    assert third.post("/dang-nhap/ma", ma=browser.recovery[0]).status_code == 303


def test_each_role_is_led_to_a_page_of_its_own(room: Room) -> None:
    homes = {
        PersonRole.READER: "/",
        PersonRole.CLERK: "/ban-quet",
        PersonRole.AUDITOR: "/nhat-ky",
        PersonRole.ADMIN: "/phien",
    }
    for role, home in homes.items():
        browser = room.browser()
        answer = browser.sign_in(room.person(str(role), role))
        assert answer.headers.get("location") == home or f'href="{home}"' in answer.text
        assert browser.get(home).status_code == 200
        if role not in (PersonRole.READER, PersonRole.CLERK):
            denied = browser.get("/")
            assert denied.status_code == 403
            assert "không có quyền" in denied.text


def test_a_dossier_of_another_unit_is_as_one_that_does_not_exist(room: Room) -> None:
    browser = room.signed_in(room.person("lan", scope=Scope(frozenset({"Chi nhánh số 2"}))))
    assert browser.get(f"/ho-so/{COMPLETE}").status_code == 200
    foreign, unknown = browser.get(f"/ho-so/{PARTIAL}"), browser.get("/ho-so/0a99")
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.text == unknown.text.replace("0a99", PARTIAL)
    found = browser.get("/?q=đất").text
    assert f"/ho-so/{COMPLETE}" in found
    assert PARTIAL not in found
    assert "Chi nhánh số 1" not in found


def test_what_people_do_is_recorded_before_they_see_it(room: Room) -> None:
    browser = room.signed_in(room.person("lan"))
    room.browser().sign_in("lan", "sai mật khẩu")
    browser.get("/?q=thửa")
    browser.get(f"/ho-so/{PARTIAL}/trang/1")
    browser.get(f"/ho-so/{PARTIAL}/tep/{'0' * 64}")
    browser.post("/dang-xuat", page="/phien")
    told = [(one.text("verb"), one.text("account"), one.text("result")) for one in room.entries()]
    assert told == [
        (Verb.SIGN_IN, "lan", AuditResult.DONE),
        (Verb.SIGN_IN, "", AuditResult.REFUSED),
        (Verb.SEARCH, "lan", AuditResult.DONE),
        (Verb.VIEW, "lan", AuditResult.DONE),
        (Verb.ORIGINAL, "lan", AuditResult.REFUSED),
        (Verb.SIGN_OUT, "lan", AuditResult.DONE),
    ]
    view = room.entries()[3]
    assert view.text("dossier") == PARTIAL
    assert view.text("page") == "1"
    assert view.detail("unit") == "Chi nhánh số 1"
    assert view.text("request")
    secret = browser.session_cookie
    assert all(
        "thửa" not in str(one.body) and str(secret) not in str(one.body) for one in room.entries()
    )


def test_no_log_no_paper(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = room.signed_in(room.person("minh", PersonRole.RECORDS))
    record = room.backend.archive.find_record(PARTIAL)
    assert record
    scan = record.dossier.scans[0].sha256
    assert browser.unmask(PARTIAL).status_code == 303
    token = browser.token(f"/ho-so/{PARTIAL}")
    audit = room.backend.settings.home / "audit"
    room.app.state.context.audit.close()
    for file in audit.iterdir():
        file.unlink()
    audit.rmdir()
    audit.write_text("in the way of the folder")
    for path in (
        "/",
        "/?q=thửa",
        "/hang-doi",
        f"/ho-so/{PARTIAL}",
        f"/ho-so/{PARTIAL}/trang/1",
        f"/ho-so/{PARTIAL}/trang/1/anh.webp",
        f"/ho-so/{PARTIAL}/trang/1/nho.webp",
        f"/ho-so/{PARTIAL}/tep/{scan}",
    ):
        answer = browser.get(path)
        assert answer.status_code == 503, path
        assert "QUYẾT" not in answer.text
    choosing = f"/ho-so/{COMPLETE}/muc-dich"
    assert browser.post_bare(choosing, khoa=token, muc_dich="case").status_code == 503
    session = next(iter(room.accounts.sessions.of(room.accounts.people.named("minh").id))).id
    assert room.accounts.purposes.chosen(session, COMPLETE) is None
    assert room.browser().post("/dang-nhap", ten="minh", mat_khau=PASSWORD).status_code == 503


def test_over_tls_the_cookie_is_bound_to_the_host(tmp_path: Path) -> None:
    room = open_room(tmp_path, names=["phong-doc.example"])
    room.person("lan")
    browser = room.browser(TLS_URL, "192.0.2.9")
    answer = browser.sign_in("lan")
    cookie = next(
        value
        for name, value in answer.headers.multi_items()
        if name == "set-cookie" and value.startswith("__Host-sohoa=")
    )
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=lax"):
        assert part in cookie
    assert "Domain" not in cookie
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    assert browser.get("/").status_code == 200


def test_no_password_is_taken_over_an_open_network(tmp_path: Path) -> None:
    room = open_room(tmp_path, names=["phong-doc.example"])
    room.person("lan")
    browser = room.browser("http://phong-doc.example", "192.0.2.9")
    answer = browser.get("/dang-nhap")
    assert answer.status_code == 403
    assert "https://" in answer.text
    assert "strict-transport-security" not in answer.headers


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Host", "Via", "X-Real-IP"])
def test_no_password_is_taken_through_a_proxy_without_tls(room: Room, header: str) -> None:
    """Such a proxy writes the room's own address into ``Host``."""
    room.person("lan")
    answer = room.browser().get("/dang-nhap", **{header: "192.0.2.9"})
    assert answer.status_code == 403
    assert "https://" in answer.text
    assert "set-cookie" not in answer.headers


def test_a_session_ended_elsewhere_opens_nothing_more(room: Room) -> None:
    here = room.signed_in(room.person("lan"))
    there = room.signed_in("lan")
    page = here.get("/phien").text
    assert page.count('name="phien"') == 1
    assert here.post("/phien/ket-thuc", page="/phien").status_code == 303
    assert there.get("/").status_code == 303
    assert here.get("/").status_code == 200


def test_the_auditor_sees_who_saw_what_and_is_recorded_too(room: Room) -> None:
    room.signed_in(room.person("lan")).get(f"/ho-so/{PARTIAL}")
    auditor = room.signed_in(room.person("soát", PersonRole.AUDITOR))
    page = auditor.get(f"/nhat-ky?ho-so={PARTIAL}").text
    assert "lan" in page
    assert "Xem hồ sơ" in page
    assert "Đăng nhập</td>" not in page
    assert room.entries()[-1].text("verb") == Verb.READ_AUDIT
    assert auditor.get(f"/ho-so/{PARTIAL}").status_code == 403


def test_the_first_page_is_the_desk_for_clerks_and_the_search_for_all_others(room: Room) -> None:
    room.person("van-thu", PersonRole.CLERK)
    room.person("ca-hai", PersonRole.CLERK, PersonRole.READER)
    clerk = room.browser()
    assert clerk.sign_in("van-thu").headers["location"] == "/ban-quet"
    led = clerk.get("/")
    assert (led.status_code, led.headers["location"]) == (303, "/ban-quet")
    assert clerk.get("/ban-quet").status_code == 200
    assert clerk.get("/?q=quyet+dinh").status_code == 403  # who asks for hits is told why not
    refused = [one for one in room.entries() if one.text("result") == "refused"]
    assert [one.text("verb") for one in refused] == ["search"]  # the way home is no refusal
    both = room.browser()
    assert both.sign_in("ca-hai").headers["location"] == "/"
    assert both.get("/").status_code == 200
