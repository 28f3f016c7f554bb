"""`sohoa retry`: puts failed or partial dossiers back into the queue."""

from __future__ import annotations

import argparse

from flows.commands.dossiers.show import record_of
from flows.terminal import say
from flows.wiring import archive
from pipeline import stages


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument("dossiers", metavar="DOSSIER", nargs="+", help="id hoặc mã hồ sơ")


def run(args: argparse.Namespace) -> int:
    """Enqueue the dossiers again; a running watcher digitises them.

    Raises:
        ObjectMissingError: a name is no dossier's id or code.
    """
    for name in args.dossiers:
        dossier = record_of(name).dossier
        stages.ask_again(dossier.id, archive())
        say(f"{dossier.id}: sẽ được làm lại khi `sohoa watch` đang chạy.")
    return 0
