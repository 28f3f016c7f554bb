"""Somebody who may only drop files tries to read, write and end more than that."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows import receiver, wiring
from pipeline.intake import last_heartbeat, read_receipts, receipt_days
from pipeline.intake.held import NOTE
from pipeline.model import Receipt, ReceiptStatus
from tests.support.clerk import slip
from tests.support.watched import dossiers, until, watching

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.usefixtures("prefect"),
    pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to act as two users"),
]
NOBODY = 65534
SECRET = b"MINIO_ROOT_PASSWORD=hunter2\n"
SWAPPER = """
import os, sys, time
os.setgroups([]), os.setgid(65534), os.setuid(65534)
folder, secret, content = sys.argv[1], sys.argv[2], bytes.fromhex(sys.argv[3])
os.mkdir(folder + "/ho so")
handle = os.open(folder + "/ho so", os.O_RDONLY)
for name in ("00.png", "01.png", "02.png"):
    with open(f"{folder}/ho so/{name}", "wb") as stream:
        stream.write(content + name.encode())
end = time.monotonic() + 12
while time.monotonic() < end and os.path.exists(folder + "/ho so"):
    time.sleep(0.001)
while time.monotonic() < end:  # in the spool now: swap a file for a link and back, again and again
    for step in (lambda: os.rename("00.png", "keep", src_dir_fd=handle, dst_dir_fd=handle),
                 lambda: os.symlink(secret, "00.png", dir_fd=handle),
                 lambda: os.unlink("00.png", dir_fd=handle),
                 lambda: os.rename("keep", "00.png", src_dir_fd=handle, dst_dir_fd=handle)):
        try:
            step()
        except OSError:
            pass
"""


@pytest.fixture
def inbox(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A watched folder in which another user may write, as on a share."""
    monkeypatch.setattr(receiver, "TROUBLE_SECONDS", 0.3)
    home.mkdir()
    folder = Path("/tmp") / f"sohoa-drop-{os.getpid()}-{os.urandom(4).hex()}"
    folder.mkdir()
    folder.chmod(0o777)
    monkeypatch.setenv("SOHOA_WATCH__FOLDERS", f'["{folder}"]')
    wiring.forget()
    yield folder
    shutil.rmtree(folder)


def remark(home: Path, folder: Path) -> str:
    heartbeat = last_heartbeat(home)
    return " ".join(heartbeat.of(folder).remarks.values()) if heartbeat else ""


def all_receipts(folder: Path) -> list[Receipt]:
    return [line for day in receipt_days(folder) for line in read_receipts(folder, day)]


def originals(home: Path) -> list[bytes]:
    return [path.read_bytes() for path in (home / "store" / "originals").glob("*")]


def test_a_link_swapped_in_while_it_is_received_is_never_read(
    home: Path, inbox: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.env"
    secret.write_bytes(SECRET)
    secret.chmod(0o600)
    words = [str(inbox), str(secret), slip(1).hex()]
    with (
        watching(),
        subprocess.Popen([sys.executable, "-c", SWAPPER, *words]) as swapper,
    ):
        assert swapper.wait(timeout=180) == 0
        until(lambda: any(dossier.outcome for dossier in dossiers()))
    assert not any(SECRET in content for content in originals(home))
    (day,) = receipt_days(inbox)
    told = {line.sha256 for line in read_receipts(inbox, day) if line.sha256}
    kept = {scan.sha256 for dossier in dossiers() for scan in dossier.scans}
    assert told <= kept


@pytest.mark.parametrize("name", ["_loi", "_bien_nhan"])
def test_a_folder_of_ours_that_is_a_link_is_not_followed_and_is_told(
    home: Path, inbox: Path, tmp_path: Path, name: str
) -> None:
    victim = tmp_path / "victim"
    victim.mkdir(mode=0o700)
    (inbox / name).symlink_to(victim)
    (inbox / "evil.pth").write_bytes(b"import os")
    with watching():
        until(lambda: "Đã thử" in remark(home, inbox))
        assert f"«{name}»" in remark(home, inbox)
        assert not list(victim.iterdir())
        (inbox / name).unlink()
        (inbox / "gọi lại.png").write_bytes(slip(2))
        until(lambda: any(dossier.outcome for dossier in dossiers()))
    assert not list(victim.iterdir())


@pytest.mark.parametrize("name", ["_loi", "_bien_nhan"])
def test_a_folder_of_ours_that_another_user_made_is_not_used(
    home: Path, inbox: Path, name: str
) -> None:
    subprocess.run(["mkdir", inbox / name], user=NOBODY, check=True)
    (inbox / "evil.pth").write_bytes(b"import os")
    with watching():
        until(lambda: f"«{name}»" in remark(home, inbox))
    assert not list((inbox / name).iterdir())


def bad_copies(path: Path, original: Path) -> dict[str, object]:
    """Return ways in which a day's receipt is made unfit to be written to."""
    return {
        "link": lambda: path.symlink_to(original),
        "hard link": lambda: path.hardlink_to(original),
        "pipe": lambda: os.mkfifo(path),
        "folder": path.mkdir,
        "500 MB": lambda: os.truncate(os.open(path, os.O_CREAT | os.O_WRONLY), 500_000_000),
        "long cell": lambda: path.write_text('"' + "a" * 140_000 + '"\n'),
        "no CSV": lambda: path.write_bytes(b"\0\xff" * 999),
    }


@pytest.mark.parametrize("kind", bad_copies(Path(), Path()))
def test_a_receipt_that_somebody_spoiled_is_written_anew_and_harms_nothing(
    home: Path, inbox: Path, kind: str
) -> None:
    with watching():
        (inbox / "một.png").write_bytes(slip(1))
        until(lambda: bool(receipt_days(inbox)))
        until(lambda: all(dossier.outcome for dossier in dossiers()) and bool(dossiers()))
        before = originals(home)
        (day,) = receipt_days(inbox)
        path = inbox / "_bien_nhan" / f"{day:%Y-%m-%d}.csv"
        path.unlink()
        original = next((home / "store" / "originals").glob("*[!r]"))
        bad_copies(path, original)[kind]()  # type: ignore[operator]
        (inbox / "hai.png").write_bytes(slip(2))
        until(lambda: len(dossiers()) == 2)
        until(lambda: len(read_receipts(inbox, day)) == 2)
    assert set(before) <= set(originals(home))
    assert {line.status for line in read_receipts(inbox, day)} == {ReceiptStatus.ARCHIVED}


def test_what_is_written_after_the_claim_becomes_a_new_version(
    home: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when nobody can see the writer: here its file is claimed while it is held open."""
    monkeypatch.setenv("SOHOA_WATCH__GRACE_SECONDS", "4")
    wiring.forget()
    path = inbox / "hồ sơ" / "trang 1.png"
    path.parent.mkdir()
    path.write_bytes(slip(1))
    os.chown(path, NOBODY, NOBODY)
    handle = os.open(path.parent, os.O_RDONLY)
    with watching():
        until(lambda: bool(list(home.glob(f"spool/*/{NOTE}"))))
        (before,) = dossiers()
        # As a scanner that kept the file open: the same inode, wherever it was moved.
        with os.fdopen(os.open("trang 1.png", os.O_WRONLY | os.O_APPEND, dir_fd=handle), "wb") as f:
            f.write(b"\0" * 8)
        late = os.open("trang 2.png", os.O_WRONLY | os.O_CREAT, dir_fd=handle)
        with os.fdopen(late, "wb") as stream:
            stream.write(slip(2))
        until(lambda: len(dossiers()[0].scans) == 2 and dossiers()[0].outcome is not None)
        until(lambda: not list(home.glob("spool/*")))
    (after,) = dossiers()
    assert after.id == before.id
    assert [scan.name for scan in after.scans] == ["hồ sơ/trang 1.png", "hồ sơ/trang 2.png"]
    assert before.scans[0].sha256 not in {scan.sha256 for scan in after.scans}
    assert before.scans[0].sha256 in {path.name for path in (home / "store/originals").iterdir()}
    (day,) = receipt_days(inbox)
    assert sorted(line.name for line in read_receipts(inbox, day)) == [
        "hồ sơ/trang 1.png",
        "hồ sơ/trang 2.png",
    ]


def test_a_clerk_of_the_folders_group_can_read_what_is_put_there(home: Path, inbox: Path) -> None:
    os.chown(inbox, 0, NOBODY)
    inbox.chmod(0o2770)
    (inbox / "khóa.pdf").write_bytes(b"%PDF-1.4 cut off")
    (inbox / "một.png").write_bytes(slip(1))
    with watching():
        until(lambda: bool(dossiers()) and bool(list(inbox.glob("_loi/*.pdf"))))
        until(lambda: len(all_receipts(inbox)) == 2)
        until(lambda: bool(list(inbox.glob("_loi/*.txt"))))
    for path in (*inbox.glob("_bien_nhan/*"), *inbox.glob("_loi/*.txt")):
        read = subprocess.run(
            ["cat", path], user=1, group=NOBODY, extra_groups=[], check=True, capture_output=True
        )
        assert read.stdout
