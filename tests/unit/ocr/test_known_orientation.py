"""A page of which a person said how it lies is read so, whatever the reader finds by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocr import open_reader
from pipeline.settings import ReadingSettings
from tests.support.searchable_pdfs import FAX, drawn

pytestmark = pytest.mark.slow  # the page is read three times


def test_a_page_is_read_as_a_person_says_it_lies(tmp_path: Path) -> None:
    path, reader = tmp_path / "page.png", open_reader(ReadingSettings())
    drawn(FAX)[0].image.rotate(180).save(path, dpi=(150, 150))
    found, said, wrong = (reader.read_page(path, 1, turn).page for turn in (None, 180, 0))
    assert (found.measures.orientation, said.measures.orientation) == (180, 180)
    assert said.text == found.text
    assert wrong.measures.orientation == 0
    assert wrong.text.confidence < said.text.confidence
