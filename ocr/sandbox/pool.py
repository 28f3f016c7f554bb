"""Has foreign files opened in cells: processes that die alone, watched for time and memory.

A cell serves one thread at a time and is kept for the next; one that dies or takes too long is
replaced, and what it was asked becomes the file's or the page's reason.
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
from pipeline.errors import (
    ReadingError,
    ReadingTimeoutError,
    SohoaError,
)

log = logging.getLogger(__name__)

_GRACE = 1.0  # for the cell to notice by itself that the time is over
_ANSWER = 2**24  # bytes; a text layer of 5,000 words has a quarter of a million
_KEPT = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LC_CTYPE", "TESSDATA_PREFIX")


class Worker:
    """A process that opens files."""

    def __init__(self, program: str) -> None:
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        # One arena and no threads for linear algebra: they only take address space.
        lean = {"MALLOC_ARENA_MAX": "1", "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            cwd="/",
            env=kept | lean | {"PYTHONPATH": str(Path(__file__).parents[2])},
            start_new_session=True,  # so that all it starts can be ended with it
        )
        self._answers = selectors.DefaultSelector()
        self._answers.register(self._out, selectors.EVENT_READ)

    @property
    def _out(self) -> Any:
        return self._process.stdout

    def ask(self, job: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Return the answer to a job.

        Raises:
            TimeoutError: there is none in time.
            EOFError: the process died, or says more than it should.
        """
        try:
            self._process.stdin.write(json.dumps(job).encode() + b"\n")  # type: ignore[union-attr]
        except BrokenPipeError as error:
            raise EOFError from error
        end, said = time.monotonic() + seconds, bytearray()
        while not said.endswith(b"\n"):
            if not self._answers.select(max(0.0, end - time.monotonic())):
                raise TimeoutError
            piece = os.read(self._out.fileno(), 2**16)
            said += piece
            if not piece or len(said) > _ANSWER:
                raise EOFError
        answer: dict[str, Any] = json.loads(said)
        return answer

    def end(self) -> None:
        """End the process and all that it started."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._answers.close()
        self._process.communicate()


_free: defaultdict[str, list[Worker]] = defaultdict(list)  # by program; append and pop are atomic


def prepare(program: str) -> None:
    """Start a cell, so that the first file need not wait for it."""
    if not _free[program]:
        _free[program].append(Worker(program))


@atexit.register
def end_all() -> None:
    """End the cells that are waiting for work."""
    for waiting in _free.values():
        while waiting:
            waiting.pop().end()


def ask(job: dict[str, Any], seconds: float, program: str) -> dict[str, Any]:
    """Ask a free cell that runs a program, or a new one.

    Raises:
        SohoaError: what the cell says of the file.
        ReadingTimeoutError: it takes too long.
        ReadingError: it brought the cell down.
    """
    try:
        cell = _free[program].pop()
    except IndexError:
        cell = Worker(program)
    answer: dict[str, Any] = {"last": True}
    try:
        answer = cell.ask(job, seconds + _GRACE)
    except TimeoutError as error:
        raise _too_slow(seconds) from error
    except EOFError as error:
        log.warning("a cell died at: %s", job["name"])
        raise _fatal() from error
    finally:
        if "last" in answer:
            cell.end()
        else:
            _free[program].append(cell)
    if "error" in answer:
        raise _error(answer)
    said: dict[str, Any] = answer["said"]
    return said


def _error(answer: dict[str, Any]) -> SohoaError:
    kind = getattr(errors, str(answer["error"]), ReadingError)
    error: SohoaError = kind(str(answer["message"]), str(answer["remedy"]))
    return error


def _too_slow(seconds: float) -> ReadingTimeoutError:
    return ReadingTimeoutError(
        f"Mở tệp hoặc trang quá {seconds:.0f} giây nên đã dừng.",
        "In lại tệp ra PDF mới hoặc quét lại rồi nộp lại.",
    )


def _fatal() -> ReadingError:
    return ReadingError(
        "Dữ liệu hình ảnh bị hỏng đến mức chương trình mở ảnh phải dừng.",
        "Quét lại hoặc in lại ra PDF mới rồi nộp lại.",
    )
