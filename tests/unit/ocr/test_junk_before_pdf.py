"""A PDF with something before its mark is taken, as copiers send it, and handed out without."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocr.files.inspect import inspect
from pipeline.settings import ReadingSettings
from tests.paper.polyglots import JUNK, save_with_junk
from tests.support.searchable_pdfs import (
    FAX,
    PDF,
    as_pdf,
    bind,
    drawn,
    pages_of,
    raw_words,
    tokens,
)


@pytest.mark.parametrize("kind", JUNK)
def test_what_stands_before_a_pdf_does_not_travel(kind: str, tmp_path: Path) -> None:
    scan = drawn(FAX)
    source, pages = tmp_path / "ho-so-polyglot.hta", pages_of(scan)
    save_with_junk(kind, as_pdf(scan, tmp_path)[0], source)
    info = inspect(source, ReadingSettings())
    assert (info.media_type, info.pages) == (PDF, 1)
    made = bind(source, PDF, pages, tmp_path / "made")
    assert made.path, made.reasons
    assert made.path.read_bytes().startswith(b"%PDF-")
    assert JUNK[kind] not in made.path.read_bytes()[:256]
    assert raw_words(made.path) == [tokens(pages[0])]
