"""Converts Vietnamese text to its normal forms: NFC, canonical, and folded (without marks).

``nfc`` is what is stored and shown, ``canonical`` what exact search compares (case and tone
placement do not matter, marks do), ``fold`` what search without marks compares.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Tesseract and old keyboards write these for Đ and đ.
_LOOKALIKES = str.maketrans({"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ"})
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_LEFT_MARK = re.compile("[\u0302\u0306\u031b]")  # marks of vowels that found none to stand on
_LATE_MARK = re.compile("([\u0300\u0301\u0303\u0309\u0323]+)([\u0302\u0306\u031b])")
_WORD = re.compile(r"[^\W_]+")
# Open syllables in oa, oe, uy with the tone on the second vowel (new style); not after q.
_NEW_STYLE = re.compile(r"(?<![\w])([^\W\d_]*?)(o|u)([àáảãạèéẻẽẹỳýỷỹỵ])(?![\w])")

_OLD_STYLE = re.compile(r"([^\W\d_]*?)([òóỏõọùúủũụ])([aey])")
LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzđ") | {
    unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in ("", *_TONES)
}  # small letters of Vietnamese writing, and those of foreign words in it
_WORD_LENGTH = 24  # letters; longer texts recur too seldom to be kept
_GLIDES = {("o", "a"), ("o", "e"), ("u", "y")}


class _WithoutMarks(dict[int, int | None]):
    """Maps a decomposed character to what stays of it; grows by the characters that texts have."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.category(chr(code)) == "Mn" else code
        return self[code]


_WITHOUT_MARKS = _WithoutMarks({ord("đ"): ord("d")})


def nfc(text: str) -> str:
    """Return the composed form, with the look-alikes of đ made đ."""
    text = unicodedata.normalize("NFC", text)
    # Looking for four letters costs a fiftieth of translating all of them, and few texts have one.
    if "Ð" in text or "ð" in text or "Ɖ" in text or "ɖ" in text:
        return text.translate(_LOOKALIKES)
    return text


def marks_in_order(text: str) -> str:
    """Return the composed form of a text some of whose tones stand before the mark of the vowel."""
    composed = nfc(text)
    return (
        nfc(_LATE_MARK.sub(r"\2\1", unicodedata.normalize("NFD", composed)))
        if (_LEFT_MARK.search(composed))
        else composed
    )


def canonical(text: str) -> str:
    """Return the form for exact comparison: NFC, casefolded, hoà written hòa."""
    return _NEW_STYLE.sub(_old_style, nfc(nfc(text).casefold()))


def tones_placed(text: str) -> str:
    """Return text as ``canonical`` places tones (UỶ as ỦY), its case kept."""
    composed, placed = nfc(text), canonical(text)
    if len(composed) != len(placed):  # ß and its like: no Vietnamese
        return composed
    pairs = zip(composed, placed, strict=True)
    return "".join(new.upper() if old.isupper() else new for old, new in pairs)


def new_style(syllable: str) -> str:
    """Return a canonical syllable with the tone on the last vowel: hòa as hoà, ủy as uỷ."""
    match = _OLD_STYLE.fullmatch(syllable)
    if match is None:
        return syllable
    onset, toned, vowel = match.groups()
    glide, tone = list(unicodedata.normalize("NFD", toned))
    if (glide, vowel) not in _GLIDES:
        return syllable
    return onset + glide + unicodedata.normalize("NFC", vowel + tone)


def fold(text: str) -> str:
    """Return the form without marks: casefolded, đ as d, no accents."""
    return _folded_word(text) if len(text) <= _WORD_LENGTH else _folded(text)


def _folded(text: str) -> str:
    lower = nfc(text).casefold()
    if lower.isascii():
        return lower
    return unicodedata.normalize("NFD", lower).translate(_WITHOUT_MARKS)


@lru_cache(maxsize=8_192)  # the words of a page are folded a dozen times, and recur
def _folded_word(word: str) -> str:
    return _folded(word)


def has_mark(word: str) -> bool:
    """Tell whether a word carries a mark that only Vietnamese writing needs (đ included)."""
    return fold(word) != nfc(word).casefold()


def syllables(text: str) -> list[str]:
    """Split into runs of letters and digits, in order."""
    return _WORD.findall(nfc(text))


def _old_style(match: re.Match[str]) -> str:
    onset, glide, toned = match.groups()
    vowel, *marks = list(unicodedata.normalize("NFD", toned))
    if (glide, vowel) not in _GLIDES or onset.endswith("q"):
        return match.group(0)
    tone = "".join(mark for mark in marks if mark in _TONES)
    return onset + unicodedata.normalize("NFC", glide + tone) + vowel
