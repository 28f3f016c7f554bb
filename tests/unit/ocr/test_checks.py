"""What `sohoa doctor` says of LibreOffice, from the files that are there: none of it is started."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocr.checks import check_parts
from ocr.files.inside.office_parts import PACKAGES, PARTS
from pipeline.model import Check
from pipeline.settings import ReadingSettings
from tests import ROOT


def office(programs: Path, monkeypatch: pytest.MonkeyPatch, *parts: str) -> Check:
    """What is said on a machine that has these parts of it, and no other program."""
    monkeypatch.setenv("PATH", str(programs))
    place = programs / "program"
    for part in parts:
        for file in ("soffice", "libmergedlo.so", *PARTS[part]):
            (place / file).parent.mkdir(parents=True, exist_ok=True)
            (place / file).touch(mode=0o755)  # empty: it could not be started
        if not (programs / "soffice").exists():
            (programs / "soffice").symlink_to(place / "soffice")
    return next(each for each in check_parts(ReadingSettings()) if each.part == "LibreOffice")


@pytest.mark.engine
def test_without_it_the_packages_are_named_and_nothing_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = office(tmp_path, monkeypatch)
    assert check.is_well, "documents are refused with a sentence each; that is a choice"
    assert check.detail.startswith("Chưa cài; ")
    assert all(name in check.detail and PACKAGES[name] in check.detail for name in PARTS)


@pytest.mark.engine
def test_a_part_that_is_missing_is_told_beside_those_that_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = office(tmp_path, monkeypatch, "Excel")
    assert check.is_well
    there, missing = check.detail.split("; bị từ chối")
    assert "đọc được: Excel" in there
    assert PACKAGES["Excel"] not in missing
    assert PACKAGES["PowerPoint"] in missing
    whole = office(tmp_path, monkeypatch, *PARTS)
    assert "bị từ chối" not in whole.detail


def test_the_packages_are_those_of_the_guide_and_of_the_setup() -> None:
    guide = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    assert set(PACKAGES) == set(PARTS)
    assert all(f"`{name}`" in guide or f" {name}`" in guide for name in PACKAGES.values())
    assert PACKAGES["Word, thư điện tử"] in (ROOT / "setup" / "system").read_text(encoding="utf-8")
