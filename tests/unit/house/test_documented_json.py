"""The keys that commands print with ``--json`` are those that docs/architecture.md describes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline import report
from pipeline.model import (
    Document,
    Dossier,
    Finding,
    Hit,
    Page,
    PageMeasures,
    PageNote,
    PageState,
    Results,
    Scan,
    Source,
)
from tests import ROOT

_PAGE = Page(1, PageState.READ, PageMeasures(10, 10, 72.0))
_PAPER = Document("Đơn", (1,), {"number": Finding("1", "1", 0.9, Source.OCR, 1)})
_DOSSIER = Dossier(
    "0a",
    "đơn.pdf",
    datetime.now(UTC),
    scans=(Scan("0", "đơn.pdf", 1, "application/pdf", 1),),
    pages=(PageNote("0", 1, "made-1", PageState.READ, 0.9, 1.0),),
    documents=(_PAPER,),
)
PRINTED = {
    "ingest": report.outcome_row(_DOSSIER),
    "show": report.whole_dossier(_DOSSIER),
    "read": report.reading([_PAGE], (_PAPER,)),
    "search": report.results(Results(1, 1.0, (Hit("0a", None, 1, "", "", 1.0),), {})),
}


def keys_of(printed: Any) -> Iterator[str]:
    """Yield the keys of an answer, but not the field names that ``findings`` is keyed by."""
    if isinstance(printed, dict):
        for key, value in printed.items():
            yield key
            yield from keys_of(list(value.values()) if key == "findings" else value)
    elif isinstance(printed, list):
        for value in printed:
            yield from keys_of(value)


def described() -> set[str]:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    section = text.partition("## JSON\n")[2].partition("\n## ")[0]
    spans = re.findall(r"`([^`]+)`", section)
    return {word for span in spans for word in re.findall(r"[a-z_0-9]+", span)}


@pytest.mark.parametrize("command", PRINTED)
def test_every_key_that_is_printed_is_described(command: str) -> None:
    printed = json.loads(json.dumps(PRINTED[command]))
    assert not set(keys_of(printed)) - described()


def test_measures_are_described_one_by_one() -> None:
    assert {measure.name for measure in fields(PageMeasures)} <= described()
