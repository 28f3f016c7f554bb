"""The served arrangement of docker-compose.yml, started natively: commands, variables, secrets.

    .venv/bin/python -m tests.support.arrangement FOLDER

PostgreSQL comes from Debian; MinIO and Elasticsearch are those named by ``SOHOA_TEST_*``. Serves
until Ctrl-C; FOLDER/inbox is watched.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from flows.local_prefect import wait_until_healthy
from pipeline.roles import account_of
from pipeline.settings import SearchSettings, StorageSettings
from tests.support.compose import FILE, ROLES, SERVICES
from tests.support.ports import free_port
from tests.support.postgres import postgres
from tests.support.servers import forget_bucket, fresh_alias, unmade_bucket

Command = list[str | Path]
PATIENCE = 300.0
SECRETS = "/run/secrets/"  # in a container


class Arrangement(NamedTuple):
    """What runs, and how to reach it."""

    home: Path
    variables: dict[str, str]  # of `sohoa` commands, as the watcher runs them
    room: str  # address of the reading room
    prefect: str
    secret: str  # of Prefect's API, name:password

    @property
    def inbox(self) -> Path:
        return self.home / "inbox"


def variables(service: str, held: Path, moved: dict[str, str]) -> dict[str, str]:
    """Return a service's variables: defaults filled in, addresses and secrets of this machine."""

    def filled(text: str) -> str:
        text = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)
        return text.replace(SECRETS, f"{held}/")

    found = {name: filled(str(value)) for name, value in SERVICES[service]["environment"].items()}
    return {name: moved.get(name, value) for name, value in found.items()}


def choose_secrets(folder: Path, storage: StorageSettings, search: SearchSettings) -> None:
    """Write a file for each secret of the file, as `deploy/make-secrets` does."""
    folder.mkdir()
    known = {
        "minio_root": storage.secret_key.get_secret_value(),
        "elasticsearch_admin": search.password.get_secret_value(),
        "prefect_auth": f"sohoa:{secrets.token_urlsafe(30)}",
    }
    for name in FILE["secrets"]:
        path = folder / name
        path.touch(mode=0o600)
        path.write_text(known.get(name, secrets.token_urlsafe(30)))


@contextmanager
def running(service: str, values: dict[str, str], home: Path) -> Iterator[None]:
    """Run the command of a service, as the file gives it."""
    with (home / f"{service}.log").open("ab") as log:
        process = subprocess.Popen(
            words_of(service), env=bare() | values, stdout=log, stderr=log, cwd=home
        )
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
    bucket, held = unmade_bucket(), home / "secrets"
    url = f"http://127.0.0.1:{api}/api"
    with ExitStack() as stack:
        stack.callback(forget_bucket, bucket)
        alias = stack.enter_context(fresh_alias())
        choose_secrets(held, bucket, alias)
        password = (held / "postgres").read_text()
        (held / "postgres_pgpass").write_text(f"127.0.0.1:{base}:prefect:prefect:{password}")
        database = stack.enter_context(postgres("prefect", base, password))
        database.run("CREATE DATABASE prefect")
        people = f"postgresql://sohoa_accounts:people@127.0.0.1:{base}/sohoa_accounts"
        (held / "accounts_url").write_text(people)
        owners = f"postgresql://sohoa_owners:owners@127.0.0.1:{base}/sohoa_owners"
        (held / "owners_url").write_text(owners)
        moved = moved_here(home, bucket, alias, url, base)
        ours = {"SOHOA_HOME": str(home), "SOHOA_WEB__PORT": str(room)}
        ours |= {"PREFECT_HOME": str(home / "prefect"), "PREFECT_SERVER_API_PORT": str(api)}

        def of(service: str) -> dict[str, str]:
            account = account_here(service, bucket, alias)
            return variables(service, held, moved | account) | ours

        run_once("prepare", of("prepare"), home)
        stack.enter_context(running("prefect", of("prefect"), home))
        wait_until_healthy(url, PATIENCE)
        run_once("deploy", of("deploy"), home)
        for service in ("worker", "watch", "web"):
            stack.enter_context(running(service, of(service), home))
        secret = (held / "prefect_auth").read_text()
        yield Arrangement(home, of("watch"), f"http://127.0.0.1:{room}", url, secret)


def moved_here(
    home: Path, bucket: StorageSettings, alias: SearchSettings, url: str, database: int
) -> dict[str, str]:
    """Return the variables that name places inside the containers, with those of this machine."""
    connection = f"postgresql+asyncpg://prefect@127.0.0.1:{database}/prefect"
    return {
        "SOHOA_STORAGE__ENDPOINT": bucket.endpoint,
        "SOHOA_STORAGE__BUCKET": bucket.bucket,
        "SOHOA_SEARCH__URL": alias.url,
        "SOHOA_SEARCH__INDEX": alias.index,
        "SOHOA_ACCOUNTS__ADMIN_URL": f"postgresql://prefect@127.0.0.1:{database}/prefect",
        "SOHOA_WATCH__FOLDERS": json.dumps([str(home / "inbox")]),
        "SOHOA_WEB__HOST": "127.0.0.1",
        "PREFECT_API_URL": url,
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": connection,
        "PREFECT_UI_STATIC_DIRECTORY": str(home / "ui"),
    }


def account_here(service: str, bucket: StorageSettings, alias: SearchSettings) -> dict[str, str]:
    """Return the names that a service signs in with on the servers of this machine."""
    if role := ROLES.get(service):
        names = account_of(role, bucket.bucket), account_of(role, alias.index)
    else:
        names = bucket.access_key, alias.user
    return dict(zip(("SOHOA_STORAGE__ACCESS_KEY", "SOHOA_SEARCH__USER"), names, strict=True))


def run_once(service: str, values: dict[str, str], home: Path) -> None:
    """Run the command of a service that ends by itself."""
    command = [word.replace(SECRETS[:-1], str(home / "secrets")) for word in words_of(service)]
    subprocess.run(command, env=bare() | values, check=True, cwd=home, timeout=PATIENCE)


def words_of(service: str) -> list[str]:
    """Return the command of a service, with the program of this environment."""
    program, *words = SERVICES[service]["command"]
    return [str(Path(sys.executable).parent / program), *words]


if __name__ == "__main__":
    with served(Path(sys.argv[1])) as arrangement:
        sys.stdout.write(f"{arrangement.room}/ {arrangement.prefect} {arrangement.inbox}\n")
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
