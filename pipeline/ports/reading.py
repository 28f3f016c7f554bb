"""Reading scans: from a file to the measures and words of its pages."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from pipeline.model import Page


class ScanReader(Protocol):
    """Pixels in, measures and words out."""

    @property
    def recipe(self) -> str:
        """Short name of cleaner, reader, model and their settings: ``[a-z0-9-]``."""
        ...

    def inspect(self, path: Path) -> ScanFacts:
        """Look at a file without reading its pages.

        Raises:
            RefusedScanError: the file cannot be taken; its subclass and text say why.
        """
        ...

    def read_page(self, path: Path, number: int) -> PageReading:
        """Read one page (from 1) of a file that ``inspect`` accepted.

        Raises:
            ReadingError: the page cannot be rasterised or the engine failed.
            ReadingTimeoutError: it took longer than the limit.
        """
        ...


class ScanFacts(Protocol):
    """What ``inspect`` learned."""

    @property
    def media_type(self) -> str:
        """For example ``application/pdf``."""
        ...

    @property
    def pages(self) -> int:
        """How many pages the file has, at least 1."""
        ...


class PageReading(Protocol):
    """A page as read, and the picture people look at."""

    @property
    def page(self) -> Page:
        """Measures, state and words."""
        ...

    @property
    def picture(self) -> bytes:
        """WebP of the turned and straightened page, the size of ``page.view``."""
        ...
