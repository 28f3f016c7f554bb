"""`pytest --quick` leaves out what is marked, and fails what starts a server without a mark."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests import ROOT

TESTS = """
import socket, subprocess, pytest, tesserocr

def test_harmless():
    subprocess.run(["true"], check=True)
    assert tesserocr.PyTessBaseAPI.Version()

@pytest.mark.engine
def test_marked():
    tesserocr.PyTessBaseAPI()

def test_program():
    subprocess.run(["/usr/bin/tesseract", "--version"])

def test_library():
    tesserocr.PyTessBaseAPI()

def test_module():
    subprocess.run(["python3", "-m", "flows.cli", "watch"])

def test_server():
    socket.create_server(("127.0.0.1", 0))
"""
REFUSED = ("/usr/bin/tesseract", "Tesseract", "python3 -m flows.cli", "a server on")


def test_a_quick_test_that_starts_an_engine_or_a_server_fails(tmp_path: Path) -> None:
    (tmp_path / "test_these.py").write_text(TESTS)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.support.quick", "--quick", "."],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "4 failed, 1 passed, 1 deselected" in done.stdout
    for what in REFUSED:
        assert f"a quick test starts {what}" in done.stdout
    assert "of the rest, by mark: 1 engine." in done.stdout
