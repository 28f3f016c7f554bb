"""Opens untrusted files in worker processes under limits of time and memory.

A crash costs one file: a process that dies or takes too long is replaced, and its job becomes the
reason of that file or page. A process serves one thread at a time and is kept for the next job.
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

from pipeline import errors
from pipeline.errors import ReadingError, ReadingTimeoutError, SohoaError

log = logging.getLogger(__name__)

_GRACE = 1.0  # seconds for the process to notice by itself that the time is over
_MAX_ANSWER = 2**24  # bytes; a text layer of 5,000 words has a quarter of a million
_INHERITED = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LC_CTYPE", "TESSDATA_PREFIX")


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
            start_new_session=True,  # so that all it starts can be ended with it
        )
        self._answers = selectors.DefaultSelector()
        self._answers.register(self._out, selectors.EVENT_READ)

    @property
    def _out(self) -> Any:
        return self._process.stdout

    def ask(self, job: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Return the process's answer to a job.

        Args:
            job: the job, as ``serving`` takes it.
            seconds: longest time to wait.

        Raises:
            TimeoutError: there is no answer in time.
            EOFError: the process died, or writes more than an answer can have.
        """
        try:
            self._process.stdin.write(json.dumps(job).encode() + b"\n")  # type: ignore[union-attr]
        except BrokenPipeError as error:
            raise EOFError from error
        end, received = time.monotonic() + seconds, bytearray()
        while not received.endswith(b"\n"):
            if not self._answers.select(max(0.0, end - time.monotonic())):
                raise TimeoutError
            piece = os.read(self._out.fileno(), 2**16)
            received += piece
            if not piece or len(received) > _MAX_ANSWER:
                raise EOFError
        answer: dict[str, Any] = json.loads(received)
        return answer

    def end(self) -> None:
        """Kill the process and all that it started."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._answers.close()
        self._process.communicate()


_free: defaultdict[str, list[Worker]] = defaultdict(list)  # by program; append and pop are atomic


def prepare(program: str) -> None:
    """Start a worker process of a program, so that the first file need not wait for it."""
    if not _free[program]:
        _free[program].append(Worker(program))


@atexit.register
def end_all() -> None:
    """Kill the worker processes that are waiting for jobs."""
    for workers in _free.values():
        while workers:
            workers.pop().end()


def ask(job: dict[str, Any], seconds: float, program: str) -> dict[str, Any]:
    """Return the result of a job, done by a free worker process or a new one.

    Args:
        job: the job, as ``serving`` takes it.
        seconds: longest time the job may take.
        program: the module that the process runs, for example ``ocr.files.worker``.

    Raises:
        SohoaError: the process reports it of the file.
        ReadingTimeoutError: the job takes too long; the process was killed.
        ReadingError: the process died of it.
    """
    try:
        worker = _free[program].pop()
    except IndexError:
        worker = Worker(program)
    answer: dict[str, Any] = {"last": True}
    try:
        answer = worker.ask(job, seconds + _GRACE)
    except TimeoutError as error:
        raise _job_timeout(seconds) from error
    except EOFError as error:
        log.warning("a worker process died at: %s", job["name"])
        raise _crashed() from error
    finally:
        if "last" in answer:
            worker.end()
        else:
            _free[program].append(worker)
    if "error" in answer:
        raise error_of(answer)
    result: dict[str, Any] = answer["result"]
    return result


def error_of(answer: dict[str, Any]) -> SohoaError:
    """Return the error that an answer tells, as ``serving.error_message`` wrote it."""
    kind = getattr(errors, str(answer["error"]), ReadingError)
    error: SohoaError = kind(str(answer["message"]), str(answer["remedy"]))
    return error


def _job_timeout(seconds: float) -> ReadingTimeoutError:
    return ReadingTimeoutError(
        f"Mở tệp hoặc trang quá {seconds:.0f} giây nên đã dừng.",
        "In lại tệp ra PDF mới hoặc quét lại rồi nộp lại.",
    )


def _crashed() -> ReadingError:
    return ReadingError(
        "Dữ liệu hình ảnh bị hỏng đến mức chương trình mở ảnh phải dừng.",
        "Quét lại hoặc in lại ra PDF mới rồi nộp lại.",
    )
