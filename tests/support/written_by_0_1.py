"""Records as 0.1 wrote them: without the fields that later versions added."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pipeline import records
from pipeline.model import Record
from storage import keys

_ADDED = {"withheld", "origin", "missing", "proposed_join", "joined_into", "joined_from"}
_ADDED_TO_RECORD = {"reason", "approved_by"}


def old_bytes(record: Record) -> bytes:
    """Return a record as 0.1 would have written it, with its seal."""
    said = json.loads(records.RECORD.dump(record))
    del said["sha256"]
    old = {name: value for name, value in said.items() if name not in _ADDED_TO_RECORD}
    old["dossier"] = {n: value for n, value in said["dossier"].items() if n not in _ADDED}
    text = json.dumps(old, ensure_ascii=False, sort_keys=True).encode()
    return b'{"sha256": "%b", %b' % (hashlib.sha256(text[1:]).hexdigest().encode(), text[1:])


def write_old(home: Path, record: Record) -> None:
    """Put a record into the embedded store of a home, as 0.1 did."""
    path = home / "store" / keys.record(record.dossier.id, record.sequence)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(old_bytes(record))
