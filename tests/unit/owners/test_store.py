"""The index of owners: what is kept and found, in both databases, and what it gives away."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from owners import check_owners, open_owners
from pipeline.errors import MisconfiguredError
from pipeline.model import OwnedPaper, OwnerPapers
from pipeline.ports.owners import OwnerIndex
from pipeline.settings import OwnerSettings
from tests.support.postgres import Postgres, has_postgres

ONE, OTHER = "person:031090001562", "tax:0101234567"  # made up


@pytest.fixture
def index(either: OwnerSettings, tmp_path: Path) -> Iterator[OwnerIndex]:
    with closing(open_owners(either, tmp_path)) as made:
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


def test_a_damaged_database_is_set_aside_and_begun_anew(tmp_path: Path) -> None:
    file, damaged = tmp_path / "owners.sqlite3", b"no database" * 1_000
    file.write_bytes(damaged)
    index = open_owners(OwnerSettings(), tmp_path)
    index.keep([OwnerPapers("0a01", 2, ((ONE, 1),))])
    assert index.find(ONE, 10) == (OwnedPaper("0a01", 1),)
    assert index.is_behind()
    assert (tmp_path / "owners.sqlite3.damaged").read_bytes() == damaged
    other = open_owners(OwnerSettings(), tmp_path)
    assert other.is_behind(), "another process sees it, too"
    other.caught_up()
    assert not index.is_behind()
    index.close()
    other.close()


def test_pages_that_break_while_it_is_open_are_noticed_by_all_who_have_it(tmp_path: Path) -> None:
    first, second = (open_owners(OwnerSettings(), tmp_path) for _ in range(2))
    first.keep([OwnerPapers(f"0a{at:04x}", 2, ((ONE, 1),)) for at in range(2_000)])
    assert len(second.find(ONE, 5)) == 5
    first.close()
    second.close()
    file = tmp_path / "owners.sqlite3"
    content = bytearray(file.read_bytes())
    content[8_192:] = bytes(len(content) - 8_192)  # all but two pages are gone
    file.write_bytes(content)
    first.keep([OwnerPapers("0affff", 2, ((ONE, 1),))])
    second.keep([OwnerPapers("0afffe", 2, ((ONE, 1),))])
    assert {place.dossier for place in first.find(ONE, 5)} == {"0affff", "0afffe"}
    assert second.is_behind()
    first.close()
    second.close()


def test_a_file_that_somebody_replaced_is_opened_anew(tmp_path: Path) -> None:
    index = open_owners(OwnerSettings(), tmp_path)
    index.keep([OwnerPapers("0a01", 2, ((ONE, 1),))])
    for file in tmp_path.glob("owners.sqlite3*"):
        file.unlink()
    index.keep([OwnerPapers("0a02", 2, ((ONE, 1),))])
    other = open_owners(OwnerSettings(), tmp_path)
    assert other.find(ONE, 10) == index.find(ONE, 10) == (OwnedPaper("0a02", 1),)
    index.close()
    other.close()


def test_places_are_told_in_parts(index: OwnerIndex) -> None:
    index.keep([OwnerPapers(f"0a{at:02x}", 2, ((ONE, 1), (ONE, 4))) for at in range(5)])
    told: list[OwnedPaper] = []
    last = None
    while batch := index.find(ONE, 3, last):
        told += batch
        last = batch[-1]
    assert told == list(index.find(ONE, 100))
    assert len(told) == 10


@pytest.mark.services
@pytest.mark.skipif(not has_postgres(), reason="no PostgreSQL: setup/system test installs it")
def test_another_key_is_refused_where_processes_share_the_index(
    server: Postgres, tmp_path: Path
) -> None:
    with server.database() as database:
        url = SecretStr(server.url(database))
        keys = [SecretStr(letter * 40) for letter in "ab"]
        index, other = (open_owners(OwnerSettings(url=url, key=key), tmp_path) for key in keys)
        index.keep([OwnerPapers("0a01", 2, ((ONE, 1),))])
        with pytest.raises(MisconfiguredError, match="SOHOA_OWNERS__KEY"):
            other.find(ONE, 1)
        (told,) = check_owners(OwnerSettings(url=url, key=keys[1]), tmp_path)
        assert "SOHOA_OWNERS__KEY" in told.detail
        assert not told.is_well
        (told,) = check_owners(OwnerSettings(url=url, key=keys[0]), tmp_path)
        assert told.is_well
        assert server.run("SELECT count(*) FROM sohoa_owners.owned_papers", database) == "1"
        index.close()
        other.close()


def test_doctor_tells_of_damage_until_it_is_mended(tmp_path: Path) -> None:
    (told,) = check_owners(OwnerSettings(), tmp_path)
    assert told.is_well
    assert not (tmp_path / "owners.sqlite3").exists(), "asking makes nothing"
    (tmp_path / "owners.sqlite3").write_bytes(b"no database" * 1_000)
    (told,) = check_owners(OwnerSettings(), tmp_path)
    assert not told.is_well
    assert "owners.sqlite3.damaged" in told.detail
    index = open_owners(OwnerSettings(), tmp_path)
    index.caught_up()
    index.close()
    assert all(check.is_well for check in check_owners(OwnerSettings(), tmp_path))
    unreachable = OwnerSettings(url=SecretStr("postgresql://nobody@127.0.0.1:1/kho"))
    (told,) = check_owners(unreachable, tmp_path)
    assert "PostgreSQL" in told.remedy


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
