"""Attacks on files: reading, listing, writing, changing rights, leaving links behind."""

from __future__ import annotations

import os
from pathlib import Path

from tests.support.breakout.registry import Targets, attack, attacks, call

WANTED = ("store", "index", "accounts", "settings", "secrets", "neighbour", "letter", "passwd")


@attacks("read: {}", WANTED)
def read(at: Targets, name: str) -> object:
    return Path(at[name]).read_bytes()[:80]


@attacks("list: {}", ("home", "watched", "temporary"))
def list_folder(at: Targets, name: str) -> object:
    return list(Path(at[name]).iterdir())


@attacks("house: {}", ("environ", "maps", "fd", "cwd"))
def look_at_house(at: Targets, name: str) -> object:
    return look(f"/proc/{at['house']}/{name}")


@attacks("worker: {}", ("environ", "maps", "fd", "cwd"))
def look_at_worker(at: Targets, name: str) -> object:
    return look(f"/proc/{at['worker']}/{name}")


def look(path: str) -> object:
    return list(Path(path).iterdir()) if Path(path).is_dir() else Path(path).read_bytes()[:80]


@attack("write: a file in the store")
def create_in_store(at: Targets) -> object:
    return Path(at["home"], "store", "stranger").write_bytes(b"x")


@attack("write: over an original")
def overwrite(at: Targets) -> object:
    with Path(at["victim"]).open("r+b") as stream:
        return stream.write(b"x")


@attack("write: truncate an original")
def truncate(at: Targets) -> object:
    os.truncate(at["victim"], 4)
    return "truncated"


@attack("write: rights of an original")
def change_rights(at: Targets) -> object:
    Path(at["victim"]).chmod(0o666)
    return "changed"


@attack("write: times of an original")
def change_times(at: Targets) -> object:
    os.utime(at["victim"], (1, 1))
    return "changed"


@attack("write: remove an original")
def remove(at: Targets) -> object:
    Path(at["doomed"]).unlink()
    return "removed"


@attack("write: move an original here")
def move(at: Targets) -> object:
    os.rename(at["movable"], Path(at["folder"], "moved"))  # noqa: PTH104 — as an attacker would
    return "moved"


@attack("write: link an original here")
def link(at: Targets) -> object:
    os.link(at["victim"], Path(at["folder"], "linked"))
    return "linked"


@attack("write: rename the store")
def rename_store(at: Targets) -> object:
    Path(at["home"], "store").rename(Path(at["home"], "store2"))
    Path(at["home"], "store2").rename(Path(at["home"], "store"))
    return "renamed"


@attack("write: the file it was given")
def change_source(at: Targets) -> object:
    with Path(at["source"]).open("ab") as stream:
        return stream.write(b"x")


@attack("write: rights of the file it was given")
def open_source_to_all(at: Targets) -> object:
    with Path(at["source"]).open("rb") as stream:
        os.fchmod(stream.fileno(), 0o666)
    return "changed"


@attacks("write: {}", ("watched", "temporary", "shared memory"))
def create(at: Targets, name: str) -> object:
    stranger = Path(at[name], f"stranger-{at['mark']}")
    written = stranger.write_bytes(b"x")
    stranger.unlink()
    return written


@attack("folder: a symbolic link")
def leave_link(at: Targets) -> object:
    Path(at["folder"], "page-1.ppm").symlink_to(at["victim"])
    return "left"


@attack("folder: a pipe")
def leave_pipe(at: Targets) -> object:
    os.mkfifo(Path(at["folder"], "pipe"))
    return "left"


@attack("watch: what happens in the watched folder")
def watch(at: Targets) -> object:
    return call(at["numbers"]["inotify_init1"], 0)
