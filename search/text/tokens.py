"""Words as search sees them: each with two readings.

A word is a run of letters and digits. Its exact reading keeps the marks (case and tone placement
do not matter), its folded reading has none: ``Hoà`` is read ``hòa`` and ``hoa``.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from pipeline.vietnamese import canonical, fold, nfc

LONGEST = 64  # characters of a word that count; beyond it is noise, and FTS5 cuts at 32 kB

# Letters, marks, both tone placements, look-alikes, digits: a change of any reading shows here.
PROBE = "Hoà Hòa quý thuỷ NGUYỄN Đường Ðịnh ưỡn ặ 12/2020 a\u00adb İ ß ﬁ ½ ２ ho_so"

_UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff"  # soft hyphen, zero width: inside words of PDF text
_WORD = re.compile(rf"[^\W_]+(?:[{_UNSEEN}]+[^\W_]+)*")
_IS_UNSEEN = re.compile(f"[{_UNSEEN}]")


class Token(NamedTuple):
    """The two forms in which a word is compared."""

    exact: str
    folded: str

    @property
    def has_mark(self) -> bool:
        """Whether the marks tell more than the letters."""
        return self.exact != self.folded


@lru_cache(maxsize=1 << 16)
def token_of(word: str) -> Token:
    """Return the readings of one word in NFC."""
    seen = _IS_UNSEEN.sub("", word)[:LONGEST]
    return Token(canonical(seen), fold(seen))


def tokens_of(text: str) -> list[Token]:
    """Return the readings of all words of a text in NFC, in order."""
    return [token_of(word) for word in _WORD.findall(text)]


def spans(text: str, start: int, stop: int) -> list[tuple[int, int]]:
    """Return the characters that the words from ``start`` to before ``stop`` cover."""
    return [match.span() for match in islice(_WORD.finditer(text), start, stop)]


def version_of(made_of: Iterable[str]) -> int:
    """Return a number that changes with what an index is made of, and with any reading."""
    probed = (f"{word.exact} {word.folded}" for word in tokens_of(nfc(PROBE)))
    return zlib.crc32("\n".join([*made_of, *probed]).encode()) & 0x7FFF_FFFF
