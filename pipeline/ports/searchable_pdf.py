"""Defines searchable PDFs, or the reasons why a scan has none, and the port of their maker."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from pipeline.model import Page


@dataclass(frozen=True, slots=True)
class SearchablePdf:
    """What became of the searchable PDF of a scan under a recipe; the newest attempt counts."""

    scan: str  # SHA-256 of the scan
    recipe: str  # under which its pages were read
    attempt: int  # from 1
    pdf: str = ""  # SHA-256 of the PDF; empty: there is none
    size: int = 0  # bytes
    level: str = ""  # of PDF/A: 1b, 2b, 3b; empty: a plain PDF, or none
    words: int = 0  # number of words written and extracted again
    seconds: float = 0.0
    reasons: tuple[str, ...] = ()  # Vietnamese, for people
    is_final: bool = True  # False: the next run tries again
    is_inert: bool = False  # True: nothing in it acts; PDFs of 0.1 were not looked at
    pdf_number: int = 0  # of the PDF's key; 0 for the one without a number


class PdfRequest(NamedTuple):
    """The scan's media type and the metadata of the PDF to make."""

    media_type: str  # of the scan: application/pdf, image/tiff, …
    title: str  # becomes dc:title
    code: str  # becomes dc:identifier
    left_out: frozenset[int] = frozenset()  # numbers (from 1) of pages that are not to be in it


class PdfResult(NamedTuple):
    """A searchable PDF as it was made."""

    path: Path | None  # None: its words were not those written, or something in it may act
    level: str  # of PDF/A, as ``SearchablePdf.level``
    words: int  # number of words written and extracted again
    reasons: tuple[str, ...]  # Vietnamese, for people
    seconds: float


class PdfBinder(Protocol):
    """Makes searchable PDFs: the pages of a scan with their words as invisible text."""

    def bind(
        self, source: Path, wanted: PdfRequest, pages: Iterable[Page], folder: Path
    ) -> PdfResult:
        """Make the searchable PDF of a scan.

        Args:
            source: the scan.
            wanted: its media type, and the metadata of the PDF.
            pages: all its pages as read, in order.
            folder: an empty folder of the caller's, in which the PDF is written.

        Raises:
            ReadingError: the PDF cannot be made.
            RefusedScanError: the scan cannot be opened any more.
            StorageUnavailableError: the temporary folder is full.
        """
        ...

    def is_inert(self, pdf: Path) -> bool:
        """Tell whether nothing in a PDF acts, leads outside or carries files.

        Raises:
            ReadingError: it takes too long, or more memory than it may.
        """
        ...
