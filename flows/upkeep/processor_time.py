"""Measures the processor time of this process and of all that it started.

The kernel adds a child's time to its parent only when the child ends, so children that still run
are asked one by one (proc(5)).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PARENT, _OWN, _ENDED = 1, slice(11, 13), slice(13, 15)  # fields behind the name, in ticks


def processor_seconds() -> float:
    """Return the seconds of processor time that this process and its descendants have used."""
    parents, times = dict[int, int](), dict[int, int]()
    for process, fields in _processes():
        parents[process] = int(fields[_PARENT])
        times[process] = sum(map(int, (*fields[_OWN], *fields[_ENDED])))
    me = os.getpid()
    return sum(time for each, time in times.items() if _descends(each, me, parents)) / _TICKS


def _processes() -> Iterator[tuple[int, list[str]]]:
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile
            text = (folder / "stat").read_text(encoding="utf-8", errors="replace")
            yield int(folder.name), text.rpartition(")")[2].split()


def _descends(process: int, ancestor: int, parents: dict[int, int]) -> bool:
    for _ in range(len(parents)):
        if process == ancestor:
            return True
        process = parents.get(process, 0)
        if not process:
            break
    return False
