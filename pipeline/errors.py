"""Defines the errors: whose fault each is, whether a retry helps, and what to do.

    SohoaError
    ├── RefusedScanError            the paper's or sender's fault: refused, not retried
    │   ├── UnsupportedFormatError      a kind of file, or of compression, that is not read here
    │   │   └── NoPaperError                no paper at all: a film, a program, data
    │   ├── EmptyScanError
    │   ├── UnreadableScanError         damaged or truncated
    │   ├── EncryptedScanError
    │   └── OversizedScanError          pixel or page limit; decompression bombs stop here
    ├── ReadingError                the engine failed on this page
    │   └── ReadingTimeoutError
    ├── SourceChangedError          the file changed while it was stored: retryable, settle again
    ├── ServiceUnavailableError     retryable
    │   ├── StorageUnavailableError
    │   ├── SearchUnavailableError
    │   ├── RunsUnavailableError
    │   └── AccountsUnavailableError
    ├── AuditUnavailableError       the audit log cannot be written: nothing is handed out
    ├── ArchiveError                the archive contradicts itself
    │   ├── ObjectExistsError           create-only refused
    │   ├── ObjectMissingError
    │   └── RecordError                 unreadable, or written by a newer version
    ├── ForeignFolderError          a name of ours in a watched folder is somebody else's
    ├── WithheldError               a secret paper: nobody is given it here
    ├── JoinedError                 its scans belong to another dossier now
    ├── CorrectionRefusedError      a dossier cannot be joined, parted or lifted as asked
    ├── SeveralDossiersError        a code that several dossiers carry names none of them
    ├── QueryError                  the visitor's query cannot be understood
    ├── AccountError                of people and their sign-in: pipeline/people/errors.py
    └── MisconfiguredError          stop at start-up, with the remedy
        ├── MissingEngineError
        └── MissingLanguageError

The message is Vietnamese and says what happened; ``remedy`` says what to do about it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar


class SohoaError(Exception):
    """Base of all errors that this product raises on purpose.

    Args:
        message: Vietnamese; what happened, one sentence.
        remedy: Vietnamese; what to do about it, or empty.

    Attributes:
        retryable: whether doing the same again may help.
        http_status: the HTTP status that the web pages answer with.
        page: number of the page it happened on, from 1; filled in by ``about``.
    """

    retryable: ClassVar[bool] = False
    http_status: ClassVar[int] = 500

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy
        self.page: int | None = None

    @property
    def reason(self) -> str:
        """Message and remedy on one line, without the page: for records, which name it already."""
        return f"{self.message} {self.remedy}".strip()

    def __str__(self) -> str:
        return self.reason if self.page is None else f"Trang {self.page}: {self.reason}"


class RefusedScanError(SohoaError):
    """The file itself cannot be archived; the clerk must repair or rescan it."""

    http_status = 422


class UnsupportedFormatError(RefusedScanError):
    """The file is of a kind that is not read here, whatever its name says; nothing is damaged."""


class NoPaperError(UnsupportedFormatError):
    """The file is no paper at all: a film, music, a program, data."""


class EmptyScanError(RefusedScanError):
    """The file has no bytes or no pages."""


class UnreadableScanError(RefusedScanError):
    """The file is damaged or truncated."""


class EncryptedScanError(RefusedScanError):
    """The file is protected by a password."""


class OversizedScanError(RefusedScanError):
    """The file has more pixels, pages or bytes than the limits allow."""


class ReadingError(SohoaError):
    """The OCR engine or the rasteriser failed on this page."""


class ReadingTimeoutError(ReadingError):
    """Reading the page took longer than its time limit."""


class SourceChangedError(SohoaError):
    """A file was still being written while it was stored; nothing of it was stored."""

    retryable = True
    http_status = 409


class ServiceUnavailableError(SohoaError):
    """A service is away; the same again helps once it is back."""

    retryable = True
    http_status = 503


class StorageUnavailableError(ServiceUnavailableError):
    """The object store is away, full or read-only."""


class SearchUnavailableError(ServiceUnavailableError):
    """The search index is away."""


class RunsUnavailableError(ServiceUnavailableError):
    """Prefect's API is away; no new dossier is begun without it."""


class AccountsUnavailableError(ServiceUnavailableError):
    """The database of accounts is away, full or read-only; nobody can sign in."""


class OwnersUnavailableError(SearchUnavailableError):
    """The index of owners is away, locked or full; who publishes treats it like the search index.

    What was written stays, and whatever is owed is published again.
    """


class DuplicatesUnavailableError(ServiceUnavailableError):
    """The index of duplicates is away, locked or full; nothing but the list of them hangs on it."""


class AuditUnavailableError(SohoaError):
    """The audit log cannot be written: disk full, read-only or away. No log, no paper.

    It is no ``ServiceUnavailableError``, so that nobody who goes on without a service goes on
    without the log.
    """

    retryable = True
    http_status = 503


class ForeignFolderError(SohoaError):
    """A folder of the product inside a watched folder is a link or was made by somebody else."""


class ArchiveError(SohoaError):
    """The archive contradicts itself or the request; only a person can decide."""


class ObjectExistsError(ArchiveError):
    """A key that may only be created exists already: another writer was first."""

    http_status = 409


class ObjectMissingError(ArchiveError):
    """No object has this key."""

    http_status = 404


class RecordError(ArchiveError):
    """A record cannot be read, or was written by a newer version."""


class WithheldError(SohoaError):
    """What was asked for belongs to a dossier withheld because a paper carries a secrecy mark."""

    http_status = 403


class JoinedError(SohoaError):
    """The dossier's scans belong to another dossier now."""

    http_status = 409


class CorrectionRefusedError(SohoaError):
    """A dossier cannot be joined, parted, corrected or lifted in the way that was asked for."""

    http_status = 409


class EditConflictError(CorrectionRefusedError):
    """Somebody else decided about the same field after the person had opened the dossier."""


class SeveralDossiersError(SohoaError):
    """A dossier code that several dossiers carry; one of their ids must be said."""

    http_status = 409


class QueryError(SohoaError):
    """The visitor's query cannot be understood."""

    http_status = 400


class MisconfiguredError(SohoaError):
    """The installation is wrong; starting makes no sense before it is repaired."""


class MissingEngineError(MisconfiguredError):
    """A program the product needs is not installed."""


class MissingLanguageError(MisconfiguredError):
    """Tesseract lacks the language data."""


@contextmanager
def about(page: int) -> Iterator[None]:
    """Note on each ``SohoaError`` that leaves the block which page it is about; inner notes stay.

    Args:
        page: number of the page, from 1.
    """
    try:
        yield
    except SohoaError as error:
        error.page = error.page or page
        raise
