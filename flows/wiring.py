"""Opens every tool once a process, from the settings. The only place in flows that reads them."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ocr import open_binder, open_reader
from pipeline.intake import spool_folder
from pipeline.ports import Archive, ScanReader, SearchIndex
from pipeline.ports.searchable_pdf import PdfBinder
from pipeline.settings import Settings, load_settings
from search import open_index
from storage import open_archive


@dataclass(frozen=True, slots=True)
class Tools:
    """What the stages work with."""

    archive: Archive
    index: SearchIndex
    reader: ScanReader
    binder: PdfBinder


@cache
def settings() -> Settings:
    """Return the settings of this process.

    Raises:
        MisconfiguredError: one of them makes no sense; the message names it.
    """
    return load_settings()


@cache
def tools() -> Tools:
    """Return the archive, the index and the reader of this process."""
    chosen = settings()
    return Tools(archive(), index(), open_reader(chosen.reading), binder())


@cache
def archive() -> Archive:
    """Return the archive; needs no reader, so it opens at once."""
    return open_archive(settings().storage, settings().home)


@cache
def index() -> SearchIndex:
    """Return the search index."""
    return open_index(settings().search, settings().home)


@cache
def binder() -> PdfBinder:
    """Return what makes searchable PDFs; opens at once."""
    return open_binder(settings().reading)


@cache
def page_slots() -> threading.BoundedSemaphore:
    """Return the places for pages read at the same time, shared by all dossiers."""
    return threading.BoundedSemaphore(settings().reading.threads)


def spool_of(folder: Path) -> Path:
    """Return a watched folder's spool."""
    return spool_folder(settings().home, folder)
