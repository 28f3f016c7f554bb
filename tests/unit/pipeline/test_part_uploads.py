"""Files sent in parts: they go on where they stopped, for their account alone, within the disk."""

from __future__ import annotations

import json
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipeline.desk import part_uploads
from pipeline.desk.part_uploads import COPIES, DiskFullError, PartUploads, UploadTooLargeError
from pipeline.errors import ObjectExistsError, ObjectMissingError
from pipeline.intake.uploads import UploadRefusedError
from pipeline.settings import WebSettings


def uploads(home: Path, **settings: float) -> PartUploads:
    return PartUploads(home, WebSettings(spare_mib=0, **settings))


def test_parts_come_to_the_whole_file(tmp_path: Path) -> None:
    kept = uploads(tmp_path)
    begun = kept.begin("lan", "đơn.pdf", 6)
    with kept.part(begun.id, "lan", 0) as stream:
        stream.write(b"abc")
    assert kept.find(begun.id, "lan").offset == 3
    with kept.part(begun.id, "lan", 3) as stream:
        stream.write(b"def")
    whole = kept.find(begun.id, "lan")
    assert whole.is_whole
    assert whole.path.read_bytes() == b"abcdef"
    assert whole.path.stat().st_mode & 0o077 == 0


def test_a_broken_part_keeps_what_came(tmp_path: Path) -> None:
    kept = uploads(tmp_path)
    begun = kept.begin("lan", "đơn.pdf", 6)
    with pytest.raises(ConnectionError), kept.part(begun.id, "lan", 0) as stream:
        stream.write(b"ab")
        raise ConnectionError
    assert kept.find(begun.id, "lan").offset == 2


@pytest.mark.parametrize("offset", [0, 2, 4])
def test_a_part_that_does_not_follow_is_refused(tmp_path: Path, offset: int) -> None:
    kept = uploads(tmp_path)
    begun = kept.begin("lan", "đơn.pdf", 6)
    with kept.part(begun.id, "lan", 0) as stream:
        stream.write(b"abc")
    with pytest.raises(ObjectExistsError), kept.part(begun.id, "lan", offset):
        pass


def test_two_connections_never_write_one_file(tmp_path: Path) -> None:
    kept = uploads(tmp_path)
    begun = kept.begin("lan", "đơn.pdf", 6)
    with (
        kept.part(begun.id, "lan", 0),
        pytest.raises(ObjectExistsError),
        kept.part(begun.id, "lan", 0),
    ):
        pass


@pytest.mark.parametrize("upload", ["", "..", "../..", "0" * 31, "0" * 32, "a/b", "A" * 32])
def test_ids_lead_nowhere_else(tmp_path: Path, upload: str) -> None:
    kept = uploads(tmp_path)
    kept.begin("lan", "đơn.pdf", 6)
    with pytest.raises(ObjectMissingError):
        kept.find(upload, "lan")


def test_it_is_nobody_elses(tmp_path: Path) -> None:
    kept = uploads(tmp_path)
    begun = kept.begin("lan", "đơn.pdf", 6)
    for attempt in (kept.find, kept.remove):
        with pytest.raises(ObjectMissingError):
            attempt(begun.id, "mai")
    kept.remove(begun.id, "lan")
    with pytest.raises(ObjectMissingError):
        kept.find(begun.id, "lan")


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\x.pdf", "/x.pdf"])
def test_names_are_the_last_step_of_a_path(tmp_path: Path, name: str) -> None:
    begun = uploads(tmp_path).begin("lan", name, 1)
    assert begun.name in {"passwd", "x.pdf"}


def test_a_name_of_250_letters_is_cut_and_keeps_its_ending(tmp_path: Path) -> None:
    begun = uploads(tmp_path).begin("lan", "ế" * 250 + ".pdf", 1)
    assert begun.name.endswith("ế.pdf")
    assert len(begun.name.encode()) <= 180


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = uploads(tmp_path, part_upload_mib=1)
    for length in (-1, (1 << 20) + 1):
        with pytest.raises(UploadTooLargeError):
            kept.begin("lan", "đơn.pdf", length)
    monkeypatch.setattr(part_uploads, "MOST_OPEN", 2)
    kept.begin("lan", "1.pdf", 1)
    kept.begin("lan", "2.pdf", 1)
    with pytest.raises(UploadRefusedError):
        kept.begin("lan", "3.pdf", 1)
    kept.begin("mai", "3.pdf", 1)


def with_free(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    usage = type("Usage", (), {"free": free})
    monkeypatch.setattr("pipeline.desk.part_uploads.shutil.disk_usage", lambda _: usage)


def test_what_others_began_counts_before_it_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_free(monkeypatch, 120)
    kept = uploads(tmp_path)
    kept.begin("lan", "1.pdf", 10)  # 30 of 120 bytes with its copies
    kept.begin("mai", "1.pdf", 5)
    with pytest.raises(DiskFullError):
        kept.check_space(26)
    kept.check_space(25)


def test_accounts_together_never_take_all_the_space(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = 1_200_000
    with_free(monkeypatch, free)
    kept = uploads(tmp_path)

    def most(account: str) -> int:
        """Begin the largest file that this account may begin; return its length."""
        low, high = 0, free
        while low < high:
            middle = (low + high + 1) // 2
            try:
                begun = kept.begin(account, "1.pdf", middle)
            except DiskFullError:
                high = middle - 1
            else:
                kept.remove(begun.id, account)
                low = middle
        kept.begin(account, "1.pdf", low)
        return low

    begun = [most(f"người {number}") for number in range(10)]
    assert begun[:3] == [100_000, 50_000, 25_000]
    assert sum(begun) * COPIES < free / 2
    assert begun[-1] > 0, "the tenth may still send something"
    kept.check_space(free // 2 // COPIES)  # a form that is sent at once is taken as before


def test_one_account_never_takes_all_the_space(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_free(monkeypatch, 120)
    kept = uploads(tmp_path)
    with pytest.raises(DiskFullError, match=r"được giữ trước\. Gửi"):
        kept.begin("lan", "lớn.pdf", 11)
    first, _ = (kept.begin("lan", name, 5) for name in ("1.pdf", "2.pdf"))
    with pytest.raises(DiskFullError, match="được giữ trước"):
        kept.begin("lan", "3.pdf", 1)
    kept.begin("mai", "4.pdf", 5)
    with pytest.raises(DiskFullError, match="người khác cũng đang gửi"):
        kept.begin("mai", "5.pdf", 1)
    kept.check_space(25)
    with kept.part(first.id, "lan", 0) as stream:
        stream.write(b"12345")
    kept.begin("lan", "3.pdf", 1)  # what came whole is no promise any more


def test_files_begun_at_once_share_what_one_account_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_free(monkeypatch, 120)
    kept = uploads(tmp_path)
    start = threading.Barrier(8)

    def begin(number: int) -> bool:
        start.wait()
        try:
            return bool(kept.begin("lan", f"{number}.pdf", 10))
        except DiskFullError:
            return False

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(begin, range(8))) == 1


def test_a_file_of_which_nothing_came_is_soon_forgotten(tmp_path: Path) -> None:
    kept = uploads(tmp_path)
    empty, begun, held = (kept.begin("lan", f"{n}.pdf", 6) for n in range(3))
    whole = kept.begin("lan", "trống.pdf", 0)
    with kept.part(begun.id, "lan", 0) as stream:
        stream.write(b"ab")
    past = time.time() - 660
    for each in (empty, begun, held, whole):
        os.utime(each.path, (past, past))
    with kept.part(held.id, "lan", 0):  # a slow connection: its first bytes are on their way
        kept.check_space(1)
    assert not empty.path.exists()
    assert all(each.path.exists() for each in (begun, held, whole))


def test_what_nobody_goes_on_with_is_removed(tmp_path: Path) -> None:
    kept = uploads(tmp_path, part_hours=1)
    old, new = kept.begin("lan", "1.pdf", 6), kept.begin("lan", "2.pdf", 6)
    past = time.time() - 3_700
    os.utime(old.path, (past, past))
    kept.clean()
    assert not old.path.parent.exists()
    assert kept.find(new.id, "lan").name == "2.pdf"


def test_a_note_that_was_changed_is_no_upload(tmp_path: Path) -> None:
    kept = uploads(tmp_path)
    begun = kept.begin("lan", "1.pdf", 6)
    for text in ("", "[]", json.dumps({"account": "lan"})):
        (begun.path.parent / "note.json").write_text(text)
        with pytest.raises(ObjectMissingError):
            kept.find(begun.id, "lan")
