"""`sohoa completion`: prints the script by which a shell completes commands and options."""

from __future__ import annotations

import argparse
from importlib import import_module

import shtab

from flows.cli import main_parser
from flows.commands.command_table import COMMANDS
from flows.terminal import say_text

RECORDS = ()


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument("shell", metavar="VỎ", choices=["bash", "zsh"], help="bash hoặc zsh")


def run(args: argparse.Namespace) -> int:
    """Print the script; the shell's own file of settings loads it."""
    parser = main_parser()
    commands = parser.add_subparsers(metavar="LỆNH", title="các lệnh")
    for name, command in COMMANDS.items():
        described = commands.add_parser(name, help=command.help, description=command.help)
        import_module(f"flows.commands.{command.module}").arguments(described)
    say_text(shtab.complete(parser, shell=args.shell))
    return 0
