"""Prints for people and for programs; nothing that a file or a paper says steers the terminal.

Names and texts come from elsewhere: an escape sequence in one sets a terminal's title or hides
what was printed before it, a line break forges a line of ours. All commands print through here.
"""

from __future__ import annotations

import json
import logging
import shutil
import sys
from datetime import UTC, datetime
from textwrap import wrap
from typing import TextIO

from pipeline.plain_text import UNSEEN, lines, one_line

_NARROWEST = 20  # columns


def say(*values: object, sep: str = "  ") -> None:
    """Print values on one line of standard output, each without control characters."""
    sys.stdout.write(_fitted(sep.join(one_line(str(value)) for value in values), sys.stdout))
    sys.stdout.flush()


def say_text(text: str) -> None:
    """Print a text of several lines on standard output, without other control characters."""
    sys.stdout.write("".join(_fitted(line, sys.stdout) for line in lines(text).split("\n")))


def say_json(value: object) -> None:
    """Print JSON on standard output; characters that nobody sees are escaped in it, not lost."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    sys.stdout.write("\n".join(map(_escaped, text.split("\n"))) + "\n")


def complain(message: str) -> None:
    """Print one line on standard error."""
    sys.stderr.write(_fitted(one_line(message), sys.stderr))


def _fitted(line: str, stream: TextIO) -> str:
    """Return a line with its end; at a terminal it is wrapped between words, never within one.

    What a program reads stays one line. A word that is wider than the terminal stays whole.
    """
    if not line or not stream.isatty():
        return f"{line}\n"
    width = shutil.get_terminal_size().columns
    indent = line[: len(line) - len(line.lstrip())]
    wrapped = wrap(
        line.strip(),
        max(width, _NARROWEST),
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "".join(f"{each}\n" for each in wrapped)


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
