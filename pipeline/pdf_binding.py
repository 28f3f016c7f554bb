"""Makes the searchable PDF of each scan of a dossier. May run twice; fails no dossier."""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.access import may_hand_out
from pipeline.errors import SohoaError
from pipeline.model import Dossier, Page, PageMeasures, PageState, Record, Scan, Source
from pipeline.page_edits.reading import find_mended, find_page, plain_recipe
from pipeline.ports import Archive
from pipeline.ports.searchable_pdf import PdfBinder, PdfRequest, PdfResult, SearchablePdf

log = logging.getLogger(__name__)


def bind(record: Record, archive: Archive, binder: PdfBinder) -> tuple[SearchablePdf, ...]:
    """Make the searchable PDF of each scan of a dossier, unless it exists; return their notes.

    One that cannot be made is noted with its reason. A dossier that may not be handed out gets
    none, and neither does a scan of which no page was read.

    Args:
        record: the dossier's newest record.
        archive: the archive with scans and page results, which also takes the PDFs.
        binder: the maker of the PDFs.

    Raises:
        ServiceUnavailableError: the archive is away; the same again helps.
    """
    if not may_hand_out(record):
        return ()
    return tuple(
        _find_or_make(SearchablePdf(scan.sha256, recipe, 1), record.dossier, scan, archive, binder)
        for scan in record.dossier.scans
        if (recipe := recipe_of(record.dossier, scan.sha256))
    )


def recipe_of(dossier: Dossier, scan: str) -> str:
    """Return what decides the words of a scan's PDF: how it was read, and what people mended.

    Empty when no page of it was read.
    """
    notes = {note.number: note.recipe for note in dossier.pages if note.scan == scan}
    recipe = plain_recipe(next(filter(None, notes.values()), ""))
    recipes = {plain_recipe(each) for each in notes.values() if each}
    altering = (each for each in dossier.edits if each.scan == scan and each.alters)
    edits = sorted(altering, key=lambda one: one.place)
    if not recipe or not (edits or len(recipes) > 1):
        return recipe
    # Another recipe for each state that people gave its pages: what was made before stays.
    states: list[object] = [
        (each.number, notes.get(each.number, ""), each.words, bool(each.left_out)) for each in edits
    ]
    if len(recipes) > 1:  # one page was read again, as one that a person turned
        states += sorted(notes.items())
    return f"{recipe}-e{hashlib.sha256(repr(states).encode()).hexdigest()[:12]}"


def _find_or_make(
    note: SearchablePdf, dossier: Dossier, scan: Scan, archive: Archive, binder: PdfBinder
) -> SearchablePdf:
    """Return the note of the searchable PDF that exists, or make the PDF."""
    earlier = archive.find_searchable_pdf(note.scan, note.recipe)
    if earlier and earlier.is_final and _may_stay(earlier, archive, binder):
        return earlier
    if earlier:
        note = replace(note, attempt=earlier.attempt + 1)
    request = PdfRequest(
        scan.media_type,
        dossier.title,
        dossier.code or dossier.id,
        frozenset(e.number for e in dossier.edits if e.scan == scan.sha256 and e.left_out),
    )
    with tempfile.TemporaryDirectory(prefix="sohoa-pdf-") as folder:
        try:
            with archive.original(scan.sha256) as path:
                pages = _pages(dossier, scan, archive)
                result = binder.bind(path, request, pages, Path(folder))
        except SohoaError as error:
            if error.retryable:
                raise
            log.warning("%s: no searchable PDF: %s", dossier.id, type(error).__name__)
            return archive.keep_searchable_pdf(
                replace(note, reasons=(error.reason,), is_final=False), None
            )
        return archive.keep_searchable_pdf(_completed(note, result), result.path)


def _may_stay(note: SearchablePdf, archive: Archive, binder: PdfBinder) -> bool:
    """Tell whether a PDF, if there is one, may be handed out; those of 0.1 are looked at now."""
    return not note.pdf or note.is_inert or is_inert(note, archive, binder)


def is_inert(note: SearchablePdf, archive: Archive, binder: PdfBinder) -> bool:
    """Tell whether nothing in a stored PDF acts, by looking at it.

    Args:
        note: the PDF's note.
        archive: the archive that has it.
        binder: looks at it.

    Raises:
        ServiceUnavailableError: the archive is away; the same again helps.
    """
    try:
        with archive.searchable_pdf(note.scan, note.recipe) as path:
            return binder.is_inert(path)
    except SohoaError as error:
        if error.retryable:
            raise
        log.warning("a searchable PDF cannot be looked at: %s", type(error).__name__)
        return False


def _completed(note: SearchablePdf, result: PdfResult) -> SearchablePdf:
    note = replace(note, words=result.words, seconds=result.seconds, reasons=result.reasons)
    if result.path is None:
        return note
    size = result.path.stat().st_size
    return replace(note, size=size, level=result.level, is_inert=True)


def _pages(dossier: Dossier, scan: Scan, archive: Archive) -> Iterator[Page]:
    """Yield all pages of a scan, in order; those without a result have no words."""
    notes = {note.number: note for note in dossier.pages if note.scan == scan.sha256}
    for number in range(1, scan.pages + 1):
        note = notes.get(number)
        found = find_page(dossier, note, archive) if note else None
        if found and note and find_mended(dossier, note, archive):
            found = replace(found, source=Source.OCR)  # the scan's own text layer is not the words
        yield found or Page(number, PageState.NOT_READ, PageMeasures(0, 0, 0.0))
