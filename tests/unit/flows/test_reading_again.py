"""`sohoa reprocess --stage read` over a store: what is damaged or waits keeps nothing back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flows import wiring
from flows.cli import main
from tests.support.stored import TextReader, digitise, take_in

READ = ("reprocess", "--stage", "read", "--json")


@pytest.fixture
def dossiers(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three dossiers under an older recipe, oldest first."""
    monkeypatch.setattr(wiring, "open_reader", lambda settings: TextReader("text-2"))
    archive = wiring.archive()
    made = [take_in(archive, tmp_path / f"{name}.pdf", (name,)) for name in ("a", "b", "c")]
    for each in made:
        digitise(archive, wiring.index(), each)
    assert archive.queued() == ()
    return made


def damage(home: Path, dossier: str) -> None:
    newest = sorted((home / "store" / "dossiers" / dossier / "records").iterdir())[-1]
    newest.write_text("{}")


def answered(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    capsys.readouterr()
    code = main([*READ, *words])
    return code, json.loads(capsys.readouterr().out)


def test_a_damaged_record_is_told_and_the_others_are_queued(
    dossiers: list[str], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, damaged, last = dossiers
    damage(home, damaged)
    for words, queued in ((), 0), (("--all", "--apply"), 2):
        code, told = answered(capsys, *words)
        assert (code, told["queued"], told["damaged"]) == (1, queued, [damaged])
        assert [one["dossier"] for one in told["dossiers"]] == [first, last]
    assert [entry.dossier for entry in wiring.archive().queued()] == [first, last]
    assert main(["reprocess", "--stage", "read"]) == 1
    assert f"✗ {damaged}" in capsys.readouterr().out


def test_only_what_did_not_wait_to_be_read_again_is_counted(
    dossiers: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    wiring.archive().enqueue(dossiers[0])  # a page was turned
    code, told = answered(capsys, dossiers[0], dossiers[1], "--apply")
    assert (code, told["queued"], told["damaged"]) == (0, 2, [])
    code, told = answered(capsys, "--all", "--apply")
    assert (code, told["queued"], len(told["dossiers"])) == (0, 1, 3)
    assert main(["reprocess", "--stage", "read", "--all", "--apply"]) == 0
    assert "3 hồ sơ đã chờ đọc lại từ trước" in capsys.readouterr().out
