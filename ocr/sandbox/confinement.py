"""Confines a process to one job: one file, one folder, no network, no program but those named.

Four layers, each holding where another is missing: no new privileges and hard limits, an
unprivileged user, Landlock, a filter of system calls. ``Level`` says which of them are in force.
"""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from ocr.sandbox import landlock, privileges
from ocr.sandbox.job import Job
from ocr.sandbox.level import Level
from ocr.sandbox.system_calls import Needs, compiled, filter_calls

_ROOT = Path(__file__).parents[2]
_PREFIXES = (Path("/"), Path("/usr"), Path("/usr/local"), Path(sys.prefix), Path(sys.base_prefix))
_SHARED = ("lib", "lib32", "lib64", "share")  # libraries, fonts, poppler's tables of characters
_SYSTEM_FILES = (
    *("/etc/fonts", "/etc/ld.so.cache", "/etc/ld.so.preload"),
    *("/etc/localtime", "/var/cache/fontconfig", "/dev/urandom", "/dev/zero"),
)
_LOADERS = ("lib*/ld-*.so*", "lib/*/ld-*.so*")  # the kernel runs a program by its loader
_NOTHING = Path("/dev/null")


class Confinement:
    """What is the same for all jobs of a process, found out once."""

    def __init__(self) -> None:
        self._abi = landlock.kernel_abi()
        signals = self._abi >= landlock.SIGNALS_SINCE
        self._filters = {
            (forks, runs): compiled(Needs(forks, runs, signals))
            for forks, runs in ((False, False), (True, False), (True, True))
        }
        self._readable = tuple(_readable())
        self._loaders = tuple(path for glob in _LOADERS for path in Path("/").glob(glob))

    def enter(self, job: Job) -> Level:
        """Confine this process, for ever; return what is in force.

        Args:
            job: the job, which says what this process may touch from now on.
        """
        locks = privileges.forbid_new_privileges()
        privileges.limit(job.memory, job.cpu_seconds, job.max_file)
        unprivileged = privileges.drop(job.folder)
        abi = self._abi if landlock.restrict(self._abi, self._rules(job)) else 0
        runs = bool(job.programs)
        forks = runs or job.forks
        program = self._filters[forks, runs]
        if abi != self._abi:  # on which the filter counted
            program = compiled(Needs(forks, runs, signals=False))
        return Level(
            landlock=abi,
            filters_calls=filter_calls(program),
            is_unprivileged=unprivileged,
            locks_privileges=locks,
        )

    def _rules(self, job: Job) -> dict[int, list[Path]]:
        read = [*self._readable, *job.reads, job.source]
        read += [path for program in job.programs for path in _beside(program.parent.parent)]
        return {
            landlock.READ: read,
            landlock.KEEP: [job.folder],
            landlock.RUN: [*job.programs, *(self._loaders if job.programs else ())],
            landlock.READ_FILE | landlock.WRITE_FILE: [_NOTHING],
        }


def _readable() -> Iterator[Path]:
    """Yield what every job may read: libraries, fonts, and our own code without what lies by it."""
    for prefix in _PREFIXES:
        yield from _beside(prefix)
    yield from map(Path, _SYSTEM_FILES)
    yield from (_ROOT / room for room in ("ocr", "pipeline"))
    for kind in ("stdlib", "platstdlib", "purelib", "platlib"):
        yield Path(sysconfig.get_path(kind))


def _beside(prefix: Path) -> list[Path]:
    return [path for name in _SHARED if (path := prefix / name).is_dir()]
