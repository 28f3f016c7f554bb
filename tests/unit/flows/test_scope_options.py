"""`sohoa user roles`: units and document types that are all, some or none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows.cli import main


@pytest.mark.usefixtures("home")
def test_none_is_set_kept_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def scope(*words: str) -> tuple[list[str] | None, list[str] | None]:
        assert main(["user", *words, "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        return told["units"], told["document_types"]

    first = tmp_path / "password"
    first.write_text("nắng sớm trên đồi chè Mộc Châu\n", encoding="utf-8")
    made = ("add", "lan", "--role", "reader", "--password-file", str(first), "--unit", "-")
    assert scope(*made) == ([], None)
    assert scope("roles", "lan", "--role", "clerk") == ([], None)
    assert scope("roles", "lan", "--document-type", "-", "--unit", "H26") == (["H26"], [])
    assert scope("roles", "lan", "--unit", "*") == (None, [])
    for both in (("-", "H26"), ("*", "-"), ("*", "H26")):
        options = [word for unit in both for word in ("--unit", unit)]
        assert main(["user", "roles", "lan", *options]) == 1
        assert "không đi cùng tên khác" in capsys.readouterr().err
    assert scope("roles", "lan") == (None, [])
