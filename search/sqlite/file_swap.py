"""Replaces an index file by a rebuilt one while both are in use.

SQLite names its write-ahead log after the file that a link leads to. So a file that was built
beside keeps its name and its log, and ``index.sqlite3`` becomes a link to it: replacing a link is
one step, and no log is ever taken for another file's.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

_BESIDE = ("-wal", "-shm")


def beside(path: Path) -> Path:
    """Return the name of a new file beside an index."""
    return path.with_name(f"{path.stem}-{datetime.now(UTC):%Y%m%d%H%M%S%f}{path.suffix}")


def serve(path: Path, built: Path) -> None:
    """Let the path lead to what was built; the file it led to is kept under a name of its own."""
    is_plain = path.is_file() and not path.is_symlink()
    if is_plain:
        old = beside(path)
        old.hardlink_to(path)
        log = _named(path, "-wal")
        if log.exists():
            _named(old, "-wal").hardlink_to(log)
    link = path.with_name(f"{path.name}.new")
    link.unlink(missing_ok=True)
    link.symlink_to(built.name)
    link.replace(path)
    if is_plain:  # who has them open keeps them
        for suffix in _BESIDE:
            _named(path, suffix).unlink(missing_ok=True)


def remove(path: Path) -> None:
    """Delete the file that a path leads to, what SQLite keeps beside it, and the path."""
    file = path.resolve()
    for name in (file, *(_named(file, suffix) for suffix in _BESIDE), path):
        name.unlink(missing_ok=True)


def remove_old(path: Path) -> int:
    """Delete the files beside an index that it does not lead to; return how many."""
    serving = path.resolve()
    old = [file for file in path.parent.glob(f"{path.stem}-*{path.suffix}") if file != serving]
    for file in old:
        remove(file)
    return len(old)


def _named(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
