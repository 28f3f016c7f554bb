"""The watcher's sign of life, and what kind of folder it looks at."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.intake import (
    FolderHeartbeat,
    Settling,
    end_heartbeat,
    last_heartbeat,
    network_share,
    spool_folder,
    write_heartbeat,
)
from pipeline.settings import WatchSettings
from tests.support.web_backend import open_client, sample_backend

HEARTBEAT = """
from pathlib import Path
from pipeline.intake import write_heartbeat
write_heartbeat(Path({!r}), ())
"""


def test_a_live_watcher_is_heard_and_one_that_ended_well_is_not_missed(tmp_path: Path) -> None:
    assert last_heartbeat(tmp_path) is None
    write_heartbeat(tmp_path, (FolderHeartbeat(tmp_path / "inbox", "Không thấy thư mục."),))
    heartbeat = last_heartbeat(tmp_path)
    assert heartbeat is not None
    assert not heartbeat.is_silent
    assert heartbeat.of(tmp_path / "inbox").trouble == "Không thấy thư mục."
    assert heartbeat.of(tmp_path / "another").trouble == ""
    assert (tmp_path / "watch.json").stat().st_mode & 0o077 == 0
    end_heartbeat(tmp_path)
    assert last_heartbeat(tmp_path) is None


def test_a_killed_watcher_is_noticed_by_monitors_and_by_people(tmp_path: Path) -> None:
    room = sample_backend(tmp_path)
    subprocess.run([sys.executable, "-c", HEARTBEAT.format(str(tmp_path))], check=True)
    client = open_client(room)
    assert client.get("/khoe").status_code == 503
    assert "im lặng" in client.get("/khoe").json()["parts"]["watch"]
    assert "im lặng từ" in client.get("/hang-doi").text
    write_heartbeat(tmp_path, ())
    assert client.get("/khoe").status_code == 200
    assert "im lặng từ" not in client.get("/hang-doi").text


def test_a_watcher_that_finishes_what_it_reads_is_stopping_and_not_dead(tmp_path: Path) -> None:
    client = open_client(sample_backend(tmp_path))
    write_heartbeat(tmp_path, (), waits_for=2)
    heartbeat = last_heartbeat(tmp_path)
    assert heartbeat is not None
    assert (heartbeat.is_stopping, heartbeat.waits_for, heartbeat.is_silent) == (True, 2, False)
    assert client.get("/khoe").status_code == 200
    page = client.get("/hang-doi").text
    assert "đang dừng" in page
    assert "im lặng từ" not in page
    killed = HEARTBEAT.replace(", ())", ", (), waits_for=2)").format(str(tmp_path))
    subprocess.run([sys.executable, "-c", killed], check=True)
    assert client.get("/khoe").status_code == 503, "killed while it was stopping"
    assert "đang dừng" not in client.get("/hang-doi").text
    write_heartbeat(tmp_path, ())
    assert "đang dừng" not in client.get("/hang-doi").text


def test_a_file_that_grows_for_long_is_shown_and_never_given_up(tmp_path: Path) -> None:
    now = 0.0
    settling = Settling(WatchSettings(), lambda: now)
    scan = tmp_path / "chậm.pdf"
    for minute in range(13):
        scan.write_bytes(b"%PDF" + b"x" * minute)
        now = 60.0 * minute
        assert list(settling.ready(tmp_path)) == []
    assert settling.remarks(tmp_path)["chậm.pdf"].startswith("Vẫn đang được ghi sau 12 phút")
    scan.write_bytes(scan.read_bytes() + b"%%EOF")
    assert list(settling.ready(tmp_path)) == []
    now += 3
    assert list(settling.ready(tmp_path)) == [scan]


def test_what_cannot_be_looked_into_is_told_and_holds_up_nothing(tmp_path: Path) -> None:
    now = 0.0
    settling = Settling(WatchSettings(), lambda: now)
    (tmp_path / "vòng.pdf").mkdir()
    (tmp_path / "tốt.txt").write_bytes(b"x")
    descriptor = os.open(tmp_path / "vòng.pdf", os.O_RDONLY)
    try:
        for _ in range(80):  # deeper than the longest path the kernel takes
            os.mkdir("s" * 60, dir_fd=descriptor)
            deeper = os.open("s" * 60, os.O_RDONLY, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = deeper
    finally:
        os.close(descriptor)
    list(settling.ready(tmp_path))
    now = 3.0
    assert [path.name for path in settling.ready(tmp_path)] == ["tốt.txt"]
    assert "Không mở được" in settling.remarks(tmp_path)["vòng.pdf"]


def test_the_clerk_sees_what_grows_and_what_lies_in_the_spool(tmp_path: Path) -> None:
    room = sample_backend(tmp_path)
    (inbox,) = room.settings.watched_folders
    inbox.mkdir(exist_ok=True)
    (inbox / "chậm.pdf").write_bytes(b"%PDF")
    place = spool_folder(tmp_path, inbox) / "0a"
    (place / "drop").mkdir(parents=True)
    (place / "folder").write_bytes(str(inbox).encode())
    (place / "drop" / "đang nhận.pdf").write_bytes(b"%PDF")
    write_heartbeat(tmp_path, (FolderHeartbeat(inbox, "", {"chậm.pdf": "Vẫn đang được ghi."}),))
    page = open_client(room).get("/bien-nhan").text
    assert "Vẫn đang được ghi." in page
    assert "đang nhận.pdf" in page


def test_trouble_with_a_folder_is_told_on_the_clerks_page(tmp_path: Path) -> None:
    room = sample_backend(tmp_path)
    (inbox,) = room.settings.watched_folders
    write_heartbeat(tmp_path, (FolderHeartbeat(inbox, "Không dùng được thư mục (No space left)."),))
    assert "Không dùng được thư mục (No space left)." in open_client(room).get("/bien-nhan").text


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/mnt/quet", "cifs"),
        ("/mnt/quet/a b", "nfs4"),
        ("/mnt/quetx", ""),
        ("/srv", ""),
        ("/mnt/may ảo/inbox", "virtiofs"),
        ("/mnt/\udcff", "fuse.sshfs"),
        ("/mnt/usb", ""),
    ],
)
def test_a_network_share_is_known_by_its_mount(tmp_path: Path, folder: str, kind: str) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
        "40 22 0:50 / /mnt/quet rw shared:9 - cifs //may/quet rw\n"
        "41 40 0:51 / /mnt/quet/a\\040b rw - nfs4 may:/b rw\n"
        "42 22 0:52 / /mnt/may\\040ảo rw - virtiofs host rw\n"
        "43 22 0:53 / /mnt/\udcff rw - fuse.sshfs may:/c rw\n"
        "44 22 8:17 / /mnt/usb rw - fuseblk /dev/sdb1 rw\n",
        encoding="utf-8",
        errors="surrogateescape",
    )
    assert network_share(Path(folder), mounts) == kind


def test_this_machines_own_mounts_can_be_read(tmp_path: Path) -> None:
    assert network_share(tmp_path) in {"", "9p"}
