"""Tokenises text: each word becomes an exact form with its marks and a folded form without them.

A word is a run of letters and digits. In the exact form case and tone placement do not matter;
the folded form has no marks either: the token of ``Hoà`` is ``hòa`` and ``hoa``. The skeleton of a
folded word makes alike what Tesseract takes for each other. A number of a person that was taken
out (``search.text.hidden_numbers``) is one word too: its hash.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import Literal, NamedTuple

from pipeline.vietnamese import canonical, fold

TokenForm = Literal["exact", "folded", "skeleton"]

LONGEST = 64  # characters of a word that count; beyond it is noise
# What Tesseract takes for each other (docs/domain.md §6.2) folds to one; the first has precedence.
ALIKE = (("rn", "m"), ("cl", "d"), ("li", "h"), ("ii", "u"), ("di", "h"), ("tr", "u"))

SIGN, HASH = "\x02", 16  # around a number that was taken out; characters of its hash behind it

_UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff"  # soft hyphen, zero width: inside words of PDF text
_WORD = re.compile(rf"{SIGN}[^{SIGN}]*{SIGN}|[^\W_]+(?:[{_UNSEEN}]+[^\W_]+)*")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")  # m² is found by m2, which keyboards have
_IS_UNSEEN = re.compile(f"[{_UNSEEN}]")


class Token(NamedTuple):
    """The two forms in which a word is compared."""

    exact: str
    folded: str

    @property
    def has_mark(self) -> bool:
        """Whether the marks say more than the letters."""
        return self.exact != self.folded


@lru_cache(maxsize=1 << 16)
def token_of(word: str) -> Token:
    """Return the token of one word in NFC."""
    if word[0] == SIGN:
        return Token(*(2 * (word[: 1 + HASH],)))
    seen = _IS_UNSEEN.sub("", word)[:LONGEST]
    return Token(canonical(seen), fold(seen).translate(_RAISED))


@lru_cache(maxsize=1 << 16)
def skeleton(folded: str) -> str:
    """Return a folded word with what Tesseract confuses made alike: ``trung`` and ``uung``."""
    for read, stands_for in ALIKE:
        folded = folded.replace(read, stands_for)
    return folded


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of a text in NFC, in order."""
    return [token_of(word) for word in _WORD.findall(text)]


def spans(text: str, start: int, stop: int) -> list[tuple[int, int]]:
    """Return the character ranges of the words from number ``start`` to before ``stop``.

    Args:
        text: the text in NFC, as ``tokens_of`` takes it.
        start: the first word's number, from 0.
        stop: the number of the word after the last one.
    """
    return [match.span() for match in islice(_WORD.finditer(text), start, stop)]
