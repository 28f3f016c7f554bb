"""A process that holds all a house has, and has jobs attacked; prints what they reached.

    python -m tests.support.attacked_house PLACE KERNEL

PLACE is an empty folder. KERNEL is JSON, empty or what ``taken_over.weaken`` takes. The last line
that it prints is JSON: the level of the sandbox, and for each who attacks what was reached.
"""

from __future__ import annotations

import ctypes
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import zipapp
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pyseccomp

from ocr.files.inside.office_parts import folders_of_office
from ocr.sandbox import pool
from ocr.sandbox.answers import Answer, ToldLevel
from ocr.sandbox.job import LEVEL, Job, private_folder
from ocr.sandbox.programs import find_program
from pipeline.errors import SohoaError
from tests import ROOT
from tests.support import breakout

PROGRAM = "tests.support.taken_over"
SECONDS, MEMORY = 60.0, 1_000_000_000
CALLS = [*breakout.KERNEL, "process_vm_readv", "process_vm_writev", "pidfd_open", "pidfd_getfd"]
CALLS += ["clone", "shmget", "tgkill", "rt_sigqueueinfo", "inotify_init1"]


STAYED = "jobs: stay alive for the next one"
BY_KERNEL = "signal: by the kernel, when a pipe can be read"
MEMORY_OF_HOUSE = ctypes.create_string_buffer(b"secret of the house")
signals: Counter[int] = Counter()  # that arrived here


class Told(Answer):
    """What the attacked jobs answer."""

    media_type: str
    pages: int


def furnish(place: Path) -> dict[str, Any]:
    """Make everything that must not be reached; return where it is."""
    files = {
        "store": "home/store/originals/aa",
        "victim": "home/store/originals/bb",
        "doomed": "home/store/originals/cc",
        "movable": "home/store/originals/dd",
        "index": "home/index.sqlite3",
        "accounts": "home/accounts.sqlite3",
        "settings": "conf/sohoa.toml",
        "secrets": "conf/.env",
        "source": "watched/scan.pdf",
        "neighbour": "watched/neighbour.pdf",
        "letter": "other/letter.txt",
        "other job": "tmp/sohoa-page-other/job.json",
    }
    at: dict[str, Any] = {"passwd": "/etc/passwd", "shared memory": "/dev/shm"}
    for name, file in files.items():
        path = place / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("%PDF-1.7\n% MẪU\n%%EOF\n")
        at[name] = str(path)
    at |= {"home": str(place / "home"), "watched": str(place / "watched")}
    return at | {"temporary": str(place / "tmp")}


def open_doors(place: Path, doors: ExitStack) -> dict[str, Any]:
    """Listen on everything that a process of this machine may listen on."""
    tcp = doors.enter_context(socket.create_server(("127.0.0.1", 0)))
    udp = doors.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    udp.bind(("127.0.0.1", 0))
    file = doors.enter_context(socket.socket(socket.AF_UNIX))
    file.bind(str(place / "s"))
    file.listen()
    abstract = doors.enter_context(socket.socket(socket.AF_UNIX))
    name = f"sohoa-{secrets.token_hex(8)}"
    abstract.bind(f"\0{name}")
    abstract.listen()
    at: dict[str, Any] = {"tcp": tcp.getsockname()[1], "udp": udp.getsockname()[1]}
    return at | {"socket": str(place / "s"), "abstract": name, "descriptor": tcp.fileno()}


def attack(job: Job, at: dict[str, Any]) -> dict[str, Any]:
    """Have a job attacked; return what it reached, and whether something of it stayed alive."""
    (job.folder / "targets.json").write_text(json.dumps(at))
    with suppress(SohoaError):
        pool.ask(job, PROGRAM, Told)
    return seen(job.folder)


def seen(folder: Path) -> dict[str, Any]:
    """Return what the attacks in a folder reached, as far as this process sees better."""
    found: dict[str, Any] = json.loads((folder / "loot.json").read_text())
    if (folder / "stayed").exists():
        found[STAYED] = [is_alive(int((folder / "stayed").read_text())), ""]
    found[BY_KERNEL] = [signals[signal.SIGIO] > 0, ""]
    signals.clear()
    return found


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def from_program(place: Path) -> tuple[Path, ...]:
    """Return a poppler that was taken over: this attacker under its name, and what runs it."""
    python = Path(sys.executable).resolve()
    attacker = Path(breakout.__file__).parent
    inner = place / "attacker" / "tests" / "support" / attacker.name
    shutil.copytree(attacker, inner, ignore=shutil.ignore_patterns("__pycache__"))
    for package in (inner.parent, inner.parent.parent):
        (package / "__init__.py").touch()
    program = place / "bin" / "pdfinfo"
    program.parent.mkdir()
    entry = f"tests.support.{attacker.name}:main"
    zipapp.create_archive(place / "attacker", program, f"{python} -I", entry)
    program.chmod(0o755)
    return (program, python)


def uncontained(place: Path, at: dict[str, Any]) -> dict[str, Any]:
    """Make the attacks from a process of this user that nothing confines."""
    folder = place / "control"
    folder.mkdir()
    (folder / "targets.json").write_text(json.dumps(at))
    command = [sys.executable, "-m", breakout.__name__]
    environment = os.environ | {"HOME": str(folder)}
    given = [at["descriptor"]]
    subprocess.run(command, cwd=ROOT, env=environment, pass_fds=given, check=True, timeout=120)
    found = seen(folder)
    os.kill(int((folder / "stayed").read_text()), signal.SIGKILL)
    return found


def common_targets(code: Path, mark: str) -> dict[str, Any]:
    """Return what is the same for all who attack."""
    alive = int(Path("/proc/loadavg").read_text().split()[3].split("/")[1])
    resolve = partial(pyseccomp.resolve_syscall, pyseccomp.Arch.NATIVE)
    pool.prepare(PROGRAM)
    return {
        "house": os.getpid(),
        "niceness": min(19, os.getpriority(os.PRIO_PROCESS, 0) + 1),  # less is for root to give
        "worker": pool._free[PROGRAM][0]._process.pid,
        "address": ctypes.addressof(MEMORY_OF_HOUSE),
        "numbers": {name: resolve(name) for name in CALLS},
        "program": str(code),
        "code": code.read_bytes().decode("latin-1"),
        "mark": mark[::-1],
        "bomb": max(256, alive) + 250,
        "attacks": list(breakout.ATTACKS),
    }


def besiege(place: Path, common: dict[str, Any], mark: str) -> dict[str, Any]:
    """Have the attacks made from every place inside a job; return what they reached."""
    poppler = tuple(filter(None, map(find_program, ("pdfinfo", "pdftoppm"))))
    limits = {"max_pixels": 1, "max_pages": 1, "office": "auto", "passwords": ()}
    jobs: dict[str, tuple[str, tuple[Path, ...], dict[str, Any]]] = {
        "an earlier job": ("attack", poppler, {"title": mark}),
        "decoder of a PDF": ("attack", poppler, {}),
        "decoder of a picture": ("attack", (), {}),
        "decoder of a document": ("attack", (), {}),
        "program": ("inspect", from_program(place), limits),
    }
    found = {}
    for who, (name, programs, arguments) in jobs.items():
        at = common | furnish(place / "of" / who)
        if who == "an earlier job":
            at["attacks"] = ["jobs: what was said to an earlier one"]
        with private_folder("attacked-") as folder:
            source = Path(at["source"])
            job = Job(name, folder, source, SECONDS, MEMORY, arguments, programs)
            if who == "decoder of a document":
                job = replace(job, forks=True, reads=folders_of_office())
            found[who] = attack(job, at)
    return found


def main() -> None:
    """Have every attack made from every place, and print what it reached."""
    place, kernel = Path(sys.argv[1]), sys.argv[2]
    (place / "tmp").mkdir()
    os.environ["TMPDIR"] = tempfile.tempdir = str(place / "tmp")
    if kernel:
        (place / "tmp" / "kernel.json").write_text(kernel)
    for number in (signal.SIGUSR1, signal.SIGIO):
        signal.signal(number, lambda number, _: signals.update([number]))
    mark = secrets.token_hex(16)
    common = common_targets(Path(shutil.which("true") or "/bin/true"), mark)
    with ExitStack() as doors:
        common |= open_doors(place, doors)
        if kernel:
            common["attacks"].remove("limits: a fork bomb")  # no kernel lacks what stops it
        found = besiege(place, common, mark)
        with private_folder("level-") as folder:
            level = pool.ask(Job(LEVEL, folder, folder, SECONDS, MEMORY), PROGRAM, ToldLevel)
        if not kernel:
            found["uncontained"] = uncontained(place, common | furnish(place / "of" / "control"))
    signal.signal(signal.SIGIO, signal.SIG_IGN)
    sys.stdout.write(json.dumps({"found": found, "level": level.model_dump()}) + "\n")


if __name__ == "__main__":
    main()
