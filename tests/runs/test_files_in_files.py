"""What lies in a file is read, found and handed out like what was dropped itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.paper import pdf_files, zips

pytestmark = pytest.mark.prefect


def sohoa(*words: str | Path) -> tuple[int, Any]:
    """Run a command with `--json`; return its exit code and what it printed."""
    command = [sys.executable, "-m", "flows.cli", *map(str, words), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


def test_read_goes_through_the_files_in_a_file_and_says_what_it_leaves_out(
    home: Path, tmp_path: Path
) -> None:
    zips.locked_entry(tmp_path / "hs.zip")
    code, read = sohoa("read", tmp_path / "hs.zip")
    assert code == 1
    assert [page["number"] for page in read["pages"]] == [1]
    assert read["reasons"] == [
        "Tệp hs.zip/2.jpg bị từ chối: Tệp con bị khóa bằng mật khẩu của ZIP."
    ]
    assert {path.name for path in (home / "store").iterdir()} <= {"audit", ".arriving"}


def test_the_papers_of_a_portfolio_are_a_complete_dossier(
    home: Path, prefect: str, tmp_path: Path
) -> None:
    """Case p01: the cover was read alone, and the dossier was COMPLETE with Adobe's words."""
    files = {"1.pdf": pdf_files.scanned(5), "2.pdf": pdf_files.scanned(6)}
    pdf_files.portfolio(tmp_path / "hs.pdf", files)
    code, (row,) = sohoa("ingest", tmp_path / "hs.pdf")
    assert (code, row["outcome"], row["pages"], row["reasons"]) == (0, "COMPLETE", 2, [])
    _, shown = sohoa("show", row["dossier"])
    assert [(scan["name"], scan["pages"]) for scan in shown["scans"]] == [
        ("hs.pdf", 0), ("hs.pdf/1.pdf", 1), ("hs.pdf/2.pdf", 1),
    ]  # fmt: skip
    _, found = sohoa("search", "giấy tiếp nhận hồ sơ")
    assert [hit["dossier"] for hit in found["hits"]] == [row["dossier"]]
    code, exported = sohoa("export", row["dossier"], "--to", tmp_path / "ra")
    assert code == 0
    assert [Path(each["file"]).exists() for each in exported] == [True, True]
    code, verified = sohoa("verify")
    assert (code, verified["faults"]) == (0, [])
    code, differences = sohoa("doctor", "reconcile")
    assert (code, differences) == (0, [])
