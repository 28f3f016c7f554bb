"""Makes a small home with the code of an older version, and notes what that version says of it.

    git worktree add --detach ../old 88861e8
    .venv/bin/python -m tests.support.old_home ../old tests/fixtures/home-0.1

writes ``tests/fixtures/home-0.1.tar.xz`` and ``home-0.1.json``. The older version is spoken to by
its command line alone, so that any version can be preserved this way. All paper is synthetic and
stamped MẪU; times and ids are those of the making, so two makings differ. The home holds a
dossier for each way to end, one that waits, and what was written beside the store:

* COMPLETE with a code: a Group 4 TIFF of a printed page and its blank back;
* PARTIAL: a folder with a readable picture and a PDF behind a password;
* FAILED: a PDF whose only picture cannot be decoded;
* withheld: a page with a secrecy mark;
* a duplicate of the first, with receipts of all in the watched folder;
* one that waits: its first attempt was killed, so its entry is in the queue, its lease unreleased;
* searchable PDFs, the index, and the progress of ``sohoa verify``.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from flows.prefect_api import prefect_server
from pipeline.settings import Settings
from tests.support.small_paper import drops, one_form

SEARCHES = (
    "H26.19.25-260105-0007",
    "quyết định phê duyệt",
    "ke hoach so hoa",
    "cộng hòa xã hội chủ nghĩa việt nam",
    "độc lập hanh phúc",
    "thư mật",
    "",
)
LARGEST = 300_000  # bytes of the packed home
_FLEETING = ("took_ms", "score")  # of an answer; hits stay in the order of their scores
_HOST = "may-quet-1"  # written into leases in place of this machine's name
_PATIENCE = 180.0


class OldVersion(NamedTuple):
    """An older checkout, and the surroundings in which its commands run."""

    place: Path  # working folder; the home is ``home`` in it
    variables: dict[str, str]

    @property
    def home(self) -> Path:
        """The home that is being made."""
        return self.place / "home"

    def command(self, *words: str | Path) -> list[str]:
        """Return the command line of ``sohoa`` with these words."""
        return [sys.executable, "-m", "flows.cli", *map(str, words)]

    def start(self, *words: str | Path) -> subprocess.Popen[bytes]:
        """Start a command in a process group of its own."""
        with (self.place / "log").open("ab") as log:
            return subprocess.Popen(
                self.command(*words),
                cwd=self.place,
                env=self.variables,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def answer(self, *words: str) -> Any:
        """Run a command under this machine's own name and return the JSON that it prints."""
        path = self.variables["PYTHONPATH"].partition(":")[2]
        done = subprocess.run(
            self.command(*words, "--json"),
            cwd=self.place,
            env={**self.variables, "PYTHONPATH": path},
            capture_output=True,
            check=False,
        )
        if not done.stdout:
            raise RuntimeError(done.stderr.decode())
        return json.loads(done.stdout, object_hook=_lasting)


def _lasting(answer: dict[str, Any]) -> dict[str, Any]:
    """Leave out what may differ between two runs of one version, or between two rankings."""
    return {name: value for name, value in answer.items() if name not in _FLEETING}


def make(checkout: Path, target: Path) -> None:
    """Make a home with an older checkout; write it as ``.tar.xz`` and what is said of it as JSON.

    Raises:
        RuntimeError: the older version did not do as expected, or the home is too large or
            tells where it was made.
    """
    with tempfile.TemporaryDirectory() as folder, _prefect(Path(folder)) as url:
        old = OldVersion(Path(folder), _variables(checkout.resolve(), Path(folder), url))
        (old.place / "paper").mkdir()
        _digitise(old)
        _kill_midway(old)
        snapshot = _snapshot(old)
        _check_no_trace(old.home)
        packed = target.parent / f"{target.name}.tar.xz"
        _pack(old.home, packed)
    if packed.stat().st_size > LARGEST:
        raise RuntimeError(f"{packed.stat().st_size} bytes: draw smaller pages")
    text = json.dumps(snapshot, ensure_ascii=False, indent=1, sort_keys=True)
    (target.parent / f"{target.name}.json").write_text(text + "\n", encoding="utf-8")


@contextmanager
def _prefect(place: Path) -> Iterator[str]:
    """Run a Prefect server outside the home: its database is no part of what is preserved."""
    os.environ.pop("PREFECT_API_URL", None)
    with prefect_server(Settings(home=place / "server")) as url:
        yield url


def _variables(checkout: Path, place: Path, url: str) -> dict[str, str]:
    """Return the environment of the older version: its code first, a neutral host name, a zone."""
    (place / "neutral").mkdir()
    renamed = f"import socket\nsocket.gethostname = lambda: {_HOST!r}\n"
    (place / "neutral" / "sitecustomize.py").write_text(renamed)
    bare = {n: v for n, v in os.environ.items() if not n.startswith("SOHOA_")}
    return bare | {
        "PYTHONPATH": f"{place / 'neutral'}:{checkout}",
        "PREFECT_API_URL": url,
        "SOHOA_HOME": str(place / "home"),
        "SOHOA_WATCH__SETTLE_SECONDS": "0.3",
        "SOHOA_READING__THREADS": "2",
        "TZ": "Asia/Ho_Chi_Minh",
    }


def _digitise(old: OldVersion) -> None:
    """Drop files of all kinds and have the older version's watcher end them all."""
    inbox, paper = old.home / "inbox", old.place / "paper"
    again = paper / "bản sao.tif"
    inbox.mkdir(parents=True)
    watcher = old.start("watch")
    try:
        for drop in drops(paper):
            if not again.exists():
                again.write_bytes(drop.read_bytes())
            drop.rename(inbox / drop.name)
        _wait(lambda: _records(old.home) == 8 and not _is_owed(old.home))
        again.rename(inbox / again.name)
        _wait(lambda: not (inbox / again.name).exists() and not any((old.home / "spool").iterdir()))
    finally:
        watcher.send_signal(signal.SIGINT)
        if watcher.wait(_PATIENCE):
            raise RuntimeError((old.place / "log").read_text())


def _kill_midway(old: OldVersion) -> None:
    """Take one more paper in and kill the reader once it holds the lease."""
    leased = _leases(old.home)
    reader = old.start("ingest", one_form(old.place / "paper" / "đơn xin cấp lại.tif"))
    _wait(lambda: _leases(old.home) > leased)
    os.killpg(reader.pid, signal.SIGKILL)
    reader.wait()
    if not _is_owed(old.home):
        raise RuntimeError("the last paper was read before its reader was killed")


def _snapshot(old: OldVersion) -> dict[str, Any]:
    """Return what the older version says of its home."""
    dossiers = sorted(path.name for path in (old.home / "store" / "dossiers").iterdir())
    return {
        "show": {dossier: old.answer("show", dossier) for dossier in dossiers},
        "history": {dossier: old.answer("history", dossier) for dossier in dossiers},
        "search": {query: old.answer("search", query) for query in SEARCHES},
        "reconcile": old.answer("doctor", "reconcile"),
        "verify": {n: v for n, v in old.answer("verify").items() if n != "seconds"},
    }


def _records(home: Path) -> int:
    return len(list((home / "store").glob("dossiers/*/records/*.json")))


def _leases(home: Path) -> int:
    return len(list((home / "store").glob("leases/*/*.json")))


def _is_owed(home: Path) -> bool:
    return any((home / "store" / "pending").glob("*.json"))


def _wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError("waited too long")
        time.sleep(0.02)


def _check_no_trace(home: Path) -> None:
    """Refuse a home whose files tell where, or on which machine, it was made."""
    holder = f'"{socket.gethostname()}:'.encode()  # as leases have it
    traces = [os.fsencode(home.parent), os.fsencode(Path.cwd()), holder]
    for path in home.rglob("*"):
        if path.is_file() and any(trace in path.read_bytes() for trace in traces):
            raise RuntimeError(f"{path.relative_to(home)} tells where it was made")


def _pack(home: Path, target: Path) -> None:
    """Pack a home without owners' names and without what a killed process left half-written."""

    def neutral(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        return None if Path(entry.name).parent.name == ".arriving" else entry

    with tarfile.open(target, "w:xz", preset=9) as archive:
        for path in sorted(home.iterdir()):
            archive.add(path, path.name, filter=neutral)


def recipes_of_pages(packed: Path) -> set[str]:
    """Return the recipes under which the pages of a packed home were read."""
    with tarfile.open(packed) as home:
        return {
            str(json.load(data)["recipe"])
            for member in home
            if member.name.startswith("store/pages/") and member.name.endswith(".json")
            if (data := home.extractfile(member))
        }


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(sys.argv[2]))
