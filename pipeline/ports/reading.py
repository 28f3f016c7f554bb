"""Defines the port of scan readers, and what they return of a file and of a page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pipeline.model import Page


@dataclass(frozen=True, slots=True)
class ScanInfo:
    """What is known of a scan without reading its pages."""

    media_type: str  # by the file's first bytes, for example application/pdf
    pages: int  # how many the file has, at least 1


@dataclass(frozen=True, slots=True)
class PageReading:
    """A page as read, and its image for people."""

    page: Page  # measures, state and words
    picture: bytes  # WebP of the upright, deskewed page; its size is that of page.view


class ScanReader(Protocol):
    """Inspects scans and reads their pages. Safe to call from many threads."""

    @property
    def recipe(self) -> str:
        """Short name of what decides the words: cleaner, engine, model and their settings.

        Characters are ``[a-z0-9-]``; pages read under a recipe are read again only under another.
        """
        ...

    def inspect(self, path: Path) -> ScanInfo:
        """Tell what a file is without reading its pages.

        Raises:
            RefusedScanError: the file cannot be taken; its subclass and text say why.
        """
        ...

    def read_page(self, path: Path, number: int) -> PageReading:
        """Read one page of a file that ``inspect`` accepted.

        Args:
            path: the scan.
            number: the page's number, from 1.

        Raises:
            ReadingError: the page cannot be rasterised or the engine failed.
            ReadingTimeoutError: it took longer than the limit.
        """
        ...
