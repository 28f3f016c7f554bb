"""Makes the terms by which a dossier's code, unit, procedure and title are suggested to who types.

A term is the kind and what a value begins with, from any of its words on; of a title also
from the first one (``^``). Short beginnings that thousands of dossiers share are terms of their own
(they end in ``END``), so that no engine walks through all values that begin so. Of a dossier that
may not be handed out there are none, and none of a value of which something would be masked: no
number of a person, a firm or a phone, no birth and no address is ever suggested.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from pipeline.documents import find_dossier_codes
from pipeline.masking import mask_text
from pipeline.vietnamese import nfc
from search.text.tokens import tokens_of

SuggestedColumn = Literal["code", "unit", "procedure", "title"]
COLUMNS: tuple[SuggestedColumn, ...] = ("code", "unit", "procedure", "title")
SHORTEST_TYPED = 2  # letters or digits: one letter begins nearly everything

LONGEST_TITLE = 120  # characters that are suggested of a title
LONGEST_KEY = 48  # characters that are compared
_MOST_WORDS = 24  # of a value that may be begun with
END = "…"  # of a term that is a short beginning; no word has it
# Letters of a beginning that is a term of its own, at most; of units and procedures there are few.
_SHORT = {"code·": 12, "title·": 8, "title^": 16}
_LONG_NUMBER = re.compile(r"\d(?:[\s.()_-]{0,2}\d){8,}")  # people 9 and 12, phones 10, firms 10


class Suggestible(NamedTuple):
    """What may be suggested of a dossier, as ``COLUMNS``; empty where nothing is or may be."""

    code: str
    unit: str
    procedure: str
    title: str


NOTHING = Suggestible("", "", "", "")


def suggestible(code: str | None, unit: str, procedure: str, title: str) -> Suggestible:
    """Return what may be suggested of a dossier that may be handed out.

    Args:
        code: its code, as the index keeps it.
        unit: its unit; empty for none.
        procedure: the code of its procedure; empty for none.
        title: its title.
    """
    whole = " ".join(title.split())
    values = (unit, procedure, _short(whole) if is_free_of_personal_data(whole) else "")
    shown = (value if is_free_of_personal_data(value) else "" for value in values)
    return Suggestible("" if has_long_number(code or "") else code or "", *shown)


def is_free_of_personal_data(text: str) -> bool:
    """Tell whether nothing of a text would be masked; names count as no such data here."""
    return not has_long_number(text) and mask_text(text) == text


def has_long_number(text: str) -> bool:
    """Tell whether a text has a number as long as those of people, phones and firms."""
    for code in find_dossier_codes(text):
        text = text.replace(code.text, " ")
    return bool(_LONG_NUMBER.search(text))


def beginning_terms(values: Suggestible) -> list[str]:
    """Return the different terms of what may be suggested of a dossier."""
    return list(dict.fromkeys(_terms(values)))


def beginning(column: SuggestedColumn, typed: str, *, of_whole: bool = False) -> str | None:
    """Return what the terms of values begin with that have a typed text; None of too short a one.

    Where it ends in ``END`` it is a term, and the values with it are those that begin so.

    Args:
        column: the kind of value.
        typed: the text typed so far.
        of_whole: whether the value itself must begin so, not any of its words; titles only.
    """
    typed = nfc(typed.encode("utf-8", "replace").decode())
    key = _joint(column).join(_words(typed))[:LONGEST_KEY]
    if len(key) < SHORTEST_TYPED:
        return None
    kind = f"{column}{'^' if of_whole else '·'}"
    return f"{kind}{key}{END}" if len(key) <= _SHORT.get(kind, 0) else f"{kind}{key}"


def value_term(column: SuggestedColumn, value: str) -> str:
    """Return the term of the dossiers that have exactly this value."""
    return f"{column}={value}"


def _terms(values: Suggestible) -> Iterator[str]:
    for column, value in zip(COLUMNS, values, strict=True):
        if not value:
            continue
        yield value_term(column, value)
        words = _words(value)
        joint = _joint(column)
        if column == "title":
            yield from _begun("title^", joint.join(words))
        for at in range(min(len(words), _MOST_WORDS)):
            yield from _begun(f"{column}·", joint.join(words[at:]))


def _begun(kind: str, value: str) -> Iterator[str]:
    """Yield the terms of a value that begins so: the whole, and its short beginnings."""
    yield f"{kind}{value[:LONGEST_KEY]}"
    for length in range(SHORTEST_TYPED, min(len(value), _SHORT.get(kind, 0)) + 1):
        yield f"{kind}{value[:length]}{END}"


def _joint(column: SuggestedColumn) -> str:
    """Return what stands between words that are compared: codes are typed with and without."""
    return "" if column in ("code", "procedure") else " "


def _words(text: str) -> list[str]:
    return [word.folded for word in tokens_of(text)]


def _short(title: str) -> str:
    """Return a title cut at a space."""
    if len(title) <= LONGEST_TITLE:
        return title
    head, space, _ = title[: LONGEST_TITLE + 1].rpartition(" ")
    return head if space else title[:LONGEST_TITLE]
