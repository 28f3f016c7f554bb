"""Splits printed words into punctuation and core: a syllable, a number, or neither."""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple

from pipeline.vietnamese.text import canonical, fold, new_style

_FOREIGN = frozenset("fjwz")  # letters that no Vietnamese syllable has
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz") - _FOREIGN
_ABBREVIATION = 3  # letters of one without a vowel, at most
_VOWELS = frozenset("aeiouy")
_PARTS = re.compile(r"([\W_]*)(.*?)([\W_]*)", re.DOTALL)


class TokenKind(Enum):
    """What the core of a word is."""

    SYLLABLE = auto()  # letters of the Vietnamese alphabet, legal or not
    NUMBER = auto()  # anything with a digit
    OTHER = auto()  # symbols such as QĐ-UBND, addresses, foreign words
    NOTHING = auto()  # punctuation alone


class ParsedWord(NamedTuple):
    """A printed word, split into punctuation and core."""

    lead: str  # punctuation before it
    core: str  # as printed
    tail: str  # punctuation after it
    kind: TokenKind
    syllable: str  # the core in canonical form, as the language model has it


@lru_cache(maxsize=1 << 14)
def parse_word(word: str) -> ParsedWord:
    """Split a word in NFC into leading punctuation, core and trailing punctuation."""
    match = _PARTS.fullmatch(word)
    lead, core, tail = match.groups() if match else ("", word, "")
    return ParsedWord(lead, core, tail, _kind(core), canonical(core))


def is_abbreviation(core: str) -> bool:
    """Tell whether letters are too few for a word and without a vowel: (để bc)."""
    return len(core) <= _ABBREVIATION and not _VOWELS & set(fold(core))


def match_case(syllable: str, printed: str) -> str:
    """Write a canonical syllable in the case and with the tone placement of the printed one."""
    if canonical(printed) != printed.casefold():  # printed hoà, where the canonical form is hòa
        syllable = new_style(syllable)
    if printed.isupper():
        return syllable.upper()
    return syllable.capitalize() if printed[:1].isupper() else syllable


def _kind(core: str) -> TokenKind:
    if not core:
        return TokenKind.NOTHING
    if any(char.isdigit() for char in core):
        return TokenKind.NUMBER
    letters = core.isalpha() and _LETTERS.issuperset(fold(core))
    return TokenKind.SYLLABLE if letters else TokenKind.OTHER
