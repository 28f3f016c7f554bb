"""`sohoa withheld` as two officers use it; the operating system's user is nobody here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from accounts import open_accounts
from pipeline.access import may_hand_out
from pipeline.model import PersonRole, SignInStep
from pipeline.settings import AccountSettings, StorageSettings
from storage import open_audit_trail
from tests.support.drops import CODE, Office
from tests.support.people import OWNER, PASSWORD, Clock, add_person, enrol

WHY = "Quyết định giải mật số 3 ngày 02/11/2026"


def withheld(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", "withheld", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture
def officers(home: Path) -> dict[str, list[str]]:
    """Recovery codes of two officers who have set up their second factor."""
    accounts, codes = open_accounts(AccountSettings(), home), {}
    for name in ("lan", "hoa"):
        add_person(accounts, name, PersonRole.SECRECY)
        begun = accounts.sign_ins.sign_in(name, PASSWORD, OWNER)
        done, _, code = enrol(accounts, begun, Clock())
        assert done.session.step is SignInStep.DONE
        codes[name] = [code]
    accounts.close()
    return codes


def test_two_officers_let_a_dossier_go(
    home: Path, tmp_path: Path, officers: dict[str, list[str]]
) -> None:
    office = Office(home)
    dossier = office.drops(CODE, {"01.pdf": "MẬT\ngiấy thứ nhất"}).dossier
    assert dossier
    office.digitises_all()
    secret = tmp_path / "password"
    secret.write_text(PASSWORD)

    def act(verb: str, name: str, *words: str) -> subprocess.CompletedProcess[str]:
        who = ["--account", name, "--password-file", str(secret), "--code", officers[name][0]]
        return withheld(verb, dossier, *who, *words, "--json")

    (row,) = json.loads(withheld("list", "--json").stdout)
    assert (row["dossier"], row["proposed_by"]) == (dossier, "")
    nobody = withheld("propose-lift", dossier, "--account", "ai", "--reason", WHY)
    assert nobody.returncode == 1
    assert "--password-file" in nobody.stderr
    assert "Traceback" not in nobody.stderr
    done = act("propose-lift", "lan", "--reason", WHY)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["proposed_by"] == "lan"
    again = act("approve", "lan")  # her code was used up, and she is no second person
    assert again.returncode == 1
    assert not may_hand_out(office.newest(dossier))
    approved = act("approve", "hoa")
    assert approved.returncode == 0, approved.stderr
    record = office.newest(dossier)
    assert may_hand_out(record)
    assert (record.actor, record.approved_by, record.reason) == ("lan", "hoa", WHY)
    assert ("approve", "hoa", "done") in recorded(home)
    assert ("approve", "lan", "refused") in recorded(home)
    assert not sessions_of_commands(home)


def recorded(home: Path) -> list[tuple[str, str, str]]:
    """Return step, account and result of what was recorded of lifting."""
    return [
        (entry.detail("step"), entry.detail("subject"), entry.text("result"))
        for entry in open_audit_trail(StorageSettings(), home).entries()
        if entry.text("verb") == "lift"
    ]


def sessions_of_commands(home: Path) -> list[str]:
    """Return whose sessions commands left behind."""
    accounts = open_accounts(AccountSettings(), home)
    everyone = accounts.people.everyone()
    left = [(who.name, one) for who in everyone for one in accounts.sessions.of(who.id)]
    accounts.close()
    return [name for name, one in left if one.agent == "sohoa withheld"]
