"""Finds the words of a page that together are a number of the query, whatever gaps it has."""

from __future__ import annotations

from collections.abc import Sequence

from search.text.numbers import LONGEST, normal_number

_MOST_DIGITS = LONGEST + 3  # +84 (0)


def number_positions(number: str, page: Sequence[str]) -> list[int]:
    """Return the positions in a page's words of each number that is the same in normal form.

    Args:
        number: the number in normal form.
        page: the page's words, folded.
    """
    beginnings = (number[:1], "84", "00")
    starts = [at for at, word in enumerate(page) if word.startswith(beginnings)]
    return [position for start in starts for position in _run(number, page, start)]


def _run(number: str, page: Sequence[str], start: int) -> range:
    digits = ""
    for at in range(start, min(len(page), start + _MOST_DIGITS)):
        word = page[at].removesuffix("vnd").removesuffix("d")
        if not word.isdigit() or len(digits) + len(word) > _MOST_DIGITS:
            break
        digits += word
        if normal_number(digits) == number:
            return range(start, at + 1)
    return range(0)
