"""Serves jobs in the worker process: forks a process for each, confines it, and ends all of it.

The libraries are loaded once; a job's process is a copy that has not seen any other job and is
confined (``confinement``) before it touches the file. The process that forks never reads anything
of a job: a line on standard input names the private folder and the time, a word on standard output
says how it ended. Whatever a job started is dead before that word is written.
"""

from __future__ import annotations

import errno
import gc
import json
import os
import select
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from ocr.sandbox import privileges, programs
from ocr.sandbox.confinement import Confinement
from ocr.sandbox.disk_space import disk_full
from ocr.sandbox.job import (
    ANSWER,
    DIED,
    DONE,
    LATE,
    LEVEL,
    MESSAGES,
    REFUSED,
    Job,
    read_job,
)
from ocr.sandbox.level import Level
from pipeline.errors import MisconfiguredError, OversizedScanError, SohoaError

Message = dict[str, Any]
Jobs = Mapping[str, Callable[[Job], Message]]

_EXIT_DONE, _EXIT_REFUSED, _EXIT_DIED = 0, 3, 70
_LOOK = 0.005  # seconds between two looks at a process, where the kernel cannot tell its end
_END_SECONDS = 5.0  # for all that a job started to be gone; SIGKILL takes milliseconds
_MAX_LINE = 2**16


def serve(jobs: Jobs) -> None:
    """Do jobs by their names until standard input ends.

    Args:
        jobs: the functions that do them; each returns what JSON can carry.
    """
    # What libraries print, or read, must not be taken for an order or an answer.
    orders, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    privileges.prepare_supervisor()
    confinement = Confinement()
    gc.collect()
    gc.freeze()  # so that a copy does not touch, and so copy, all of the memory
    while line := _line(orders):
        seconds, folder = json.loads(line)
        ended = _supervise(Path(folder), float(seconds), orders, jobs, confinement)
        os.write(answers, f"{ended}\n".encode())


def _line(handle: int) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        piece = os.read(handle, _MAX_LINE)
        if not piece:
            return b""
        line += piece
    return line


def _supervise(
    folder: Path, seconds: float, orders: int, jobs: Jobs, confinement: Confinement
) -> str:
    """Have a job done by a copy of this process; return how it ended."""
    child = os.fork()
    if not child:
        _work(folder, jobs, confinement)
    with suppress(OSError):  # the copy does so itself; whoever is first
        os.setpgid(child, child)
    status = _wait(child, seconds, orders)
    _end_all(child)
    if status is None:
        return LATE
    return {_EXIT_DONE: DONE, _EXIT_REFUSED: REFUSED}.get(status, DIED)


def _wait(child: int, seconds: float, orders: int) -> int | None:
    """Return the exit code of a child; None if it is late, or nobody waits for it any more."""
    end, poll = time.monotonic() + seconds, select.poll()
    poll.register(orders, 0)  # only whether the other end was closed
    handle, look = -1, _LOOK
    try:
        handle = os.pidfd_open(child)
        poll.register(handle, select.POLLIN)
        look = seconds
    except OSError:  # before Linux 5.3
        pass
    try:
        while (left := end - time.monotonic()) > 0:
            ready = poll.poll(min(left, look) * 1000)
            ended = os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended:  # and left unwaited for, so that nobody else gets its number
                return ended.si_status if ended.si_code == os.CLD_EXITED else _EXIT_DIED
            if any(which == orders for which, _ in ready):
                return None
    finally:
        if handle >= 0:
            os.close(handle)
    return None


def _end_all(child: int) -> None:
    """Kill all that a job started, and wait until nothing of it is left.

    It cannot leave its group of processes where system calls are filtered. Where they are not,
    what did so falls to this process when its parent dies.
    """
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    mine = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    end = time.monotonic() + _END_SECONDS
    while time.monotonic() < end:
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        with suppress(OSError):
            for left in mine.read_text("ascii").split():
                os.kill(int(left), signal.SIGKILL)
        time.sleep(_LOOK / 5)
    sys.exit("a job cannot be ended")  # whoever asked is told that it died


def _work(folder: Path, jobs: Jobs, confinement: Confinement) -> NoReturn:
    """Do a job in this process, the copy, and end it."""
    code = _EXIT_DIED
    try:
        os.setpgid(0, 0)
        privileges.die_with_parent()
        messages = os.open(folder / MESSAGES, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.dup2(messages, 1)
        os.dup2(messages, 2)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        os.chdir(folder)
        job = read_job(folder)
        os.environ["HOME"] = os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
        programs.grant(job.programs)
        code = _do(job, jobs, confinement.enter(job))
    finally:
        if code == _EXIT_DIED:
            traceback.print_exc()
        os._exit(code)


def _do(job: Job, jobs: Jobs, level: Level) -> int:
    """Do a job and write its answer; return the exit code that says which answer it is."""
    try:
        if job.demands_all and level.missing:
            raise incomplete(level)
        result = asdict(level) if job.name == LEVEL else jobs[job.name](job)
    except SohoaError as error:
        return _refuse(job, error)
    except MemoryError:
        return _refuse(job, out_of_memory())
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return _refuse(job, disk_full())
    _write(job, result)
    return _EXIT_DONE


def _refuse(job: Job, error: SohoaError) -> int:
    _write(job, error_message(error))
    return _EXIT_REFUSED


def error_message(error: SohoaError) -> Message:
    """Return an error as an answer tells it."""
    return {"error": type(error).__name__, "message": error.message, "remedy": error.remedy}


def _write(job: Job, answer: Message) -> None:
    text = json.dumps(answer, ensure_ascii=False)
    (job.folder / ANSWER).write_text(text, "utf-8", errors="replace")


def out_of_memory() -> OversizedScanError:
    """Return the refusal of a file that needs more memory than a page may have."""
    return OversizedScanError(
        "Mở tệp này cần quá nhiều bộ nhớ.", "Quét lại ở 300 dpi, khổ giấy thật."
    )


def incomplete(level: Level) -> MisconfiguredError:
    """Return the error that says that files may not be opened because the sandbox has gaps."""
    return MisconfiguredError(
        f"Không mở tệp vì vùng cách ly chưa đủ: {'; '.join(level.missing)}.",
        f"{level.remedy} Chấp nhận rủi ro thì đặt SOHOA_READING__SANDBOX=best.",
    )
