"""The cell: a process in which foreign files are opened, and which may die alone.

    python -m ocr.cell

Pillow, libtiff, OpenJPEG and poppler run here or below here, under limits of memory and file size
that they inherit, without the settings and secrets of the house. A question is a line of JSON on
standard input, an answer one on standard output; a file that ends the process ends no other.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ocr import facts
from ocr.opening import open_page
from pipeline.errors import OversizedScanError, SohoaError
from pipeline.settings import ReadingSettings

Message = dict[str, Any]

_LARGEST_FILE = 2**28  # bytes: the largest picture that is handed over takes 210 million
_PROCESSOR_SECONDS = 60  # ends a program that goes on when nobody is left to end it
_JOBS = 500  # then a new cell: the libraries leak a little on broken files


def main() -> None:
    """Answer until the questions end."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print must not be taken for an answer
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, _LARGEST_FILE)
    for count, line in enumerate(sys.stdin, start=1):
        answer = _answer(json.loads(line))
        if count >= _JOBS:
            answer["last"] = True
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
        if "last" in answer:
            return


def _answer(job: Message) -> Message:
    _limit(resource.RLIMIT_AS, job["memory"])
    _limit(resource.RLIMIT_CPU, round(sum(os.times()[:4])) + _PROCESSOR_SECONDS)
    tempfile.tempdir = job["folder"]
    try:
        return {"said": _JOBS_BY_NAME[job["name"]](job)}
    except SohoaError as error:
        return {"error": type(error).__name__, "message": error.message, "remedy": error.remedy}
    except MemoryError:
        refusal = too_heavy()
        said = {"message": refusal.message, "remedy": refusal.remedy}
        return {"error": type(refusal).__name__, "last": True, **said}


def _inspect(job: Message) -> Message:
    settings = ReadingSettings(max_pixels=job["max_pixels"], max_pages=job["max_pages"])
    found = facts.inspect(Path(job["path"]), settings)
    return {"media_type": found.media_type, "pages": found.pages}


def _open(job: Message) -> Message:
    path, folder = Path(job["path"]), Path(job["folder"])
    opened = open_page(path, job["number"], job["max_pixels"], job["seconds"], folder)
    lines = [[(word.text, *word.box) for word in line.words] for line in opened.layer.lines]
    drawn = opened.drawn
    return {
        "file": drawn.file.name,
        "dpi": drawn.dpi,
        "sound": drawn.sound,
        "scanned": opened.scanned,
        "lines": lines,
    }


def too_heavy() -> OversizedScanError:
    """Return the refusal of what needs more memory than a page may have."""
    return OversizedScanError(
        "Mở tệp này cần quá nhiều bộ nhớ.", "Quét lại ở 300 dpi, khổ giấy thật."
    )


def _limit(what: int, most: int) -> None:
    """Set a soft limit, which can be raised again for the next job."""
    hard = resource.getrlimit(what)[1]
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


_JOBS_BY_NAME: dict[str, Callable[[Message], Message]] = {"inspect": _inspect, "open": _open}

if __name__ == "__main__":
    main()
