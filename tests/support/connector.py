"""Plays the connector of another system: writes messages as docs/exchange.md says."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.exchange import SCHEMA

CODE = "H26.19.25-260105-0007"


def connector_sends(
    folder: Path, *files: bytes, changed: dict[str, Any] | None = None, **facts: str
) -> str:
    """Write a message as another program would, and return its id."""
    identifier = f"hanoi-{secrets.token_hex(4)}"
    (folder / identifier / "files").mkdir(parents=True)
    told = []
    for number, content in enumerate(files, start=1):
        sha256 = hashlib.sha256(content).hexdigest()
        (folder / identifier / "files" / sha256).write_bytes(content)
        told.append({"sha256": sha256, "size": len(content), "name": f"văn bản {number}.pdf"})
    if told:
        told[0]["facts"] = facts
        told[0]["media_type"] = "application/pdf"
    message = {
        "schema": SCHEMA,
        "id": identifier,
        "kind": "papers.delivered",
        "sent": datetime.now(UTC).isoformat(),
        "sender": "Phần mềm một cửa MẪU",
        "code": CODE,
        "files": told,
        **(changed or {}),
    }
    (folder / identifier / "message.json").write_text(json.dumps(message))
    return identifier
