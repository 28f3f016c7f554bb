"""`sohoa retry`: puts failed or partial dossiers back into the queue."""

from __future__ import annotations

import argparse

from flows.commands.audited import acting
from flows.commands.dossiers.show import record_of
from flows.terminal import say
from flows.wiring import archive
from pipeline import stages
from pipeline.audit import Verb

RECORDS = (Verb.RETRY,)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument("dossiers", metavar="HỒ_SƠ", nargs="+", help="id hoặc mã hồ sơ")


def run(args: argparse.Namespace) -> int:
    """Enqueue the dossiers again; a running watcher digitises them.

    Raises:
        JoinedError: the scans of one belong to another dossier now.
        ObjectMissingError: a name is no dossier's id or code.
        SeveralDossiersError: several dossiers carry a code; none was enqueued.
        WithheldError: one is withheld.
    """
    chosen = [record_of(name).dossier.id for name in args.dossiers]
    for dossier in chosen:
        with acting(Verb.RETRY, dossier=dossier):
            stages.ask_again(dossier, archive())
        say(f"{dossier}: sẽ được làm lại khi `sohoa watch` đang chạy.")
    return 0
