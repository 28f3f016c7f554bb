"""Debian's PostgreSQL on the loopback address, in a temporary folder, never as root.

    .venv/bin/python -m tests.support.postgres

Prints the address of a fresh database and serves it until Ctrl-C.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests.support.ports import free_port

OWNER = "postgres"  # Debian's account for it; the server refuses to run as root
_PATIENCE = 180.0  # seconds


class Postgres(NamedTuple):
    """A server, and the account that may do everything there."""

    port: int
    user: str
    password: str

    def url(self, database: str, *, user: str = "", password: str = "") -> str:
        """Return the address of a database, for the owner or for another account."""
        account = f"{user or self.user}:{password or self.password}"
        return f"postgresql://{account}@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str, database: str = "postgres") -> str:
        """Run a statement as the owner; return what it answers."""
        words = ["-h", "127.0.0.1", "-p", str(self.port), "-U", self.user, "-d", database]
        done = subprocess.run(
            [_programs() / "psql", "-qtAX", "-v", "ON_ERROR_STOP=1", *words, "-c", statement],
            env=os.environ | {"PGPASSWORD": self.password},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    @contextmanager
    def database(self) -> Iterator[str]:
        """Make an empty database; yield its name, and drop it afterwards."""
        name = f"test_{secrets.token_hex(6)}"
        self.run(f"CREATE DATABASE {name}")
        try:
            yield name
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")


def has_postgres() -> bool:
    """Tell whether Debian's PostgreSQL is installed; in CI it must be (`setup/system test`)."""
    is_there = bool(sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")))
    if os.environ.get("CI") == "true" and not is_there:
        raise RuntimeError("the tests on PostgreSQL may not be skipped: setup/system test")
    return is_there


@contextmanager
def postgres(user: str = "sohoa", port: int = 0, password: str = "") -> Iterator[Postgres]:
    """Run a server of its own, which is thrown away afterwards.

    Args:
        user: name of the account that may do everything; there is no other.
        port: port to listen on; 0: any free one.
        password: the account's password; empty: one at random.
    """
    server = Postgres(port or free_port(), user, password or secrets.token_urlsafe(24))
    place = Path(tempfile.mkdtemp(prefix="sohoa-postgres-"))
    owner = OWNER if os.getuid() == 0 else None
    secret = place / "secret"
    secret.touch(mode=0o600)
    secret.write_text(server.password)
    if owner:
        shutil.chown(place, owner, owner)
        shutil.chown(secret, owner, owner)
    process = None
    try:
        _initialise(place, secret, server, owner)
        process = _start(place, server, owner)
        _wait_for(process, server)
        yield server
    finally:
        if process:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=_PATIENCE)
        shutil.rmtree(place)


def _initialise(place: Path, secret: Path, server: Postgres, owner: str | None) -> None:
    words: list[Any] = [
        "-D",
        place / "data",
        "-U",
        server.user,
        "-A",
        "scram-sha-256",
        "-E",
        "UTF8",
    ]
    words += ["--no-sync", "--locale=C.UTF-8", f"--pwfile={secret}"]
    command = [_programs() / "initdb", *words]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", user=owner, group=owner)


def _start(place: Path, server: Postgres, owner: str | None) -> subprocess.Popen[bytes]:
    words: list[Any] = ["-D", place / "data", "-p", str(server.port), "-k", place]
    words += ["-h", "127.0.0.1", "-c", "fsync=off", "-c", "synchronous_commit=off"]
    command = [_programs() / "postgres", *words]
    return subprocess.Popen(command, cwd="/", stderr=subprocess.DEVNULL, user=owner, group=owner)


def _wait_for(process: subprocess.Popen[bytes], server: Postgres) -> None:
    words: list[Any] = ["-h", "127.0.0.1", "-p", str(server.port), "-U", server.user]
    deadline = time.monotonic() + _PATIENCE
    ask = [_programs() / "pg_isready", *words]
    while subprocess.run(ask, check=False, stdout=subprocess.DEVNULL).returncode:
        if process.poll() is not None or time.monotonic() > deadline:
            raise TimeoutError("PostgreSQL did not start")
        time.sleep(0.1)


def _programs() -> Path:
    return sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]


if __name__ == "__main__":
    with postgres() as started, started.database() as chosen:
        sys.stdout.write(started.url(chosen) + "\n")
        sys.stdout.flush()
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
