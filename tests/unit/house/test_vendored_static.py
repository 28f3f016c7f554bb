"""Browser libraries that the product carries are those that were fetched, with their licences."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from setup import vendored_static
from tests import ROOT


def test_the_files_agree_with_the_list() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "setup/vendored_static.py")], capture_output=True, timeout=300
    )
    assert done.returncode == 0, done.stderr.decode()


def test_a_changed_a_missing_and_a_strange_file_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in vendored_static.FOLDER.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(vendored_static, "FOLDER", tmp_path)
    monkeypatch.setattr(vendored_static, "LIST", tmp_path / "vendored.json")
    assert vendored_static.faults() == []
    (tmp_path / "htmx.min.js").write_bytes(b"changed")
    (tmp_path / "strange.js").write_bytes(b"")
    lines = json.loads((tmp_path / "vendored.json").read_text("utf-8"))
    (tmp_path / "vendored.json").write_text(json.dumps(lines[:-1]), "utf-8")
    assert sorted(fault.split(":")[0] for fault in vendored_static.faults()) == [
        "htmx.min.js",
        "openseadragon.LICENSE",
        "strange.js",
    ]
