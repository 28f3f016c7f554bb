"""Prints for people and for programs; nothing that a file or a paper says steers the terminal.

Names and texts come from elsewhere: an escape sequence in one sets a terminal's title or hides
what was printed before it, a line break forges a line of ours. All commands print through here.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from pipeline.plain_text import UNSEEN, lines, one_line


def say(*values: object, sep: str = "  ") -> None:
    """Print values on one line of standard output, each without control characters."""
    sys.stdout.write(sep.join(one_line(str(value)) for value in values) + "\n")
    sys.stdout.flush()


def say_text(text: str) -> None:
    """Print a text of several lines on standard output, without other control characters."""
    sys.stdout.write(lines(text) + "\n")


def say_json(value: object) -> None:
    """Print JSON on standard output; characters that nobody sees are escaped in it, not lost."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    sys.stdout.write("\n".join(map(_escaped, text.split("\n"))) + "\n")


def complain(message: str) -> None:
    """Print one line on standard error."""
    sys.stderr.write(one_line(message) + "\n")


def _escaped(line: str) -> str:
    return UNSEEN.sub(lambda found: json.dumps(found[0])[1:-1], line)


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
