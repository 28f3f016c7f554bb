"""What is handed out of a scan: a searchable PDF, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from pipeline.model import Page


@dataclass(frozen=True, slots=True)
class SearchablePdf:
    """What became of the searchable PDF of a scan under a recipe; the newest attempt counts."""

    scan: str
    recipe: str
    attempt: int
    pdf: str = ""  # SHA-256 of the PDF; empty: none is handed out
    size: int = 0  # bytes
    level: str = ""  # of PDF/A: 1b, 2b, 3b; empty: a plain PDF, or none
    words: int = 0  # that were written and came out again
    seconds: float = 0.0
    reasons: tuple[str, ...] = ()  # Vietnamese, for people
    is_final: bool = True  # False: another run tries again


class PdfRequest(NamedTuple):
    """What a searchable PDF is made of, and what it says of itself."""

    media_type: str
    title: str
    code: str


class PdfResult(NamedTuple):
    """A searchable PDF as it was made; no path when its words did not come out again."""

    path: Path | None
    level: str
    words: int
    reasons: tuple[str, ...]
    seconds: float


class PdfBinder(Protocol):
    """Writes words over scans."""

    def bind(
        self, source: Path, wanted: PdfRequest, pages: Iterable[Page], folder: Path
    ) -> PdfResult:
        """Make the PDF in a folder of the caller's.

        Raises:
            ReadingError: it cannot be done.
            RefusedScanError: the file cannot be opened any more.
            StorageUnavailableError: no room in the temporary folder.
        """
        ...
