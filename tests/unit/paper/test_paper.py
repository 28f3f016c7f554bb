"""Synthetic dossiers: the same seed, the same bytes; file forms and bad files are what they say."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipeline.vietnamese.text import has_mark, syllables
from tests import ROOT
from tests.paper import (
    LAYOUTS,
    STAMP,
    Degradation,
    DossierTruth,
    PageTruth,
    broken,
    degrade,
    draw_page,
    make_dossiers,
    make_pages,
    make_pile,
    save_born_digital,
    save_pdf,
)
from tests.paper.lens import grey, told


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[DossierTruth]]:
    """The demo's sample set, small."""
    out = tmp_path_factory.mktemp("sample")
    return out, make_dossiers(out, 8, 1, dpi=60)


# --- the same seed, the same paper ---


@pytest.mark.slow
def test_a_seed_gives_the_same_bytes_in_another_process(
    sample: tuple[Path, list[DossierTruth]], tmp_path: Path
) -> None:
    """Another hash seed too: no set or clock may leak into what is written."""
    command = [sys.executable, "-m", "tests.paper", "--out", str(tmp_path), "--dossiers", "8"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "77"}
    subprocess.run([*command, "--seed", "1", "--dpi", "60"], env=environment, check=True)
    assert digests(tmp_path) == digests(sample[0])


def test_a_dossier_does_not_depend_on_how_many_are_made(
    sample: tuple[Path, list[DossierTruth]], tmp_path: Path
) -> None:
    (first,) = make_dossiers(tmp_path, 1, 1, dpi=60)
    assert first.pages == sample[1][0].pages


def test_another_seed_gives_another_page() -> None:
    texts = {draw_page("A", seed, 40).truth.text for seed in range(6)}
    assert len(texts) == 6


# --- dossiers and files ---


def test_dossiers_say_what_they_hold(sample: tuple[Path, list[DossierTruth]]) -> None:
    out, dossiers = sample
    dropped = {path.name for path in (out / "drop").iterdir()}
    assert dropped == {dossier.name for dossier in dossiers}
    assert sum(len(dossier.pages) for dossier in dossiers) == 21
    for dossier in dossiers:
        assert re.fullmatch(r"H26\.\d\d\.\d\d-\d{6}-\d{4}", dossier.code)
        covered = [at for document in dossier.documents for at in document.pages]
        assert covered == list(range(1, len(dossier.pages) + 1))
        counted = Counter(page.file for page in dossier.pages)
        assert {name: count_pages(out / "drop" / name) for name in counted} == counted
        told_of = json.loads((out / "truth" / dossier.name / "dossier.json").read_text("utf-8"))
        assert told_of["synthetic"] is True
        assert told_of["code"] == dossier.code
        for at, known in enumerate(dossier.pages, start=1):
            sidecar = json.loads(
                (out / "truth" / dossier.name / f"{at:04d}.json").read_text("utf-8")
            )
            assert sidecar["synthetic"] is True
            assert sidecar["text"] == known.text
            assert set(sidecar["fields"]) == set(known.fields)


def count_pages(path: Path) -> int:
    if path.suffix == ".pdf":
        found = re.search(r"^Pages:\s+(\d+)", told("pdfinfo", path), re.MULTILINE)
        return int(found[1]) if found else 0
    with Image.open(path) as image:
        return getattr(image, "n_frames", 1)


def test_the_sample_has_every_form(sample: tuple[Path, list[DossierTruth]]) -> None:
    out, dossiers = sample
    suffixes = {path.suffix for path in (out / "drop").rglob("*") if path.is_file()}
    assert suffixes == {".pdf", ".tif", ".jpg", ".png"}
    assert any(dossier.path.is_dir() and dossier.name == dossier.code for dossier in dossiers)
    pages = [page for dossier in dossiers for page in dossier.pages]
    assert {page.layout for page in pages} == set(LAYOUTS)
    assert {page.source for page in pages} == {"scan", "born_digital", "garbage_layer"}
    assert any(page.degradation.rotation for page in pages)
    assert any(
        {p.source for p in dossier.pages} == {"scan", "born_digital"} for dossier in dossiers
    )


def test_text_layers_are_true_garbage_or_absent(
    sample: tuple[Path, list[DossierTruth]],
) -> None:
    out, dossiers = sample
    for dossier, known, number in layered(dossiers):
        layer = syllables(
            told("pdftotext", "-f", number, "-l", number, out / "drop" / known.file, "-")
        )
        marked = sum(map(has_mark, layer)) / max(1, len(layer))
        if known.source == "born_digital":
            assert Counter(layer) == Counter(syllables(f"{known.text} {STAMP}")), dossier.name
        elif known.source == "garbage_layer":
            assert len(layer) > 100
            assert marked < 0.05
        else:
            assert layer == []


def layered(dossiers: list[DossierTruth]) -> Iterator[tuple[DossierTruth, PageTruth, str]]:
    for dossier in dossiers:
        for known in dossier.pages:
            if known.file.endswith(".pdf"):
                yield dossier, known, str(known.number)


def test_piles_have_different_pages_at_the_right_size(tmp_path: Path) -> None:
    made = make_pages(tmp_path / "pages", 4, 1, 50)
    assert len({truth.text for _, truth in made}) == 4
    assert all(re.search(r"Page size:\s+59[45]", told("pdfinfo", path)) for path, _ in made)
    assert len(make_pile(tmp_path / "pile.pdf", 5, 1, 40, clean=True)) == 5
    assert count_pages(tmp_path / "pile.pdf") == 5
    truths = save_born_digital(3, tmp_path / "digital.pdf", pages=3)
    assert [truth.number for truth in truths] == [1, 2, 3]


def test_a_saved_scan_shows_the_same_picture(tmp_path: Path) -> None:
    bits = degrade(draw_page("A", 11, 120), Degradation(one_bit=True), 1)
    save_pdf([bits], tmp_path / "bits.pdf")
    told("pdftoppm", "-r", "120", "-gray", "-png", tmp_path / "bits.pdf", tmp_path / "out")
    with Image.open(next(tmp_path.glob("out*.png"))) as image:
        shown = np.asarray(image.convert("L").resize(bits.image.size))
    assert np.abs(shown.astype(np.int16) - grey(bits)).mean() < 15


# --- files that must be refused ---


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return broken.make_all(tmp_path_factory.mktemp("broken"))


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data:UserWarning")  # said of TIFF directories
def test_broken_files_are_what_they_claim(made: dict[str, Path]) -> None:
    assert made["empty"].stat().st_size == 0
    assert not made["text_as_pdf"].read_bytes().startswith(b"%PDF")
    truncated = made["truncated_pdf"].read_bytes()
    assert truncated.startswith(b"%PDF")
    assert b"%%EOF" not in truncated
    assert "Incorrect password" in told("pdfinfo", made["encrypted_pdf"])
    assert "Encrypted:       yes" in told("pdfinfo", "-upw", "mat-khau-mau", made["encrypted_pdf"])
    assert "Invalid page count 0" in told("pdfinfo", made["no_pages_pdf"])
    for name in ("truncated_tiff", "truncated_jpeg"):
        with pytest.raises(OSError), Image.open(made[name]) as image:
            image.load()


def test_bombs_are_small_files_of_huge_pages(
    made: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert all(
        made[name].stat().st_size < 300_000 for name in ("bomb_pdf", "bomb_tiff", "bomb_png")
    )
    listed = told("pdfimages", "-list", made["bomb_pdf"]).split()
    assert listed.count("35000") == 2
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 2_000_000_000)
    for name in ("bomb_tiff", "bomb_png"):
        with Image.open(made[name]) as image:
            assert image.size == (35_000, 35_000)
