"""A mark of secrecy counts on pages that people left out or mended: the file still holds it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import stages
from pipeline.model import Dossier, PageEdit, PageNote
from pipeline.page_edits.secret_pages import find_secret
from pipeline.ports import Archive
from pipeline.settings import StorageSettings
from storage import open_archive
from tests.support.stored import TextReader, take_in


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return open_archive(StorageSettings(), tmp_path / "home")


def read(archive: Archive, path: Path, *lines: str) -> tuple[Dossier, list[PageNote]]:
    """A dossier whose pages are read and not judged yet."""
    dossier = stages.newest_record(take_in(archive, path, lines), archive).dossier
    return dossier, [stages.read_page(ref, archive, TextReader()) for ref in dossier.page_refs()]


@pytest.mark.parametrize(("mark", "is_secret"), [("TỐI MẬT", True), ("Mật độ dân số", False)])
@pytest.mark.parametrize("cleared", [True, False])
def test_a_mark_on_a_page_that_was_left_out_counts_until_two_people_let_it_go(
    archive: Archive, tmp_path: Path, mark: str, *, is_secret: bool, cleared: bool
) -> None:
    dossier, notes = read(archive, tmp_path / "giấy.pdf", "đơn xin", mark)
    scan = dossier.scans[0].sha256
    state = replace(
        dossier,
        edits=(PageEdit(scan, 2, "lan", left_out="mờ"),),
        cleared=(scan,) if cleared else (),
    )
    pages = stages.pages_of(state, notes[:1], archive)
    assert bool(find_secret(state, notes[:1], archive, pages)) is (is_secret and not cleared)
