"""Serving on a network: named proxies, own certificates, request ids, and what monitors ask."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import web.lru_cache
from flows.terminal import JsonFormatter
from pipeline.settings import Settings
from tests import ROOT
from tests.support.ports import free_port
from tests.support.visitors import Room, open_room
from tests.support.web_backend import PARTIAL

NAME = "phong-doc.example"
FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.5"}


@pytest.fixture
def room(tmp_path: Path) -> Room:
    made = open_room(tmp_path, names=[NAME], proxies=["192.0.2.0/28"])
    made.person("lan")
    return made


def test_a_named_proxy_is_believed(room: Room) -> None:
    browser = room.browser(f"http://{NAME}", "192.0.2.1")
    browser.client.headers.update(FORWARDED)
    answer = browser.get("/dang-nhap")
    assert answer.status_code == 200
    assert "strict-transport-security" in answer.headers
    assert "__Host-sohoa-khach=" in answer.headers["set-cookie"]
    token = answer.text.split('name="khoa" value="')[1][:64]
    browser.client.cookies.set(
        "__Host-sohoa-khach", answer.headers["set-cookie"].split("=", 1)[1].split(";")[0]
    )
    browser.post_bare("/dang-nhap", khoa=token, ten="lan", mat_khau="sai mật khẩu hẳn")
    assert room.entries()[-1].text("address") == "203.0.113.5"


def test_anybody_elses_headers_are_not_believed(room: Room) -> None:
    browser = room.browser(f"http://{NAME}", "192.0.2.77")
    browser.client.headers.update(FORWARDED)
    answer = browser.get("/dang-nhap")
    assert answer.status_code == 403
    assert "strict-transport-security" not in answer.headers


def test_each_answer_has_an_id_that_the_visitor_does_not_choose(room: Room) -> None:
    browser = room.browser(f"https://{NAME}")
    ids = [
        browser.get("/healthz", **{"X-Request-Id": "mine"}).headers["x-request-id"] for _ in "ab"
    ]
    assert len({*ids, "mine"}) == 3


def test_a_request_is_logged_as_json_without_what_people_typed(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="web.request_ids")
    answer = room.browser(f"https://{NAME}").get(f"/ho-so/{PARTIAL}?q=Nguyễn+Văn+A")
    (record,) = caplog.records
    line = JsonFormatter().format(record)
    told = json.loads(line)
    assert told["route"] == "/ho-so/{dossier}"
    assert told["status"] == "303"
    assert told["request"] == answer.headers["x-request-id"]
    assert PARTIAL not in line
    assert "Nguy" not in line


def test_monitors_learn_whether_people_can_be_served(room: Room) -> None:
    browser = room.browser(f"https://{NAME}", "192.0.2.77")
    assert browser.get("/healthz").json() == {"status": "ok"}
    assert browser.get("/readyz").json() == {"status": "ok"}


@pytest.mark.slow
def test_https_is_served_with_own_certificate_files(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    port = free_port()
    variables = {
        "PYTHONPATH": str(ROOT),
        "SOHOA_HOME": str(tmp_path / "home"),
        "SOHOA_WEB__PORT": str(port),
        "SOHOA_WEB__TLS_CERTIFICATE": str(certificate),
        "SOHOA_WEB__TLS_KEY": str(key),
    }
    command = [sys.executable, "-m", "flows.cli", "web"]
    with subprocess.Popen(command, cwd=tmp_path, env=os.environ | variables) as server:
        try:
            answer = ask(f"https://127.0.0.1:{port}/healthz", certificate)
            assert answer.status_code == 200
            assert answer.headers["strict-transport-security"]
            with pytest.raises(httpx.HTTPError):
                httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=5)
        finally:
            server.terminate()


def test_a_certificate_without_its_key_is_no_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOHOA_WEB__TLS_CERTIFICATE", str(tmp_path / "chain.pem"))
    with pytest.raises(ValueError, match="tls_key"):
        Settings()


def ask(url: str, certificate: Path) -> httpx.Response:
    """Ask until somebody answers, for some minutes at most."""
    trusted = ssl.create_default_context(cafile=str(certificate))
    deadline = time.monotonic() + 180
    while True:
        try:
            return httpx.get(url, verify=trusted, timeout=30)
        except httpx.ConnectError:
            assert time.monotonic() < deadline
            time.sleep(0.2)


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate of 127.0.0.1 that signs itself, and its key, as PEM files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    chain, private = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return chain, private


def test_strangers_do_not_keep_store_and_index_busy(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    real = type(room.backend.archive).queued

    def queued(archive: object) -> object:
        asked.append(1)
        return real(archive)  # type: ignore[arg-type]

    monkeypatch.setattr(type(room.backend.archive), "queued", queued)
    monkeypatch.setattr(web.lru_cache, "PROBED_SECONDS", 3600.0)
    stranger = room.browser(f"http://{NAME}", "198.51.100.7")
    for _ in range(20):
        for path in ("/khoe", "/readyz"):
            assert stranger.get(path).status_code == 200
    assert len(asked) == 1
    here = room.browser(f"http://{NAME}")
    assert here.get("/readyz").status_code == 200
    assert len(asked) == 2, "a monitor of this machine learns how it is now"
    monkeypatch.setattr(web.lru_cache, "PROBED_SECONDS", 0.0)
    assert stranger.get("/readyz").status_code == 200
    assert len(asked) == 3
