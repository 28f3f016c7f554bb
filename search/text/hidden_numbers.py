"""Takes numbers of people out of texts that are indexed; keyed hashes (HMAC-SHA256) find them.

In the text a number becomes one word: ``SIGN``, its hash, dots as long as it was, ``SIGN``. That
word is kept to show the page; no column of words has it. The hash stands in ``WHOLE``; in
``PARTS`` stand hashes of what it begins and ends with and of all between, which only whoever may
unmask looks for. Without the key nobody can tell a number from a hash, or try them out.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import Literal, NamedTuple

from pipeline.documents.confusions import as_digits, normalise_punctuation
from pipeline.masking import HIDDEN, Hidden, personal_numbers
from search.text.numbers import find_numbers, normal_number
from search.text.tokens import HASH, SIGN

WHOLE, PARTS = "number_hash", "number_part"  # columns
SHORTEST_PART = 4  # digits of a part that stands anywhere in a number; printed groups have three
SHORTEST_WHOLE = 5  # digits of a number that its label tells: some may have been lost
MOST_PARTS = 4_096  # of a page: of about ninety numbers

_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")  # no digit that tells anything

_Purpose = Literal["whole", "own", "part"]
_SHORTEST_PRINTED = 7  # digits: sums of money in a row of figures
_LONGEST = 40  # digits that count: a row of figures is no number of anybody
_GROUP = re.compile(r"[^\W_]+")
_NO_DIGIT = re.compile(r"\D+")
_WORD = re.compile(f"{SIGN}[^{SIGN}]*{SIGN}")


class NumberHash:
    """Hashes numbers with a key of the home; the key is read when it is first needed.

    Args:
        load: returns the key.
    """

    def __init__(self, load: Callable[[], bytes]) -> None:
        self._load = load

    def whole(self, number: str) -> str:
        """Return the hash of a number in normal form that stands on a page."""
        return self._hash("whole", number)

    def own(self, number: str) -> str:
        """Return the hash of a number in normal form that a field of a paper has."""
        return self._hash("own", number)

    def part(self, digits: str) -> str:
        """Return the hash of a part of a number."""
        return self._hash("part", digits)

    @property
    def fingerprint(self) -> str:
        """What tells this key from another one without giving it away."""
        return hmac.digest(self._key, b"fingerprint", "sha256").hex()[:16]

    def _hash(self, purpose: _Purpose, digits: str) -> str:
        digest = hmac.digest(self._key, f"{purpose}:{digits}".encode(), "sha256")
        return digest[: HASH // 2].hex().translate(_LETTERS)

    @cached_property
    def _key(self) -> bytes:
        return self._load()


class Taken(NamedTuple):
    """A text without its numbers of people."""

    marked: str  # with a word for each number, as it is kept to be shown
    bare: str  # with dots for each number, as long as the text was
    hashes: tuple[str, ...]  # of whole numbers
    parts: tuple[str, ...]


def take_numbers(text: str, numbers: NumberHash, *, is_number: bool = False) -> Taken:
    """Take the numbers of people out of a text.

    Args:
        text: the text, NFC.
        numbers: the hash with the key of the home.
        is_number: whether all of it is one number: the value of a field.
    """
    text = text.replace(SIGN, " ")
    found = [Hidden(0, len(text), "", text)] if is_number else list(_apart(personal_numbers(text)))
    marked, bare, end = "", "", 0
    hashes: list[str] = []
    parts: dict[str, None] = {}
    for one in found:
        stretch = text[one.start : one.end]
        normal, dots = hidden_form(one.digits or stretch), dotted(stretch)
        hashes.append(numbers.whole(normal))
        more = islice(_parts_of(normal, stretch), max(0, MOST_PARTS - len(parts)))
        parts |= dict.fromkeys(map(numbers.part, more))
        before = text[end : one.start]
        marked += f"{before}{SIGN}{hashes[-1]}{dots}{SIGN}"
        bare += before + dots
        end = one.end
    marked, bare = marked + text[end:], bare + text[end:]
    if found:
        hashes += map(numbers.whole, _printed_in(text, bare))
    return Taken(marked, bare, tuple(dict.fromkeys(hashes)), tuple(parts))


def bare_of(text: str) -> str:
    """Return a text, NFC, with dots for its numbers of people, as long as it was."""
    bare, end = "", 0
    for one in _apart(personal_numbers(text)):
        bare += text[end : one.start] + dotted(text[one.start : one.end])
        end = one.end
    return bare + text[end:]


def shown(marked: str) -> str:
    """Return a text that ``take_numbers`` marked as it is shown: with dots alone."""
    return _WORD.sub(lambda word: word[0][1 + HASH : -1], marked) if SIGN in marked else marked


def hidden_form(text: str) -> str:
    """Return the form in which numbers of people are compared: digits, of passports a letter too.

    Args:
        text: a number as it was read or typed, with letters that were read for digits.
    """
    digits = normal_number(as_digits(text))
    letters = "".join(_GROUP.findall(text)).upper()
    is_passport = letters[1:].isdecimal() and letters[:1].isalpha() and len(letters) == 8
    return letters if is_passport else digits


def _printed_in(text: str, bare: str) -> Iterator[str]:
    """Yield the hidden numbers of a text as queries are understood: rows may hide several as one.

    Args:
        text: the text.
        bare: the same with dots for numbers of people.
    """
    hidden = normalise_punctuation(bare)
    for printed in find_numbers(normalise_punctuation(text)):
        is_hidden = HIDDEN in hidden[printed.start : printed.end]
        if is_hidden and len(printed.normal) >= _SHORTEST_PRINTED:
            yield printed.normal


def dotted(stretch: str) -> str:
    """Return a stretch with a dot for each letter and digit."""
    return "".join(HIDDEN if char.isalnum() else char for char in stretch)


def _apart(found: Iterable[Hidden]) -> Iterator[Hidden]:
    """Yield stretches in order; those that overlap as one."""
    held: Hidden | None = None
    for one in sorted(found):
        if held is None or one.start >= held.end:
            if held:
                yield held
            held = one
        elif one.end > held.end:
            held = Hidden(held.start, one.end, "", held.digits)
    if held:
        yield held


def _parts_of(normal: str, stretch: str) -> Iterator[str]:
    """Yield what of a number may be looked for: printed groups, and all from four digits on."""
    groups = (_NO_DIGIT.sub("", as_digits(group)) for group in _GROUP.findall(stretch))
    yield from (group for group in groups if SHORTEST_PART - 1 <= len(group) < len(normal))
    digits = normal[:_LONGEST]
    for size in range(min(SHORTEST_PART, len(digits)), min(len(digits), 14)):
        yield from (digits[at : at + size] for at in range(len(digits) - size + 1))
