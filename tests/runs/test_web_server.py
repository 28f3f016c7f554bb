"""The reading room as a real server: what it tells, and whom it keeps waiting."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests import ROOT
from tests.support.ports import free_port

PATIENCE = 180.0


@pytest.fixture
def room(home: Path) -> Iterator[str]:
    """The address of a reading room in a process of its own, as ``sohoa web`` starts it."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    around = os.environ | {"SOHOA_WEB__PORT": str(port)}
    with subprocess.Popen([sys.executable, "-m", "flows.cli", "web"], cwd=ROOT, env=around) as web:
        try:
            deadline = time.monotonic() + PATIENCE
            while True:
                try:
                    httpx.get(f"{url}/khoe", timeout=30)
                    break
                except httpx.TransportError:
                    assert time.monotonic() < deadline
                    time.sleep(0.1)
            yield url
        finally:
            web.terminate()


def test_no_answer_names_the_server_and_each_has_its_headers(room: str) -> None:
    for answer in (
        httpx.get(f"{room}/", timeout=PATIENCE),
        httpx.get(f"{room}/khong-co", timeout=PATIENCE),
        httpx.get(f"{room}/", headers={"Host": "evil.example"}, timeout=PATIENCE),
        httpx.post(f"{room}/ho-so/0a/thu-lai", content=b"x" * 100_000, timeout=PATIENCE),
    ):
        assert "server" not in answer.headers, answer.status_code
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("kind", ["declared", "undeclared", "no number"])
def test_a_large_body_is_refused_before_it_is_read(room: str, kind: str) -> None:
    """400 MB from another site's page filled the temporary folder before they were refused."""
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        for sent in range(40_000):  # noqa: B007 — counted for the assertion below
            yield b"x" * 1_000

    head = {"Content-Type": FORM, "Sec-Fetch-Site": "same-origin"}
    wanted = f"{room}/ho-so/0a/thu-lai"
    if kind == "declared":
        answer = httpx.post(wanted, content=b"x" * 400_000, headers=head, timeout=PATIENCE)
    elif kind == "undeclared":
        try:
            answer = httpx.post(wanted, content=endless(), headers=head, timeout=PATIENCE)
        except httpx.TransportError:  # the server ended it in the middle
            assert sent < 20_000
            return
    else:
        host, port = room.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=PATIENCE) as connection:
            connection.sendall(
                b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 12a\r\n\r\nx"
            )
            assert b" 400 " in connection.recv(100)
        return
    assert answer.status_code == 413
    assert "Yêu cầu gửi lên quá lớn." in answer.text
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_half_open_connections_end_and_keep_nobody_out(room: str) -> None:
    """600 of them stayed open for ever; here each gets 15 seconds."""
    host, port = room.removeprefix("http://").split(":")
    silent = [socket.create_connection((host, int(port))) for _ in range(200)]
    try:
        for number, connection in enumerate(silent):
            if number % 2:
                connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        assert httpx.get(f"{room}/khoe", timeout=PATIENCE).status_code == 200
        deadline = time.monotonic() + PATIENCE
        for connection in silent:
            connection.settimeout(max(0.1, deadline - time.monotonic()))
            assert connection.recv(1) == b"", "the server ended it"
    finally:
        for connection in silent:
            connection.close()


def test_a_killed_process_leaves_its_temporary_files_to_the_next_one(home: Path) -> None:
    """Pictures of people's papers are in them."""
    left = home / "tmp" / f"{socket.gethostname()}_999999999_1"
    left.mkdir(parents=True)
    (left / "page.ppm").write_bytes(b"P6")
    code = "from pipeline.private_files import sweep; import sys; from pathlib import Path;"
    swept = subprocess.run(
        [sys.executable, "-c", f"{code} print(sweep(Path({str(home)!r})))"],
        cwd=ROOT, capture_output=True, text=True, check=True,
        env={name: value for name, value in os.environ.items() if name != "TMPDIR"},
    )  # fmt: skip
    assert swept.stdout.strip() == "1"
    assert not left.exists()


def test_what_a_command_makes_is_for_its_own_user(home: Path, tmp_path: Path) -> None:
    old = home / "store" / "originals"
    old.mkdir(parents=True)
    for folder in (home, old.parent, old):
        folder.chmod(0o755)
    words = [sys.executable, "-m", "flows.cli", "doctor", "--json"]
    around = {name: value for name, value in os.environ.items() if name != "TMPDIR"}
    subprocess.run(words, cwd=ROOT, env=around, capture_output=True, check=False)
    open_to_others = [
        path for path in home.iterdir() if path.name != "inbox" and path.stat().st_mode & 0o077
    ]
    assert not open_to_others
    assert home.stat().st_mode & 0o777 == 0o711, "the way to the inbox"
    assert not list((home / "tmp").glob("*")), "its temporary folder went with it"


def test_the_environment_of_a_service_cannot_be_read_by_its_own_user(home: Path) -> None:
    """A parser that was taken over runs as the same user; secrets are in no reach of it."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to become another user and read as that one")
    script = (
        "import os, sys, time; os.setgid(65534); os.setuid(65534)\n"
        "from pipeline.private_files import harden_process; harden_process()\n"
        "print(os.getpid(), flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as service:
        try:
            assert service.stdout
            pid = service.stdout.readline().strip()
            for name in ("environ", "mem", "fd"):
                read = subprocess.run(
                    ["cat", f"/proc/{pid}/{name}"], user=65534, capture_output=True, check=False
                )
                assert read.returncode != 0, name
                assert not read.stdout
        finally:
            service.kill()
