"""What the command line records of a dossier, and what the auditor gets to see of it."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import Any

import pytest

from flows import wiring
from tests.runs.test_command_line import answer, sohoa
from tests.support.stored import digitise, take_in

ENTRY_KEYS = {
    "at", "account", "session", "address", "verb", "dossier", "page", "purpose", "result",
    "request", "detail", "words_hash",
}  # fmt: skip


@pytest.fixture
def dossier(home: Path, tmp_path: Path) -> str:
    """A dossier that can be found, in the home that commands use."""
    archive, index = wiring.archive(), wiring.index()
    taken = take_in(archive, tmp_path / "một.pdf", ("QUYẾT ĐỊNH", "thửa đất 031085001562"))
    digitise(archive, index, taken)
    wiring.forget()
    return taken


def verbs(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["verb"] for entry in entries]


def test_who_saw_a_dossier(dossier: str, tmp_path: Path) -> None:
    for words in (
        ["show", dossier],
        ["history", dossier],
        ["retry", dossier],
        ["export", dossier, "--to", str(tmp_path / "out")],
        ["search", "031085001562"],
    ):
        assert sohoa(*words).returncode in {0, 1}
    seen = answer(sohoa("audit", "who", dossier, "--json"))
    assert verbs(seen) == ["view", "history", "retry", "export"]
    for entry in seen:
        assert set(entry) == ENTRY_KEYS
        assert (entry["account"], entry["address"]) == (getpass.getuser(), "local")
    shown = sohoa("audit", "who", dossier)
    assert len(shown.stdout.splitlines()) == len(seen) + 1
    verified = answer(sohoa("audit", "verify", "--json"))
    assert (verified["faults"], verified["notices"]) == ([], [])


def test_words_are_shown_to_the_auditor_alone(dossier: str, home: Path, tmp_path: Path) -> None:
    key = tmp_path / "auditor.pem"
    assert sohoa("audit", "keys", key).returncode == 0
    assert sohoa("search", "thửa đất 031085001562").returncode == 0
    plain = answer(sohoa("audit", "show", "--json"))
    assert "031085001562" not in json.dumps(plain)
    assert sohoa("audit", "show", "--words").returncode == 2
    opened = answer(sohoa("audit", "show", "--words", "--key", key, "--json"))
    assert [each["words"] for each in opened if each["verb"] == "search"] == [
        "thửa đất 031085001562"
    ]
    assert "«thửa đất 031085001562»" in sohoa("audit", "show", "--words", "--key", key).stdout
    again = sohoa("audit", "keys", tmp_path / "another.pem")
    assert (again.returncode, "--replace" in again.stderr) == (1, True)


def test_a_changed_entry_is_told_with_exit_code_1(dossier: str, home: Path) -> None:
    assert sohoa("show", dossier).returncode == 0
    (segment,) = (home / "store" / "audit").glob("*/*/*.jsonl")
    segment.write_bytes(segment.read_bytes().replace(b'"view"', b'"list"'))
    done = sohoa("audit", "verify")
    assert (done.returncode, "đã bị sửa" in done.stdout) == (1, True)
    assert sohoa("verify").returncode == 1


def test_many_exports_raise_an_alarm(
    dossier: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOHOA_AUDIT__HANDED_OUT_AN_HOUR", "2")
    assert sohoa("audit", "alarms").returncode == 0
    for number in range(2):
        sohoa("export", dossier, "--to", tmp_path / str(number))
    done = sohoa("audit", "alarms", "--json")
    assert done.returncode == 1
    (alarm,) = answer(done)
    assert (alarm["rule"], alarm["subject"], alarm["times"]) == (
        "handed_out", getpass.getuser(), 2,
    )  # fmt: skip


@pytest.mark.parametrize("command", ["show", "history", "retry", "export"])
def test_no_log_no_paper(dossier: str, home: Path, tmp_path: Path, command: str) -> None:
    (home / "audit").write_text("in the way of the folder")
    more = ["--to", str(tmp_path / "out")] if command == "export" else []
    done = sohoa(command, dossier, *more)
    assert (done.returncode, done.stdout) == (1, "")
    assert "nhật ký truy cập" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("out/*"))
    assert [entry.dossier for entry in wiring.archive().queued()] == []
