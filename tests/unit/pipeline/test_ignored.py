"""Systems' folders and litter are nobody's paper; what only looks like them is somebody's."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from pipeline.intake.settle import files_of, strays_of, waiting_drops
from pipeline.intake.watched.ignored import is_ignored, is_litter, is_unfinished

LITTER = [
    *"""
    @eaDir #recycle #snapshot @tmp .SynologyWorkingDirectory
    @Recycle @Recently-Snapshot .@__thumb .@__qini .@upload_cache .streams
    $RECYCLE.BIN RECYCLER Thumbs.db ehthumbs.db desktop.ini FOUND.000 ~$Tờ-khai.docx
    .DS_Store ._tờ-khai.pdf ._.DS_Store .Spotlight-V100 .Trashes .fseventsd .TemporaryItems
    .DocumentRevisions-V100 .AppleDouble .apdisk __MACOSX .com.apple.timemachine.supported
    lost+found .Trash-1000 .Trash-65534 .directory .thumbnails .nfs000000000123456700000001
    .fuse_hidden0000000200000001 .~lock.đơn.odt# ~snapshot .snapshot .zfs .recycle trashbox
    .stfolder .stversions .dropbox.cache ._sync_0a1b.db .sync_0a1b.db-wal .csync_journal.db
    scan.pdf:Zone.Identifier scan.pdf:Zone.Identifier:$DATA scan.pdf:AFP_AfpInfo
    """.split(),
    "System Volume Information",
    "Network Trash Folder",
    "Temporary Items",
    "Icon\r",
]
PAPER = """
    scan.pdf @gửi.pdf #1.pdf $100.pdf thumbs.db.pdf recycle found.pdf found.0001 eaDir lost.pdf
    ~trang.pdf _loi.pdf bien_nhan snapshot macosx.pdf part.pdf tmp temp.pdf desktop.ini.pdf
    Trash.pdf recycled.pdf ảnh:1.pdf
    """.split()
STRAYS = [".ẩn.pdf", ".scan.pdf.icloud", "scan.pdf.part", "scan.pdf.TMP", "_loi", "_LOI"]


@pytest.mark.parametrize("name", LITTER)
def test_litter_is_neither_taken_nor_told_at_any_depth(name: str, tmp_path: Path) -> None:
    drop = tmp_path / "hồ sơ"
    chance = random.Random(name)
    for depth, folder in enumerate((tmp_path, drop, drop / "phụ lục" / "a")):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "1.pdf").touch()
        spelled = "".join(chance.choice([letter.upper(), letter.lower()]) for letter in name)
        for variant in {name, spelled}:
            assert is_litter(variant), variant
            assert is_ignored(variant), variant
            if depth % 2:
                (folder / variant).touch()
            else:
                (folder / variant / "1.pdf").mkdir(parents=True)
                (folder / variant / "1.pdf" / "SYNOPHOTO_THUMB_XL.jpg").touch()
    assert waiting_drops(tmp_path) == [tmp_path / "1.pdf", drop]
    assert len(files_of(drop)) == 2
    assert strays_of(drop) == []


@pytest.mark.parametrize("name", PAPER)
def test_what_only_looks_like_it_is_taken(name: str, tmp_path: Path) -> None:
    (tmp_path / name).touch()
    assert waiting_drops(tmp_path) == [tmp_path / name]


@pytest.mark.parametrize("name", STRAYS)
def test_what_may_be_somebodys_is_not_taken_but_told(name: str, tmp_path: Path) -> None:
    (tmp_path / "hồ sơ").mkdir()
    for folder in (tmp_path, tmp_path / "hồ sơ"):
        (folder / name).touch()
    assert waiting_drops(tmp_path) == [tmp_path / "hồ sơ"]
    assert strays_of(tmp_path / "hồ sơ") == [tmp_path / "hồ sơ" / name]


def test_every_name_is_of_one_kind() -> None:
    chance = random.Random(5)
    pieces = [*LITTER, *PAPER, *STRAYS, ".", "~", "$", "@", "#", " ", ".part", "\udcff", "\n"]
    for _ in range(5_000):
        name = "".join(chance.choices(pieces, k=chance.randint(1, 3)))
        if is_litter(name) or is_unfinished(name) or name.startswith("."):
            assert is_ignored(name), name
        assert is_ignored(name) == is_ignored(name.swapcase()), name
        os.fsencode(name)
