"""Finds secrecy marks on all pages of a dossier: as mended, as read, and on pages left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.documents import PageOfDossier
from pipeline.documents.secrecy import find_secrecy_mark
from pipeline.model import Dossier, Page, PageNote, PageRef
from pipeline.ports import Archive


def find_secret(
    dossier: Dossier, notes: Sequence[PageNote], archive: Archive, pages: Sequence[PageOfDossier]
) -> str:
    """Say which page carries which secrecy mark; empty when none does.

    Nobody mends a mark away, and who leaves a page out does not make its paper less secret: the
    dropped file still holds it.

    Args:
        dossier: the dossier; marks on scans that two people let go do not count.
        notes: a note for each page.
        archive: where the pages' results are.
        pages: the pages with the words that hold.
    """
    held = [note.scan not in dossier.cleared for note in notes]
    if any(edit.words for edit in dossier.edits):
        pages = (*pages, *_as_read(dossier, notes, archive))
    for page in pages:
        if held[page.number - 1] and (mark := find_secrecy_mark(page)):
            return f"Trang {page.number} đóng dấu «{mark.value}»"
    for left_out in _left_out(dossier, notes, archive):
        if mark := find_secrecy_mark(PageOfDossier(1, left_out)):
            return f"Một trang đã bỏ khỏi hồ sơ đóng dấu «{mark.value}»"
    return ""


def _as_read(
    dossier: Dossier, notes: Sequence[PageNote], archive: Archive
) -> Iterator[PageOfDossier]:
    for number, note in enumerate(notes, start=1):
        ref = PageRef(dossier.id, note.scan, note.number)
        if note.recipe and (page := archive.find_page(ref, note.recipe)):
            yield PageOfDossier(number, page)


def _left_out(dossier: Dossier, notes: Sequence[PageNote], archive: Archive) -> Iterator[Page]:
    """Yield what was read of the pages that people left out, by whatever recipe.

    The others may have been read again since, under a recipe that knows nothing of these.
    """
    out = [each for each in dossier.edits if each.left_out and each.scan not in dossier.cleared]
    if not out:
        return
    before = (note for record in archive.history(dossier.id) for note in record.dossier.pages)
    recipes = dict.fromkeys(note.recipe for note in (*notes, *before) if note.recipe)
    for edit in out:
        ref = PageRef(dossier.id, edit.scan, edit.number)
        yield from (page for one in recipes if (page := archive.find_page(ref, one)))
