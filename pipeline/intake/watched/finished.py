"""Decides whether a quiet drop is finished: each file whole, and nobody writing into any."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from enum import Enum
from functools import cached_property
from pathlib import Path

from pipeline.file_ends.wholeness import is_whole_stream
from pipeline.intake.watched.ignored import is_unfinished
from pipeline.intake.watched.listing import DropContents
from pipeline.intake.watched.open_files import (
    OpenFiles,
    Writing,
    open_below,
    sees_all_processes,
    writing_by_lease,
)

_SCAN_SECONDS = 1.0  # age after which the open files of all processes are looked for anew


class Finished(Enum):
    """Whether a drop that was quiet for the settle time is finished."""

    YES = "yes"
    INCOMPLETE = "incomplete"  # a file lacks its end, or has the name of an unfinished one
    OPEN = "open"  # somebody has a file open for writing
    UNKNOWN = "unknown"  # whole, but whether somebody has it open cannot be told


_FINISHED = {
    Writing.NOBODY: Finished.YES,
    Writing.SOMEBODY: Finished.OPEN,
    Writing.UNKNOWN: Finished.UNKNOWN,
}


class Look:
    """What is found out once for all drops of a folder, and only when one of them needs it.

    Args:
        folder: the watched folder.
        clock: a function that returns monotonic seconds.
        share_of: a function that returns the kind of network share a folder lies on, or nothing.
    """

    def __init__(
        self, folder: Path, clock: Callable[[], float], share_of: Callable[[Path], str]
    ) -> None:
        self.folder = folder
        self._share_of = share_of
        self._clock = clock
        self._scanned_at = 0.0
        self._open_files: OpenFiles | None = None

    @cached_property
    def is_share(self) -> bool:
        """Whether other machines may write into the folder, which this kernel does not see."""
        return bool(self._share_of(self.folder))

    @cached_property
    def _sees_all(self) -> bool:
        return not self.is_share and sees_all_processes()

    def finished(self, drop: DropContents, *, ends: bool, is_last: bool) -> Finished:
        """Tell whether a quiet drop is finished.

        Args:
            drop: its files, and its strays, which may be files under a temporary name.
            ends: whether its files must be whole.
            is_last: whether the drop is taken when nothing is known. Only then, or when it would be
                certain, are the open files of all processes looked through.

        Raises:
            BlockingIOError: somebody has a lease on a file, as Samba has for its clients.
            OSError: a file cannot be looked at.
        """
        if ends and any(is_unfinished(stray.name) for stray in drop.strays):
            return Finished.INCOMPLETE
        files = [(file, ends) for file in drop.files]
        strays = [(stray, False) for stray in drop.strays if stat.S_ISREG(stray.lstat().st_mode)]
        answer = Finished.YES
        for path, must_be_whole in files + strays:
            found = self._file_finished(path, must_be_whole=must_be_whole, is_last=is_last)
            if found in {Finished.INCOMPLETE, Finished.OPEN}:
                return found
            if found is Finished.UNKNOWN:
                answer = found
        return answer

    def _file_finished(self, path: Path, *, must_be_whole: bool, is_last: bool) -> Finished:
        writing = Writing.UNKNOWN
        try:
            with open_below(self.folder, self._parts(path)) as file:
                if must_be_whole and not is_whole_stream(file, with_rest=True):
                    return Finished.INCOMPLETE
                if not self.is_share:  # there a lease tells what this machine does, if anything
                    writing = writing_by_lease(file.fileno())
        except PermissionError:
            if must_be_whole:
                raise
        if writing is Writing.UNKNOWN and (is_last or self._sees_all):
            if self._all_open_files().writing(path.lstat()):
                writing = Writing.SOMEBODY
            elif self._sees_all:
                writing = Writing.NOBODY
        return _FINISHED[writing]

    def _all_open_files(self) -> OpenFiles:
        # The drops before this one may have taken long to receive.
        now = self._clock()
        if self._open_files is None or now - self._scanned_at > _SCAN_SECONDS:
            self._open_files, self._scanned_at = OpenFiles(), now
        return self._open_files

    def _parts(self, path: Path) -> tuple[str, ...]:
        return tuple(os.fspath(path)[len(os.fspath(self.folder)) + 1 :].split("/"))
