"""Finds and runs programs on untrusted files, under a time limit; inside a job only those it names.

The one place that starts a program on a foreign file. Its output goes to files, not pipes: what a
hostile file makes it print may never end. Nothing but a plain environment is handed on.
"""

from __future__ import annotations

import os
import select
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO, NamedTuple

from ocr.sandbox.disk_space import OUTPUT_BYTES, check_free_space

_HANDED_ON = ("HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR")
_MAX_ERRORS = 2**16  # bytes of error output that are read
_SHORTEST = 0.1  # seconds

_granted: dict[str, Path] = {}
_is_confined = False


class Output(NamedTuple):
    """What a program left: its exit status, and what it printed."""

    status: int
    text: str
    errors: str
    is_cut: bool  # whether there was more text than was read


def grant(programs: Sequence[Path]) -> None:
    """Know from now on only these programs; for a process that does a job."""
    global _is_confined
    _is_confined = True
    _granted.update((program.name, program) for program in programs)


def find_program(name: str) -> Path | None:
    """Return the file of a program, or None if it is not installed or not granted.

    Args:
        name: the program's name, without a folder.
    """
    return _granted.get(name) if _is_confined else find_trusted(name)


def find_trusted(name: str) -> Path | None:
    """Return the file of an installed program, or None.

    It is looked for once, in those folders of PATH where only this user or root can put something.
    """
    return _found(name, os.environ.get("PATH", os.defpath))


@cache
def _found(name: str, folders: str) -> Path | None:
    every = folders.split(os.pathsep)
    trusted = [folder for folder in every if folder.startswith("/") and _is_trusted(folder)]
    found = shutil.which(name, path=os.pathsep.join(trusted)) if trusted else None
    if found is None:
        return None
    file = Path(found).resolve()
    return file if _is_trusted(file) and _is_trusted(file.parent) else None


def _is_trusted(path: str | Path) -> bool:
    """Tell whether nobody but this user and root can change a file or folder."""
    try:
        told = Path(path).stat()
    except OSError:
        return False
    return told.st_uid in (0, os.geteuid()) and not told.st_mode & stat.S_IWOTH


def run(command: Sequence[str | Path], seconds: float, most: int) -> Output:
    """Run a program to its end.

    Args:
        command: the program's name, and its arguments.
        seconds: the longest time it may take.
        most: the most bytes of its output that are read.

    Raises:
        FileNotFoundError: it is not installed, or not granted to this job.
        TimeoutError: it takes too long; it was killed, or is when the job ends.
        StorageUnavailableError: no space is left in the temporary folder.
    """
    program = find_program(str(command[0]))
    if program is None:
        raise FileNotFoundError(command[0])
    plain = {name: os.environ[name] for name in _HANDED_ON if name in os.environ}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [program, *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=errors,
            env=plain,
        )
        status = _wait(process, max(seconds, _SHORTEST))
        # Programs do not report a full disk.
        check_free_space(Path(tempfile.gettempdir()), OUTPUT_BYTES)
        is_cut = out.seek(0, os.SEEK_END) > most
        return Output(status, _text(out, most), _text(errors, _MAX_ERRORS), is_cut)


def _wait(process: subprocess.Popen[bytes], seconds: float) -> int:
    try:
        handle = os.pidfd_open(process.pid)
    except OSError:  # before Linux 5.3
        with suppress(subprocess.TimeoutExpired):
            return process.wait(seconds)
    else:
        # Not process.wait(seconds), which looks again only every 50 ms.
        with os.fdopen(handle, "rb", buffering=0):
            poll = select.poll()
            poll.register(handle, select.POLLIN)
            if poll.poll(seconds * 1000):
                return process.wait()
    with suppress(OSError):  # where Landlock does not say whom, no signal may be sent
        process.kill()
        process.wait()
    raise TimeoutError


def _text(stream: IO[bytes], most: int) -> str:
    stream.seek(0)
    return stream.read(most).decode("utf-8", "replace")
