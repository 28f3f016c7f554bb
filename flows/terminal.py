"""Prints for people and for programs; nothing that a file or a paper says steers the terminal.

Names and texts come from elsewhere: an escape sequence in one sets a terminal's title or hides
what was printed before it, a line break forges a line of ours. All commands print through here.
"""

from __future__ import annotations

import json
import sys

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
