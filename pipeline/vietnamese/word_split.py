"""Syllables that were read as one word: Giớitính was printed Giới tính."""

from __future__ import annotations

from pipeline.vietnamese.language_model import language_model
from pipeline.vietnamese.text import canonical, has_mark

_SHORTEST, _LONGEST = 2, 7  # letters of a syllable: qu, nghiêng
_PLACE = 50  # pairs that make a word; misprints are counted less often


def parted(word: str) -> tuple[str, ...]:
    """Return the two syllables that a word is made of, or the word alone.

    Parted is only what cannot be one syllable, has marks, and is a pair that was counted often.

    Args:
        word: letters alone, as read.
    """
    known = language_model()
    if not has_mark(word) or len(word) > 2 * _LONGEST or known.is_legal(canonical(word)):
        return (word,)
    splits = [(word[:at], word[at:]) for at in range(_SHORTEST, len(word) - _SHORTEST + 1)]
    count, best = max(((_count(*split), split) for split in splits), default=(0, (word, "")))
    return best if count >= _PLACE else (word,)


def _count(left: str, right: str) -> int:
    known = language_model()
    if not (left.isupper() and right.isupper()) and not (right.islower() or right.istitle()):
        return 0
    syllables = canonical(left), canonical(right)
    if not all(map(known.is_attested, syllables)):
        return 0
    return known.follows(*map(known.number, syllables))
