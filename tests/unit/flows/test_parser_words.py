"""The command line speaks Vietnamese throughout, proposes what was meant, and shows examples."""

from __future__ import annotations

import argparse
import ast
import inspect
import re
import shlex

import pytest

from flows.cli import main, parser_of
from flows.commands.command_table import COMMANDS
from flows.commands.parser_words import WORDS, did_you_mean

# What a program's author reads when a parser is built wrongly; users never do.
FOR_AUTHORS = frozenset(
    {
        "conflicting option string: %s",
        "conflicting option strings: %s",
        ".__call__() not defined",
        "'required' is an invalid argument for positionals",
        "mutually exclusive arguments must be optional",
        "%r is not callable",
        "cannot merge actions - two groups are named %r",
        "invalid option string %(option)r: must start with a character %(prefix_chars)r",
        "dest= is required for options like %r",
        "invalid conflict_resolution value: %r",
        "cannot have multiple subparser arguments",
        "conflicting subparser: %s",
        "conflicting subparser alias: %s",
        'argument "-" with mode %r',
    }
)
ENGLISH = re.compile(
    r"\b(?:usage|options?|positional|arguments?|show this|exit|error|invalid|required|expected|file"
    r"|default|choose)\b",
    re.IGNORECASE,
)
# Words of ours that are names: of options, of settings, of programs.
NAMES = re.compile(r"--[\w-]+|\b[A-Z][A-Z_]+\b|SOHOA_\w+|\S*/\S*|`[^`]*`|\bJSON\b")


def sentences() -> set[str]:
    """What argparse of this Python passes through gettext."""
    tree = ast.parse(inspect.getsource(argparse))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {
        argument.value
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in {"_", "ngettext"}
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    } | {"subcommands"} & set(WORDS)


def test_every_sentence_of_the_parser_that_users_read_has_vietnamese_words() -> None:
    assert sentences() - FOR_AUTHORS - set(WORDS) == set()


@pytest.mark.parametrize("sentence", WORDS)
def test_a_translated_sentence_takes_the_same_values(sentence: str) -> None:
    values = re.compile(r"%\(\w+\)[rs]|%[rs]")
    kept = set(values.findall(sentence)) - {"%(type)s", "%(argument_name)s"}
    assert kept <= set(values.findall(WORDS[sentence]))


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_is_vietnamese(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    told = capsys.readouterr().out
    assert ended.value.code == 0
    assert told.startswith("cách dùng: ")
    assert not ENGLISH.search(NAMES.sub("", told)), ENGLISH.search(NAMES.sub("", told))


@pytest.mark.parametrize(
    "words",
    [["show"], ["search"], ["search", "x", "--limit", "many"], ["search", "x", "--sort", "colour"],
     ["correct", "x", "--begin", "1", "--undo", "2"], ["search", "x", "--colour"],
     ["history", "a", "b"]],
)  # fmt: skip
def test_complaints_are_vietnamese(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert ": lỗi: " in told
    assert not ENGLISH.search(NAMES.sub("", told)), told


@pytest.mark.parametrize(
    ("typed", "meant"), [("serch", "search"), ("ingets", "ingest"), ("historry", "history")]
)
def test_a_command_that_is_not_there_brings_up_the_one_that_was_meant(
    typed: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([typed])
    assert ended.value.code == 2
    assert f"Ý bạn là: {meant}?" in capsys.readouterr().err


def test_nothing_is_proposed_for_a_word_like_no_command() -> None:
    assert did_you_mean("xyzzy", list(COMMANDS)) == ""


@pytest.mark.parametrize("name", [name for name in COMMANDS if COMMANDS[name].examples])
def test_an_example_can_be_typed_as_it_stands(name: str) -> None:
    for example in COMMANDS[name].examples:
        command, *words = shlex.split(example.partition(" > ")[0])
        assert command == "sohoa"
        assert words[0] == name
        parser_of(name).parse_args(words[1:])


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_a_shell_completes_every_command(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(name in script for name in COMMANDS)
    assert "--only-marked" in script
