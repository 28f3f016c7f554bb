"""Tells by their words whether two pages are one sheet, scanned twice.

Two scans of a sheet differ where the engine misread: by a letter or two, or unsurely. Two copies
of one form, filled in for two people, differ in whole words and numbers that were read surely. So
words that both have are taken away; of what is left, those that may be one word misread are taken
away too; what then is left on both sides speaks against.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from pipeline.documents.fuzzy import similarity
from pipeline.duplicates.prints import FEWEST_WORDS
from pipeline.model import Word
from pipeline.vietnamese import fold, syllables

_ALIKE = 0.6  # least similarity of a word with itself, misread
_SURE = 0.8  # confidence of a word that counts against
_LEAST_COMMON = 0.55  # of the letters of the page with fewer
_MOST_STRANGE = 0.12  # of the letters of the page with fewer, whatever their confidence
_MOST_SURE = 0.03  # as above, surely read
_PARTING = re.compile(r"(?<=\d)[./-](?=\d)")  # within numbers and dates
_LONG = 4  # digits of a number that no two copies share by chance
_MOST_COMPARED = 400  # words left over, of each page


def is_same_sheet(one: Sequence[Word], other: Sequence[Word]) -> bool:
    """Tell whether two pages say the same, but for what was misread on them.

    Args:
        one: the words of the one page.
        other: the words of the other page.
    """
    mine, theirs = _words(one), _words(other)
    common = Counter(word for word, _ in mine) & Counter(word for word, _ in theirs)
    if common.total() < FEWEST_WORDS:
        return False
    fewer = min(_letters(word for word, _ in mine), _letters(word for word, _ in theirs))
    if _letters(common.elements()) < _LEAST_COMMON * fewer:
        return False
    left, right = _left_over(mine, common), _left_over(theirs, common)
    if max(len(left), len(right)) > _MOST_COMPARED:
        return False
    if _has_other_numbers(left, right):
        return False
    left, right = _unmatched(left, right)
    strange = min(_letters(word for word, _ in side) for side in (left, right))
    surely = min(_letters(word for word, is_sure in side if is_sure) for side in (left, right))
    return strange <= _MOST_STRANGE * fewer and surely <= _MOST_SURE * fewer


def _words(words: Sequence[Word]) -> list[tuple[str, bool]]:
    """Return folded words, and whether they were read surely; ``05/03/2026`` is one number."""
    return [
        (part, word.confidence >= _SURE)
        for word in words
        for part in syllables(_PARTING.sub("", fold(word.text)))
    ]


def _letters(words: Iterable[str]) -> int:
    return sum(map(len, words))


def _left_over(words: Sequence[tuple[str, bool]], common: Counter[str]) -> list[tuple[str, bool]]:
    """Return the words of a page that the other has not, or has less often."""
    taken, left = Counter(common), []
    for word, is_sure in words:
        if taken[word]:
            taken[word] -= 1
        else:
            left.append((word, is_sure))
    return left


def _has_other_numbers(left: Sequence[tuple[str, bool]], right: Sequence[tuple[str, bool]]) -> bool:
    """Tell whether both pages have a long number that the other has not, surely read."""
    return all(
        any(is_sure and re.fullmatch(rf"\d{{{_LONG},}}", word) for word, is_sure in side)
        for side in (left, right)
    )


def _unmatched(
    left: list[tuple[str, bool]], right: list[tuple[str, bool]]
) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Return what is left on both sides when words that may be one, misread, are taken away."""
    strange, others = [], list(right)
    for word, is_sure in left:
        best = max(
            (
                (similarity(word, other, _ALIKE), at)
                for at, (other, other_sure) in enumerate(others)
                # Two words that were both read surely are two words, and so are two numbers.
                if not (is_sure and other_sure)
            ),
            default=(0.0, 0),
        )
        if best[0] >= _ALIKE:
            del others[best[1]]
        else:
            strange.append((word, is_sure))
    return strange, others
