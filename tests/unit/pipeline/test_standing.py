"""Folders that a scanner uses again and again stay, and what lies in them is dropped there."""

from __future__ import annotations

import os
import tempfile
import unicodedata
from pathlib import Path

import pytest
from pydantic import ValidationError

from pipeline.intake import FolderHeartbeat, StandingFolders, waiting_drops, write_heartbeat
from pipeline.settings import WatchSettings
from tests.support.settling import SETTLE, Bench
from tests.support.web_backend import open_client, sample_backend
from tests.support.writers import as_nobody, needs_root


def parts(path: str) -> tuple[str, ...]:
    return tuple(path.split("/"))


@pytest.mark.parametrize(
    ("pattern", "standing", "dropped"),
    [
        ("quet", ["quet", "Quet"], ["quet/a", "quet2", "a/quet"]),
        ("quet/", ["quet"], ["quet/a"]),
        ("nhân viên/*", ["nhân viên", "nhân viên/An"], ["nhân viên/An/hồ sơ", "nhân"]),
        ("*", ["a", "b"], ["a/b"]),
        ("may-[12]/quet", ["may-1", "MAY-2/Quet"], ["may-3", "may-1/khac", "may-1/quet/a"]),
        ("phòng/**", ["phòng", "phòng/a", "phòng/a/b/c"], ["phong", "a"]),
        ("**", ["a", "a/b"], []),
    ],
)
def test_what_a_pattern_stands_for(pattern: str, standing: list[str], dropped: list[str]) -> None:
    folders = StandingFolders([pattern])
    assert {path: folders.contain(parts(path)) for path in [*standing, *dropped]} == {
        **dict.fromkeys(standing, True),
        **dict.fromkeys(dropped, False),
    }
    decomposed = [unicodedata.normalize("NFD", path) for path in standing]  # as macOS writes
    assert all(folders.contain(parts(path)) for path in decomposed)


def test_without_patterns_nothing_stands() -> None:
    assert not StandingFolders().contain(("quet",))


@pytest.mark.parametrize("pattern", ["", "/srv/quet", "../quet", "a/../b", "a/**/b", "."])
def test_a_pattern_that_leads_nowhere_is_refused_at_the_start(pattern: str) -> None:
    with pytest.raises(ValidationError, match="no path below a watched folder"):
        WatchSettings(standing=[pattern])


def test_files_are_taken_one_by_one_and_the_folders_stay(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "nhân viên/*", "máy 2")
    names = ["đơn.png", "nhân viên/An/Scan 10.png", "nhân viên/An/Scan 2.png"]
    names += ["nhân viên/Bình/Scan.png", "nhân viên/lạc.png", "máy 2/1.png"]
    for name in [*names, "nhân viên/An/hồ sơ/1.png", "nhân viên/An/hồ sơ/2.png", "khác/1.png"]:
        bench.scan(name)
    (tmp_path / "nhân viên" / "Châu").mkdir()
    for name in (".ẩn.png", "@eaDir", "Thumbs.db", "_loi"):
        (tmp_path / "nhân viên" / "An" / name).touch()
    assert bench.after(0) == []
    assert bench.after(SETTLE) == [
        "đơn.png",
        "khác",
        "máy 2/1.png",
        "nhân viên/An/hồ sơ",
        "nhân viên/An/Scan 2.png",
        "nhân viên/An/Scan 10.png",
        "nhân viên/Bình/Scan.png",
        "nhân viên/lạc.png",
    ]


def test_each_file_has_its_own_wait_and_its_remark_names_the_folder(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "an")
    bench.scan("an/1.png")
    bench.after(0)
    second = bench.scan("an/2.png")
    assert bench.after(SETTLE) == ["an/1.png"]
    with second.open("ab"):
        assert bench.after(SETTLE) == ["an/1.png"]
        assert "đang mở để ghi" in bench.remark("an/2.png")
    assert bench.after(SETTLE) == ["an/1.png", "an/2.png"]
    (tmp_path / "an" / "1.png").unlink()
    second.rename(tmp_path / "an" / "3.png")
    assert (bench.after(0), bench.after(SETTLE)) == ([], ["an/3.png"])


def test_a_link_is_no_standing_folder(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    Bench(outside).scan("secret.png")
    (tmp_path / "an").symlink_to(outside)
    bench = Bench(tmp_path, "an")
    assert (bench.after(0), bench.after(SETTLE)) == ([], [])
    assert waiting_drops(tmp_path, StandingFolders(["an"])) == []


@needs_root
def test_a_standing_folder_that_cannot_be_listed_is_told_and_never_taken(tmp_path: Path) -> None:
    for above in (tmp_path, *tmp_path.parents):
        if above == Path(tempfile.gettempdir()):  # that one is everybody's
            break
        above.chmod(0o755)
    Bench(tmp_path).scan("an/1.png")
    Bench(tmp_path).scan("b.png").chmod(0o644)
    os.chown(tmp_path / "b.png", 65_534, 65_534)
    (tmp_path / "an").chmod(0o700)

    def looks() -> list[object]:
        bench = Bench(tmp_path, "an")
        return [bench.after(0), bench.after(SETTLE), bench.remark("an")[:13], bench.after(60)]

    assert as_nobody(looks) == [[], ["b.png"], "Không mở được", ["b.png"]]


def test_the_clerk_sees_what_waits_in_a_standing_folder(tmp_path: Path) -> None:
    room = sample_backend(tmp_path)
    room.settings.watch.standing = ["an"]
    (inbox,) = room.settings.watched_folders
    (inbox / "an").mkdir(parents=True)
    (inbox / "an" / "chậm.pdf").write_bytes(b"%PDF")
    write_heartbeat(tmp_path, (FolderHeartbeat(inbox, "", {"an/chậm.pdf": "Đang mở."}),))
    page = open_client(room).get("/bien-nhan").text
    assert "an/chậm.pdf" in page
    assert "Đang mở." in page
