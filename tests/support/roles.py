"""A bucket and an index that the real `sohoa prepare` made, with an account for each role."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import SecretStr

from pipeline.ports import Archive, SearchIndex
from pipeline.roles import Role, account_of
from pipeline.settings import SearchSettings, StorageSettings
from search import open_index
from storage import open_archive
from tests.support.servers import environment_of, forget_bucket, fresh_alias, unmade_bucket


class Prepared(NamedTuple):
    """What was prepared, as whoever runs the servers reaches it."""

    storage: StorageSettings
    search: SearchSettings
    folder: Path  # of the files with the roles' secrets

    def storage_as(self, role: Role) -> StorageSettings:
        """How a role reaches the bucket."""
        name = account_of(role, self.storage.bucket)
        secret = SecretStr((self.folder / f"minio_{role}").read_text())
        return self.storage.model_copy(update={"access_key": name, "secret_key": secret})

    def search_as(self, role: Role) -> SearchSettings:
        """How a role reaches the index."""
        name = account_of(role, self.search.index)
        password = SecretStr((self.folder / f"elasticsearch_{role}").read_text())
        return self.search.model_copy(update={"user": name, "password": password})

    def archive_as(self, role: Role) -> Archive:
        return open_archive(self.storage_as(role), Path("nowhere"))

    def index_as(self, role: Role) -> SearchIndex:
        return open_index(self.search_as(role), Path("nowhere"))

    def prepare(self, *words: str, code: int = 0) -> list[dict[str, Any]]:
        """Run the real command with these words, and return what it says was done."""
        said = self.sohoa("prepare", "--json", "--accounts", str(self.folder), *words, code=code)
        return list(json.loads(said))

    def sohoa(self, *words: str, code: int = 0, role: Role | None = None) -> str:
        """Run a command with the settings of a role, or of whoever runs the servers."""
        storage, search = self.storage, self.search
        if role:
            storage, search = self.storage_as(role), self.search_as(role)
        done = subprocess.run(
            [sys.executable, "-m", "flows.cli", *words],
            env=os.environ | environment_of(storage, search) | {"SOHOA_HOME": str(self.folder)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout


def choose(folder: Path, *roles: Role) -> None:
    """Choose a secret for each role, as `deploy/make-secrets` does."""
    for role in roles:
        for server in ("minio", "elasticsearch"):
            (folder / f"{server}_{role}").write_text(secrets.token_urlsafe(30))


@contextmanager
def prepared(folder: Path, *, retention_days: int = 0) -> Iterator[Prepared]:
    """Prepare the real servers for all roles but the destroyer; forget it afterwards."""
    storage = unmade_bucket(retention_days=retention_days)
    choose(folder, *(role for role in Role if role is not Role.DESTROYER))
    try:
        with fresh_alias() as search:
            made = Prepared(storage, search, folder)
            made.prepare()
            yield made
    finally:
        forget_bucket(storage)
