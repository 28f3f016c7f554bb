"""A worker process with jobs that hang, die and take too much, for tests of what becomes of them.

Run as a program with a folder, it is a house in the middle of a job that never ends.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ocr.sandbox import pool, programs
from ocr.sandbox.answers import Answer
from ocr.sandbox.job import Job
from ocr.sandbox.serving import Message, serve

PROGRAM = "tests.support.odd_jobs"
HANG = 60  # seconds
SLEEP = Path("/usr/bin/sleep")


class Told(Answer):
    """The process that did a job, and the user it ran as."""

    process: int
    user: int


def ask(name: str, folder: Path, seconds: float = 20, memory: int = 1_000_000_000) -> Told:
    """Have an odd job done that may run ``sleep``, in a new folder that is left there."""
    inner = Path(tempfile.mkdtemp(dir=folder))
    job = Job(name, inner, folder, seconds, memory, programs=(SLEEP,))
    return pool.ask(job, PROGRAM, Told)


def tell(_: Job) -> Message:
    return {"process": os.getpid(), "user": os.geteuid()}


def hang(job: Job) -> Message:
    """Leave word of itself and of what it starts, and do not end."""
    child = os.fork()
    if not child:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        programs.run(["sleep", str(HANG)], HANG, 1)
    (job.folder / "hanging").write_text(f"{os.getpid()} {child}")
    time.sleep(HANG)
    return {}


def die(_: Job) -> Message:
    os.kill(os.getpid(), signal.SIGSEGV)
    return {}


def fill_memory(_: Job) -> Message:
    return {"process": len(bytearray(4 * 10**9)), "user": 0}


def fill_disk(job: Job) -> Message:
    with (job.folder / "big").open("wb") as stream:
        stream.truncate(2**30)
    return {}


JOBS: dict[str, Callable[[Job], Message]] = {
    job.__name__: job for job in (tell, hang, die, fill_memory, fill_disk)
}

if __name__ == "__main__":
    if len(sys.argv) == 1:
        serve(JOBS)
    else:
        ask("hang", Path(sys.argv[1]), HANG)
