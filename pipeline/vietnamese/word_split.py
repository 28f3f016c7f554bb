"""Splits two syllables that were read as one word: Giớitính and LêVăn."""

from __future__ import annotations

from pipeline.vietnamese.language_model import language_model
from pipeline.vietnamese.text import canonical, has_mark

_SHORTEST, _LONGEST = 2, 7  # letters of a syllable: qu, nghiêng
_FREQUENT = 50  # occurrences of a pair that is a word; misprints are counted less often


def split_syllables(word: str) -> tuple[str, ...]:
    """Return the two syllables that a word consists of, or the word alone.

    Only a word is split that cannot be one syllable, has marks, and is a pair counted often or
    two syllables with a capital each, as names have.

    Args:
        word: the word as read, letters only.
    """
    model = language_model()
    if not has_mark(word) or len(word) > 2 * _LONGEST or model.is_legal(canonical(word)):
        return (word,)
    splits = [(word[:at], word[at:]) for at in range(_SHORTEST, len(word) - _SHORTEST + 1)]
    for split in splits:
        if all(map(str.istitle, split)) and all(
            model.is_attested(canonical(each)) for each in split
        ):
            return split
    count, best = max(((_count(*split), split) for split in splits), default=(0, (word, "")))
    return best if count >= _FREQUENT else (word,)


def _count(left: str, right: str) -> int:
    model = language_model()
    if not (left.isupper() and right.isupper()) and not (right.islower() or right.istitle()):
        return 0
    syllables = canonical(left), canonical(right)
    if not all(map(model.is_attested, syllables)):
        return 0
    return model.bigram_count(*map(model.number, syllables))
