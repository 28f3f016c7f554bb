"""Returns pages as people left them: the words that hold, and the recipe of a turned page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from pipeline.model import Dossier, MendedPage, Page, PageNote, PagePlace, PageRef
from pipeline.page_edits.words import with_mended
from pipeline.ports import Archive

_TURNED = re.compile(r"-o(?:0|90|180|270)$")


def recipe_for(recipe: str, orientation: int | None) -> str:
    """Return the recipe of a page of which a person said how it lies.

    Args:
        recipe: the reader's own.
        orientation: degrees clockwise that bring the page upright; None: nobody said anything.
    """
    return recipe if orientation is None else f"{recipe}-o{orientation}"


def plain_recipe(recipe: str) -> str:
    """Return the reader's own recipe, whatever a person said of how the page lies."""
    return _TURNED.sub("", recipe)


def orientation_of(dossier: Dossier, ref: PageRef) -> int | None:
    """Return how a page lies as a person said; None when nobody did."""
    edit = dossier.find_edit(ref.scan, ref.number)
    return edit.orientation if edit else None


def read_notes(dossier: Dossier, archive: Archive) -> Mapping[PageRef, PageNote]:
    """Return the notes of the pages whose reading holds, whatever recipe it was made under.

    Not of a page that lies otherwise than it was read, nor of one whose result is gone.

    Args:
        dossier: the newest version.
        archive: where the pages' results are.
    """
    notes = {PageRef(dossier.id, note.scan, note.number): note for note in dossier.pages}
    return {
        ref: replace(note, apart="")
        for ref, note in notes.items()
        if note.recipe
        and note.recipe == recipe_for(plain_recipe(note.recipe), orientation_of(dossier, ref))
        and archive.has_page(ref, note.recipe)
    }


def find_mended(dossier: Dossier, note: PageNote, archive: Archive) -> MendedPage | None:
    """Return what people mended of the words of a dossier's page; None when nobody did."""
    edit = dossier.find_edit(note.scan, note.number)
    if edit is None or not edit.words:
        return None
    return archive.find_mended(PagePlace(note.scan, note.number), edit.words)


def find_page(dossier: Dossier, note: PageNote, archive: Archive) -> Page | None:
    """Return a page of a dossier with the words that hold; None where there is no result."""
    if not note.recipe:
        return None
    page = archive.find_page(PageRef(dossier.id, note.scan, note.number), note.recipe)
    mended = find_mended(dossier, note, archive)
    return with_mended(page, mended.lines) if page and mended else page
