"""Repairs the marks of printed titles: a line in capitals that spells a known title but for marks.

Capitals carry their marks high and close together, so Ấ is read as Ầ; and a title's words are too
seldom neighbours in running text for the language model to prefer them (measured: «GIẤY TIẾP NHẬN»
stands 158 times in what it was counted from, «GIẤY CHỨNG NHẬN» 14,546 times).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.documents.document_types import DOCUMENT_TYPES
from pipeline.documents.fuzzy import folded_text
from pipeline.vietnamese import canonical, parse_word

_LONGEST = 3  # lines that a title runs over
_SHORTEST = 2  # words; a single one may stand for anything

Lines = Sequence[Sequence[str]]


def _marked() -> dict[str, tuple[str, ...]]:
    """Return the words of every printed title, by its folded text; none that two titles share."""
    found: dict[str, tuple[str, ...]] = {}
    for title in (title for kind in DOCUMENT_TYPES for title in kind.printed):
        words = tuple(parse_word(word).core for word in title.split())
        if len(words) >= _SHORTEST:
            same = found.setdefault(folded_text(title), words)
            found[folded_text(title)] = words if same == words else ()
    return {folded: words for folded, words in found.items() if words}


_TITLES = _marked()


def repaired_titles(lines: Lines) -> dict[tuple[int, int], str]:
    """Return the words of printed titles whose marks were misread, mended.

    Args:
        lines: the page's words as read, in reading order, line by line.

    Returns:
        the mended words, by index of the line and of the word in it.
    """
    mended: dict[tuple[int, int], str] = {}
    for start in range(len(lines)):
        places: list[tuple[int, int]] = []
        for line in range(start, min(start + _LONGEST, len(lines))):
            if not _is_heading(lines[line]):
                break
            places += [(line, column) for column in range(len(lines[line]))]
            mended.update(_differing(lines, places))
    return mended


def _is_heading(words: Sequence[str]) -> bool:
    return bool(words) and "".join(words).isupper()


def _differing(
    lines: Lines, places: Sequence[tuple[int, int]]
) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the words at some places that have other marks than the title that they spell."""
    texts = [lines[line][column] for line, column in places]
    title = _TITLES.get(folded_text(" ".join(texts)), ())
    if len(title) != len(texts):  # no title, or punctuation stands between its words
        return
    for place, text, meant in zip(places, texts, title, strict=True):
        read = parse_word(text)
        if canonical(read.core) != canonical(meant):
            yield place, read.lead + meant.upper() + read.tail
