"""Tables make themselves once, whoever is first; a newer database and a foreign key are refused."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from pydantic import SecretStr
from sqlalchemy import create_engine, text

from accounts import (
    check_accounts,
    has_accounts,
    open_accounts,
    prepare_accounts,
    replace_key,
)
from accounts.database import open_database
from accounts.schema import REVISION, metadata
from pipeline.errors import AccountsUnavailableError, MisconfiguredError
from pipeline.model import PersonRole, SignInStep
from tests import ROOT
from tests.support.people import OWNER, PASSWORD, Place, add_person, enrol

OPEN = """
import sys
from pathlib import Path
from pydantic import SecretStr
from accounts import open_accounts
from pipeline.settings import AccountSettings
settings = AccountSettings(url=SecretStr(sys.argv[2]), hash_memory_mib=19, hash_passes=2)
sys.stdin.readline()
print(open_accounts(settings, Path(sys.argv[1])).people.is_empty())
"""


def change(place: Place, statement: str) -> None:
    """Change the database behind the product's back."""
    url = place.url.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url or f"sqlite:///{place.home}/accounts.sqlite3")
    with engine.begin() as connection:
        if place.url:
            connection.execute(text("SET search_path TO sohoa_accounts"))
        connection.execute(text(statement))
    engine.dispose()


def test_processes_that_start_at_once_all_get_the_tables(place: Place) -> None:
    words = [sys.executable, "-c", OPEN, str(place.home), place.url]
    started = [
        subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True)
        for _ in range(4)
    ]
    for process in started:  # all have imported what takes long when the first line comes
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=120)[0].strip() for process in started]
    assert answers == ["True"] * 4


def test_a_database_of_a_newer_version_is_refused_and_left_alone(place: Place) -> None:
    add_person(place.open(), "an")
    place.close()
    change(place, "UPDATE alembic_version SET version_num = '9999'")
    for _ in range(2):
        with pytest.raises(MisconfiguredError, match=r"phiên bản mới hơn.*9999"):
            place.open()
    told = list(check_accounts(place.settings, place.home))
    assert any("9999" in check.detail and not check.is_well for check in told)
    change(place, f"UPDATE alembic_version SET version_num = '{REVISION}'")
    assert place.open().people.named("an")


def test_a_step_that_fails_leaves_nothing_behind(place: Place) -> None:
    """All steps are one transaction: whoever is interrupted begins anew."""
    place.home.mkdir()
    if place.url:
        engine = create_engine(place.url.replace("postgresql://", "postgresql+psycopg://"))
        with engine.begin() as connection:
            connection.execute(text("CREATE SCHEMA sohoa_accounts"))
        engine.dispose()
    change(place, "CREATE TABLE tokens (id TEXT)")  # the fourth table is in the way
    with pytest.raises((AccountsUnavailableError, MisconfiguredError)):
        place.open()
    change(place, "DROP TABLE tokens")
    assert place.open().people.is_empty()


def test_the_tables_are_those_that_the_code_knows(place: Place) -> None:
    place.open()
    database = open_database(place.settings, place.home)
    with database.reading() as connection:
        for table in metadata.sorted_tables:
            assert connection.execute(table.select()).all() is not None
    database.close()


def test_the_newest_step_is_the_revision_of_the_code() -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "accounts" / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_the_first_key_stays_the_only_one(place: Place) -> None:
    accounts = place.open()
    add_person(accounts, "an", PersonRole.RECORDS)
    enrol(accounts, accounts.sign_ins.sign_in("an", PASSWORD, OWNER), place.clock)
    place.close()
    key = place.home / "keys" / "accounts"
    kept = key.read_bytes()
    key.unlink()
    with pytest.raises(MisconfiguredError, match="rekey"):
        place.open()
    key.write_bytes(kept)
    assert place.open().people.named("an").has_second_factor
    place.close()

    key.unlink()
    assert replace_key(place.settings, place.home) == 1
    begun = place.open().sign_ins.sign_in("an", PASSWORD, OWNER)
    assert begun.session.step is SignInStep.ENROLMENT


def test_a_key_may_come_from_the_settings(place: Place) -> None:
    given = place.settings.model_copy(update={"key": SecretStr("k" * 32)})
    assert not has_accounts(given, place.home)
    list(prepare_accounts(given, place.home))
    if place.url:
        assert not (place.home / "keys").exists()
    short = place.settings.model_copy(update={"key": SecretStr("short")})
    with pytest.raises(MisconfiguredError):
        open_accounts(short, place.home)


def test_nothing_is_made_by_asking(place: Place) -> None:
    assert not has_accounts(place.settings, place.home)
    told = list(check_accounts(place.settings, place.home))
    assert told
    if not place.url:
        assert not place.home.exists()
        assert all(check.is_well for check in told)


def test_the_files_are_for_their_owner_alone(place: Place) -> None:
    accounts = place.open()
    add_person(accounts, "an")
    files = [path for path in place.home.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if path.stat().st_mode & 0o077]
    for path in files:
        path.chmod(0o644)
    told = list(check_accounts(place.settings, place.home))
    assert len([check for check in told if "chmod 600" in check.remedy]) == (1 if place.url else 2)


def test_no_secret_lies_in_the_database(place: Place) -> None:
    accounts = place.open()
    add_person(accounts, "an", PersonRole.RECORDS)
    begun = accounts.sign_ins.sign_in("an", PASSWORD, OWNER)
    done, phone, code = enrol(accounts, begun, place.clock)
    accounts.close()
    if place.url:
        url = place.url.replace("postgresql://", "postgresql+psycopg://")
        engine = create_engine(url)
        with engine.begin() as connection:
            rows = [
                connection.execute(text(f"SELECT * FROM sohoa_accounts.{table.name}")).all()
                for table in metadata.sorted_tables
            ]
        engine.dispose()
        held = repr(rows)
    else:
        file = sqlite3.connect(place.home / "accounts.sqlite3")
        held = "\n".join(file.iterdump())
        file.close()
    assert "argon2id" in held
    secrets = [PASSWORD, begun.secret, done.secret, phone.secret, code, code.replace("-", "")]
    assert not [secret for secret in secrets if secret in held]


def test_a_damaged_or_locked_place_is_told(tmp_path: Path) -> None:
    place = Place(tmp_path)
    (tmp_path / "accounts.sqlite3").write_bytes(b"no database at all" * 500)
    with pytest.raises(AccountsUnavailableError, match="hỏng"):
        place.open()
    away = Place(tmp_path, "postgresql://nobody:nothing@127.0.0.1:1/none")
    with pytest.raises(AccountsUnavailableError) as caught:
        away.open()
    assert "nothing" not in str(caught.value)
    for wrong in ("mysql://x/y", "no address"):
        with pytest.raises(MisconfiguredError):
            Place(tmp_path, wrong).open()
    told = list(check_accounts(away.settings, tmp_path))
    assert not told[0].is_well
