"""Verifies that the words written into a PDF can be extracted from it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ocr.files import poppler
from ocr.pdfa.text_layer import TextLayer


class PageMismatch(NamedTuple):
    """A page whose extracted words differ from those that were written."""

    page: int  # from 1
    missing: int  # words that were written and not extracted
    extra: int  # words that were extracted and not written


def tokens_by_page(path: Path, seconds: float) -> list[list[str]]:
    """Return the words of each page in the order of its content stream.

    Raises as ``poppler.count_pages``.
    """
    return [page.split() for page in poppler.raw_text(path, seconds).split("\f")[:-1]]


def find_mismatches(
    pages: Sequence[TextLayer],
    shows_text: Sequence[bool],
    found: Sequence[list[str]],
    before: Sequence[list[str]],
) -> list[PageMismatch]:
    """Return the pages whose words were not extracted as they were written.

    Args:
        pages: the words that were written, page by page.
        shows_text: whether each page shows text of its own, such as a stamp that is no image; that
            text stands before ours.
        found: the words extracted from the PDF, page by page.
        before: the words extracted from the scan, page by page; used only for pages whose own text
            was taken.
    """
    mismatches = []
    for number, page in enumerate(pages, start=1):
        extracted = found[number - 1] if number <= len(found) else []
        expected = before[number - 1] if page.is_own else page.tokens
        if page.is_own:  # stamps of signing programs, now part of the page, may come on top
            is_equal = not Counter(expected) - Counter(extracted)
        else:
            is_equal = extracted[len(extracted) - len(expected) :] == expected
            is_equal = is_equal and (shows_text[number - 1] or len(extracted) == len(expected))
        if not is_equal:
            missing = Counter(expected) - Counter(extracted)
            extra = Counter(extracted) - Counter(expected)
            mismatches.append(PageMismatch(number, missing.total(), extra.total()))
    return mismatches
