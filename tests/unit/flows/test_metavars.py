"""What stands for a value in the help of commands is Vietnamese."""

from __future__ import annotations

import argparse
import re
import socket
from collections.abc import Iterator

import pytest

from flows.cli import parser_of
from flows.commands.command_table import COMMANDS
from flows.commands.services.web import _check_free
from pipeline.errors import MisconfiguredError

SHORT = {"N", "MB", "ID"}  # a number, a unit, what is the same in both languages
FORMATS = {"JSON", "PDF", "ZIP"}
WORD = re.compile(r"[^\W\d]{2,}")
LETTERS = re.compile(r"[ĂÂĐÊÔƠƯÀ-Ỹ]")


def values(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Yield what stands for the value of each argument, those of subcommands as well."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield from values(inner)
        elif action.nargs != 0 and not (action.choices and action.metavar is None):
            yield str(action.metavar or action.dest)


@pytest.mark.parametrize("name", COMMANDS)
def test_values_are_called_in_vietnamese(name: str) -> None:
    called = set(values(parser_of(name))) - SHORT - {"TRANG", "TRANG:TRANG", "TRANG,TRANG…"}
    assert [each for each in called if not LETTERS.search(each)] == []
    assert [each for each in called if each != each.upper() and ".csv" not in each] == []
    assert [each for each in called if " " in each] == []


def helps(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Yield the help of each argument, those of subcommands as well."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield from helps(inner)
        yield action.help or ""


@pytest.mark.parametrize("name", COMMANDS)
def test_help_names_only_values_that_the_command_has(name: str) -> None:
    parser = parser_of(name)
    called = {word for each in values(parser) for word in WORD.findall(each)}
    named = {word for text in helps(parser) for word in WORD.findall(text) if word.isupper()}
    assert named - called - FORMATS == set()


@pytest.mark.slow  # a port is taken
def test_a_taken_port_is_told_before_any_address_is_printed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(MisconfiguredError, match=f"127.0.0.1:{port}"):
            _check_free("127.0.0.1", port)
    _check_free("127.0.0.1", port)
