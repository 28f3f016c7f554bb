"""How a cell serves its jobs, each under its own limits of memory, time and file size.

A question is a line of JSON on standard input, an answer one on standard output.
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

from pipeline.errors import OversizedScanError, SohoaError, StorageUnavailableError

Message = dict[str, Any]

_LARGEST_FILE = 2**28  # bytes: the largest picture that is handed over takes 210 million
_PROCESSOR_SECONDS = 60  # ends a program that goes on when nobody is left to end it
_JOBS = 500  # then a new cell: the libraries leak a little on broken files


def serve(jobs: Mapping[str, Callable[[Message], Message]]) -> None:
    """Answer until the questions end."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print must not be taken for an answer
    _limit(resource.RLIMIT_CORE, 0)
    for count, line in enumerate(sys.stdin, start=1):
        answer = _answer(json.loads(line), jobs)
        if count >= _JOBS:
            answer["last"] = True
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
        if "last" in answer:
            return


def _answer(job: Message, jobs: Mapping[str, Callable[[Message], Message]]) -> Message:
    _limit(resource.RLIMIT_FSIZE, job.get("largest", _LARGEST_FILE))
    _limit(resource.RLIMIT_AS, job["memory"])
    spent = round(sum(os.times()[:4]))
    _limit(resource.RLIMIT_CPU, spent + job.get("processor", _PROCESSOR_SECONDS))
    tempfile.tempdir = job["folder"]
    try:
        return {"said": jobs[job["name"]](job)}
    except SohoaError as error:
        return _complaint(error)
    except MemoryError:
        return _complaint(too_heavy()) | {"last": True}
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return _complaint(no_room())


def _complaint(error: SohoaError) -> Message:
    return {"error": type(error).__name__, "message": error.message, "remedy": error.remedy}


def too_heavy() -> OversizedScanError:
    """Return the refusal of what needs more memory than a page may have."""
    return OversizedScanError(
        "Mở tệp này cần quá nhiều bộ nhớ.", "Quét lại ở 300 dpi, khổ giấy thật."
    )


def no_room() -> StorageUnavailableError:
    """Return the complaint that the temporary folder is full."""
    return StorageUnavailableError(
        "Thư mục tạm của máy hết chỗ.", "Giải phóng ổ đĩa, hoặc đặt TMPDIR sang ổ khác."
    )


def _limit(what: int, most: int) -> None:
    """Set a soft limit, which can be raised again for the next job."""
    hard = resource.getrlimit(what)[1]
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
