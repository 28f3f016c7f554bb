"""Composition root: opens archive, index, reader and PDF binder once a process, from the settings.

Nothing else in flows builds ``Settings``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ocr import open_binder, open_reader
from owners import open_duplicates, open_owners
from pipeline.documents import catalogue
from pipeline.owners import IndexWithOwners
from pipeline.ports import Archive, ScanReader, SearchIndex
from pipeline.ports.audit import AuditLog, AuditTrail
from pipeline.ports.duplicates import DuplicateIndex
from pipeline.ports.exchange import Exchange
from pipeline.ports.owners import OwnerIndex
from pipeline.ports.searchable_pdf import PdfBinder
from pipeline.settings import Settings, load_settings
from pipeline.turns import PageTurns, ScanBudgets
from search import open_index
from storage import open_archive, open_audit_log, open_audit_trail, open_exchange


@dataclass(frozen=True, slots=True)
class Tools:
    """The adapters that the stages work with."""

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
    loaded = load_settings()
    catalogue.set_home(loaded.home)
    return loaded


@cache
def tools() -> Tools:
    """Return the archive, index, reader and PDF binder of this process.

    Raises:
        MissingEngineError: Tesseract is not installed.
        MissingLanguageError: its language data is not installed.
    """
    return Tools(archive(), index(), open_reader(settings().reading), binder())


@cache
def archive() -> Archive:
    """Return the archive; opening it loads no engine."""
    return open_archive(settings().storage, settings().home)


@cache
def audit_log() -> AuditLog:
    """Return the audit log that this process writes; nothing is made before the first entry."""
    return open_audit_log(settings().storage, settings().audit, settings().home)


def audit_trail() -> AuditTrail:
    """Return the audit log of all processes, for reading and verifying."""
    return open_audit_trail(settings().storage, settings().home)


def close_audit_log() -> None:
    """Seal what this process recorded, and bring it to the store."""
    if audit_log.cache_info().currsize:
        audit_log().close()


@cache
def exchange() -> Exchange:
    """Return the messages to and from other software."""
    return open_exchange(settings().storage, settings().home)


@cache
def index() -> SearchIndex:
    """Return the search index; what is published reaches the index of owners, too."""
    return IndexWithOwners(open_index(settings().search, settings().home), owners(), duplicates())


@cache
def index_to_search() -> SearchIndex:
    """Return the search index for searching alone: the index of owners is not loaded."""
    return open_index(settings().search, settings().home)


@cache
def owners() -> OwnerIndex:
    """Return the index of owners; nothing is made before it is used."""
    return open_owners(settings().owners, settings().home)


@cache
def duplicates() -> DuplicateIndex:
    """Return the index of duplicates; nothing is made before it is used."""
    return open_duplicates(settings().owners, settings().home)


@cache
def binder() -> PdfBinder:
    """Return the maker of searchable PDFs; opening it starts no process."""
    return open_binder(settings().reading)


@cache
def scan_budgets() -> ScanBudgets:
    """Return the budgets of time of the scans that this process reads."""
    reading = settings().reading
    return ScanBudgets(reading.scan_seconds_a_page, reading.failed_pages)


@cache
def page_turns() -> PageTurns:
    """Return the places for pages read at the same time, shared fairly by all dossiers."""
    return PageTurns(settings().reading.threads)


def spool_of(folder: Path) -> Path:
    """Return the spool of a watched folder."""
    from pipeline.intake import spool_folder  # noqa: PLC0415 — its rooms take 0.1 s to import

    return spool_folder(settings().home, folder)


def forget() -> None:
    """Empty every cache of this module: the next call reads the settings anew and opens again."""
    close_audit_log()
    if owners.cache_info().currsize:
        owners().close()
    if duplicates.cache_info().currsize:
        duplicates().close()
    opened = (
        settings,
        tools,
        archive,
        exchange,
        audit_log,
        index,
        index_to_search,
        owners,
        duplicates,
        binder,
    )
    for opener in (*opened, scan_budgets, page_turns):
        opener.cache_clear()
