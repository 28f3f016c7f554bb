"""A worker process whose parser was taken over: its job makes every attack instead of reading.

The jobs of ``ocr.files.worker`` are there as well. A file ``kernel.json`` in the temporary folder
makes it believe that the kernel has less than this one has.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ocr.files import worker
from ocr.sandbox import confinement, landlock
from ocr.sandbox.job import Job
from ocr.sandbox.serving import Message, serve
from tests.support import breakout


def attack(job: Job) -> Message:
    """Make every attack; what it finds is left in the folder, as a program would leave it."""
    at = json.loads((job.folder / "targets.json").read_text()) | {"folder": str(job.folder)}
    (job.folder / "loot.json").write_text(json.dumps(breakout.tried(at)))
    return {"media_type": "application/pdf", "pages": 1}


def weaken(kernel: dict[str, Any]) -> None:
    """Know less of Landlock, or no filter of system calls."""
    landlock.kernel_abi = lambda: kernel["landlock"]
    if not kernel["seccomp"]:
        vars(confinement)["compiled"] = lambda _: b""


JOBS = {"attack": attack, "inspect": worker._inspect, "open": worker._open}

if __name__ == "__main__":
    told = Path(os.environ["TMPDIR"], "kernel.json")
    if told.exists():
        weaken(json.loads(told.read_text()))
    serve(JOBS)
