"""PostgreSQL shared with others: a schema of our own, an account with few rights, a server away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts import check_accounts, prepare_accounts
from pipeline.errors import AccountsUnavailableError, MisconfiguredError
from pipeline.model import Check, SignInStep
from tests.support.people import OWNER, PASSWORD, Place, add_person
from tests.support.postgres import Postgres, has_postgres, postgres

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not has_postgres(), reason="no PostgreSQL: setup/system test installs it"),
]
SECRET = "room-secret"


@pytest.fixture
def server() -> Iterator[Postgres]:
    with postgres() as started:
        yield started


def test_it_never_runs_as_root(server: Postgres) -> None:
    folder = Path(server.run("SHOW data_directory"))
    pid = (folder / "postmaster.pid").read_text().split("\n")[0]
    assert folder.stat().st_uid == Path(f"/proc/{pid}").stat().st_uid != 0
    assert server.run("SHOW listen_addresses") == "127.0.0.1"


def test_an_account_with_few_rights_is_told_what_it_lacks(server: Postgres, tmp_path: Path) -> None:
    server.run(f"CREATE ROLE room LOGIN PASSWORD '{SECRET}'")
    with server.database() as name:
        place = Place(tmp_path, server.url(name, user="room", password=SECRET))
        with pytest.raises(MisconfiguredError, match="sohoa_accounts"):
            place.open()
        (told,) = prepare_accounts(place.settings, place.home)
        assert not told.is_well
        assert SECRET not in str(told)
        server.run(f"GRANT CREATE ON DATABASE {name} TO room")
        (told,) = prepare_accounts(place.settings, place.home)
        assert told.is_well
        server.run(f"REVOKE CREATE ON DATABASE {name} FROM room")
        add_person(place.open(), "an")
        place.close()
        tables = "SELECT string_agg(DISTINCT schemaname, ',') FROM pg_tables"
        ours = server.run(f"{tables} WHERE tableowner = 'room'", name)
        assert ours == "sohoa_accounts", "nothing of ours lies beside other people's tables"


def test_two_machines_share_accounts_by_one_key(server: Postgres, tmp_path: Path) -> None:
    with server.database() as name:
        url = server.url(name)
        here, there = Place(tmp_path / "a", url), Place(tmp_path / "b", url)
        accounts = here.open()
        add_person(accounts, "an")
        with pytest.raises(MisconfiguredError, match="Khóa"):
            there.open()  # a home of its own made a key of its own
        key = here.home / "keys" / "accounts"
        (there.home / "keys" / "accounts").write_bytes(key.read_bytes())
        other = there.open()
        begun = accounts.sign_ins.sign_in("an", PASSWORD, OWNER)
        assert other.sessions.find(begun.secret)
        other.sessions.sign_out(begun.secret)
        assert accounts.sessions.find(begun.secret) is None
        here.close()
        there.close()


def test_a_server_that_comes_back_is_used_again(tmp_path: Path) -> None:
    with postgres() as first:
        first.run("CREATE DATABASE ours")
        place = Place(tmp_path, first.url("ours"))
        accounts = place.open()
        add_person(accounts, "an")
        kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname='ours'"
        assert int(first.run(kill)) > 0
        begun = accounts.sign_ins.sign_in("an", PASSWORD, OWNER)  # over a new connection
        assert begun.session.step is SignInStep.DONE
    for call in (lambda: accounts.sessions.find(begun.secret), accounts.people.everyone):
        with pytest.raises(AccountsUnavailableError):
            call()
    assert not next(iter(check_accounts(place.settings, place.home))).is_well
    place.close()


def test_prepare_makes_a_role_and_a_database_of_our_own(
    server: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As compose does on Prefect's server; again changes nothing, another secret is taken over."""
    server.run("CREATE DATABASE prefect")
    secret = tmp_path / "pgpass"
    secret.touch(mode=0o600)
    secret.write_text(f"127.0.0.1:{server.port}:prefect:{server.user}:{server.password}")
    monkeypatch.setenv("PGPASSFILE", str(secret))

    def prepared(password: str) -> list[Check]:
        url = server.url("people", user="room", password=password)
        settings = Place(tmp_path, url).settings
        admin = f"postgresql://{server.user}@127.0.0.1:{server.port}/prefect"
        with_admin = settings.model_copy(update={"admin_url": admin})
        return list(prepare_accounts(with_admin, tmp_path))

    made = prepared(SECRET)
    assert [check.is_well for check in made] == [True, True], made
    assert SECRET not in str(made)
    place = Place(tmp_path, server.url("people", user="room", password=SECRET))
    add_person(place.open(), "an")
    place.close()
    assert len(prepared(SECRET)) == 1, "nothing was to do"
    assert all(check.is_well for check in prepared("another"))
    roles = "SELECT rolsuper OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = 'room'"
    assert server.run(roles) == "f"
    inside = Place(tmp_path, server.url("prefect", user="room", password="another"))
    with pytest.raises(AccountsUnavailableError):
        inside.open()
    secret.write_text("")
    (told,) = prepared("a third")
    assert "ADMIN_URL" in told.remedy
    assert not told.is_well
