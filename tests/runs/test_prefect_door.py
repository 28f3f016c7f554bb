"""Nobody gets through Prefect's door without its secret, or under a foreign name."""

from __future__ import annotations

import base64
import json
import re
import secrets
import socket
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from starlette.routing import WebSocketRoute
from websockets.exceptions import InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from flows.prefect_secret import Access, access, given_secret
from flows.prefect_server import HEADERS
from flows.server_process import known_server
from tests.conftest import PREFECT_HOME
from tests.support.prefect_servers import api

pytestmark = pytest.mark.prefect

OPEN_PATHS = {("GET", "/health"), ("GET", "/ready")}  # that it answers, and no more
FOREIGN = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
FOREIGN_HOSTS = [
    "evil.example",
    "evil.example:4200",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "evil@127.0.0.1",
    "127.0.0.1, evil.example",
    "0.0.0.0",
    "",
]


def websocket_paths() -> list[str]:
    """Return the path of every websocket of the API, so that a new one cannot be forgotten."""
    routers = import_module("prefect.server.api.server").API_ROUTERS  # takes seconds
    routes = [route for router in routers for route in router.routes]
    return [filled(route.path) for route in routes if isinstance(route, WebSocketRoute)]


def filled(path: str) -> str:
    return re.sub(r"\{\w+(:\w+)?\}", str(uuid4()), path)


def basic(secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()}


def test_no_call_of_any_route_without_the_secret_is_taken(prefect: str) -> None:
    base = prefect.removesuffix("/api")
    paths = httpx.get(f"{base}/openapi.json", timeout=300).json()["paths"]
    asked = 0
    with httpx.Client(base_url=prefect, headers=FOREIGN, timeout=300) as stranger:
        for path, methods in paths.items():
            for method in map(str.upper, methods):
                answer = stranger.request(method, filled(path), content=b"{}")
                expected = 200 if (method, path) in OPEN_PATHS else 401
                assert answer.status_code == expected, (method, path, answer.text)
                asked += 1
    assert asked > 150, "the description of the API was not read"


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Basic"},
        {"Authorization": "Basic !!!"},
        basic("sohoa:"),
        basic("sohoa:" + secrets.token_urlsafe(32)),
        basic(" "),
        {"Authorization": "Bearer x"},
    ],
)
def test_a_wrong_secret_is_none(prefect: str, header: dict[str, str]) -> None:
    assert httpx.get(f"{prefect}/version", headers=header, timeout=300).status_code == 401
    assert access(prefect, given_secret()) is Access.GUARDED


def test_what_a_foreign_page_posts_changes_nothing(prefect: str) -> None:
    """A Blob carries no Content-Type, so no browser asks before it sends one."""
    name = f"from-{secrets.token_hex(4)}"
    body = json.dumps({"name": name, "value": "1"}).encode()
    for kind in ({}, {"Content-Type": "text/plain"}, {"Content-Type": "application/json"}):
        answer = httpx.post(
            f"{prefect}/variables/", content=body, headers=FOREIGN | kind, timeout=300
        )
        assert answer.status_code == 401
    with api(prefect) as ours:
        assert ours.get(f"/variables/name/{name}").status_code == 404
        assert ours.post("/variables/", content=body).status_code == 201, "the call is right"
        ours.delete(f"/variables/name/{name}")


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_a_foreign_name_gets_nothing_even_with_the_secret(prefect: str, host: str) -> None:
    base = prefect.removesuffix("/api")
    headers = basic(given_secret()) | {"Host": host}
    for path in ("/", "/ui-settings", "/openapi.json", "/api/health", "/api/version"):
        answer = httpx.get(base + path, headers=headers, timeout=300)
        assert answer.status_code == 400, (path, answer.text)
        assert "prefect" not in answer.text.lower()
    answer = httpx.post(f"{prefect}/flow_runs/filter", json={}, headers=headers, timeout=300)
    assert answer.status_code == 400


def test_a_call_without_a_name_gets_nothing(prefect: str) -> None:
    url = httpx.URL(prefect)
    with socket.create_connection((url.host, url.port), timeout=300) as raw:
        raw.sendall(b"GET /api/health HTTP/1.0\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 400")


def test_both_names_of_this_machine_reach_it(prefect: str) -> None:
    base = prefect.removesuffix("/api").replace("127.0.0.1", "localhost")
    assert (
        httpx.get(f"{base}/api/health", headers={"Host": "LOCALHOST"}, timeout=300).status_code
        == 200
    )
    settings = httpx.get(f"{base}/ui-settings", timeout=300).json()
    assert (settings["auth"], settings["api_url"]) == ("BASIC", "/api")


@pytest.mark.parametrize("host", ["127.0.0.1", "evil.example"])
def test_every_answer_forbids_frames_and_calls_elsewhere(prefect: str, host: str) -> None:
    answer = httpx.get(prefect.removesuffix("/api") + "/", headers={"Host": host}, timeout=300)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "server" not in answer.headers


class RefusedError(Exception):
    """The server closed a websocket, or never opened it."""


def opened(prefect: str, path: str, *, protocol: bool = True, **more: Any) -> ClientConnection:
    url = prefect.replace("http://", "ws://") + path
    wanted = [Subprotocol("prefect")] if protocol else None
    return connect(url, subprotocols=wanted, open_timeout=300, **more)


def handshake(prefect: str, path: str, first: object, *, protocol: bool = True) -> None:
    """Open a websocket and say the first words; raise ``RefusedError`` unless they open it."""
    try:
        with opened(prefect, path, protocol=protocol) as socket:
            socket.send(json.dumps(first))
            answer = json.loads(socket.recv(timeout=300))
            assert answer == {"type": "auth_success"}, answer
    except (WebSocketException, InvalidStatus) as refusal:
        raise RefusedError from refusal


def test_no_websocket_opens_without_the_secret(prefect: str) -> None:
    """They were once not covered: PrefectHQ/prefect#17687."""
    paths = websocket_paths()
    assert {"/events/in", "/events/out", "/logs/out"} <= set(paths)
    for path in paths:
        assert_opens_for_the_secret_alone(prefect, path)


def assert_opens_for_the_secret_alone(prefect: str, path: str) -> None:
    for first in (
        {"type": "auth"},
        {"type": "auth", "token": None},
        {"type": "auth", "token": ""},
        {"type": "auth", "token": "sohoa:wrong"},
        {"type": "auth", "token": base64.b64encode(given_secret().encode()).decode()},
        {"type": "filter", "filter": {}},
        event(uuid4().hex),
    ):
        for protocol in (True, False):
            with pytest.raises(RefusedError):
                handshake(prefect, path, first, protocol=protocol)
    handshake(prefect, path, {"type": "auth", "token": given_secret()})
    foreign = {"Host": "evil.example"}
    with pytest.raises(InvalidStatus, match="400"):
        opened(prefect, path, additional_headers=foreign).close()


def event(name: str) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "occurred": "2026-11-28T00:00:00Z",
        "event": name,
        "resource": {"prefect.resource.id": name},
    }


def test_an_event_of_a_stranger_is_not_kept(prefect: str) -> None:
    name = f"stranger.{secrets.token_hex(4)}"
    for protocol in (True, False):
        try:
            with opened(prefect, "/events/in", protocol=protocol) as socket:
                socket.send(json.dumps(event(name)))
                socket.recv(timeout=5)
        except (WebSocketException, TimeoutError):
            continue
    with api(prefect) as ours:
        criteria = {"filter": {"event": {"name": [name]}}}
        assert ours.post("/events/filter", json=criteria).json()["total"] == 0


def test_the_secret_lies_in_a_file_of_its_owner_and_nowhere_else(prefect: str) -> None:
    path = PREFECT_HOME / "prefect" / "api.secret"
    assert path.stat().st_mode & 0o077 == 0
    secret = path.read_text(encoding="utf-8").strip()
    assert secret == given_secret()
    note = known_server(path.parent)
    assert note is not None
    process = Path("/proc") / note.mark.split(":")[1]
    for shown in ("cmdline", "environ"):
        assert secret.encode() not in (process / shown).read_bytes()
    assert secret.encode() not in (path.parent / "server.log").read_bytes()
