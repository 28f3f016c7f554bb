"""What can go wrong: whose fault, whether a retry helps, what to do.

    SohoaError
    ├── RefusedScanError            the paper's or sender's fault: refused, not retried
    │   ├── UnsupportedFormatError
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
    │   └── RunsUnavailableError
    ├── ArchiveError                the archive contradicts itself
    │   ├── ObjectExistsError           create-only refused
    │   ├── ObjectMissingError
    │   └── RecordError                 unreadable, or written by a newer version
    ├── WithheldError               a secret paper: nobody is given it here
    ├── QueryError                  the visitor's query cannot be understood
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
    """Anything this house raises on purpose.

    Attributes:
        retryable: whether doing the same again may help.
        http_status: what the reading room answers with.
        page: number of the page it happened on, filled in by ``about``.
    """

    retryable: ClassVar[bool] = False
    http_status: ClassVar[int] = 500

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy
        self.page: int | None = None

    def __str__(self) -> str:
        text = self.message if self.page is None else f"Trang {self.page}: {self.message}"
        return f"{text} {self.remedy}".strip()


class RefusedScanError(SohoaError):
    """The file itself cannot be taken; the clerk must repair or rescan."""

    http_status = 422


class UnsupportedFormatError(RefusedScanError):
    """Neither PDF nor TIFF, JPEG or PNG, whatever its name says."""


class EmptyScanError(RefusedScanError):
    """A file without bytes or without pages."""


class UnreadableScanError(RefusedScanError):
    """Damaged or cut off."""


class EncryptedScanError(RefusedScanError):
    """Locked by a password."""


class OversizedScanError(RefusedScanError):
    """More pixels, pages or bytes than the limits allow."""


class ReadingError(SohoaError):
    """The engine failed on this page."""


class ReadingTimeoutError(ReadingError):
    """The page took longer than its limit."""


class SourceChangedError(SohoaError):
    """A file was still being written while it was stored; nothing was kept of it."""

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


class ArchiveError(SohoaError):
    """The archive contradicts itself or the request."""


class ObjectExistsError(ArchiveError):
    """A create-only key is already there: somebody else was first."""

    http_status = 409


class ObjectMissingError(ArchiveError):
    """No object under this key."""

    http_status = 404


class RecordError(ArchiveError):
    """A record that cannot be read, or comes from a newer version."""


class WithheldError(SohoaError):
    """What was asked for belongs to a dossier withheld because a paper carries a secrecy mark."""

    http_status = 403


class QueryError(SohoaError):
    """The visitor's query cannot be understood."""

    http_status = 400


class MisconfiguredError(SohoaError):
    """The set-up is wrong; starting makes no sense before it is mended."""


class MissingEngineError(MisconfiguredError):
    """A program the product needs is not installed."""


class MissingLanguageError(MisconfiguredError):
    """Tesseract lacks the language data."""


@contextmanager
def about(page: int) -> Iterator[None]:
    """Tell any of our errors that pass through which page they are about."""
    try:
        yield
    except SohoaError as error:
        error.page = error.page or page
        raise
