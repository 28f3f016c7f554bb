"""What 0.1 withheld, and the codes it knew, in a home that it wrote."""

from __future__ import annotations

import json
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flows import wiring
from flows.cli import main
from pipeline import stages
from pipeline.access import may_hand_out
from pipeline.model import Query, Record
from tests import ROOT
from tests.support.written_by_0_1 import write_old

HOMES = ROOT / "tests" / "fixtures"
SAID: dict[str, Any] = json.loads((HOMES / "home-0.1.json").read_text(encoding="utf-8"))
WHOLE, _, _, SECRET, _ = SAID["show"]


@pytest.fixture
def old(home: Path) -> Path:
    """The home that 0.1 wrote, unpacked where the environment says that the home is."""
    with tarfile.open(HOMES / "home-0.1.tar.xz") as packed:
        packed.extractall(home, filter="data")
    return home


def test_what_was_withheld_stays_withheld(old: Path) -> None:
    """In 0.1 a dossier that was given up after it had been withheld was handed out again."""
    record = stages.newest_record(SECRET, wiring.archive())
    later = replace(record.dossier, withheld=None, reasons=("Đã thử 3 lần.",))
    write_old(old, Record(record.sequence + 1, record.at, "sohoa", "failed", later))
    assert not may_hand_out(stages.newest_record(SECRET, wiring.archive()))
    assert main(["retry", SECRET]) == 1
    assert SECRET not in [entry.dossier for entry in wiring.archive().queued()]


def test_a_rebuilt_index_notes_old_codes_and_forgets_what_is_withheld(old: Path) -> None:
    code = SAID["show"][WHOLE]["code"]
    assert wiring.archive().carriers(code) == ()
    assert main(["reindex"]) == 0
    assert wiring.archive().carriers(code) == (WHOLE,)
    assert SECRET not in [hit.dossier for hit in wiring.index().find(Query("thư mật")).hits]
