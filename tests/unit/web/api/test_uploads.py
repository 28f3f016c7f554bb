"""Uploads: whole or not at all, into the watcher's intake, under safe names, for their account."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.watch import Watcher
from pipeline.intake import uploads
from pipeline.intake.spool import Spool
from pipeline.model import PersonRole, Right, Scope
from pipeline.settings import UPLOADS
from tests import ROOT
from tests.support.callers import Caller, assert_error, caller
from tests.support.clerk import slip
from tests.support.visitors import Room, open_room

Files = list[tuple[str, tuple[str, bytes]]]


@pytest.fixture
def room(home: Path) -> Room:
    home.mkdir()
    return open_room(home, upload_mib=1, upload_files=3)


@pytest.fixture
def clerk(room: Room) -> Caller:
    return caller(room, "văn-thư", PersonRole.CLERK)


def files(*sent: tuple[str, bytes]) -> Files:
    return [("file", each) for each in sent]


def sent(caller: Caller, *named: tuple[str, bytes], **fields: str) -> str:
    """Send an upload that is taken; return its id."""
    answer = caller.post("/uploads", files=files(*named), data=fields)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"].endswith(answer.json()["upload"])
    return str(answer.json()["upload"])


def polled(home: Path, until_received: tuple[Caller, str]) -> list[dict[str, Any]]:
    """Poll as the watcher does until an upload is received; return its receipts."""
    watcher, (asking, upload) = Watcher(), until_received
    for _ in range(2_000):
        watcher.poll(home / UPLOADS)
        told = asking.told(f"/uploads/{upload}")
        if told["received"]:
            return list(told["receipts"])
        time.sleep(0.05)
    raise AssertionError("never received")


def lying(home: Path) -> list[str]:
    """Return the names of all files in spool and upload folder, without notes."""
    places = (home / "spool", home / UPLOADS)
    found = [path for place in places if place.exists() for path in place.rglob("*")]
    return [path.name for path in found if path.is_file() and path.parent.name != ".notes"]


def test_an_upload_becomes_a_dossier_with_receipts(room: Room, clerk: Caller, home: Path) -> None:
    one, two = slip(1), slip(2)
    answer = clerk.post(
        "/uploads", files=files(("đơn.png", one), ("bản đồ.png", two)), data={"name": "Hồ sơ A"}
    )
    told = answer.json()
    assert [file["sha256"] for file in told["files"]] == [
        hashlib.sha256(content).hexdigest() for content in (one, two)
    ]
    assert clerk.told(f"/uploads/{told['upload']}")["received"] is False
    receipts = polled(home, (clerk, told["upload"]))
    assert {line["name"] for line in receipts} == {"Hồ sơ A/đơn.png", "Hồ sơ A/bản đồ.png"}
    assert {line["status"] for line in receipts} == {"archived"}
    (dossier,) = {line["dossier"] for line in receipts}
    record = room.backend.archive.find_record(dossier)
    assert record
    assert (record.actor, record.dossier.name) == ("văn-thư", "Hồ sơ A")
    assert clerk.told(f"/dossiers/{dossier}/state")["queued"]
    day = clerk.told("/receipts")
    folder = next(one for one in day["folders"] if one["folder"] == UPLOADS)
    assert folder["counts"]["archived"] == 2


def test_what_cannot_be_archived_is_told_with_its_remedy(clerk: Caller, home: Path) -> None:
    upload = sent(clerk, ("phim.mp4", b"\x00\x00\x00\x18ftypmp42" + b"x" * 100))
    (line,) = polled(home, (clerk, upload))
    assert (line["status"], line["name"], line["dossier"]) == ("refused", "phim.mp4", None)
    assert line["reason"]
    assert (home / UPLOADS / "_loi").is_dir()
    assert clerk.told("/problems")["refused_files"][0]["folder"] == UPLOADS


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../../etc/cron.d/x.pdf", "x.pdf"),
        ("C:\\Windows\\x.pdf", "x.pdf"),
        ("/etc/passwd", "passwd"),
        ("..%2f..%2fx.pdf", "..%2f..%2fx.pdf".lstrip(".")),
        (".bashrc", "bashrc"),
        ("x\u202efdp.exe", "xfdp.exe"),
        ("đơn.pdf", "đơn.pdf"),
        ("a" * 400 + ".pdf", "a" * 176 + ".pdf"),
    ],
)
def test_names_of_paths_stay_names(room: Room, name: str, kept: str) -> None:
    assert uploads.safe_name(name) == kept


@pytest.mark.parametrize("name", ["..", "...", "", "~$a.docx", "x.part", "_loi", "Thumbs.db"])
def test_names_that_no_watcher_takes_are_refused(clerk: Caller, home: Path, name: str) -> None:
    answer = clerk.post("/uploads", files=files((name or ".", b"x")))
    assert_error(answer, 422, "upload_refused")
    assert lying(home) == []


def test_nothing_is_written_outside_of_the_home(clerk: Caller, home: Path) -> None:
    around = home.parent
    before = {path for path in around.rglob("*") if not path.is_relative_to(home)}
    sent(clerk, ("../../../thoát.png", slip(3)), name="../../ra ngoài")
    after = {path for path in around.rglob("*") if not path.is_relative_to(home)}
    assert after == before
    assert "thoát.png" in lying(home)


def test_what_is_too_large_or_too_much_is_refused(clerk: Caller, home: Path) -> None:
    large = clerk.post("/uploads", files=files(("a.png", b"x" * 2_200_000)))
    assert_error(large, 413, "too_large")
    assert "1 MiB" in large.json()["error"]["hint"]

    def endless() -> object:
        for _ in range(40):
            yield b"x" * 64_000

    head = {"Content-Type": "multipart/form-data; boundary=b"}
    unsaid = clerk.post("/uploads", content=endless(), headers=head)  # tells no length
    assert_error(unsaid, 413, "too_large")
    many = clerk.post("/uploads", files=files(*((f"{n}.png", b"x") for n in range(4))))
    assert_error(many, 400, "request_wrong")
    assert lying(home) == []


def test_a_form_that_is_none_is_refused(clerk: Caller) -> None:
    for more in (
        {"json": {"file": "x"}},
        {"data": {"name": "x"}},
        {"files": [("file", ("", b"x"))]},
        {"files": [("other", ("a.png", b"x"))]},
        {"files": files(("a.png", b"x"), ("b.png", b"y"))},  # two without a name
        {"files": files(("a.png", b"x"), ("a.png", b"y")), "data": {"name": "hai"}},
        {"files": files(("a.png", b"x")), "data": {"actor": "giám đốc"}},
    ):
        assert_error(clerk.post("/uploads", **more), 422, "upload_refused")


def test_nobody_asks_for_the_upload_of_another_account(room: Room, clerk: Caller) -> None:
    upload = sent(clerk, ("a.png", slip(4)))
    other = caller(room, "khác", PersonRole.CLERK)
    assert_error(other.get(f"/uploads/{upload}"), 404, "not_found")
    assert_error(clerk.get("/uploads/0fff"), 404, "not_found")
    second = caller(room, "văn-thư", PersonRole.CLERK)
    assert second.told(f"/uploads/{upload}")["received"] is False
    reader = caller(room, "đọc", PersonRole.READER, rights=frozenset({Right.SEARCH}))
    assert_error(reader.post("/uploads", files=files(("a.png", b"x"))), 403, "right_missing")


def test_a_duplicate_tells_no_dossier_of_another_unit(room: Room, home: Path) -> None:
    wide = caller(room, "rộng", PersonRole.CLERK)
    polled(home, (wide, sent(wide, ("a.png", slip(5)))))
    narrow = caller(room, "hẹp", PersonRole.CLERK, scope=Scope(units=frozenset({"X"})))
    (line,) = polled(home, (narrow, sent(narrow, ("b.png", slip(5)))))
    assert (line["status"], line["dossier"]) == ("duplicate", None)


def test_an_upload_is_recorded_before_it_is_taken(room: Room, clerk: Caller) -> None:
    upload = sent(clerk, ("a.png", slip(6)))
    entry = next(one for one in room.entries() if one.text("verb") == "receive")
    assert (entry.text("account"), entry.detail("upload")) == ("văn-thư", upload)
    assert "a.png" not in str(entry.body)


def test_uploads_of_a_killed_room_are_never_half_a_drop(room: Room, home: Path) -> None:
    """A process that dies while it writes leaves nothing that the watcher would take."""
    program = (
        "import os, io, sys; from datetime import UTC, datetime; from pathlib import Path\n"
        "from pipeline.intake.uploads import SentFile, UploadNote, keep_upload\n"
        "class Dying(io.BytesIO):\n"
        "    def read(self, size=-1): os._exit(9)\n"
        "sent = [SentFile('a.png', io.BytesIO(b'x')), SentFile('b.png', Dying())]\n"
        "keep_upload(Path(sys.argv[1]), 'hai', sent, UploadNote('0abc', 'x', datetime.now(UTC)))\n"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", program, str(home)]
    assert subprocess.run(command, env=environment, check=False).returncode == 9
    assert "a.png" in lying(home)
    spool = Spool(home / "spool", lambda: "0abd")
    assert list(spool.left_behind()) == []
    sent(caller(room, "văn-thư", PersonRole.CLERK), ("c.png", slip(7)))
    assert "a.png" not in lying(home)  # the next upload tidies up


def test_notes_are_forgotten_when_no_token_lives_that_long(clerk: Caller, home: Path) -> None:
    upload = sent(clerk, ("a.png", slip(8)))
    note = home / UPLOADS / ".notes" / f"{upload}.json"
    old = time.time() - timedelta(days=91).total_seconds()
    os.utime(note, (old, old))
    sent(clerk, ("b.png", slip(9)))
    assert not note.exists()
