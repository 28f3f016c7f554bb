"""Masks pages that people mended or turned by all that was ever read of them, not by the newest.

A word that was mended away may be the one by which a field was found; a page that lies on its side
may show a card that nobody recognises any more. What was hidden once stays hidden.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.masking import (
    MaskedPage,
    PictureMask,
    join_masks,
    mask_page,
    personal_boxes,
    whole_pages,
)
from pipeline.model import Box, Dossier, Page, PageNote
from web.context import AppContext, page_note, page_ref


def mask_by_past(
    context: AppContext, dossier: Dossier, number: int, page: Page, boxes: tuple[Box, ...]
) -> MaskedPage:
    """Return a page with all hidden that is personal data in any version and any reading of it.

    Args:
        context: the handlers' context.
        dossier: the newest version, as it is kept; it may be handed out.
        number: the page's number in it, from 1.
        page: the page with the words that hold.
        boxes: where its newest version has fields with personal data, pixels of the original.
    """
    kinds, was_whole = context.settings.privacy.masked_whole, False
    places, recipes = dict.fromkeys(boxes), dict[str, None]()
    for version, at, note in _versions(context, dossier, page_note(dossier, number)):
        places |= dict.fromkeys(personal_boxes(version, at))
        was_whole |= at in whole_pages(version, kinds)
        recipes[note.recipe] = None
    ref = page_ref(dossier, page_note(dossier, number))
    readings = (context.archive.find_page(ref, recipe) for recipe in recipes if recipe)
    masks = [mask_page(one, is_whole=was_whole, boxes=[*places]) for one in readings if one]
    was_whole |= any(one.picture is PictureMask.WHOLE for one in masks)
    places |= {box: None for one in masks for box in one.boxes}
    return join_masks(mask_page(page, is_whole=was_whole, boxes=[*places]), masks)


def _versions(
    context: AppContext, dossier: Dossier, note: PageNote
) -> Iterator[tuple[Dossier, int, PageNote]]:
    """Yield each version of a dossier that has a page, the page's number in it and its note."""
    for record in context.archive.history(dossier.id):
        for at, one in enumerate(record.dossier.pages, 1):
            if (one.scan, one.number) == (note.scan, note.number):
                yield record.dossier, at, one
