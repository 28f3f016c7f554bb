"""The Prefect server of a home: shared, restarted at its address, and gone with who started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.local_prefect import is_healthy
from flows.prefect_secret import Access, access, home_secret
from pipeline.leases import is_gone, process_identity
from tests.support.ports import free_port, is_free
from tests.support.prefect_servers import happens, servers_of
from tests.support.work_pool import PATIENCE, children, sohoa

pytestmark = pytest.mark.prefect
GONE_SECONDS = 300.0  # from the kill of the watcher; milliseconds where nothing else runs


@pytest.fixture
def port(home: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """A home whose commands start a Prefect server of their own, and the port they try first."""
    home.mkdir()
    found = free_port()
    monkeypatch.delenv("PREFECT_API_URL")
    monkeypatch.setenv("PREFECT_HOME", str(home / "prefect"))
    monkeypatch.setenv("SOHOA_RUNS__PREFECT_PORT", str(found))
    return found


@pytest.fixture
def watcher(home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    with sohoa("watch", home / "watch.log") as process:
        try:
            yield process
        finally:
            for server in servers_of(process.pid):  # when the test failed
                os.kill(server, signal.SIGKILL)


def answers(port: int) -> bool:
    return is_healthy(f"http://127.0.0.1:{port}/api")


def assert_nothing_is_left(watcher: subprocess.Popen[bytes], port: int) -> None:
    started = [process_identity(process) for process in children(watcher.pid)]
    watcher.send_signal(signal.SIGKILL)
    watcher.wait()
    assert happens(lambda: all(map(is_gone, started)), GONE_SECONDS), started
    assert happens(lambda: not servers_of(watcher.pid), GONE_SECONDS)
    assert happens(lambda: is_free(port), GONE_SECONDS)


@pytest.mark.parametrize("seconds", [0.0, 0.02, 0.2, 0.6, 2.0])
def test_a_watcher_killed_while_its_server_starts_leaves_nothing(
    watcher: subprocess.Popen[bytes], port: int, seconds: float
) -> None:
    """In 15 kills five servers had stayed for ever, each of 200 MB, with the port."""
    assert happens(lambda: children(watcher.pid), PATIENCE)
    time.sleep(seconds)  # 0: before the server's process has told the kernel anything
    assert not answers(port)
    assert_nothing_is_left(watcher, port)


@pytest.mark.long
def test_a_watcher_killed_later_leaves_nothing_and_the_next_one_comes_back_at_its_address(
    home: Path, watcher: subprocess.Popen[bytes], port: int
) -> None:
    # One that ends while it is awaited ends the watcher: it would not start the next time either.
    assert happens(lambda: "Prefect:" in (home / "watch.log").read_text(), PATIENCE)
    first = servers_of(watcher.pid)
    os.kill(first[0], signal.SIGKILL)  # the next one is started by the same thread
    assert happens(lambda: servers_of(watcher.pid) not in (first, []), PATIENCE)
    assert happens(lambda: answers(port), PATIENCE)
    assert_nothing_is_left(watcher, port)
    with sohoa("watch", home / "second.log") as second:
        assert happens(lambda: "Prefect:" in (home / "second.log").read_text(), PATIENCE)
        assert f":{port}" in (home / "second.log").read_text()
        second.terminate()
        assert second.wait(PATIENCE) == 0
        assert is_free(port)


@pytest.mark.long
def test_of_two_commands_on_one_home_the_other_starts_the_server_again(
    home: Path, watcher: subprocess.Popen[bytes], port: int
) -> None:
    assert happens(lambda: answers(port), PATIENCE)
    with sohoa("watch", home / "second.log") as second:
        assert happens(lambda: "Prefect:" in (home / "second.log").read_text(), PATIENCE)
        assert not servers_of(second.pid)
        assert_nothing_is_left_but_what_the_other_starts(watcher, second)
        assert happens(lambda: answers(port), PATIENCE)


@pytest.mark.long
def test_a_server_of_0_1_which_asks_nobody_is_replaced(home: Path, port: int) -> None:
    (home / "prefect").mkdir()
    around = {n: v for n, v in os.environ.items() if "AUTH_STRING" not in n}
    command = ["-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen([sys.executable, *command], env=around) as old:
        try:
            url = f"http://127.0.0.1:{port}/api"
            assert happens(lambda: answers(port), PATIENCE)
            assert access(url, "") is Access.OPEN
            note = f"{url} {process_identity(old.pid)}"
            (home / "prefect" / "api.url").write_text(note, encoding="utf-8")
            with sohoa("watch", home / "watch.log"):
                assert happens(lambda: "Prefect:" in (home / "watch.log").read_text(), PATIENCE)
                assert old.poll() is not None
                assert access(url, home_secret(home / "prefect")) is Access.GUARDED
                assert access(url, "") is Access.REFUSED
        finally:
            old.kill()


def assert_nothing_is_left_but_what_the_other_starts(
    dead: subprocess.Popen[bytes], alive: subprocess.Popen[bytes]
) -> None:
    dead.send_signal(signal.SIGKILL)
    dead.wait()
    assert happens(lambda: not servers_of(dead.pid), GONE_SECONDS)
    assert happens(lambda: servers_of(alive.pid), PATIENCE)
