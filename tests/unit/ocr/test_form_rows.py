"""Labels of forms with dotted lines stay with what was filled in behind them."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pytest

from ocr import open_reader
from pipeline.documents import PageOfDossier, assemble
from pipeline.documents.fuzzy import folded_text, similarity
from pipeline.documents.rows import rows_of
from pipeline.settings import ReadingSettings
from tests.paper import PageTruth, draw_page

pytestmark = [pytest.mark.engine, pytest.mark.slow]

SEED = 900  # ten forms from here on: docs/measurements.md
ALIKE = 0.8


def filled_lines(truth: PageTruth) -> list[str]:
    """Return the printed lines with a label and something behind it, folded, without dots."""
    lines = (
        " ".join(word.text for word in words)
        for _, words in groupby(truth.words, key=lambda word: word.line)
    )
    filled = (line for line in lines if ":" in line and not line.rstrip(" .…").endswith(":"))
    return [folded_text(line.replace("…", " ").replace("..", " ")) for line in filled]


@pytest.mark.parametrize(("layout", "number", "dpi"), [("I", 1, 300), ("F", 8, 200)])
def test_label_and_value_are_one_row(layout: str, number: int, dpi: int, tmp_path: Path) -> None:
    drawn = draw_page(layout, SEED + number, dpi)
    path = tmp_path / "form.png"
    drawn.image.save(path, dpi=(dpi, dpi))
    page = PageOfDossier(1, open_reader(ReadingSettings()).read_page(path, 1).page)
    rows = [folded_text(row.text) for row in rows_of(page).rows]
    wanted = filled_lines(drawn.truth)
    assert len(wanted) > 5
    assert not [line for line in wanted if max(similarity(line, row) for row in rows) < ALIKE]
    (form,) = assemble([page])
    for name, finding in form.findings.items():
        if name in drawn.truth.fields and finding.is_certain:
            assert finding.value == drawn.truth.fields[name].value, name
