"""Attacks on rights: every route declares what it needs, and no id or role opens more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI

from pipeline.model import PersonRole, Right, Scope
from pipeline.people.rights import RIGHTS
from tests.support.visitors import Browser, Room, open_room
from tests.support.web_backend import COMPLETE, FAILED, PARTIAL, WAITING
from web.people.bearer import is_api
from web.people.routes import UnguardedRouteError, check_routes, need_of, routes_of

# What everybody gets; /metrics on this machine alone (test_operation.py).
OPEN = {"/khoe", "/healthz", "/readyz", "/metrics", "/dang-nhap", "/api/v1/openapi.json"}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    return open_room(tmp_path_factory.mktemp("room"))


@pytest.fixture
def lan(room: Room) -> Browser:
    """The browser of a reader who has signed in."""
    if room.accounts.people.is_empty():
        room.person("lan")
    return room.signed_in("lan")


def filled(room: Room, path: str) -> str:
    """Return a route's path with the ids of a sample dossier."""
    record = room.backend.archive.find_record(PARTIAL)
    assert record
    values = {
        "dossier": PARTIAL,
        "number": "1",
        "sha256": record.dossier.scans[0].sha256,
        "account": room.accounts.people.everyone()[0].id,
        "upload": "0fff",
        "search": "0fff",
        "item": "2.1-symbol",
        "table": "1",
        "code": "H26.19.25-260302-0007",
    }
    return re.sub(r"\{(\w+)\}", lambda name: values[name[1]], path)


def paths(room: Room) -> list[tuple[str, str]]:
    """Return method and path of every route, with ids of a sample dossier filled in."""
    return [
        (method, filled(room, route.path))
        for route in routes_of(room.app)
        for method in sorted(route.methods or ())
    ]


def test_every_route_declares_what_it_needs(room: Room) -> None:
    routes = list(routes_of(room.app))
    assert len(routes) > 15
    assert all(need_of(route) is not None for route in routes)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_route_that_declares_nothing_is_never_served(method: str) -> None:
    router = APIRouter()
    router.add_api_route("/moi", lambda: "secret", methods=[method])
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(router)
    with pytest.raises(UnguardedRouteError, match="/moi"):
        check_routes(app)


def test_a_stranger_gets_no_page_and_no_file(room: Room, lan: Browser) -> None:
    for method, path in paths(room):
        stranger = room.browser()
        answer = stranger.client.request(method, path, headers={"Sec-Fetch-Site": "same-origin"})
        if path in OPEN:
            continue
        if path.startswith("/dang-nhap/co-quan"):
            assert answer.status_code == 404  # this room knows no provider
            continue
        assert answer.status_code in {303, 401, 403}, path
        assert "QUYẾT" not in answer.text
        assert not answer.content.startswith(b"%PDF")


@pytest.mark.parametrize("role", [PersonRole.RECORDS, PersonRole.SECRECY])
def test_no_id_opens_what_lies_outside_of_the_scope(room: Room, role: PersonRole) -> None:
    """IDOR: every route about a dossier, with every id, for somebody of another unit."""
    name = room.person(f"khac-{role}", role, scope=Scope(frozenset({"Đơn vị không có hồ sơ"})))
    browser = room.signed_in(name)
    token = browser.token("/phien")
    unknown = browser.get("/ho-so/0fff").text
    tried = 0
    for route in routes_of(room.app):
        if "{dossier}" not in route.path or is_api(route.path):  # API: tests/unit/web/api
            continue
        may = need_of(route) in RIGHTS[role]
        for dossier in (PARTIAL, COMPLETE, WAITING, FAILED):
            address = filled(room, route.path).replace(PARTIAL, dossier)
            if "GET" in (route.methods or ()):
                answer = browser.get(address)
            else:
                answer = browser.post_bare(address, khoa=token, ban="1")
            assert answer.status_code == (404 if may else 403), address
            assert not may or answer.text == unknown.replace("0fff", dossier), address
            tried += may
    assert tried >= 4 * 4
    assert room.entries()[-1].text("result") == "refused"


def test_rights_that_were_taken_away_are_gone_at_once(room: Room) -> None:
    room.person("giang", PersonRole.READER, PersonRole.CLERK)
    browser = room.signed_in("giang")
    assert browser.get("/").status_code == 200
    room.accounts.people.set_roles("giang", frozenset({PersonRole.CLERK}), Scope())
    assert browser.get("/").status_code in {303, 403}
    assert browser.get(f"/ho-so/{PARTIAL}").status_code in {303, 403}
    room.accounts.people.set_disabled("giang", is_disabled=True)
    assert browser.get("/hang-doi").status_code == 303


@pytest.mark.parametrize("role", list(PersonRole))
def test_each_role_opens_what_its_rights_say_and_nothing_else(room: Room, role: PersonRole) -> None:
    name = f"vai-{role}"
    room.person(name, role)
    browser = room.signed_in(name)
    for route in routes_of(room.app):
        need = need_of(route)
        is_page = "GET" in (route.methods or ()) and not is_api(route.path)
        if not isinstance(need, Right) or not is_page:
            continue
        path = filled(room, route.path)
        answer = browser.get(path)
        is_led_home = path == "/" and answer.headers.get("location") == "/ban-quet"  # a clerk
        is_refused = answer.status_code == 403 or is_led_home
        assert is_refused == (need not in RIGHTS[role]), path


def test_without_accounts_the_network_gets_nothing(tmp_path: Path) -> None:
    room = open_room(tmp_path)
    app = room.app
    app.state.context.visits._accounts = None
    stranger = room.browser(address="192.0.2.7")
    answer = stranger.get("/")
    assert answer.status_code == 403
    assert "sohoa user add" in answer.text
    for relayed in (
        {"X-Forwarded-For": "192.0.2.7"},
        {"X-Forwarded-Proto": "http"},
        {"X-Forwarded-Host": "phong-doc.example"},
        {"Forwarded": "for=_x"},
        {"Via": "1.1 proxy"},
        {"X-Real-IP": "192.0.2.7"},
    ):
        assert room.browser().get("/", **relayed).status_code == 403, relayed
    assert room.browser().get("/").status_code == 200
    room.person("lan")  # from this moment on everybody signs in
    assert room.browser().get("/").status_code == 303


@pytest.mark.parametrize("role", [PersonRole.RECORDS, PersonRole.SECRECY, PersonRole.ADMIN])
def test_no_post_is_done_without_the_token_whatever_its_route(room: Room, role: PersonRole) -> None:
    """CSRF: also for those who may do it, from this site's own address."""
    name = room.person(f"khoa-{role}", role)
    browser, tried = room.signed_in(name), 0
    somebody = room.signed_in(room.person(f"ai-{role}"))
    others = [somebody.token("/phien"), "", "0" * 64]
    for route in routes_of(room.app):
        if "POST" not in (route.methods or ()) or is_api(route.path):
            continue
        for token in others:
            answer = browser.post_bare(filled(room, route.path), khoa=token, ban="1", dong="1")
            assert answer.status_code == 403, route.path
            tried += 1
    assert tried > 30
    assert browser.get("/phien").status_code == 200


def test_a_file_or_page_of_another_dossier_is_not_had_under_ones_own(room: Room) -> None:
    """IDOR: the scope is asked of the dossier in the path, so nothing else may be had by it."""
    record = room.backend.archive.find_record(COMPLETE)
    assert record
    foreign = record.dossier.scans[0].sha256
    browser = room.signed_in(room.person("ho-so", PersonRole.RECORDS))
    own = room.backend.archive.find_record(PARTIAL)
    assert own
    browser.unmask(PARTIAL)
    assert browser.get(f"/ho-so/{PARTIAL}/tep/{own.dossier.scans[0].sha256}").status_code == 200
    for path in (f"tep/{foreign}", f"tep/{foreign}/tim-duoc.pdf", "trang/99", "trang/99/anh.webp"):
        assert browser.get(f"/ho-so/{PARTIAL}/{path}").status_code == 404, path


@pytest.mark.parametrize("role", list(PersonRole))
def test_each_role_that_is_taken_mid_session_closes_its_routes(
    room: Room, role: PersonRole
) -> None:
    """Downgrade: every route that the role opened is refused with the very next request."""
    name = room.person(f"mat-{role}", role)
    browser = room.signed_in(name)
    opened = [
        filled(room, route.path)
        for route in routes_of(room.app)
        if need_of(route) in RIGHTS[role]
        and "GET" in (route.methods or ())
        and not is_api(route.path)  # tests/unit/web/api
    ]
    left = PersonRole.CLERK if role is PersonRole.READER else PersonRole.READER
    assert browser.get(opened[0]).status_code == 200
    room.person(f"con-{role}", PersonRole.ADMIN)  # the last administrator could not go
    room.accounts.people.set_roles(name, frozenset({left}), Scope())
    for path in opened:
        answer = browser.get(path)
        assert answer.status_code in {303, 403} or path_is_left(room, path, left), path


def path_is_left(room: Room, path: str, role: PersonRole) -> bool:
    """Tell whether the role that somebody still has opens a path."""
    mine = (route for route in routes_of(room.app) if need_of(route) in RIGHTS[role])
    return path in {filled(room, route.path) for route in mine}
