"""Normalises punctuation and codes, and undoes what OCR confuses with digits.

Confusions come from measured Tesseract errors (docs/domain.md §6.2). Look-alikes of digits
are undone only inside a field that must be a number, never in running text (docs/domain.md §9,
principle 2).
"""

from __future__ import annotations

import re

from pipeline.vietnamese import LOOKALIKES, fold, nfc

DIGIT_LIKE = r"0-9OoIl|!\]SŠ§B"  # inside a character class: digits and what is read for them
_LOOKALIKES = str.maketrans(LOOKALIKES)
_MARKS = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
    | {"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " ", "\u2044": "/", "\u2215": "/"}
    | dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad")
)
_HAS_MARK = re.compile(f"[{''.join(map(chr, _MARKS))}]")  # looking costs less than translating
_NOT_CODE = re.compile(r"[\W_]+")


def normalise_punctuation(text: str) -> str:
    """Return NFC text with one kind of dash, slash and space; line breaks stay.

    Characters map one to one (but for invisible ones, which go), so offsets keep their meaning.
    """
    text = nfc(text)
    return text.translate(_MARKS) if _HAS_MARK.search(text) else text


def remove_spaces(text: str) -> str:
    """Remove all white space."""
    return "".join(text.split())


def squeeze_code(text: str) -> str:
    """Return the form in which codes are compared: folded, letters and digits only.

    ``H26.19.25-260105-0007`` and ``h26 1925 2601050007`` become the same.
    """
    return _NOT_CODE.sub("", fold(normalise_punctuation(text)))


def as_digits(text: str) -> str:
    """Return a field that must be a number with its look-alikes as digits, without white space."""
    return remove_spaces(text).translate(_LOOKALIKES)


def without_specks(text: str) -> str:
    """Return a text without quotation marks that stand alone: specks of dust read as such."""
    odd = [mark for mark in ('"', "“", "”") if text.count(mark) % 2]
    if set(odd) == {"“", "”"}:  # one opens, the other closes
        return text
    for mark in odd:
        text = text.replace(mark, "")
    return text
