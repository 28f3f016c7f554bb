"""SIGKILL before every durable change of an upload: the watcher gets all of it or nothing."""

from __future__ import annotations

import io
import os
import shutil
import signal
from datetime import UTC, datetime
from pathlib import Path

from pipeline.intake.spool import Spool
from pipeline.intake.uploads import SentFile, UploadNote, keep_upload
from tests.support.durable_steps import Boundaries

FILES = {"đơn.pdf": b"%PDF 1", "bản đồ.pdf": b"%PDF 2"}
MOST_STEPS = 200


def upload(home: Path, drop: str) -> None:
    sent = [SentFile(name, io.BytesIO(content)) for name, content in FILES.items()]
    keep_upload(home, "Hồ sơ A", sent, UploadNote(drop, "lan", datetime.now(UTC)))


def killed(home: Path, step: int) -> bool:
    """Upload in a process that dies before a step; tell whether it died before it was done."""
    child = os.fork()
    if child == 0:
        log = os.open(os.devnull, os.O_WRONLY)
        Boundaries([home], log, step, signal.SIGKILL).install()
        upload(home, "0a")
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def taken(home: Path) -> list[dict[str, bytes]]:
    """Return the drops that a watcher would take up, each with its files."""
    found = []
    for entry in Spool(home / "spool", lambda: "0b").left_behind():
        files = (path for path in (entry.path / "drop").rglob("*") if path.is_file())
        found.append({path.name: path.read_bytes() for path in files})
        assert entry.actor == "lan"
        entry.close()
    return found


def test_killed_at_every_step(tmp_path: Path) -> None:
    seen = []
    for step in range(1, MOST_STEPS):
        home = tmp_path / "home"
        home.mkdir()
        has_died = killed(home, step)
        drops = taken(home)
        assert drops in ([], [FILES]), step
        assert has_died or drops == [FILES]
        upload(home, "0c")  # the next room tidies up, and its own upload is whole
        assert taken(home) == [*drops, FILES]
        assert not list((home / "uploads" / ".arriving").glob("*/*"))
        shutil.rmtree(home)
        seen.append(bool(drops))
        if not has_died:
            break
    assert len(seen) > 15, "the hook sees less than it did"
    assert seen == sorted(seen), "once it was the watcher's it stays so"
