"""Shows hits of a search: nothing of dossiers that are closed, and personal data masked."""

from __future__ import annotations

from dataclasses import replace

from pipeline.access import may_hand_out
from pipeline.masking import HIDDEN, mask_text
from pipeline.model import Hit
from search.text.entries import heading
from search.text.shown_again import clear_snippet
from web.masked.sight import Sight
from web.masked.snippets import mask_snippet, page_texts
from web.people.disclosure import sees_lists_clear
from web.people.visits import Visit


def shown_hit(hit: Hit, sight: Sight | None, visit: Visit) -> tuple[Hit, bool]:
    """Return a hit as it may be shown, and whether nothing of its dossier is handed out.

    Args:
        hit: the hit as the index gave it.
        sight: its dossier as it is shown in lists; None: the store does not answer.
        visit: the visit of whoever asks.
    """
    if sight is not None and not may_hand_out(sight.dossier):
        # An index of 0.1, or one that is behind, says more.
        named = heading(sight.dossier)._asdict()
        return replace(hit, **named, snippet="", pages=(hit.page,)), True
    return (_clear if sees_lists_clear(visit) else _masked)(hit, sight), False


def _clear(hit: Hit, sight: Sight | None) -> Hit:
    """Return a hit with the numbers of people, which the index does not have."""
    if sight is None or HIDDEN not in hit.title + hit.snippet or not may_hand_out(sight.dossier):
        return hit
    is_there = 1 <= hit.page <= len(sight.dossier.pages)
    page = sight.context.page(sight.dossier, hit.page) if is_there else None
    if page is None:
        return hit
    snippet = clear_snippet(hit.snippet, page.text.text)
    return replace(hit, title=heading(sight.dossier).title, snippet=snippet)


def _masked(hit: Hit, sight: Sight | None) -> Hit:
    """Return a hit without the personal data that the index keeps for showing."""
    if sight is None:  # the store does not answer, so nobody knows what stood on the page
        return replace(hit, title=mask_text(hit.title), snippet="")
    texts = page_texts(sight, hit.page)
    snippet = mask_snippet(hit.snippet, texts) if texts else ""
    return replace(hit, **heading(sight.dossier)._asdict(), snippet=snippet)
