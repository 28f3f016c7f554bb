"""Masks the snippets and titles of an index, which keeps them as they were read."""

from __future__ import annotations

from pipeline.access import may_hand_out
from pipeline.masking import HIDDEN
from pipeline.model import MARK_CLOSE, MARK_OPEN
from pipeline.vietnamese import nfc
from search.text.hidden_numbers import bare_of
from web.masked.sight import Sight

_MOST_PLACES = 20  # of a snippet on its page
_MARKS = str.maketrans("", "", MARK_OPEN + MARK_CLOSE)


# The words of a page, one space between them, as a snippet may quote them: as the index has them
# (numbers of people are dots already), and with all personal data hidden, each letter in its place.
PageTexts = tuple[str, str]
NOTHING_SHOWN = "", ""  # of a page whose texts cannot be laid over one another


def page_texts(sight: Sight, number: int) -> PageTexts | None:
    """Return the words of a page (from 1) for masking snippets; None if there are none.

    They are kept, for a record never changes, nor do words that were read under one recipe.

    Args:
        sight: the dossier, as it is shown masked.
        number: the page's number.
    """
    dossier = sight.source.dossier
    if not may_hand_out(dossier) or not 1 <= number <= len(dossier.pages):
        return None

    def made() -> PageTexts | None:
        kept, shown = sight.context.page(dossier, number), sight.page(number)
        return _laid_over(kept.text.text, shown.text.text) if kept and shown else None

    key = (dossier.id, sight.source.sequence, number)
    return sight.context.shown_texts.get_or_fetch(key, made)


def _laid_over(kept: str, shown: str) -> PageTexts:
    kept, shown = nfc(kept), nfc(shown)
    if len(kept) != len(shown):  # a paper of which nothing is shown
        return NOTHING_SHOWN
    texts = " ".join(bare_of(kept).split()), " ".join(shown.split())
    return texts if len(texts[0]) == len(texts[1]) else NOTHING_SHOWN


def mask_snippet(snippet: str, page: PageTexts) -> str:
    """Return a snippet with personal data hidden as it is on its page, whose words tell more.

    A snippet that does not stand on the page, as it is cut from fields or the index is behind, is
    left out: nobody knows what stood around it.

    Args:
        snippet: the snippet with its marks.
        page: the words of its page.
    """
    core = nfc(snippet.translate(_MARKS)).strip("… \n")
    clear, shown = page
    at, places = clear.find(core), 0
    if at < 0 or page == NOTHING_SHOWN:
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
