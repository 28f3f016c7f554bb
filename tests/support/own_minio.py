"""A MinIO server of a test's own, beside the one that all share."""

from __future__ import annotations

import os
import signal
import subprocess
from http import HTTPStatus
from pathlib import Path

import httpx

from tests.support.ports import free_port
from tests.support.watched import until

USER, SECRET = "sohoa-own", "sohoa-own-secret"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "sohoa-servers"
PROGRAM = Path(os.environ.get("SERVERS_HOME", CACHE)) / "bin" / "minio"


class OwnMinio:
    """A server that one test alone uses, and may kill."""

    def __init__(self, place: Path, certificates: Path | None = None) -> None:
        """Choose a port.

        Args:
            place: where it keeps its objects.
            certificates: folder with ``public.crt`` and ``private.key``; it speaks TLS then.
        """
        self.endpoint = f"127.0.0.1:{free_port()}"
        self._scheme = "https" if certificates else "http"
        self._words = ["--certs-dir", str(certificates)] if certificates else []
        self._place = place
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it where it was, and wait until it answers."""
        self._process = subprocess.Popen(
            [PROGRAM, "server", "--quiet", *self._words, "--address", self.endpoint, self._place],
            env=os.environ | {"MINIO_ROOT_USER": USER, "MINIO_ROOT_PASSWORD": SECRET},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(self._answers)

    def end(self, number: signal.Signals) -> None:
        """End it by a signal."""
        assert self._process
        self._process.send_signal(number)
        self._process.wait(timeout=300)

    def _answers(self) -> bool:
        try:
            url = f"{self._scheme}://{self.endpoint}/minio/health/ready"
            answer = httpx.get(url, timeout=20, verify=False)  # whether it answers, no more
        except httpx.HTTPError:
            return False
        return answer.status_code == HTTPStatus.OK
