"""Serves jobs in a sandboxed worker process, each under limits of memory, CPU time and file size.

A job is a line of JSON on standard input, its answer one on standard output.
"""

from __future__ import annotations

import errno
import json
import os
import resource
import sys
import tempfile
from collections.abc import Callable, Mapping
from typing import Any

from ocr.sandbox.disk_space import disk_full
from pipeline.errors import OversizedScanError, SohoaError

Message = dict[str, Any]

_MAX_FILE = 2**28  # bytes: the largest raster that is handed over takes 210 million
_CPU_SECONDS = 60  # ends a program that goes on when nobody is left to end it
_MAX_JOBS = 500  # then a new process: the libraries leak a little on broken files


def serve(jobs: Mapping[str, Callable[[Message], Message]]) -> None:
    """Answer jobs by their name until standard input ends, or the process is to be replaced."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print must not be taken for an answer
    _limit(resource.RLIMIT_CORE, 0)
    for count, line in enumerate(sys.stdin, start=1):
        answer = _answer(json.loads(line), jobs)
        if count >= _MAX_JOBS:
            answer["last"] = True
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
        if "last" in answer:
            return


def _answer(job: Message, jobs: Mapping[str, Callable[[Message], Message]]) -> Message:
    _limit(resource.RLIMIT_FSIZE, job.get("max_file", _MAX_FILE))
    _limit(resource.RLIMIT_AS, job["memory"])
    spent = round(sum(os.times()[:4]))
    _limit(resource.RLIMIT_CPU, spent + job.get("cpu_seconds", _CPU_SECONDS))
    tempfile.tempdir = job["folder"]
    try:
        return {"result": jobs[job["name"]](job)}
    except SohoaError as error:
        return error_message(error)
    except MemoryError:
        return error_message(out_of_memory()) | {"last": True}
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return error_message(disk_full())


def error_message(error: SohoaError) -> Message:
    """Return an error as an answer tells it."""
    return {"error": type(error).__name__, "message": error.message, "remedy": error.remedy}


def out_of_memory() -> OversizedScanError:
    """Return the refusal of a file that needs more memory than a page may have."""
    return OversizedScanError(
        "Mở tệp này cần quá nhiều bộ nhớ.", "Quét lại ở 300 dpi, khổ giấy thật."
    )


def _limit(resource_kind: int, most: int) -> None:
    """Set a soft limit, which can be raised again for the next job."""
    hard = resource.getrlimit(resource_kind)[1]
    soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource_kind, (soft, hard))
