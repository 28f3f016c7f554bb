"""An OpenID provider that is silent, and values of strangers that no provider sends."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice

import pytest
from joserfc.jwk import ECKey

from pipeline.people.errors import SignInRefusedError
from pipeline.settings import AccountSettings
from tests.support.watched import until
from web.people import provider as provider_module
from web.people.provider import Pending, Provider, ProviderUnavailableError

BACK = "http://127.0.0.1:8600/dang-nhap/co-quan/ve"
PATIENCE = 60.0  # seconds that a busy machine may take
SILENCE = 1.0  # seconds after which the room gives up, here
PENDING = Pending("state", "nonce", "verifier" * 6)


def settings_of(issuer: str) -> AccountSettings:
    return AccountSettings.model_validate({"oidc_issuer": issuer, "oidc_client_id": "sohoa"})


@contextmanager
def silent_server() -> Iterator[tuple[str, list[socket.socket]]]:
    """Take connections and say nothing.

    Yields:
        Its address, and the connections that came.
    """
    taken: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def take() -> None:
            with suppress(OSError):
                for _ in range(100):
                    taken.append(listening.accept()[0])

        threading.Thread(target=take, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}", taken
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            for connection in taken:
                connection.close()


@contextmanager
def describing_server(token_endpoint: str) -> Iterator[str]:
    """Describe a provider whose codes are exchanged at another address; yield its issuer."""

    keys = {"keys": [ECKey.generate_key("P-256").as_dict(private=False)]}

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer = f"http://127.0.0.1:{server.server_port}"
            urls = {"authorization_endpoint": f"{issuer}/go", "jwks_uri": f"{issuer}/keys"}
            described = {"issuer": issuer, "token_endpoint": token_endpoint} | urls | keys
            content = json.dumps(described).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


@contextmanager
def answering_server(content: bytes) -> Iterator[str]:
    """Answer everything with the same JSON; yield the address."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST  # noqa: N815 — the name that http.server calls

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


@pytest.mark.parametrize("content", [b"[]", b"7", b"null", b'"text"', b"{}", b"\xff", b""])
def test_answers_that_are_no_provider_s_are_said(content: bytes) -> None:
    with answering_server(content) as address:
        seconds_until_away(Provider(settings_of(address)))
        with describing_server(f"{address}/token") as issuer:
            provider = Provider(settings_of(issuer))
            with pytest.raises((ProviderUnavailableError, SignInRefusedError)):
                provider.finish(BACK, PENDING, PENDING.state, "code")


def seconds_until_away(provider: Provider, code: str = "") -> float:
    """Return after how many seconds somebody learns that the provider is away."""
    began = time.monotonic()
    with pytest.raises(ProviderUnavailableError):
        if code:
            provider.finish(BACK, PENDING, PENDING.state, code)
        else:
            provider.begin(BACK)
    return time.monotonic() - began


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider_module, "_SECONDS", SILENCE)


def test_a_silent_provider_keeps_one_person_waiting_and_not_the_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Forty of them, one after another behind one lock, kept all threads of the room."""
    with silent_server() as (issuer, taken), ThreadPoolExecutor(12) as people:
        monkeypatch.setattr(provider_module, "_SECONDS", 10 * PATIENCE)
        monkeypatch.setattr(provider_module, "_AWAY_SECONDS", 10 * PATIENCE)
        provider = Provider(settings_of(issuer))
        waiting = {people.submit(seconds_until_away, provider) for _ in range(12)}
        for done in islice(as_completed(waiting), 11):  # while the first of them waits
            waiting.remove(done)
        (first,) = waiting
        assert not first.done()
        until(lambda: bool(taken))
        taken[0].close()
        first.result()
        seconds_until_away(provider)  # it is remembered
        assert len(taken) == 1


def test_a_silent_provider_is_given_up() -> None:
    with silent_server() as (issuer, _):
        assert seconds_until_away(Provider(settings_of(issuer))) < PATIENCE


def test_a_provider_that_was_away_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with describing_server("http://127.0.0.1:9/token") as issuer:
        provider = Provider(settings_of(issuer))
        provider._settings = settings_of("http://127.0.0.1:9")
        seconds_until_away(provider)
        provider._settings = settings_of(issuer)
        seconds_until_away(provider)  # not yet
        monkeypatch.setattr(provider_module, "_AWAY_SECONDS", 0.0)
        assert provider.begin(BACK)[0].startswith(issuer)


def test_codes_that_are_never_exchanged_keep_four_threads_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(provider_module, "_SECONDS", 10 * PATIENCE)
    with silent_server() as (silent, taken), describing_server(f"{silent}/token") as issuer:
        provider = Provider(settings_of(issuer))
        provider.begin(BACK)
        with ThreadPoolExecutor(12) as people:
            waiting = {people.submit(seconds_until_away, provider, "code") for _ in range(12)}
            for done in islice(as_completed(waiting), 8):  # while four of them wait
                waiting.remove(done)
            assert not any(one.done() for one in waiting)
            until(lambda: len(taken) == 4)
            for connection in taken:
                connection.close()
        assert all(one.result() < PATIENCE for one in waiting)
        assert len(taken) == 4
