"""Shows hits of a search with the numbers of people, which the index does not have."""

from __future__ import annotations

from dataclasses import replace

from pipeline.access import may_hand_out
from pipeline.errors import ArchiveError, StorageUnavailableError
from pipeline.masking import HIDDEN
from pipeline.model import Hit, PageRef
from pipeline.ports import Archive
from search.text.entries import heading
from search.text.shown_again import clear_snippet


def clear_hit(hit: Hit, archive: Archive) -> Hit:
    """Return a hit as its page has it; as the index does where the store does not answer.

    Args:
        hit: the hit as the index gave it.
        archive: the store.
    """
    if HIDDEN not in hit.title + hit.snippet:
        return hit
    try:
        record = archive.find_record(hit.dossier)
        if record is None or not may_hand_out(record):
            return hit
        title = heading(record.dossier).title
        note = record.dossier.pages[hit.page - 1] if hit.page <= len(record.dossier.pages) else None
        ref = note and PageRef(record.dossier.id, note.scan, note.number)
        page = archive.find_page(ref, note.recipe) if ref and note and note.recipe else None
    except (StorageUnavailableError, ArchiveError):
        return hit
    return replace(
        hit, title=title, snippet=clear_snippet(hit.snippet, page.text.text if page else "")
    )
