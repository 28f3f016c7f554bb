"""Attacks on the API: no token, somebody else's, too much in one, too many calls, other sites."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.model import PersonRole, Right, Scope
from pipeline.people.rights import RIGHTS, TOKEN_RIGHTS
from tests.support.callers import OTHER_BODIES, V1, Caller, assert_error, caller, stranger
from tests.support.visitors import Room, TestClient, open_room
from tests.support.web_backend import BASE_URL, COMPLETE, FAILED, PARTIAL, WAITING
from web.people.bearer import is_api
from web.people.gate import Anyone, Need
from web.people.routes import need_of, routes_of

UNKNOWN = "f" * 32
CHANGE = {"document": 1, "field": "summary", "act": "confirm"}
BODIES: dict[str, dict[str, object]] = {  # of routes that take one, by their last step
    "join": {},
    "separate": {},
    "fields": {"changes": [CHANGE]},
    "boundaries": {"page": 2, "begins": True},
    "undo": {"version": 2},
}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    return open_room(tmp_path_factory.mktemp("room"), api_address_calls_a_minute=100_000)


@pytest.fixture(scope="module")
def machine(room: Room) -> Caller:
    return caller(room, "máy")


def routes(room: Room) -> list[tuple[str, str, Need]]:
    """Return method, path with ids of a sample dossier, and need of each route of the API."""
    record = room.backend.archive.find_record(PARTIAL)
    assert record
    values = {"dossier": PARTIAL, "number": "1", "sha256": record.dossier.scans[0].sha256}
    values |= {"item": "2.1-symbol", "upload": UNKNOWN, "code": "H26.19.25-260302-0007"}
    found = []
    for route in routes_of(room.app):
        if is_api(route.path):
            path = re.sub(r"\{(\w+)\}", lambda name: values.get(name[1], "1"), route.path)
            need = need_of(route)
            assert need is not None
            found += [(method, path, need) for method in sorted(route.methods or ())]
    return found


def test_without_a_token_nothing_is_told(room: Room, machine: Caller) -> None:
    assert len(routes(room)) > 15
    for method, path, need in routes(room):
        if need is not Anyone.AT_ALL:
            answer = stranger(room).ask(method, path)
            assert_error(answer, 401, "token_missing")
            assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("wrong", ["", "x", "soh_", "soh_0123456789abcdef_" + "A" * 43, "đ"])
def test_a_wrong_token_opens_nothing(room: Room, machine: Caller, wrong: str) -> None:
    header = {"Authorization": f"Bearer {wrong}".encode()}
    answer = stranger(room).ask("GET", "/token", headers=header)
    assert_error(answer, 401, "token_refused" if wrong else "token_missing")
    basic = {"Authorization": machine.client.headers["Authorization"].replace("Bearer", "Basic")}
    assert_error(stranger(room).get("/token", **basic), 401, "token_missing")


def test_cookies_of_a_session_count_for_nothing(room: Room) -> None:
    room.person("lan", PersonRole.READER, PersonRole.CLERK)
    browser = room.signed_in("lan")
    assert browser.get(f"/ho-so/{PARTIAL}").status_code == 200
    token = browser.token("/phien")
    for method, path, need in routes(room):
        if need is not Anyone.AT_ALL:
            answer = browser.client.request(
                method, path, data={"khoa": token}, headers={"Sec-Fetch-Site": "same-origin"}
            )
            assert_error(answer, 401, "token_missing")


def test_a_token_opens_no_page_of_the_room(machine: Caller, room: Room) -> None:
    for path in ("/", f"/ho-so/{PARTIAL}", "/hang-doi", "/phien"):
        assert machine.client.get(path).status_code == 303


def test_a_token_in_an_address_is_refused_and_recorded(room: Room, machine: Caller) -> None:
    assert machine.token
    escaped = machine.text.replace("_", "%5F")
    for path in (f"/dossiers?token={machine.text}", f"/token?access_token={escaped}"):
        before = len(room.entries())
        for asking in (machine, stranger(room)):
            answer = asking.get(path)
            assert_error(answer, 400, "token_exposed")
            assert "thu hồi" in answer.json()["error"]["hint"]
            assert machine.text not in answer.text
        refused = room.entries()[before:]
        assert len(refused) == 2
        for entry in refused:
            assert (entry.text("result"), entry.detail("reason")) == ("refused", "TokenExposed")
            assert (entry.text("account"), entry.text("session")) == ("máy", machine.token.id)
    before = len(room.entries())
    page = stranger(room).client.get(f"/ho-so/{PARTIAL}?token={machine.text}")
    assert page.status_code == 400
    assert "thu hồi" in page.text
    assert machine.text not in page.text
    assert [one.detail("reason") for one in room.entries()[before:]] == ["TokenExposed"]
    made_up = f"soh_{'0' * 16}_{'A' * 43}"
    before = len(room.entries())
    assert_error(stranger(room).get(f"/dossiers?q={made_up}"), 400, "token_exposed")
    assert len(room.entries()) == before  # strangers do not fill the disk


def test_a_token_over_open_http_is_refused(tmp_path: Path) -> None:
    room = open_room(tmp_path, names=["phong-doc.example", "127.0.0.1"])
    machine = caller(room, "máy")
    sent = dict(machine.client.headers)
    for url, headers in (
        ("http://phong-doc.example", {}),
        ("http://127.0.0.1", {"X-Forwarded-Proto": "http"}),
    ):
        open_http = stranger(room, url)
        assert_error(open_http.get("/token", **sent, **headers), 400, "token_exposed")
    assert stranger(room, "https://phong-doc.example").get("/token", **sent).status_code == 200


def test_a_token_ends_is_revoked_and_loses_what_its_account_loses(tmp_path: Path) -> None:
    room = open_room(tmp_path)
    machine = caller(room, "máy", days=1)
    other = caller(room, "máy", days=2)
    last = caller(room, "máy", days=3)
    assert machine.told(f"/dossiers/{PARTIAL}")
    scope = Scope(units=frozenset({"Chi nhánh số 2"}))
    room.accounts.people.set_roles("máy", frozenset({PersonRole.READER}), scope)
    assert_error(machine.get(f"/dossiers/{PARTIAL}"), 404, "not_found")
    assert_error(machine.get("/queue"), 403, "right_missing")
    assert machine.told("/dossiers")["total"] == 1
    room.clock.forward(days=1)
    assert_error(machine.get("/token"), 401, "token_refused")
    assert other.ask("DELETE", "/token").status_code == 204
    assert_error(other.get("/token"), 401, "token_refused")
    assert last.get("/token").status_code == 200
    room.accounts.people.set_disabled("máy", is_disabled=True)
    assert_error(last.get("/token"), 401, "token_refused")


@pytest.mark.parametrize("right", sorted(TOKEN_RIGHTS & RIGHTS[PersonRole.RECORDS]))
def test_each_scope_opens_what_it_says_and_nothing_else(room: Room, right: Right) -> None:
    narrow = caller(room, "máy", rights=frozenset({right}))
    for method, path, need in routes(room):
        if isinstance(need, Right) and not path.endswith("/whole.zip"):  # which needs export too
            answer = narrow.ask(method, path)
            assert (answer.status_code == 403) == (need is not right), (path, answer.text)


def test_no_id_opens_what_lies_outside_of_the_scope(room: Room) -> None:
    """IDOR: every route about a dossier, with every id; by the account's scope, by the token's."""
    nowhere = frozenset({"Đơn vị không có hồ sơ"})
    narrowed = (
        caller(room, "khác", scope=Scope(units=nowhere)),
        caller(room, "máy", units=nowhere),
    )
    for machine in narrowed:
        for dossier in (PARTIAL, COMPLETE, WAITING, FAILED):
            for method, path, _ in routes(room):
                if f"/{PARTIAL}" not in path:
                    continue
                body = BODIES.get(path.rpartition("/")[2])
                told = machine.ask(method, path.replace(PARTIAL, dossier), json=body)
                assert_error(told, 404, "not_found")
                unknown = machine.ask(method, path.replace(PARTIAL, UNKNOWN), json=body).json()
                same = unknown["error"]["message"].replace(UNKNOWN, dossier)
                assert told.json()["error"]["message"] == same, path
        assert machine.told("/dossiers")["total"] == 0
        assert machine.told("/dossiers")["facets"]["unit"] == {}
        assert machine.told("/codes/H26.19.25-260302-0007")["dossiers"] == []
        assert machine.told("/queue")["total"] == 0
        assert machine.told("/problems")["dossiers"] == []


@pytest.mark.parametrize(
    "extra", [{"actor": "giám đốc"}, {"approved_by": "x"}, {"withheld": None}, {"into": ["0a01"]}]
)
def test_a_body_with_more_than_is_asked_is_refused(
    machine: Caller, extra: dict[str, object]
) -> None:
    for verb, body in BODIES.items():
        if verb == "join" and "into" in extra:
            continue
        answer = machine.post(f"/dossiers/{PARTIAL}/{verb}", json=body | extra)
        assert_error(answer, 422, "values_wrong")
        assert next(iter(extra)) in answer.json()["error"]["hint"]


@pytest.mark.parametrize("query", ["actor=x", "unit=A&unit=B", "scope=*", "q=a&Q=b"])
def test_unknown_and_doubled_parameters_are_refused(machine: Caller, query: str) -> None:
    assert_error(machine.get(f"/dossiers?{query}"), 400, "query_wrong")


def test_every_error_has_the_one_shape(room: Room, machine: Caller) -> None:
    assert_error(machine.get("/không-có"), 404, "not_found")
    assert_error(machine.get("/api/v2/token"), 404, "not_found")
    assert_error(machine.get("/dossiers/không-phải-id"), 404, "not_found")
    answer = machine.ask("PUT", "/dossiers")
    assert_error(answer, 405, "method_wrong")
    assert answer.headers["allow"]
    assert_error(machine.get("/dossiers?limit=0"), 422, "values_wrong")
    assert_error(machine.post(f"/dossiers/{PARTIAL}/join", content=b"{"), 422, "values_wrong")
    large = machine.post(f"/dossiers/{PARTIAL}/join", content=b"x" * 70_000)
    assert_error(large, 413, "too_large")
    assert_error(stranger(room, "http://evil.example").get("/token"), 400, "request_wrong")
    assert_error(machine.post(f"/dossiers/{PARTIAL}/separate", json={}), 409, "correction_refused")


def test_without_the_log_nothing_is_told_or_done(tmp_path: Path) -> None:
    room = open_room(tmp_path)
    machine = caller(room, "máy")
    assert machine.told("/queue")["total"] == 1
    room.app.state.context.audit.close()
    for file in (tmp_path / "audit").iterdir():
        file.unlink()
    (tmp_path / "audit").rmdir()
    (tmp_path / "audit").write_text("in the way of the folder")
    for method, path, need in routes(room):
        if isinstance(need, Right):
            answer = machine.ask(method, path, json=(BODIES | OTHER_BODIES).get(Path(path).name))
            assert_error(answer, 503, "unavailable")
            assert answer.headers["retry-after"] == str(answer.json()["error"]["retry"])
    assert [one.dossier for one in room.backend.archive.queued()] == [WAITING]


def test_a_defect_is_told_in_the_one_shape(
    room: Room, machine: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("web.api.work.build_queue_view", broken)
    with pytest.raises(ZeroDivisionError):
        machine.get("/queue")
    told = TestClient(room.app, base_url=BASE_URL, raise_server_exceptions=False)
    answer = told.get(f"{V1}/queue", headers=dict(machine.client.headers))
    assert answer.json()["error"]["code"] == "internal"
    assert answer.status_code == 500
    assert "ZeroDivision" not in answer.text
