"""Defines the port of scan readers, and what they return of a file and of a page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pipeline.errors import RefusedScanError
from pipeline.model import Page


@dataclass(frozen=True, slots=True)
class ScanInfo:
    """What is known of a scan without reading its pages."""

    media_type: str  # by the file's first bytes, for example application/pdf
    pages: int  # how many the file has; 0: it only carries other files
    holds_files: bool = False  # other files are in it, to be had by ``unpack``
    remarks: tuple[str, ...] = ()  # Vietnamese; what of the file is not read, though it was taken


@dataclass(frozen=True, slots=True)
class InnerFile:
    """A file that lay in another one, or why it could not be taken out."""

    parts: tuple[str, ...]  # its path there, as people see it
    copy: Path | None  # where it was put; None: it could not be taken out
    refusal: RefusedScanError | None = None
    facts: tuple[tuple[str, str], ...] = ()  # that the file it lay in states of it: field, value


@dataclass(frozen=True, slots=True)
class UnpackLimits:
    """How much may be taken out of a file, beside the most bytes that the settings allow."""

    files: int  # at most
    spent: int = 0  # bytes that were taken out of the same dropped file before


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

    def unpack(self, path: Path, folder: Path, limits: UnpackLimits) -> tuple[InnerFile, ...]:
        """Take the files out of a file that ``inspect`` says holds some.

        Args:
            path: the file.
            folder: an empty folder that only this user may enter; the files are put there, under
                names of our own.
            limits: how much may be taken out.

        Raises:
            RefusedScanError: the file is damaged, or holds more than it may.
        """
        ...

    def read_page(self, path: Path, number: int, orientation: int | None = None) -> PageReading:
        """Read one page of a file that ``inspect`` accepted.

        Args:
            path: the scan.
            number: the page's number, from 1.
            orientation: degrees clockwise that bring the page upright, where a person said so;
                None: to be found.

        Raises:
            ReadingError: the page cannot be rasterised or the engine failed.
            ReadingTimeoutError: it took longer than the limit.
        """
        ...
