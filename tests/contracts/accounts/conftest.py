"""Fixtures of the contract of accounts: an empty place of each form; a line in FORMS adds one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pipeline.ports import Accounts
from tests.support.people import Clock, Place
from tests.support.postgres import Postgres, has_postgres, postgres

_MARKS = [
    pytest.mark.services,
    pytest.mark.skipif(not has_postgres(), reason="no PostgreSQL: setup/system test installs it"),
]
FORMS = ["sqlite", pytest.param("postgresql", marks=_MARKS)]


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    """A PostgreSQL server of this run."""
    with postgres() as started:
        yield started


@pytest.fixture(params=FORMS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A place without accounts."""
    with ExitStack() as stack:
        url = ""
        if request.param == "postgresql":
            server: Postgres = request.getfixturevalue("server")
            url = server.url(stack.enter_context(server.database()))
        made = Place(tmp_path / "home", url)
        stack.callback(made.close)
        yield made


@pytest.fixture
def clock(place: Place) -> Clock:
    """The clock of the place."""
    return place.clock


@pytest.fixture
def accounts(place: Place) -> Accounts:
    """The accounts of an empty place."""
    return place.open()
