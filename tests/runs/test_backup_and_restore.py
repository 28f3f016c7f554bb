"""A backup is a copy of the store: restored into an empty place, everything is found as before."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ocr import open_reader
from pipeline.intake import receive, take_path
from pipeline.model import Outcome, Query, Results
from pipeline.settings import ReadingSettings, SearchSettings, StorageSettings
from pipeline.stages import newest_record
from search import open_index
from storage import new_dossier_id, open_archive
from tests.paper import draw_page, save_pdf
from tests.support.stored import digitise

PARTS = (
    "pending",
    "leases",
    "codes",
    "dossiers",
    "pages",
    "originals",
)  # in the order of the guide
WAITS = "C"  # the layout of the paper that nobody read yet


def sohoa(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", *words],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "SOHOA_HOME": str(home)},
    )


def searched(home: Path) -> list[Results]:
    """What searches find, without the time they took."""
    index = open_index(SearchSettings(), home)
    texts = ("quyết định", "giay tiep nhan ho so", "công", "hà nội")
    return [replace(index.find(Query(text)), took_ms=0.0) for text in texts]


@pytest.fixture(scope="module")
def read_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with three dossiers, read by the real engine, and one that waits."""
    place = tmp_path_factory.mktemp("office")
    archive = open_archive(StorageSettings(), place / "home")
    index = open_index(SearchSettings(), place / "home")
    reader = open_reader(ReadingSettings())
    for seed, layout in enumerate("AGB" + WAITS, start=1):
        path = place / f"hồ sơ {seed}.pdf"
        save_pdf([draw_page(layout, seed, 150)], path)
        with tempfile.TemporaryDirectory() as private:
            drop = take_path(path, new_dossier_id(datetime.now(UTC)), Path(private))
            dossier = receive(drop, archive, reader)
        assert dossier.dossier
        if layout != WAITS:
            digitise(archive, index, dossier.dossier, reader)
            outcome = newest_record(dossier.dossier, archive).dossier.outcome
            assert outcome is Outcome.COMPLETE
    return place / "home"


@pytest.fixture
def office(read_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(read_once, tmp_path / "home"))


def test_a_copy_of_the_store_restores_everything(office: Path, tmp_path: Path) -> None:
    before = searched(office)
    assert all(results.total for results in before)
    backup, elsewhere = tmp_path / "backup", tmp_path / "elsewhere"
    for part in PARTS:
        shutil.copytree(office / "store" / part, backup / part)
    shutil.rmtree(office)

    shutil.copytree(backup, elsewhere / "store")
    reindexed = sohoa(elsewhere, "reindex")
    assert reindexed.returncode == 0, reindexed.stderr
    assert searched(elsewhere) == before
    verified = sohoa(elsewhere, "verify", "--json")
    assert verified.returncode == 0, verified.stdout
    report = json.loads(verified.stdout)
    assert (report["left"], report["faults"]) == (0, [])
    recorded = elsewhere / "store" / "audit"  # the reindex is in the audit log
    read = [*backup.rglob("*"), *recorded.rglob("*")]
    size = sum(path.stat().st_size for path in read if path.is_file())
    assert report["bytes"] == size, "every byte of the backup was read"
    reconciled = sohoa(elsewhere, "doctor", "reconcile", "--json")
    assert (reconciled.returncode, json.loads(reconciled.stdout)) == (0, [])


def test_deleting_the_index_and_every_local_file_loses_nothing(office: Path) -> None:
    before = searched(office)
    for path in office.iterdir():
        if path.is_file():
            path.unlink()
        elif path.name != "store":
            shutil.rmtree(path)
    assert sohoa(office, "reindex").returncode == 0
    assert searched(office) == before


def test_a_backup_that_lacks_something_says_what(office: Path) -> None:
    lost = next(path for path in (office / "store" / "originals").iterdir() if not path.suffix)
    lost.unlink()
    bent = next((office / "store" / "pages").rglob("*.webp"))
    data = bytearray(bent.read_bytes())
    data[len(data) // 2] ^= 4
    bent.write_bytes(data)
    done = sohoa(office, "verify")
    assert done.returncode == 1
    assert f"bị mất: originals/{lost.name}" in done.stdout
    assert f"đã thay đổi: {bent.relative_to(office / 'store')}" in done.stdout
    assert done.stdout.count("→") == 2
    assert "Traceback" not in done.stderr
