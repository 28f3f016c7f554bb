"""Every command says which acts it records, records those and no others, and nothing before them.

A command that shows or changes something and forgets the audit log fails here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from flows.commands.command_table import COMMANDS
from pipeline.audit import Verb
from tests import ROOT

# The commands that show no paper and change nothing of one by a person's hand, and why.
UNRECORDED = {
    "cover-sheet": "shows no paper: what is printed was typed",
    "completion": "prints a script for the shell",
    "alerts": "tells operators what is wrong, without anything of papers",
    "status": "says what runs and waits, without anything of papers",
    "deploy": "registers code with Prefect",
    "doctor": "says whether parts work",
    "verify": "says whether objects are whole",
    "watch": "takes in what was dropped: receipts and records say so",
    "web": "the reading room records what it shows",
    "worker": "reads what waits: records say so",
}
ROOMS = {"pipeline", "ocr", "storage", "search", "web", "flows"}
COMMAND_FOLDER = ROOT / "flows" / "commands"


def source_of(name: str) -> ast.Module:
    path = COMMAND_FOLDER / (COMMANDS[name].module.replace(".", "/") + ".py")
    return ast.parse(path.read_text(encoding="utf-8"))


def declared(name: str) -> list[str] | None:
    """Return the verbs in a command's ``RECORDS``; None when it declares nothing."""
    for node in source_of(name).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "RECORDS":
            assert isinstance(node.value, ast.Tuple)
            return [ast.unparse(each) for each in node.value.elts]
    return None


def recorded(tree: ast.Module) -> set[str]:
    """Return the verbs with which a module calls the audit log."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {
        ast.unparse(call.args[0])
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in {"audited", "acting", "_acting"}
    } - {"verb"}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_declares_what_it_records(name: str) -> None:
    verbs = declared(name)
    assert verbs is not None, f"{name} declares nothing: RECORDS"
    assert {each.removeprefix("Verb.") for each in verbs} <= set(Verb.__members__)
    assert bool(verbs) != (name in UNRECORDED)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_records_what_it_declares(name: str) -> None:
    tree = source_of(name)
    assert recorded(tree) == set(declared(name) or ())


def test_nobody_goes_on_without_the_log() -> None:
    """Only the log itself catches its error by name, and few commands catch what it is one of."""
    by_name = {name for name, caught in caught_in("*/**/*.py") if "AuditUnavailableError" in caught}
    assert by_name == {
        "storage/audit/log.py",
        "web/error_pages.py",  # a refusal that cannot be recorded is answered as 503
    }
    bases = {"SohoaError", "Exception", "BaseException"}
    assert {name for name, caught in caught_in("flows/commands/**/*.py") if bases & caught} == {
        "flows/commands/audited.py",  # records that it failed, and raises it
        "flows/commands/upkeep/audit_entries.py",  # around one look at the archive
        "flows/commands/upkeep/doctor.py",  # around looks at store and index
        "flows/commands/upkeep/status.py",  # around one look at the index
    }


def caught_in(pattern: str) -> Iterator[tuple[str, set[str]]]:
    """Yield the product's files, each with the names of the errors that it catches."""
    for path in sorted(ROOT.glob(pattern)):
        if path.relative_to(ROOT).parts[0] in ROOMS:
            name = path.relative_to(ROOT).as_posix()
            yield name, names_caught(ast.parse(path.read_text(encoding="utf-8")))


def names_caught(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and node.type:
            found |= {each.id for each in ast.walk(node.type) if isinstance(each, ast.Name)}
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "suppress":
            found |= {each.id for part in node.args for each in ast.walk(part)
                      if isinstance(each, ast.Name)}  # fmt: skip
    return found
