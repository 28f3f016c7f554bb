"""Formats log records as JSON, one object a line, for programs that gather logs."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

_MORE = ("request", "method", "route", "status", "ms")  # what the reading room adds to a record


class JsonFormatter(logging.Formatter):
    """Formats records as JSON; control characters are escaped by it, so a line stays a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as an object: at, level, name, message and what the room adds."""
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "name": record.name,
            "message": record.getMessage(),
        }
        told |= {name: getattr(record, name) for name in _MORE if hasattr(record, name)}
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=True)
