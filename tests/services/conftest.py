"""Real servers that were prepared with an account for each role."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipeline.roles import Role
from tests.support.roles import Prepared, prepared
from tests.support.stored import digitise, take_in


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    with prepared(tmp_path_factory.mktemp("accounts"), retention_days=30) as servers:
        yield servers


@pytest.fixture(scope="module")
def dossier(made: Prepared, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A dossier that the watcher's account took in and a worker's account read."""
    folder = tmp_path_factory.mktemp("drop")
    taken = take_in(made.archive_as(Role.INGEST), folder / "một.pdf", ("QUYẾT ĐỊNH", "thửa đất"))
    digitise(made.archive_as(Role.WORKER), made.index_as(Role.WORKER), taken)
    return taken
