"""Files with hostile names, taken in by the real command: names are shown, not obeyed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.hostile_names import NAMES, unseen_in

pytestmark = pytest.mark.prefect


def sohoa(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ | {"COLUMNS": "2000"},
    )


def test_ingest_says_names_without_what_they_hide(home: Path, prefect: str, tmp_path: Path) -> None:
    paths = [tmp_path / name for name in NAMES]
    for path in paths[1:]:
        path.write_bytes(b"no scan")
    paths[0].mkdir()
    for name in NAMES:
        (paths[0] / name).write_bytes(b"no scan either")
    done = sohoa("ingest", *paths)
    assert done.returncode == 1
    assert unseen_in(done.stdout + done.stderr) == []
    assert "[bold]đậm :warning: [dim].png" in done.stdout
    assert not [line for line in done.stdout.splitlines() if line.strip(" │").startswith("dòng")]
    rows = json.loads(sohoa("ingest", *paths, "--json").stdout)
    reasons = [reason for row in rows for reason in row["reasons"]]
    assert len(reasons) == len(NAMES) - 1 + len(NAMES)
    assert unseen_in("".join(reasons), keep="") == []


def test_a_shell_that_names_files_as_options_is_answered_safely(home: Path, tmp_path: Path) -> None:
    for name in NAMES:
        done = sohoa("read", f"--{name}")
        assert done.returncode in (1, 2)  # one with a blank in it is taken for a file's name
        assert unseen_in(done.stderr) == []
    done = sohoa("ingest", *(tmp_path / name for name in NAMES))
    assert done.returncode == 2
    assert unseen_in(done.stderr) == []
