"""Finds pages with words near each other by their rarest words, faster than FTS5 alone.

A phrase, or words near each other, cost FTS5 a look at every page that has all the words, in both
readings. But where they stand, their rarest few stand near each other as well, which is found
sooner and mostly on a handful of pages; those pages are then read.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from search.query.expressions import NEAR_WORDS, AllOf, Expression, Near, Prefix, Words
from search.sqlite.facet_cache import Rows
from search.sqlite.fts_query import found_rows, intersection, match
from search.text.entries import BOUNDARY
from search.text.tokens import Token, tokens_of

_RAREST = 4  # words that are asked for: fewer leave too many pages, more cost too much
_MOST = 100  # pages worth reading: beyond, FTS5 itself is quicker
_SAMPLE = 2_000  # newest pages, by which words are judged rare
_TOKEN = re.compile(r"[0-9a-z\x80-\U0010ffff]+")  # FTS5's ascii tokenizer, of what is lower case
_BOUNDARY = Token(BOUNDARY.strip(), BOUNDARY.strip())


class PageWords(NamedTuple):
    """A page's words as FTS5 sees them: exact, folded, and keywords but those of the fields."""

    row: int
    columns: Sequence[Sequence[str]]


def sift_near(db: sqlite3.Connection, rows: Rows, words: tuple[str, ...]) -> list[PageWords] | None:
    """Return those pages, newest first, that may have folded words near each other.

    None when there are too many to be read.
    """
    by_rarity = _by_rarity(db, words)
    near = found_rows(db, Near("folded", by_rarity[:_RAREST]), _MOST + 1)
    if len(near) > _MOST and len(words) > _RAREST:
        near = found_rows(db, Near("folded", by_rarity), _MOST + 1)
    if len(near) > _MOST:
        return None
    return [_page(db, row) for row in reversed(intersection(rows, near))]


def holds(page: PageWords, expression: Expression) -> bool:
    """Tell whether a page answers an expression, as FTS5 answers it."""
    if isinstance(expression, AllOf):
        return all(holds(page, part) for part in expression.parts)
    if isinstance(expression, Words):
        phrase = _spaced(_TOKEN.findall(" ".join(expression.words)))
        return any(phrase in _spaced(column) for column in page.columns)
    if isinstance(expression, Prefix):
        raise NotImplementedError("beginnings are found by FTS5 alone")
    if isinstance(expression, Near):
        return any(_near(column, expression.words) for column in page.columns)
    return any(holds(page, part) for part in expression.parts)


def _by_rarity(db: sqlite3.Connection, words: tuple[str, ...]) -> tuple[str, ...]:
    if len(words) <= _RAREST:
        return words
    newest = "(SELECT min(row) FROM (SELECT row FROM entries ORDER BY row DESC LIMIT ?))"
    often = f"SELECT count(*) FROM words WHERE words MATCH ? AND rowid >= {newest}"

    def times(word: str) -> int:
        return int(db.execute(often, (match(Words("folded", (word,))), _SAMPLE)).fetchone()[0])

    return tuple(sorted(words, key=times))


def _page(db: sqlite3.Connection, row: int) -> PageWords:
    select = "SELECT text, fields, keys FROM texts WHERE row = ?"
    text, fields, keys = db.execute(select, (row,)).fetchone()
    tokens = tokens_of(text)
    for line in fields.split("\n"):
        tokens += [_BOUNDARY, *tokens_of(line)]
    exact, folded = zip(*tokens, strict=True)
    return PageWords(row, (exact, folded, _TOKEN.findall(keys)))


def _spaced(words: Sequence[str]) -> str:
    return f" {' '.join(words)} "


def _near(column: Sequence[str], words: Sequence[str]) -> bool:
    """Tell whether different words stand in one stretch of a column."""
    last: dict[str, int] = {}
    for at, word in enumerate(column):
        if word in words:
            last[word] = at
            if len(last) == len(words) and at - min(last.values()) < NEAR_WORDS:
                return True
    return False
