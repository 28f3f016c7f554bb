"""Keeps the folder of the embedded index: one generation serves, another may be built beside it.

``serving`` names the folder of the generation that serves; replacing that file is the switch, in
one step. A writer holds ``lock``; whoever builds a generation holds ``building`` in it, so nobody
takes it away. Kernel locks end with their process; ``unfinished`` in a generation that nobody
builds any more tells that a process ended before its switch.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import tantivy

from pipeline.errors import SearchUnavailableError
from pipeline.private_files import fsync_folder
from search.embedded import schema
from search.embedded.damage import BusyIndexError, check_mark, damaged, reachable, translated

BUSY_SECONDS = 300.0  # a dossier is written in a moment, but merging large files takes minutes
_FIRST_WAIT, _LONGEST_WAIT = 0.005, 0.25  # seconds between two tries for the lock

_SERVING, _LOCK, _BUILDING, _ABOUT = "serving", "lock", "building", "about.json"
_UNFINISHED = "unfinished"
_NAME = re.compile(r"[0-9-]{1,100}")  # of a generation, as ``new`` makes it
# What 0.1 kept beside the folder; a copy that somebody made (index.sqlite3.bak) is theirs.
_OUTGROWN = ("index.sqlite3", "index.sqlite3-*", "index-*.sqlite3", "index-*.sqlite3-*")


class OutdatedIndexError(SearchUnavailableError):
    """The index was made by another version of the software; it is built anew from the store."""

    retryable = False


class Generations:
    """The folder of an index and the generations in it.

    Args:
        path: the folder.
        key: fingerprint of the key that hashes numbers; another one asks for another index.
    """

    def __init__(self, path: Path, key: Callable[[], str] = str) -> None:
        self.path = path
        self._key = key

    def serving(self) -> Path | None:
        """Return the generation that serves; None when there is no index yet.

        Raises:
            DamagedIndexError: it is gone, or was found damaged.
            OutdatedIndexError: another version made it, or only an index of 0.1 is there.
        """
        with reachable(self.path):
            name = self._serving_name()
            if name is None:
                self._check_outgrown()
                return None
        if not _NAME.fullmatch(name):
            raise damaged(self.path)
        generation = self.path / name
        check_mark(generation)
        self._check_version(generation)
        return generation

    def first(self) -> Path:
        """Return the generation that serves; an empty one is made where there is none."""
        if found := self.serving():
            return found
        self.prepare()
        with self.locked():
            return self.first_held()

    def prepare(self) -> None:
        """Read or make the key; nobody who waits for the lock should wait for that as well."""
        self._key()

    def first_held(self) -> Path:
        """Do the same for a caller who holds the lock."""
        if found := self.serving():  # another process was quicker
            return found
        generation = self.new()
        self.switch(generation)
        return generation

    def new(self) -> Path:
        """Make an empty generation beside the one that serves."""
        with reachable(self.path):
            name = f"{datetime.now(UTC):%Y%m%d%H%M%S%f}-{os.getpid()}"
            generation = self.path / name
            generation.mkdir(mode=0o700, parents=True)
            (generation / _UNFINISHED).touch()
            with translated(generation):
                tantivy.Index(
                    schema.schema(),
                    str(generation),
                    sort_by_field="id",
                    sort_order=tantivy.Order.Desc,
                )
            (generation / _ABOUT).write_text(json.dumps(self._made_by()))
            return generation

    def switch(self, generation: Path) -> None:
        """Let a generation serve, in one step; the caller holds the lock."""
        with reachable(self.path):
            new = self.path / f"{_SERVING}.new"
            with new.open("w") as stream:
                stream.write(generation.name)
                stream.flush()
                os.fsync(stream.fileno())
            (generation / _UNFINISHED).unlink(missing_ok=True)
            new.replace(self.path / _SERVING)
            fsync_folder(self.path)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock of writers, waiting for others.

        Raises:
            BusyIndexError: others held it for ``BUSY_SECONDS``.
        """
        with reachable(self.path):
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            stream = (self.path / _LOCK).open("a")
        with stream:
            _wait_for(stream)
            yield

    @contextmanager
    def building(self, generation: Path) -> Iterator[None]:
        """Keep others from taking away a generation that is being built."""
        with reachable(self.path):
            stream = (generation / _BUILDING).open("a")
        with stream:
            with reachable(self.path):
                fcntl.flock(stream, fcntl.LOCK_EX)
            yield

    def remove_old(self) -> int:
        """Delete the generations that do not serve and are not being built; return how many."""
        with self.locked(), reachable(self.path):
            for generation in (old := self._left()):
                shutil.rmtree(generation)
            return len(old) + self.remove_outgrown()

    def remove_unusable(self) -> None:
        """Delete what can never serve: damaged, of another version, or left half built."""
        with self.locked(), reachable(self.path):
            for generation in self._left():
                if not self._is_usable(generation):
                    shutil.rmtree(generation)

    def remove_outgrown(self) -> int:
        """Delete the files of an index of release 0.1; return how many indexes there were."""
        with reachable(self.path):
            found = (each for one in _OUTGROWN for each in self.path.parent.glob(one))
            files = {file for file in found if file.is_file()}
            for file in files:
                file.unlink(missing_ok=True)
        return sum(file.suffix == ".sqlite3" for file in files)

    def serves(self, generation: Path) -> bool:
        """Tell whether this generation is the one that serves, in whatever state it is."""
        with reachable(self.path):
            return self._serving_name() == generation.name

    def _left(self) -> list[Path]:
        """Return the generations that neither serve nor are being built."""
        serving = self._serving_name()
        return [
            generation
            for generation in self.path.iterdir()
            if generation.is_dir() and generation.name != serving and _is_left(generation)
        ]

    def _serving_name(self) -> str | None:
        with suppress(FileNotFoundError):
            # Torn bytes name no folder; a person who goes back to an old one ends the line.
            return (self.path / _SERVING).read_text(errors="replace").strip()
        return None

    def _check_outgrown(self) -> None:
        if (self.path.parent / _OUTGROWN[0]).is_file():
            raise _outdated()

    def _is_usable(self, generation: Path) -> bool:
        """Tell whether a generation that nobody builds could serve again."""
        try:
            check_mark(generation)
            self._check_version(generation)
        except SearchUnavailableError:
            return False
        return not (generation / _UNFINISHED).exists()

    def _check_version(self, generation: Path) -> None:
        try:
            about = dict(json.loads((generation / _ABOUT).read_bytes()))
            made_by = {"version": about["version"], "key": about.get("key")}
        except (FileNotFoundError, NotADirectoryError, ValueError, LookupError, TypeError):
            raise damaged(generation) from None
        if made_by != self._made_by():
            raise _outdated()

    def _made_by(self) -> dict[str, object]:
        return {"version": schema.version(), "key": self._key()}


def _outdated() -> OutdatedIndexError:
    return OutdatedIndexError(
        "Chỉ mục tìm kiếm do phiên bản khác của phần mềm lập.",
        "Chạy `sohoa watch` hoặc `sohoa reindex`: chỉ mục được dựng lại từ kho.",
    )


def _wait_for(stream: IO[str]) -> None:
    """Take a file's lock, asking ever less often."""
    deadline, wait = time.monotonic() + BUSY_SECONDS, _FIRST_WAIT
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        if time.monotonic() > deadline:
            raise BusyIndexError("Chỉ mục tìm kiếm đang bận.", "Hãy thử lại sau ít phút.")
        time.sleep(wait)
        wait = min(wait * 2, _LONGEST_WAIT)


def _is_left(generation: Path) -> bool:
    """Tell whether nobody builds a generation any more."""
    try:
        with (generation / _BUILDING).open("a") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
