"""`sohoa history`: prints the records of a dossier, oldest first."""

from __future__ import annotations

import argparse
import json
import sys

from flows.commands.dossiers import show
from flows.wiring import archive

arguments = show.arguments


def run(args: argparse.Namespace) -> int:
    """Print every record of a dossier, oldest first."""
    dossier = show.record_of(args.dossier, as_json=args.json).dossier.id
    rows = [
        {
            "sequence": record.sequence,
            "at": record.at.isoformat(),
            "actor": record.actor,
            "action": record.action,
            "outcome": str(record.dossier.outcome) if record.dossier.outcome else None,
            "reason": record.reason,
        }
        for record in archive().history(dossier)
    ]
    if args.json:
        json.dump(rows, sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        for row in rows:
            print(*(value or "—" for value in row.values()), sep="  ")
    return 0
