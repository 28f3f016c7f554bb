"""Which words of a dossier's pages a search hit, and on which pages."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model import Dossier, Page, Record
from pipeline.vietnamese import nfc
from search import matcher
from search.text.tokens import Token, tokens_of
from web.context import AppContext


def hit_words(page: Page, text: str) -> tuple[bool, ...]:
    """Tell of each word of a page, in reading order, whether a search hit it."""
    return matcher(text).marked([word.text for word in page.text.words])


def hit_pages(context: AppContext, record: Record, text: str) -> tuple[int, ...]:
    """Return the pages (from 1, in order) that hold as much of what was asked as any page does.

    A page that has two of three words is no hit while another has all three.
    """
    if not text:
        return ()
    key = (record.dossier.id, record.sequence, text)
    return context.hit_pages.find(key, lambda: _search(context, record.dossier, text)) or ()


def _search(context: AppContext, dossier: Dossier, text: str) -> tuple[int, ...]:
    seeker = matcher(text)
    parts: dict[int, int] = {}
    for number in range(1, len(dossier.pages) + 1):
        page = context.page(dossier, number)
        units = seeker.positions(_readings(page)) if page else {}
        parts[number] = len(set(units.values()))
    most = max(parts.values(), default=0)
    return tuple(number for number, units in parts.items() if units == most) if most else ()


def _readings(page: Page) -> Sequence[Token]:
    return [reading for word in page.text.words for reading in tokens_of(nfc(word.text))]
