"""The index of owners: what is kept and found, in both databases, and what it gives away."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pydantic import SecretStr

from owners import open_owners
from pipeline.errors import MisconfiguredError, OwnersUnavailableError
from pipeline.model import OwnedPaper, OwnerPapers
from pipeline.ports.owners import OwnerIndex
from pipeline.settings import OwnerSettings
from tests.support.postgres import Postgres, has_postgres, postgres

ONE, OTHER = "person:031090001562", "tax:0101234567"  # made up
_MARKS = [
    pytest.mark.services,
    pytest.mark.skipif(not has_postgres(), reason="no PostgreSQL: setup/system test installs it"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres() as started:
        yield started


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=_MARKS)])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OwnerIndex]:
    with ExitStack() as stack:
        url = ""
        if request.param == "postgresql":
            server: Postgres = request.getfixturevalue("server")
            url = server.url(stack.enter_context(server.database()))
        made = open_owners(OwnerSettings(url=SecretStr(url)), tmp_path)
        stack.callback(made.close)
        yield made


def test_papers_are_found_by_number_newest_dossier_first(index: OwnerIndex) -> None:
    index.keep(
        [
            OwnerPapers("0a01", 2, ((ONE, 1), (ONE, 3), (OTHER, 3))),
            OwnerPapers("0a02", 2, ((ONE, 1),)),
            OwnerPapers("0a03", 1, ()),
        ]
    )
    everything = (OwnedPaper("0a02", 1), OwnedPaper("0a01", 1), OwnedPaper("0a01", 3))
    assert index.find(ONE, 10) == everything
    assert index.find(ONE, 2) == everything[:2]
    assert index.find(OTHER, 10) == (OwnedPaper("0a01", 3),)
    assert index.find("person:031090001563", 10) == ()


def test_a_record_replaces_older_ones_and_never_a_newer_one(index: OwnerIndex) -> None:
    index.keep([OwnerPapers("0a01", 3, ((ONE, 2),))])
    index.keep([OwnerPapers("0a01", 2, ((OTHER, 1),))])
    assert index.find(ONE, 10) == (OwnedPaper("0a01", 2),)
    assert index.find(OTHER, 10) == ()
    index.keep([OwnerPapers("0a01", 4, ()), OwnerPapers("0a01", 3, ((ONE, 2),))])
    assert index.find(ONE, 10) == ()
    index.keep([OwnerPapers("0a01", 4, ((ONE, 5),))])  # the same record, by better rules
    assert index.find(ONE, 10) == (OwnedPaper("0a01", 5),)


def test_dossiers_that_the_store_has_no_more_are_forgotten(index: OwnerIndex) -> None:
    index.keep([OwnerPapers(f"0a{at:04x}", 1, ((ONE, 1),)) for at in range(1_200)])
    index.keep_only(["0a0007"])
    assert index.find(ONE, 5) == (OwnedPaper("0a0007", 1),)


def test_the_database_tells_no_number_and_without_its_key_finds_none(tmp_path: Path) -> None:
    index = open_owners(OwnerSettings(), tmp_path)
    index.keep([OwnerPapers("0a01", 1, ((ONE, 1),))])
    index.close()
    for file in tmp_path.glob("owners.sqlite3*"):
        assert not stat.S_IMODE(file.stat().st_mode) & 0o077
        assert ONE.partition(":")[2].encode() not in file.read_bytes()
    key = tmp_path / "keys" / "owners"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.unlink()
    other = open_owners(OwnerSettings(), tmp_path)
    assert other.find(ONE, 10) == ()
    other.close()


def test_a_damaged_database_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "owners.sqlite3").write_bytes(b"no database" * 1_000)
    with pytest.raises(OwnersUnavailableError, match="sohoa reindex"):
        open_owners(OwnerSettings(), tmp_path).find(ONE, 1)


@pytest.mark.parametrize(
    "settings",
    [
        OwnerSettings(key=SecretStr("short")),
        OwnerSettings(url=SecretStr("mysql://nobody@127.0.0.1/kho")),
        OwnerSettings(url=SecretStr("no address")),
    ],
)
def test_a_wrong_setting_is_named(settings: OwnerSettings, tmp_path: Path) -> None:
    with pytest.raises(MisconfiguredError, match="SOHOA_OWNERS__"):
        open_owners(settings, tmp_path).find(ONE, 1)
