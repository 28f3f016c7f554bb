"""Masks the snippets and titles of an index, which keeps them as they were read."""

from __future__ import annotations

from pipeline.masking import HIDDEN
from pipeline.model import MARK_CLOSE, MARK_OPEN
from pipeline.vietnamese import nfc
from search.text.hidden_numbers import bare_of

_MOST_PLACES = 20  # of a snippet on its page
_MARKS = str.maketrans("", "", MARK_OPEN + MARK_CLOSE)


def mask_snippet(snippet: str, kept: str, shown: str) -> str:
    """Return a snippet with personal data hidden as it is on its page, whose words tell more.

    A snippet that does not stand on the page, as it is cut from fields or the index is behind, is
    left out: nobody knows what stood around it.

    Args:
        snippet: the snippet with its marks.
        kept: the text of the page.
        shown: the same with personal data hidden, each word as long as it was.
    """
    core = nfc(snippet.translate(_MARKS)).strip("… \n")
    kept, shown = nfc(kept), nfc(shown)
    if len(kept) != len(shown):  # a paper of which nothing is shown
        return ""
    kept = bare_of(kept)  # as the index has it
    clear, shown = " ".join(kept.split()), " ".join(shown.split())
    at, places = clear.find(core), 0
    if at < 0 or len(clear) != len(shown):
        return ""
    letters = list(shown[at : at + len(core)])
    while at >= 0 and places < _MOST_PLACES:
        letters = [
            new if new == old else HIDDEN
            for old, new in zip(letters, shown[at : at + len(core)], strict=True)
        ]
        at, places = clear.find(core, at + 1), places + 1
    return "" if at >= 0 else _with_marks(nfc(snippet), core, letters)


def _with_marks(snippet: str, core: str, letters: list[str]) -> str:
    """Put the masked letters in the place of the clear ones; no mark stays around a hidden word."""
    bare = snippet.translate(_MARKS)
    first = bare.find(core)
    shown = bare[:first] + "".join(letters) + bare[first + len(core) :]
    following = iter(shown)
    marked = "".join(
        char if char in MARK_OPEN + MARK_CLOSE else next(following) for char in snippet
    )
    parts = marked.split(MARK_OPEN)
    return parts[0] + "".join(map(_part, parts[1:]))


def _part(part: str) -> str:
    hit, close, rest = part.partition(MARK_CLOSE)
    return hit + rest if HIDDEN in hit else MARK_OPEN + hit + close + rest
