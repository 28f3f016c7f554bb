"""The served arrangement of docker-compose.yml, started natively: same commands and variables.

    .venv/bin/python -m tests.support.arrangement FOLDER

PostgreSQL comes from Debian; MinIO and Elasticsearch are those named by ``SOHOA_TEST_*``. Serves
until Ctrl-C; FOLDER/inbox is watched.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from flows.local_prefect import wait_until_healthy
from tests import ROOT
from tests.support.servers import fresh_alias, fresh_bucket

SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(
    (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
)["services"]
PASSWORD = "chosen"
Command = list[str | Path]
PATIENCE = 300.0


class Arrangement(NamedTuple):
    """What runs, and how to reach it."""

    home: Path
    variables: dict[str, str]  # of `sohoa` commands
    room: str  # address of the reading room
    prefect: str

    @property
    def inbox(self) -> Path:
        return self.home / "inbox"


def variables(service: str, chosen: dict[str, str], moved: dict[str, str]) -> dict[str, str]:
    """Return a service's variables: choices filled in, addresses moved to this machine."""

    def filled(text: str) -> str:
        def value(match: re.Match[str]) -> str:
            return chosen.get(match[1], match[2].removeprefix("-") if match[2] else "")

        return re.sub(r"\$\{(\w+)(?::(\?[^}]*|-[^}]*))?\}", value, text)

    found = {name: filled(str(value)) for name, value in SERVICES[service]["environment"].items()}
    return {name: moved.get(name, value) for name, value in found.items()}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def postgres(port: int) -> Iterator[None]:
    """Debian's PostgreSQL with the database that Prefect's server keeps its runs in."""
    (programs,) = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1:]
    place = Path(tempfile.mkdtemp(prefix="sohoa-postgres-"))
    owner = "postgres" if os.getuid() == 0 else None  # it refuses to run as root
    (place / "secret").write_text(PASSWORD)
    if owner:
        shutil.chown(place, owner, owner)
        shutil.chown(place / "secret", owner, owner)
    data = place / "data"
    new: Command = [programs / "initdb", "-D", data, "-U", "prefect", "-A", "scram-sha-256"]
    new += ["-E", "UTF8", "--no-sync", "--locale=C.UTF-8", f"--pwfile={place / 'secret'}"]
    subprocess.run(new, check=True, stdout=subprocess.DEVNULL, cwd="/", user=owner, group=owner)
    serve: Command = [programs / "postgres", "-D", data, "-p", str(port), "-k", place]
    serve += ["-h", "127.0.0.1"]
    serve += ["-c", "fsync=off", "-c", "synchronous_commit=off"]  # thrown away afterwards
    process = subprocess.Popen(serve, cwd="/", stderr=subprocess.DEVNULL, user=owner, group=owner)
    try:
        words = ["-h", "127.0.0.1", "-p", str(port), "-U", "prefect"]
        wait_for(lambda: done([programs / "pg_isready", *words]))
        make: Command = [programs / "createdb", *words, "prefect"]
        subprocess.run(make, check=True, env=os.environ | {"PGPASSWORD": PASSWORD})
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        shutil.rmtree(place)


@contextmanager
def running(service: str, values: dict[str, str], home: Path) -> Iterator[None]:
    """Run the command of a service, as the file gives it."""
    program, *words = SERVICES[service]["command"]
    command = [str(Path(sys.executable).parent / program), *words]
    with (home / f"{service}.log").open("ab") as log:
        process = subprocess.Popen(command, env=bare() | values, stdout=log, stderr=log, cwd=home)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=90)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def bare() -> dict[str, str]:
    """Return the surroundings without what somebody has set for Sohoa or Prefect."""
    return {n: v for n, v in os.environ.items() if not n.startswith(("SOHOA_", "PREFECT_"))}


@contextmanager
def served(home: Path) -> Iterator[Arrangement]:
    """Start everything in the order of the file; end it in the opposite one."""
    (home / "inbox").mkdir(parents=True)
    room, api, base = free_port(), free_port(), free_port()
    with ExitStack() as stack:
        bucket = stack.enter_context(fresh_bucket())
        alias = stack.enter_context(fresh_alias())
        stack.enter_context(postgres(base))
        chosen = {
            "MINIO_ROOT_USER": bucket.access_key,
            "MINIO_ROOT_PASSWORD": bucket.secret_key.get_secret_value(),
            "ELASTIC_PASSWORD": alias.password.get_secret_value(),
            "POSTGRES_PASSWORD": PASSWORD,
        }
        database = f"postgresql+asyncpg://prefect:{PASSWORD}@127.0.0.1:{base}/prefect"
        url = f"http://127.0.0.1:{api}/api"
        moved = {
            "SOHOA_STORAGE__ENDPOINT": bucket.endpoint,
            "SOHOA_STORAGE__BUCKET": bucket.bucket,
            "SOHOA_SEARCH__URL": alias.url,
            "SOHOA_SEARCH__INDEX": alias.index,
            "SOHOA_WATCH__FOLDERS": json.dumps([str(home / "inbox")]),
            "SOHOA_WEB__HOST": "127.0.0.1",
            "PREFECT_API_URL": url,
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": database,
        }
        ours = {"SOHOA_HOME": str(home), "SOHOA_WEB__PORT": str(room)}
        ours |= {"PREFECT_HOME": str(home / "prefect"), "PREFECT_SERVER_API_PORT": str(api)}

        def of(service: str) -> dict[str, str]:
            return variables(service, chosen, moved) | ours

        stack.enter_context(running("prefect", of("prefect"), home))
        wait_until_healthy(url, PATIENCE)
        deploy = [sys.executable, "-m", "flows.cli", *SERVICES["deploy"]["command"][1:]]
        subprocess.run(deploy, env=bare() | of("deploy"), check=True, cwd=home)
        for service in ("worker", "watch", "web"):
            stack.enter_context(running(service, of(service), home))
        yield Arrangement(home, of("watch"), f"http://127.0.0.1:{room}", url)


def done(command: list[Any]) -> bool:
    return not subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("waited too long")
        time.sleep(0.3)


if __name__ == "__main__":
    with served(Path(sys.argv[1])) as arrangement:
        sys.stdout.write(f"{arrangement.room}/ {arrangement.prefect} {arrangement.inbox}\n")
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
