"""Bind what was read of each scan into a searchable PDF. May run twice; fails no dossier."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.errors import SohoaError
from pipeline.model import Dossier, Page, PageMeasures, PageRef, PageState, Record, Scan
from pipeline.ports import Archive
from pipeline.ports.searchable_pdf import PdfBinder, PdfRequest, PdfResult, SearchablePdf
from pipeline.stages import WITHHELD

log = logging.getLogger(__name__)


def bind(record: Record, archive: Archive, binder: PdfBinder) -> tuple[SearchablePdf, ...]:
    """Make the searchable PDF of each scan of a dossier, unless it is there.

    One that cannot be made is noted with its reason. A withheld dossier gets none.

    Raises:
        ServiceUnavailableError: the archive is away; the same again helps.
    """
    if record.action == WITHHELD:
        return ()
    return tuple(
        _standing(SearchablePdf(scan.sha256, recipe, 1), record.dossier, scan, archive, binder)
        for scan in record.dossier.scans
        if (recipe := recipe_of(record.dossier, scan.sha256))
    )


def recipe_of(dossier: Dossier, scan: str) -> str:
    """Return the recipe under which a scan was read; empty when no page of it was."""
    recipes = (note.recipe for note in dossier.pages if note.scan == scan and note.recipe)
    return next(recipes, "")


def _standing(
    blank: SearchablePdf, dossier: Dossier, scan: Scan, archive: Archive, binder: PdfBinder
) -> SearchablePdf:
    """Return the searchable PDF that is there, or make it."""
    before = archive.find_searchable_pdf(blank.scan, blank.recipe)
    if before and before.is_final:
        return before
    if before:
        blank = replace(blank, attempt=before.attempt + 1)
    wanted = PdfRequest(scan.media_type, dossier.title, dossier.code or dossier.id)
    with tempfile.TemporaryDirectory(prefix="sohoa-pdf-") as folder:
        try:
            with archive.original(scan.sha256) as path:
                pages = _pages(dossier, scan, archive)
                bound = binder.bind(path, wanted, pages, Path(folder))
        except SohoaError as error:
            if error.retryable:
                raise
            log.warning("%s: no searchable PDF: %s", dossier.id, type(error).__name__)
            return archive.keep_searchable_pdf(
                replace(blank, reasons=(error.reason,), is_final=False), None
            )
        return archive.keep_searchable_pdf(_made(blank, bound), bound.path)


def _made(blank: SearchablePdf, bound: PdfResult) -> SearchablePdf:
    made = replace(blank, words=bound.words, seconds=bound.seconds, reasons=bound.reasons)
    if bound.path is None:
        return made
    return replace(made, size=bound.path.stat().st_size, level=bound.level)


def _pages(dossier: Dossier, scan: Scan, archive: Archive) -> Iterator[Page]:
    """Yield all pages of a scan; those without a result have no words."""
    notes = {note.number: note for note in dossier.pages if note.scan == scan.sha256}
    for number in range(1, scan.pages + 1):
        note = notes.get(number)
        found = None
        if note and note.recipe:
            found = archive.find_page(PageRef(dossier.id, scan.sha256, number), note.recipe)
        yield found or Page(number, PageState.NOT_READ, PageMeasures(0, 0, 0.0))
