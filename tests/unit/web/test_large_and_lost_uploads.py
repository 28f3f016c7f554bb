"""Two gigabytes at once, bodies without an end and connections that break: told, nothing kept."""

from __future__ import annotations

import base64
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from pipeline.settings import UPLOADS
from tests.support.watched import until
from tests.support.web_backend import sample_backend
from tests.unit.web.test_connections import served
from web.app import build_app

TWO_GIB = 2 << 30
OURS = {"Sec-Fetch-Site": "same-origin"}
BLOCK = bytes(1 << 16)
MOST_SENT = 64 << 20  # bytes that may lie in buffers when a body is refused


class Room:
    """A demonstration that a browser and bare connections talk to."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port = home, port
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60)

    def close(self) -> None:
        self.client.close()

    def begin(self, length: int) -> httpx.Response:
        told = f"filename {base64.b64encode('bản đồ.pdf'.encode()).decode()}"
        headers = OURS | {"Upload-Metadata": told}
        return self.client.post("/ban-quet/gui", headers=headers | {"Upload-Length": str(length)})

    def connect(self, request: str, **headers: object) -> socket.socket:
        """Send the head of a request, and leave its body to the test."""
        lines = [f"{request} HTTP/1.1", "Host: 127.0.0.1", "Sec-Fetch-Site: same-origin"]
        cookies = "; ".join(f"{one.name}={one.value}" for one in self.client.cookies.jar)
        lines += [f"Cookie: {cookies}"] * bool(cookies)
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        return connection


@pytest.fixture
def room(home: Path) -> Iterator[Room]:
    home.mkdir()
    backend = sample_backend(home)
    web = backend.settings.web.model_copy(update={"spare_mib": 0, "part_upload_mib": 1_024})
    settings = backend.settings.model_copy(update={"web": web})
    with served(build_app(backend.archive, backend.index, settings)) as port:
        opened = Room(home, port)
        yield opened
        opened.close()


def answer_of(connection: socket.socket) -> str:
    """Return what a server says before it closes, or before it falls silent."""
    told = b""
    connection.settimeout(20)
    while b"</html>" not in told:
        try:
            part = connection.recv(1 << 16)
        except (TimeoutError, ConnectionError):
            break
        if not part:
            break
        told += part
    return told.decode(errors="replace")


@pytest.mark.parametrize("path", ["/ban-quet/tep", "/ban-quet/mo-khoa", "/api/v1/uploads"])
def test_two_gib_at_once_are_refused_before_they_come(room: Room, path: str) -> None:
    """A browser without scripts sends a form of 2 GiB: its first line is enough for the answer."""
    with room.connect(f"POST {path}", Content_Length=TWO_GIB) as connection:
        told = answer_of(connection)
    assert told.startswith("HTTP/1.1 413")
    assert "quá lớn" in told
    assert "chia ra nhiều lần" in told


def test_a_body_without_an_end_is_refused_after_what_is_allowed(room: Room) -> None:
    """A sparse stream: nobody says how long it is, and 2 GiB of zeros would follow."""
    form = "multipart/form-data; boundary=x"
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    sent = 0
    with room.connect(
        "POST /ban-quet/tep", Transfer_Encoding="chunked", Content_Type=form
    ) as connection:
        connection.sendall(f"{len(head):x}\r\n".encode() + head + b"\r\n")
        allowed = (200 << 20) + 1_000_000
        try:
            while sent < TWO_GIB:
                connection.sendall(f"{len(BLOCK):x}\r\n".encode() + BLOCK + b"\r\n")
                sent += len(BLOCK)
        except ConnectionError:
            pass
    assert sent < allowed + MOST_SENT
    assert list((room.home / UPLOADS).glob("*")) == []


def test_parts_of_two_gib_are_refused_where_the_limit_is_lower(room: Room) -> None:
    refused = room.begin(TWO_GIB)
    assert refused.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE
    assert "Tệp lớn quá 1024 MiB." in refused.text
    assert "thư mục quét" in refused.text, "says what else can be done"


def test_a_part_that_breaks_off_goes_on_from_what_came(room: Room) -> None:
    content = bytes(range(256)) * 8_192  # 2 MiB, two writes and more
    parts = room.home / UPLOADS / ".parts"
    place = room.begin(len(content)).headers["location"]
    told = {"Upload_Offset": 0, "Content_Length": len(content)}
    half = len(content) // 2 + 17
    with room.connect(f"PATCH {place}", **told) as connection:
        connection.sendall(content[:half])
        until(lambda: any(path.stat().st_size for path in parts.glob("*/data")))
        # Then the cable is pulled.
    until(lambda: int(room.client.head(place).headers["upload-offset"]) > 0)
    offset = int(room.client.head(place).headers["upload-offset"])
    assert offset <= half
    headers = OURS | {"Upload-Offset": str(offset)}
    rest = room.client.patch(place, content=content[offset:], headers=headers)
    assert int(rest.headers["upload-offset"]) == len(content)
    (kept,) = parts.glob("*/data")
    assert kept.read_bytes() == content


def test_a_form_that_breaks_off_leaves_nothing(room: Room) -> None:
    """Without scripts a file goes in one form: half of it is no drop, and no file stays."""
    form = "multipart/form-data; boundary=x"
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    with room.connect(
        "POST /ban-quet/tep", Content_Length=10_000_000, Content_Type=form
    ) as connection:
        connection.sendall(head + b"%PDF-1.7 " * 100_000)
        time.sleep(0.3)
    assert room.client.get("/ban-quet").status_code == httpx.codes.OK
    until(lambda: not [path for path in (room.home / UPLOADS).rglob("*") if path.is_file()])
