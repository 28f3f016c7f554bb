"""The databases that the indexes of this room are tested over: SQLite, and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from pipeline.settings import OwnerSettings
from tests.support.postgres import Postgres, has_postgres, postgres

_MARKS = [
    pytest.mark.services,
    pytest.mark.skipif(not has_postgres(), reason="no PostgreSQL: setup/system test installs it"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres() as started:
        yield started


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=_MARKS)])
def either(request: pytest.FixtureRequest) -> Iterator[OwnerSettings]:
    """Yield settings of an empty database of either kind."""
    if request.param == "sqlite":
        yield OwnerSettings()
        return
    server: Postgres = request.getfixturevalue("server")
    with server.database() as name:
        yield OwnerSettings(url=SecretStr(server.url(name)))
