"""Brings records that a command wrote to the index, and prints what they say."""

from __future__ import annotations

from collections.abc import Sequence

from flows.terminal import complain, say, say_json
from flows.wiring import archive, index
from pipeline import stages
from pipeline.errors import SearchUnavailableError
from pipeline.model import Record


def publish_and_print(changed: Sequence[Record], command: str, *, as_json: bool) -> None:
    """Publish records, then print a line, or a JSON object, of each.

    Args:
        changed: the records that were written.
        command: the command's name, for the complaint when the index is away: what is written
            stays, and the index catches up with the next reindex or change.
        as_json: whether a program reads it.
    """
    for record in changed:
        _publish(record, command)
    rows = [
        {
            "dossier": record.dossier.id,
            "sequence": record.sequence,
            "action": record.action,
            "actor": record.actor,
            "reason": record.reason,
            "joined_into": record.dossier.joined_into,
        }
        for record in changed
    ]
    if as_json:
        say_json(rows)
        return
    for row in rows:
        say(row["dossier"], row["action"], row["joined_into"] or f"bản {row['sequence']}")


def _publish(record: Record, command: str) -> None:
    """Bring a record to the index; one that waits to be read is published when it is."""
    if record.dossier.outcome is None and not record.dossier.joined_into:
        return
    try:
        stages.publish(record, archive(), index())
    except SearchUnavailableError as error:
        complain(f"sohoa {command}: đã ghi, chỉ mục chưa theo kịp: {error}")
