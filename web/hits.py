"""Finds which words and pages of a dossier a search hits."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model import Dossier, Page, Record
from pipeline.vietnamese import nfc
from search import matcher
from search.text.tokens import Token, tokens_of
from web.context import AppContext


def hit_words(page: Page, text: str) -> tuple[bool, ...]:
    """Return for each word of a page, in reading order, whether a search hits it."""
    return matcher(text).marked([word.text for word in page.text.words])


def hit_pages(context: AppContext, record: Record, text: str) -> tuple[int, ...]:
    """Return the numbers (from 1, ascending) of the pages that match a search best.

    A page with two of three words is no hit while another has all three.

    Args:
        context: the handlers' context; the answer is cached in it.
        record: the record of the dossier.
        text: the search as it was typed; an empty one hits no page.

    Raises:
        WithheldError: the dossier is withheld.
    """
    if not text:
        return ()
    key = (record.dossier.id, record.sequence, text)
    found = context.hit_pages.get_or_fetch(key, lambda: _search(context, record.dossier, text))
    return found or ()


def _search(context: AppContext, dossier: Dossier, text: str) -> tuple[int, ...]:
    text_matcher = matcher(text)
    matched: dict[int, int] = {}  # page number -> how many words and phrases stand on it
    for number in range(1, len(dossier.pages) + 1):
        page = context.page(dossier, number)
        positions = text_matcher.positions(_tokens(page)) if page else {}
        matched[number] = len(set(positions.values()))
    most = max(matched.values(), default=0)
    return tuple(number for number, found in matched.items() if found == most) if most else ()


def _tokens(page: Page) -> Sequence[Token]:
    return [token for word in page.text.words for token in tokens_of(nfc(word.text))]
