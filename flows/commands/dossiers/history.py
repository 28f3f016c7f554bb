"""`sohoa history`: prints the records of a dossier, oldest first."""

from __future__ import annotations

import argparse

from flows.commands.audited import audited
from flows.commands.dossiers import show
from flows.terminal import say, say_json
from flows.wiring import archive
from pipeline.audit import Verb

RECORDS = (Verb.HISTORY,)
arguments = show.arguments


def run(args: argparse.Namespace) -> int:
    """Print every record of a dossier, oldest first."""
    dossier = show.record_of(args.dossier, as_json=args.json).dossier.id
    audited(Verb.HISTORY, dossier=dossier)
    rows = [
        {
            "sequence": record.sequence,
            "at": record.at.isoformat(),
            "actor": record.actor,
            "action": record.action,
            "outcome": str(record.dossier.outcome) if record.dossier.outcome else None,
            "reason": record.reason,
            "rules": record.dossier.rules,
        }
        for record in archive().history(dossier)
    ]
    if args.json:
        say_json(rows)
    else:
        for row in rows:
            say(*(value or "—" for value in row.values()))
    return 0
