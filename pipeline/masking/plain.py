"""Maps text one character to one: to plain digits, dashes and spaces, and to letters without marks.

Spans are found in the mapped text and hold for the text itself, so nothing here may change length.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from pipeline.vietnamese import fold, nfc

HIDDEN = "•"
LOOKALIKES = "OoQIl|!\\]\\[ZzSsŠ§$GbBgqi"  # inside a character class: letters read for digits
_MARKS = (
    dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00ad"), "-")
    | dict.fromkeys(map(ord, "\u00a0\u202f\u2009\u2002\u2003\u3000\t\u200b\u200c\u200d\u2060"), " ")
    | dict.fromkeys(map(ord, "\ufeff\u00b7\u2022"), " ")
    | {0x2044: "/", 0x2215: "/", 0xFF0F: "/", 0xFF0E: ".", 0xFF0C: ",", 0xFF0D: "-"}
)
_HAS_MARK = re.compile(f"[{''.join(map(chr, _MARKS))}]")


class Hidden(NamedTuple):
    """A stretch of text, and what stands in its place: as long as it was."""

    start: int
    end: int
    shown: str
    digits: str = ""  # of a number


def plain(text: str) -> str:
    """Return NFC text with ASCII digits, one kind of dash, and a space for what nobody sees."""
    if _HAS_MARK.search(text):  # translating costs several times as much as looking
        text = text.translate(_MARKS)
    if text.isascii():
        return text
    return "".join(char if char.isascii() else _digit(char) for char in text)


def unmarked(text: str) -> str:
    """Return NFC text in small letters without marks, as long as it was."""
    folded = fold(text)
    return folded if len(folded) == len(text) else "".join(map(_letter, text))


def composed(text: str) -> str:
    """Return NFC text, in which every letter is one character."""
    return nfc(text)


@lru_cache(4_096)
def _digit(char: str) -> str:
    value = unicodedata.decimal(char, None)
    return char if value is None else str(value)


@lru_cache(4_096)
def _letter(char: str) -> str:
    folded = fold(char)
    return folded if len(folded) == 1 else char
