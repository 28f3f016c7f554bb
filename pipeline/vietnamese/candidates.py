"""What a misread syllable may have been, and how far the picture speaks against each of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.vietnamese.language_model import LanguageModel
from pipeline.vietnamese.text import fold

Choices = Sequence[tuple[str, float]]  # other letters for one place, each with 0-1

_FIRST, _FURTHER = 4.0, 3.0  # natural logs: the price of one changed letter, of each further one
_STACKED = 1.5  # cheaper: a letter that lost one of its two marks (quyêt, phó for phố)
_SEEN = 0.05  # from here on the picture supports a letter
_SUPPORTED = 2.0  # cheaper: a letter that the reader saw as well
_OTHER_LETTER = 1.0  # dearer: not only marks differ


def are_seen(choices: Sequence[Choices]) -> bool:
    """Tell whether the reader saw other letters in any place."""
    return any(share >= _SEEN for place in choices for _, share in place)


class Candidate(NamedTuple):
    """A syllable that may stand on the paper."""

    syllable: str  # canonical
    price: float  # natural log of how much less likely the picture makes it than what was read
    supported: bool  # the reader saw all of its letters in the picture


def candidates(known: LanguageModel, syllable: str, choices: Sequence[Choices]) -> list[Candidate]:
    """Return the attested syllables that a canonical one may be a misreading of, itself not.

    Args:
        known: the statistics.
        syllable: as read, canonical.
        choices: other letters of each place as the reader weighed them; may be empty.
    """
    seen = [{letter.casefold(): share for letter, share in place} for place in choices]
    if len(seen) != len(syllable):
        seen = [{} for _ in syllable]
    texts = {*known.alike(fold(syllable)), *_by_choice(known, syllable, seen)}
    texts.discard(syllable)
    same_length = (text for text in texts if len(text) == len(syllable))
    return [_candidate(syllable, text, seen) for text in same_length]


def _by_choice(
    known: LanguageModel, syllable: str, seen: Sequence[dict[str, float]]
) -> Iterator[str]:
    """Yield the attested syllables that take one of the letters the reader saw in a place."""
    for place, letters in enumerate(seen):
        for letter, share in letters.items():
            if share >= _SEEN and letter.isalpha():
                text = syllable[:place] + letter + syllable[place + 1 :]
                yield from known.alike(fold(text)) if known.is_attested(text) else ()


def _candidate(syllable: str, text: str, seen: Sequence[dict[str, float]]) -> Candidate:
    changed = [
        (read, true, seen[place].get(true, 0.0))
        for place, (read, true) in enumerate(zip(syllable, text, strict=True))
        if read != true
    ]
    prices = [_price(read, true, share) for read, true, share in changed]
    price = sum(prices) + _FIRST + _FURTHER * (len(changed) - 1)
    return Candidate(text, max(price, 0.5), all(share >= _SEEN for _, _, share in changed))


def _price(read: str, true: str, share: float) -> float:
    """Return what one changed letter costs beside the usual price."""
    price = -_SUPPORTED if share >= _SEEN else 0.0
    read_letter, *read_marks = _marks(read)
    letter, *marks = _marks(true)
    if read_letter != letter:
        return price + _OTHER_LETTER
    return price - _STACKED if set(read_marks) < set(marks) and len(marks) > 1 else price


@lru_cache(maxsize=512)
def _marks(letter: str) -> Iterable[str]:
    """Return a letter and its marks, đ as d with a stroke."""
    decomposed = unicodedata.normalize("NFD", letter)
    return ("d", "-") if decomposed == "đ" else tuple(decomposed)
