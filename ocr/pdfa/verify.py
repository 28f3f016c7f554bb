"""Whether the words written into a PDF come out of it again, as a reader of PDFs gives them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ocr.files import poppler
from ocr.pdfa.text_layer import PageWords


class Unequal(NamedTuple):
    """A page whose words did not come back as they were written."""

    page: int
    missing: int
    extra: int


def tokens_by_page(path: Path, seconds: float) -> list[list[str]]:
    """Return the words of each page in the order of its content. Raises as ``pdf.count_pages``."""
    return [page.split() for page in poppler.raw_text(path, seconds).split("\f")[:-1]]


def compare(
    pages: Sequence[PageWords],
    shown: Sequence[bool],
    found: Sequence[list[str]],
    before: Sequence[list[str]],
) -> list[Unequal]:
    """Return the pages that do not hold.

    Args:
        pages: what was written.
        shown: of each page, whether it shows text of its own, such as a stamp that is no picture;
            that text stands before ours.
        found: what came out.
        before: what came out of the source; asked for pages only whose own text was taken.
    """
    unequal = []
    for number, page in enumerate(pages, start=1):
        came = found[number - 1] if number <= len(found) else []
        wanted = before[number - 1] if page.is_own else page.tokens
        if page.is_own:  # stamps of signing programs, now part of the page, may come on top
            holds = not Counter(wanted) - Counter(came)
        else:
            holds = came[len(came) - len(wanted) :] == wanted
            holds = holds and (shown[number - 1] or len(came) == len(wanted))
        if not holds:
            missing = Counter(wanted) - Counter(came)
            extra = Counter(came) - Counter(wanted)
            unequal.append(Unequal(number, missing.total(), extra.total()))
    return unequal
