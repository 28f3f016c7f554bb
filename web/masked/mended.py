"""Masks the picture of a page whose words people mended: it still shows what was read."""

from __future__ import annotations

from pipeline.masking import (
    MaskedPage,
    mask_page,
    mask_picture_too,
    personal_boxes,
    whole_pages,
)
from pipeline.model import Box, Dossier
from web.context import AppContext, page_note


def with_past(context: AppContext, dossier: Dossier, number: int, shown: MaskedPage) -> MaskedPage:
    """Return a masked page whose picture is masked by what was read in any version, too.

    Words that were mended away may be those by which a field was found, or a kind of paper.

    Args:
        context: the handlers' context.
        dossier: the newest version, as it is kept.
        number: the page's number in it, from 1.
        shown: the page with the mended words, masked.
    """
    note, kinds = page_note(dossier, number), context.settings.privacy.masked_whole
    boxes: dict[Box, None] = {}
    was_whole = False
    for record in context.archive.history(dossier.id):
        for at, one in enumerate(record.dossier.pages, 1):
            if (one.scan, one.number) == (note.scan, note.number):
                boxes |= dict.fromkeys(personal_boxes(record.dossier, at))
                was_whole |= at in whole_pages(record.dossier, kinds)
    read = context.page_as_read(dossier, number)
    if read is None:
        return shown
    return mask_picture_too(shown, mask_page(read, is_whole=was_whole, boxes=[*boxes]))
