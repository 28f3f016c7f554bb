"""Starts an OpenID provider on loopback, a process of its own, with one person in it.

``python -m tests.support.identity_provider`` serves until Ctrl-C, for trying by hand.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from tests.support.ports import free_port

PERSON = {
    "sub": "person-0001",
    "preferred_username": "lan.vp",
    "groups": ["van-thu", "cong-doan"],
    "amr": ["pwd", "otp"],
}


@dataclass(frozen=True)
class IdentityProvider:
    """A running provider."""

    issuer: str

    def agree(self, url: str, subject: str = PERSON["sub"]) -> str:  # type: ignore[assignment]
        """Sign in on its page, as a person does, and return the address it leads back to.

        Args:
            url: the address of the authorization request.
            subject: who signs in.
        """
        answer = httpx.post(url, data={"sub": subject}, timeout=60)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    def path_back(self, url: str, subject: str = "person-0001") -> str:
        """Return path and query of the address that ``agree`` leads to."""
        parts = urlsplit(self.agree(url, subject))
        return f"{parts.path}?{parts.query}"


@contextmanager
def identity_provider(person: Mapping[str, object] = PERSON) -> Iterator[IdentityProvider]:
    """Run a provider on a free port of loopback until the block ends.

    Args:
        person: the claims of the one person it knows.
    """
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    command += [
        "--host",
        "127.0.0.1",
        "--require-nonce",
        "true",
        "--user-claims",
        json.dumps(dict(person)),
    ]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    ) as process:
        try:
            yield _when_ready(f"http://127.0.0.1:{port}", process)
        finally:
            process.terminate()


def _when_ready(address: str, process: subprocess.Popen[bytes]) -> IdentityProvider:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and process.poll() is None:
        try:
            described = httpx.get(f"{address}/.well-known/openid-configuration", timeout=30).json()
        except httpx.HTTPError:
            time.sleep(0.1)
            continue
        return IdentityProvider(re.sub("/$", "", described["issuer"]))
    raise AssertionError("the provider did not start")


if __name__ == "__main__":
    with identity_provider() as provider:
        print(provider.issuer)  # noqa: T201 — for the person who tries it
        with suppress(KeyboardInterrupt):
            time.sleep(86_400)
