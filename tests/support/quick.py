"""``pytest --quick`` runs the tests that need no OCR engine, browser or server.

Whole folders are left out, and the tests marked so. A guard makes any other test fail that starts
Tesseract, a browser, Java or a server, so that a missing mark is noticed at once.
"""

from __future__ import annotations

import os
import shlex
import socket
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

import pytest
import tesserocr
import urllib3  # noqa: F401 — it opens a socket of ::1 when it is imported

from tests import ROOT

FOLDERS = (  # below tests/
    *("browser", "contracts", "faults", "runs", "services"),
    *("unit/paper", "unit/web"),
)
MARKS = ("engine", "verapdf", "services", "prefect", "browser", "long", "slow")
PROGRAMS = frozenset(
    "tesseract chromium chrome node java mvn prefect uvicorn sohoa postgres initdb minio".split()
)
MODULES = frozenset({"prefect", "uvicorn", "flows.cli", "flows.local_prefect"})  # python -m …
_left_out: Counter[str] = Counter()  # how many tests, by mark


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="tests without engine, browser, server")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--quick"):
        sys.addaudithook(_forbid)
        tesserocr.PyTessBaseAPI = _Engine


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    left_out = collection_path in {ROOT / "tests" / folder for folder in FOLDERS}
    return True if left_out and config.getoption("--quick") else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--quick"):
        return
    marks = [next(filter(item.get_closest_marker, MARKS), "") for item in items]
    _left_out.update(filter(None, marks))
    config.hook.pytest_deselected(
        items=[item for item, mark in zip(items, marks, strict=True) if mark]
    )
    items[:] = [item for item, mark in zip(items, marks, strict=True) if not mark]


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):  # of pytest-xdist; each worker collects all
        session.config.workeroutput["left_out"] = dict(_left_out)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    _left_out.update(getattr(node, "workeroutput", {}).get("left_out", {}) if not _left_out else {})


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if config.getoption("--quick"):
        marked = ", ".join(f"{count} {mark}" for mark, count in _left_out.most_common())
        folders = ", ".join(f"tests/{folder}" for folder in FOLDERS)
        terminalreporter.write_line(f"Left out: {folders}; of the rest, by mark: {marked}.")
        terminalreporter.write_line("make test runs them.")


class _Engine(tesserocr.PyTessBaseAPI):  # type: ignore[misc]
    """Tesseract's library, which tells its version and reads nothing."""

    def __new__(cls, *_: object, **__: object) -> NoReturn:
        _refuse("Tesseract")


def _forbid(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "subprocess.Popen":
        words = list(_words(arguments[1]))
        program, rest = Path(words[0]).name, words[1:3]
        if program in PROGRAMS or ("-m" in rest[:1] and rest[-1] in MODULES):
            _refuse(" ".join(words[:4]))
    elif event == "socket.bind" and arguments[0].family in (socket.AF_INET, socket.AF_INET6):
        _refuse(f"a server on {arguments[1]}")


def _words(command: Any) -> Iterable[str]:
    if isinstance(command, str | bytes | os.PathLike):
        return shlex.split(os.fsdecode(command)) or [""]
    return map(os.fsdecode, command)


def _refuse(what: str) -> NoReturn:
    pytest.fail(f"a quick test starts {what}; mark it (markers in pyproject.toml)", pytrace=True)
