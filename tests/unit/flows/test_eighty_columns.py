"""Every command reads well at a terminal of 80 columns, and gives a pipe whole lines."""

from __future__ import annotations

import os
import pty
import re
import sys
import termios
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from rich.cells import cell_len

from flows.cli import main
from flows.commands.command_table import COMMANDS
from flows.upkeep import reconcile
from tests.support.web_backend import FAILED, PARTIAL, sample_backend

pytestmark = pytest.mark.slow

COLUMNS = 80
NEED_A_SERVER = {"ingest", "deploy"}  # tests/runs/test_command_line.py looks at the first one
FOR_HOURS = {"watch", "worker", "web"}  # print lines of a log; their help is looked at
NO_PROSE = {"completion"}  # a script for the shell

# What each prints at a home with four dossiers; FILE and FOLDER are new places.
RUNS: dict[str, list[str]] = {
    "read": ["không-có.pdf"],
    "search": ["đất", "--filter", "reception_from=2025-01-01"],
    "show": [PARTIAL],
    "kho": ["031085001562", "--purpose", "case"],
    "duplicates": [],
    "history": [PARTIAL],
    "export": [PARTIAL, "--to", "FOLDER"],
    "cover-sheet": ["H26.19.25-260105-0007", "--to", "FILE"],
    "correct": [PARTIAL, "--paper", "1", "--set", "không_có=1"],
    "review": ["list"],
    "join": [PARTIAL, "--to", FAILED],
    "retry": [FAILED],
    "exchange": ["list"],
    "audit": ["show"],
    "catalogue": [],
    "reprocess": ["--stage", "understand"],
    "reindex": [],
    "today": [],
    "verify": [],
    "backup": ["FOLDER"],
    "restore": ["--check", "FOLDER"],
    "status": [],
    "alerts": [],
    "prepare": [],
    "user": ["list"],
    "withheld": ["list"],
    "doctor": [],
}


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(COLUMNS))
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.fixture
def filled(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(reconcile, "RECHECK_SECONDS", 0.0)
    home.mkdir()
    sample_backend(home)
    return home


@contextmanager
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], str]]:
    """Make both streams a terminal; what was printed is there when the context has ended."""
    master, slave = pty.openpty()
    termios.tcsetwinsize(slave, (24, COLUMNS))
    printed = bytearray()

    def read() -> None:
        with suppress(OSError):  # the last one has closed it
            while piece := os.read(master, 1 << 16):
                printed.extend(piece)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    with monkeypatch.context() as replaced, os.fdopen(slave, "w", encoding="utf-8") as stream:
        replaced.setattr(sys, "stdout", stream)
        replaced.setattr(sys, "stderr", stream)
        yield lambda: text_of(printed.decode())
    reader.join(300)
    os.close(master)


def text_of(printed: str) -> str:
    """Return what stood on the lines of a terminal; one that was drawn over counts as another."""
    lines = re.sub(r"\r(?!\n)|\x1b\[[0-9]*[AK]", "\n", printed)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r", "", lines)


def run(words: list[str]) -> None:
    with suppress(SystemExit):  # argparse's own end
        main(words)


def words_of(text: str) -> list[str]:
    return [word for word in re.split(r"[\s│┃|]+", text) if not re.fullmatch(r"[─━╴]*", word)]


def printed_twice(
    words: Callable[[int], list[str]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> tuple[str, str]:
    """Return what a command prints into a pipe and at a terminal."""
    capsys.readouterr()
    run(words(1))
    piped = "".join(capsys.readouterr())
    with capsys.disabled(), terminal(monkeypatch) as shown:
        run(words(2))
    return piped, shown()


def assert_reads_well(piped: str, shown: str) -> None:
    """No line is too wide but for a word that is; no word is broken; a pipe has whole lines."""
    assert words_of(piped), "it prints something"
    for line in shown.splitlines():
        longest = max(map(cell_len, words_of(line)), default=0)
        assert cell_len(line.rstrip()) <= max(COLUMNS, longest + 6), line
    unnumbered = {re.sub(r"[\d.,:]+", "0", word) for word in words_of(shown)}
    fitting = (word for word in words_of(piped) if cell_len(word) <= COLUMNS - 6)
    wanted = {re.sub(r"[\d.,:]+", "0", word) for word in fitting}
    assert wanted - unnumbered == set(), shown
    assert len(piped.splitlines()) <= len(shown.splitlines())


def test_every_command_is_looked_at() -> None:
    assert set(RUNS) | NEED_A_SERVER | FOR_HOURS | NO_PROSE == set(COMMANDS)


@pytest.mark.parametrize("name", RUNS)
def test_what_a_command_prints_fits_and_is_whole(
    filled: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    def words(attempt: int) -> list[str]:
        places = {"FILE": tmp_path / f"tờ{attempt}.pdf", "FOLDER": tmp_path / f"ra{attempt}"}
        return [name, *(str(places.get(word, word)) for word in RUNS[name])]

    piped, shown = printed_twice(words, capsys, monkeypatch)
    assert_reads_well(piped, shown)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_fits(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    piped, shown = printed_twice(lambda _: [name, "--help"], capsys, monkeypatch)
    assert piped.strip() == shown.strip()
    for line in shown.splitlines():
        assert cell_len(line) <= COLUMNS, line
