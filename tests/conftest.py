"""Homes and servers for tests: everything real, everything in a folder of its own."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows import wiring
from flows.prefect_api import prefect_server, prepare_environment
from pipeline.settings import RunSettings, Settings
from tests import ROOT
from tests.support.ports import free_port

pytest_plugins = ["tests.support.quick", "tests.support.measured", "tests.support.longest_first"]

PREFECT_HOME = Path(tempfile.mkdtemp(prefix="sohoa-prefect-"))
PREFECT_PORT = free_port()
# Tests trust nobody out there: each HTTP client, of their processes too, reads this one authority
# and not the 140 of the system, which takes 25 ms of processor time.
os.environ.setdefault("SSL_CERT_FILE", str(ROOT / "tests" / "fixtures" / "authority.pem"))
# Prefect reads its settings when it is imported, which collecting the tests already does.
os.environ.pop("PREFECT_API_URL", None)
prepare_environment(PREFECT_HOME / "prefect")
os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{PREFECT_PORT}/api"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A fresh home of the embedded form, named by the environment as for a real command."""
    place = tmp_path / "home"
    monkeypatch.setenv("SOHOA_HOME", str(place))
    monkeypatch.setenv("SOHOA_WATCH__SETTLE_SECONDS", "0.3")
    monkeypatch.setenv("SOHOA_WATCH__POLL_SECONDS", "0.1")
    monkeypatch.setenv("SOHOA_WATCH__GRACE_SECONDS", "0.2")
    wiring.forget()
    yield place
    wiring.forget()


@pytest.fixture(scope="session")
def prefect() -> Iterator[str]:
    """The address of one real Prefect server for the whole session, on a port of its own."""
    address = os.environ.pop("PREFECT_API_URL")
    home = Settings(home=PREFECT_HOME, runs=RunSettings(prefect_port=PREFECT_PORT))
    with prefect_server(home) as url:
        assert url == address
        yield url
    os.environ["PREFECT_API_URL"] = address
    shutil.rmtree(PREFECT_HOME, ignore_errors=True)
