"""Hands untrusted work to worker processes, which do each job in a sandbox of its own.

A crash costs one file: a job that dies, hangs or answers nonsense becomes the reason of that file
or page. A worker process serves one thread at a time and is kept for the next job.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import selectors
import signal
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import Any

from ocr.sandbox.answers import AnswerT, crashed, log_messages, read_answer, read_refusal
from ocr.sandbox.disk_space import OUTPUT_BYTES, check_free_space
from ocr.sandbox.job import DIED, DONE, LATE, REFUSED, Job
from pipeline.errors import ReadingTimeoutError

log = logging.getLogger(__name__)

_GRACE = 1.0  # seconds for the job to notice by itself that the time is over
_END_GRACE = 6.0  # seconds for its processes to be gone, after which the worker is killed
_WORDS = {DONE, REFUSED, DIED, LATE}
_MAX_WORD = 64  # bytes of what a worker says
# Then a new process: each begins with another layout of its memory, which all its jobs share.
_MAX_JOBS = 500
_INHERITED = ("HOME", "PATH", "TMPDIR", "LANG", "LC_ALL", "LC_CTYPE")


class Worker:
    """A worker process: runs a program of ours that opens files, without our settings."""

    def __init__(self, program: str) -> None:
        inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        # One arena and no threads for linear algebra: they only take address space.
        frugal = {"MALLOC_ARENA_MAX": "1", "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            cwd="/",
            env=inherited | frugal | {"PYTHONPATH": str(Path(__file__).parents[2])},
            start_new_session=True,  # away from the terminal and its signals
        )
        self._answers = selectors.DefaultSelector()
        self._answers.register(self._out, selectors.EVENT_READ)
        self._jobs_left = _MAX_JOBS

    @property
    def _out(self) -> Any:
        return self._process.stdout

    @property
    def is_worn(self) -> bool:
        """Whether it has done as many jobs as it should."""
        return self._jobs_left <= 0

    def do(self, job: Job) -> str:
        """Have a job done; return the word that says how it ended.

        Args:
            job: the job to be done, whose order lies in its folder.

        Raises:
            TimeoutError: the process does not end the job in time.
            EOFError: the process died, or says what it never says.
        """
        self._jobs_left -= 1
        seconds = job.seconds + _GRACE
        order = json.dumps([seconds, str(job.folder)]).encode()
        try:
            self._process.stdin.write(order + b"\n")  # type: ignore[union-attr]
        except BrokenPipeError as error:
            raise EOFError from error
        end, said = time.monotonic() + seconds + _END_GRACE, b""
        while not said.endswith(b"\n"):
            if not self._answers.select(max(0.0, end - time.monotonic())):
                raise TimeoutError
            piece = os.read(self._out.fileno(), _MAX_WORD)
            said += piece
            if not piece or len(said) > _MAX_WORD:
                raise EOFError
        return said.decode("ascii", "replace").strip()

    def end(self) -> None:
        """End the process, which ends all that it started."""
        self._process.stdin.close()  # type: ignore[union-attr]
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_GRACE)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._answers.close()
        self._process.wait()
        self._out.close()


_free: defaultdict[str, list[Worker]] = defaultdict(list)  # by program; append and pop are atomic


def prepare(program: str) -> None:
    """Start a worker process of a program, so that the first file need not wait for it."""
    if not _free[program]:
        _free[program].append(Worker(program))


@atexit.register
def end_all() -> None:
    """End the worker processes that are waiting for jobs."""
    for workers in _free.values():
        while workers:
            workers.pop().end()


def ask(job: Job, program: str, form: type[AnswerT]) -> AnswerT:
    """Return the answer to a job, done in a sandbox by a free worker process or a new one.

    Args:
        job: the job to be done; its order is written into its folder.
        program: the module that the process runs, for example ``ocr.files.worker``.
        form: the form that the answer must have.

    Raises:
        SohoaError: the job reports it of the file.
        ReadingTimeoutError: the job takes too long; it was killed.
        ReadingError: the job died of it, or leaves no valid answer.
        StorageUnavailableError: no space is left in the temporary folder.
    """
    job.write()
    word = _done(job, program)
    log_messages(job.folder)
    if word == DONE:
        return read_answer(job.folder, form)
    if word == REFUSED:
        raise read_refusal(job.folder)
    if word == LATE:
        raise _job_timeout(job.seconds)
    log.warning("a sandboxed job died: %s", job.name)
    check_free_space(job.folder, OUTPUT_BYTES)  # even its messages may not have found room
    raise crashed()


def _done(job: Job, program: str) -> str:
    try:
        worker = _free[program].pop()
    except IndexError:
        worker = Worker(program)
    is_usable = False
    try:
        word = worker.do(job)
        is_usable = word in _WORDS and not worker.is_worn
    except TimeoutError:
        return LATE
    except EOFError:
        return ""
    finally:
        if is_usable:
            _free[program].append(worker)
        else:
            worker.end()
    return word


def _job_timeout(seconds: float) -> ReadingTimeoutError:
    return ReadingTimeoutError(
        f"Mở tệp hoặc trang quá {seconds:.0f} giây nên đã dừng.",
        "In lại tệp ra PDF mới hoặc quét lại rồi nộp lại.",
    )
