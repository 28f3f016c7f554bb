"""`sohoa user` as an administrator and scripts use it; none of it needs Prefect."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from accounts import has_accounts, open_accounts
from pipeline.model import SignInStep
from pipeline.settings import AccountSettings
from tests.support.people import OWNER, PASSWORD

KEYS = {
    "name", "roles", "units", "document_types", "levels", "disabled", "must_change_password",
    "second_factor", "created", "signed_in", "provider",
}  # fmt: skip
SESSION_KEYS = {"id", "address", "agent", "created", "seen", "ends"}
TOKEN_KEYS = {"id", "name", "label", "scopes", "units", "created", "ends", "used", "revoked"}


def user(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", "user", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def answer(*words: str | Path) -> Any:
    done = user(*words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_first_administrator_is_made_with_a_password_shown_once(home: Path) -> None:
    empty = user("list")
    assert empty.returncode == 0
    assert "sohoa user add" in empty.stdout
    assert not has_accounts(AccountSettings(), home)

    made = answer("add", "lan", "--role", "admin")
    assert set(made) == KEYS | {"password"}
    assert (made["roles"], made["must_change_password"]) == (["admin"], True)
    assert has_accounts(AccountSettings(), home)
    (listed,) = answer("list")
    assert set(listed) == KEYS | {"sessions"}
    assert made["password"] not in json.dumps(listed)

    accounts = open_accounts(AccountSettings(), home)
    begun = accounts.sign_ins.sign_in("lan", made["password"], OWNER)
    accounts.close()
    assert begun.session.step is SignInStep.PASSWORD


def test_a_password_may_come_from_a_file(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "mật khẩu"
    path.write_text(f"{PASSWORD}\r\nwhatever follows", encoding="utf-8")
    made = answer("add", "an", "--role", "reader", "--unit", "H26", "--password-file", path)
    assert (made["password"], made["must_change_password"]) == (None, False)
    assert made["units"] == ["H26"]
    accounts = open_accounts(AccountSettings(), home)
    begun = accounts.sign_ins.sign_in("an", PASSWORD, OWNER)
    assert begun.session.step is SignInStep.DONE
    assert answer("list")[0]["sessions"] == 1

    assert answer("disable", "an")["disabled"] is True
    assert accounts.sessions.find(begun.secret) is None
    assert answer("disable", "an", "--undo")["disabled"] is False
    first = answer("reset", "an", "--second-factor")["password"]
    assert accounts.sign_ins.sign_in("an", first, OWNER).session.step is SignInStep.PASSWORD
    accounts.close()
    changed = answer("roles", "an", "--role", "clerk", "--role", "reader")
    assert (changed["roles"], changed["units"]) == (["clerk", "reader"], ["H26"])
    assert answer("roles", "an", "--unit", "*")["units"] is None
    assert answer("roles", "an")["roles"] == ["clerk", "reader"]


def test_a_token_is_shown_once(home: Path) -> None:
    answer("add", "máy", "--role", "reader")
    made = answer("token", "máy", "--scope", "search", "--scope", "view", "--days", "7")
    assert set(made) == TOKEN_KEYS | {"token"}
    assert made["scopes"] == ["search", "view"]
    (listed,) = answer("token", "máy", "--list")
    assert answer("tokens", "máy") == [listed]
    assert listed == {key: value for key, value in made.items() if key != "token"}
    accounts = open_accounts(AccountSettings(), home)
    assert accounts.tokens.find(made["token"])
    assert user("token", "máy", "--revoke", made["id"]).returncode == 0
    assert accounts.tokens.find(made["token"]) is None
    accounts.close()
    assert user("token", "máy", "--revoke", "0123456789abcdef").returncode == 1
    plain = user("token", "máy", "--scope", "search")
    assert "soh_" in plain.stdout


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ([], 2, "cách dùng"),
        (["add", "an"], 2, "--role"),
        (["add", "an", "--role", "king"], 2, "clerk"),
        (["add", "an", "--role", "admin", "--role", "reader"], 1, "admin"),
        (["add", "a b", "--role", "reader"], 1, "Tên"),
        (["add", "an", "--role", "reader", "--password-file", "/no/such"], 1, "/no/such"),
        (["disable", "an"], 1, "«an»"),
        (["reset", "an"], 1, "«an»"),
        (["roles", "an", "--role", "reader"], 1, "«an»"),
        (["token", "an", "--scope", "search"], 1, "«an»"),
        (["token", "an", "--scope", "unmask"], 2, "search"),
        (["rekey"], 2, "--yes"),
    ],
)
def test_what_cannot_be_done_says_why(home: Path, words: list[str], code: int, told: str) -> None:
    done = user(*words)
    assert done.returncode == code
    assert told in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_weak_password_in_a_file_is_refused_and_not_printed(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text("matkhau@2024\n")
    done = user("add", "an", "--role", "reader", "--password-file", path)
    assert done.returncode == 1
    assert "dễ đoán" in done.stderr
    assert "matkhau@2024" not in done.stderr + done.stdout


def test_a_lost_key_can_be_replaced(home: Path) -> None:
    answer("add", "an", "--role", "reader")
    (home / "keys" / "accounts").unlink()
    done = user("list")
    assert done.returncode == 1
    assert "rekey" in done.stderr
    assert answer("rekey", "--yes") == {"second_factors_forgotten": 0}
    assert answer("list")


def test_sessions_are_listed_and_ended(home: Path) -> None:
    made = answer("add", "lan", "--role", "reader")
    accounts = open_accounts(AccountSettings(), home)
    account = accounts.people.named("lan").id
    for _ in range(2):
        accounts.sign_ins.sign_in("lan", made["password"], OWNER)
    listed = answer("sessions", "lan")
    assert [set(one) for one in listed] == [SESSION_KEYS, SESSION_KEYS]
    assert answer("sessions", "lan", "--end", listed[0]["id"]) == {"ended": 1}
    (left,) = accounts.sessions.of(account)
    assert left.id == listed[1]["id"]
    assert user("sessions", "lan", "--end", "khong-co").returncode == 1
    assert answer("sessions", "lan", "--end") == {"ended": 1}
    assert accounts.sessions.of(account) == ()
    accounts.close()
