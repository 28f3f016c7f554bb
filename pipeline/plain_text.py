"""Replaces characters that nobody sees and that change what is seen around them.

Control characters move a terminal's cursor or set its title; bidirectional controls turn a file
name's ending around; letters without width make two names look alike. Unicode 15.1, categories Cc,
Cf, Cs, Zl and Zp, and the letters that are drawn as nothing (Default_Ignorable_Code_Point).
"""

from __future__ import annotations

import re

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_BREAKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"
UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_BREAK = re.compile(f"\r\n|[{_BREAKS}]")


def replace_unseen(text: str) -> str:
    """Return text with U+FFFD in place of each unseen character, so that it is seen."""
    return UNSEEN.sub(REPLACEMENT, text)


def remove_unseen(text: str) -> str:
    """Return text without unseen characters."""
    return UNSEEN.sub("", text)


def one_line(text: str) -> str:
    """Return text on one line: a blank for each line break and tab, U+FFFD for the other unseen."""
    return replace_unseen(_BREAK.sub(" ", text))


def lines(text: str) -> str:
    """Return text with its lines kept, each made as ``one_line`` makes it."""
    return "\n".join(map(one_line, text.split("\n")))
