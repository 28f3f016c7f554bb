"""docs/api.md: its table names every route of room and API, its example runs on a real server."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn

from flows.watch import Watcher
from pipeline.model import PersonRole
from pipeline.settings import UPLOADS
from tests import ROOT
from tests.support.callers import V1, assert_error, caller
from tests.support.clerk import slip
from tests.support.visitors import Room, open_room
from web.api.answers import CODES
from web.people.bearer import is_api
from web.people.routes import routes_of
from web.request_limits import ImpatientProtocol

GUIDE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
FOR_PEOPLE = (
    *("/dang-nhap", "/dang-xuat", "/nhat-ky", "/phien/token"),
    *("/tai-khoan", "/giu-lai"),
)
_ROUTE = re.compile(r"`(GET|POST|DELETE|HEAD|PATCH) (/[^`]*)`")


def addresses(room: Room) -> set[tuple[str, str]]:
    """Return method and path of every route."""
    return {
        (method, re.sub(r":\w+}", "}", route.path) or "/")
        for route in routes_of(room.app)
        for method in route.methods or ()
    }


def test_every_route_of_the_room_has_its_twin(tmp_path: Path) -> None:
    """A new page of the room fails here until docs/api.md says how programs do the same."""
    table = GUIDE.partition("## Calls")[2].partition("For people alone")[0]
    rows = [line.split("|")[1:3] for line in table.splitlines() if line.startswith("| ")][1:]
    room = open_room(tmp_path)
    served = addresses(room)
    pages = {one for one in served if not is_api(one[1]) and not one[1].startswith(FOR_PEOPLE)}
    listed = {found for row in rows for found in _ROUTE.findall(row[0])}
    assert listed == pages
    twins = {found for row in rows for found in _ROUTE.findall(row[1])}
    calls = {one for one in served if is_api(one[1])} - {("GET", f"{V1}/openapi.json")}
    assert twins == calls
    assert not [row for row in rows if not row[1].strip()]


def test_every_code_of_an_error_is_in_the_guide() -> None:
    table = GUIDE.partition("## Errors")[2].partition("## Limits")[0]
    told = set(re.findall(r"^\| (`[^|]*)\|", table, re.MULTILINE))
    codes = {code for cell in told for code in re.findall(r"`(\w+)`", cell)}
    others = {"method_wrong", "too_large", "values_wrong", "request_wrong", "internal"}
    assert codes == set(CODES.values()) | others


@contextmanager
def served(room: Room) -> Iterator[str]:
    """Serve a room on a free port of this machine, as `sohoa web` does."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings = uvicorn.Config(
            room.app, http=ImpatientProtocol, log_level="warning", access_log=False, lifespan="off"
        )
        server = uvicorn.Server(settings)
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(300)


@pytest.fixture
def room(home: Path) -> Room:
    home.mkdir()
    return open_room(home, upload_mib=1)


@pytest.mark.slow
def test_the_example_runs_on_a_real_server(room: Room, home: Path, tmp_path: Path) -> None:
    program = tmp_path / "example.py"
    program.write_text(GUIDE.partition("```python\n")[2].partition("```")[0], encoding="utf-8")
    paper = tmp_path / "giấy.png"
    paper.write_bytes(slip(1))
    machine = caller(room, "máy", PersonRole.RECORDS)
    with served(room) as url:
        variables = {"SOHOA_URL": url, "SOHOA_TOKEN": machine.text, "PYTHONUTF8": "1"}
        command = [sys.executable, str(program), str(paper)]
        with subprocess.Popen(
            command, env=os.environ | variables, stdout=subprocess.PIPE, text=True
        ) as running:
            watcher = Watcher()
            for _ in range(3_000):
                if running.poll() is not None:
                    break
                if (home / UPLOADS).is_dir():
                    watcher.poll(home / UPLOADS)
                time.sleep(0.1)
            output = running.stdout.read() if running.stdout else ""
        assert running.returncode == 0, output
    assert "giấy.png archived 01" in output
    assert "0a01 Quyết định 12/QĐ-UBND" in output


@pytest.mark.slow
def test_a_real_server_refuses_before_it_has_read_the_body(room: Room) -> None:
    """A stranger's upload is answered at once, however much more would follow."""
    with served(room) as url:
        port = int(url.rpartition(":")[2])
        for token, status in (("soh_x", b"401"), (caller(room, "đọc").text, b"413")):
            with socket.create_connection(("127.0.0.1", port), timeout=120) as client:
                length = 500_000 if status == b"401" else 50_000_000
                client.sendall(
                    f"POST {V1}/uploads HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}"
                    f"\r\nAuthorization: Bearer {token}\r\n"
                    "Content-Type: multipart/form-data; boundary=b\r\n\r\n".encode()
                )
                assert client.recv(200).split()[1] == status
        machine = caller(room, "máy", PersonRole.CLERK)
        header = {"Authorization": f"Bearer {machine.text}"}
        told = httpx.get(f"{url}{V1}/không-có", headers=header, timeout=120)
        assert_error(told, 404, "not_found")
