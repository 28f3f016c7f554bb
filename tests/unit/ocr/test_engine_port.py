"""The engine port stands apart from Tesseract, and recipes are those that 0.1 wrote."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ocr.engines import tesseract
from ocr.engines.port import Engine
from ocr.reader import Reader
from pipeline.settings import ReadingSettings
from tests import ROOT

# As version 0.1 named its page results: pages are read again under any other recipe. A change of
# what is read changes CLEANER, MODEL or an engine's part on purpose, and these lines with it.
RECIPES = {
    ("5.5.0", "vie"): "c11-t2-tess5-5-0-vie-s5-l2-vn6",
    ("5.3.4", "vie"): "c11-t2-tess5-3-4-vie-s5-l2-vn6",
    ("5.5.0", "vie+eng"): "c11-t2-tess5-5-0-vie-eng-s5-l2-vn6",
}


def loaded_by(module: str) -> set[str]:
    """Return the modules that a fresh interpreter has once it imported one of ours."""
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("module", ["ocr.engines.port", "ocr.files.worker", "ocr.pdfa.worker"])
def test_the_port_and_the_sandboxed_workers_load_neither_engine_nor_stages(module: str) -> None:
    loaded = loaded_by(module)
    assert module in loaded
    assert not loaded & {"tesserocr", "pytesseract"}
    assert not loaded & {"pipeline.stages", "pipeline.intake", "pipeline.understanding"}


def test_importing_the_adapter_loads_it() -> None:
    assert "pytesseract" in loaded_by("ocr.engines.tesseract")


def adapters(version: str, language: str, monkeypatch: pytest.MonkeyPatch) -> list[Engine]:
    monkeypatch.setattr(tesseract, "program_version", lambda: version)
    monkeypatch.setattr(tesseract.TesserocrEngine, "version", version)
    return [
        tesseract.TesserocrEngine(language, Path("/nowhere")),
        tesseract.PytesseractEngine(language, Path("/nowhere")),
    ]


@pytest.mark.parametrize(("version", "language"), RECIPES)
def test_both_adapters_of_tesseract_have_the_recipe_of_0_1(
    version: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for engine in adapters(version, language, monkeypatch):
        assert engine.recipe == f"tess{version}-{language}"
        assert Reader(ReadingSettings(), engine).recipe == RECIPES[version, language]
