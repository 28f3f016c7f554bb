"""Lists correction candidates for a misread syllable and what the page picture makes each cost."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.vietnamese.language_model import LanguageModel
from pipeline.vietnamese.text import fold

Choices = Sequence[tuple[str, float]]  # letters the OCR engine weighed for one position, each 0-1

_FIRST, _FURTHER = 4.0, 3.0  # natural logs: the cost of one changed letter, of each further one
_STACKED = 1.5  # cheaper: a letter that lost one of its two marks (quyêt, phó for phố)
_SEEN = 0.05  # from here on the picture supports a letter
_SUPPORTED = 2.0  # cheaper: a letter that the OCR engine saw as well
_OTHER_LETTER = 1.0  # dearer: not only marks differ


def has_alternatives(choices: Sequence[Choices]) -> bool:
    """Tell whether the OCR engine saw other letters in any position."""
    return any(share >= _SEEN for letters in choices for _, share in letters)


class Candidate(NamedTuple):
    """A syllable that may stand on the paper."""

    syllable: str  # canonical
    cost: float  # natural log of how much less likely the picture makes it than what was read
    supported: bool  # the OCR engine saw all of its letters in the picture


def candidates(model: LanguageModel, syllable: str, choices: Sequence[Choices]) -> list[Candidate]:
    """Return the attested syllables that a canonical one may be a misreading of, itself not.

    Args:
        model: the language model, which knows the attested syllables.
        syllable: the syllable as read, in canonical form.
        choices: the other letters that the OCR engine weighed, for each letter of the syllable;
            may be empty.
    """
    seen = [{letter.casefold(): share for letter, share in letters} for letters in choices]
    if len(seen) != len(syllable):
        seen = [{} for _ in syllable]
    texts = {*model.with_letters(fold(syllable)), *_by_choice(model, syllable, seen)}
    texts.discard(syllable)
    same_length = (text for text in texts if len(text) == len(syllable))
    return [_candidate(syllable, text, seen) for text in same_length]


def _by_choice(
    model: LanguageModel, syllable: str, seen: Sequence[dict[str, float]]
) -> Iterator[str]:
    """Yield the attested syllables with one letter exchanged for one the OCR engine saw."""
    for index, letters in enumerate(seen):
        for letter, share in letters.items():
            if share >= _SEEN and letter.isalpha():
                text = syllable[:index] + letter + syllable[index + 1 :]
                yield from model.with_letters(fold(text)) if model.is_attested(text) else ()


def reading_cost(read: str, true: str) -> float:
    """Return the natural log of how much less likely the picture makes another syllable.

    Args:
        read: the syllable as read, canonical.
        true: another one of as many letters.
    """
    return _candidate(read, true, [{} for _ in read]).cost


def _candidate(syllable: str, text: str, seen: Sequence[dict[str, float]]) -> Candidate:
    changed = [
        (read, true, seen[index].get(true, 0.0))
        for index, (read, true) in enumerate(zip(syllable, text, strict=True))
        if read != true
    ]
    costs = [_letter_cost(read, true, share) for read, true, share in changed]
    cost = sum(costs) + _FIRST + _FURTHER * (len(changed) - 1)
    return Candidate(text, max(cost, 0.5), all(share >= _SEEN for _, _, share in changed))


def _letter_cost(read: str, true: str, share: float) -> float:
    """Return what one changed letter costs beyond ``_FIRST`` or ``_FURTHER``."""
    cost = -_SUPPORTED if share >= _SEEN else 0.0
    read_letter, *read_marks = _marks(read)
    letter, *marks = _marks(true)
    if read_letter != letter:
        return cost + _OTHER_LETTER
    return cost - _STACKED if set(read_marks) < set(marks) and len(marks) > 1 else cost


@lru_cache(maxsize=512)
def _marks(letter: str) -> Iterable[str]:
    """Return a letter and its marks, đ as d with a stroke."""
    decomposed = unicodedata.normalize("NFD", letter)
    return ("d", "-") if decomposed == "đ" else tuple(decomposed)
