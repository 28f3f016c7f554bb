"""Puts the numbers of people back into a snippet of the index, from the page that it was cut of."""

from __future__ import annotations

from pipeline.masking import HIDDEN
from pipeline.model import MARK_CLOSE, MARK_OPEN
from pipeline.vietnamese import nfc
from search.text.hidden_numbers import bare_of

_MOST_PLACES = 20  # of a snippet on its page
_MARKS = MARK_OPEN + MARK_CLOSE


def clear_snippet(snippet: str, page: str) -> str:
    """Return a snippet with its numbers, for whoever may see them; with dots where it is doubtful.

    Args:
        snippet: the snippet with its marks.
        page: the text of its page.
    """
    if HIDDEN not in snippet:
        return snippet
    snippet, page = nfc(snippet), nfc(page)
    bare = "".join(char for char in snippet if char not in _MARKS)
    core = bare.strip("… \n")
    hidden, clear = " ".join(bare_of(page).split()), " ".join(page.split())
    found: set[str] = set()
    at = hidden.find(core)
    while at >= 0 and len(found) < _MOST_PLACES:
        found.add(clear[at : at + len(core)])
        at = hidden.find(core, at + 1)
    if len(found) != 1 or len(hidden) != len(clear):
        return snippet
    first = bare.find(core)
    letters = iter(bare[:first] + found.pop() + bare[first + len(core) :])
    return "".join(char if char in _MARKS else next(letters) for char in snippet)
