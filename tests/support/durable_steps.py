"""Every durable change a process makes, seen from the code itself; it can be ended at the n-th.

Python tells an audit hook of each change to the file system before it is made and of each HTTP
request before it is sent, SQLite of each statement; two calls that change bytes without telling are
wrapped, and so is the commit of the embedded index. So a step that is added to the product is a
boundary here without anybody naming it.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from search.embedded import writing

_PATHS = {"os.rename": 2, "os.link": 2, "os.symlink": 2}  # event: how many paths lead
_PATHS |= dict.fromkeys(("os.remove", "os.mkdir", "os.rmdir", "os.truncate"), 1)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGING = (b"PUT ", b"POST ", b"DELETE ")  # requests that change a bucket
_QUERIES = ("SELECT", "--")  # SQLite reports statements of its own modules as comments


class Boundaries:
    """Counts the durable changes below some folders, and signals the process before one of them."""

    def __init__(self, roots: list[Path], log: int, at: int | None, number: int) -> None:
        """Args: the folders that matter; a descriptor; the step, from 1; the signal it brings."""
        self._roots = tuple(map(str, roots))
        self._log = log
        self._at = at
        self._signal = number
        self._write = os.write
        self.count = 0

    def install(self) -> None:
        """Begin to count; a hook cannot be taken out again, so only in a process of its own."""
        sys.addaudithook(self._see)
        for name in ("fsync", "write"):
            setattr(os, name, self._wrapped(name, getattr(os, name)))
        sqlite3.connect = self._traced(sqlite3.connect)
        commit = writing.commit

        def committing(writer: Any) -> None:
            self._step("commit of the index")
            commit(writer)

        writing.commit = committing

    def _wrapped(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def stepping(descriptor: int, *rest: Any) -> Any:
            place = str(Path(f"/proc/self/fd/{descriptor}").readlink())
            if self._is_ours(place):
                self._step(f"{name} {place}")
            return call(descriptor, *rest)

        return stepping

    def _traced(self, connect: Callable[..., sqlite3.Connection]) -> Any:
        def connecting(*arguments: Any, **named: Any) -> sqlite3.Connection:
            connection = connect(*arguments, **named)
            connection.set_trace_callback(self._statement)
            return connection

        return connecting

    def _see(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in _PATHS:
            paths = [os.fsdecode(path) for path in arguments[: _PATHS[event]]]
            if any(map(self._is_ours, paths)):
                self._step(f"{event} {' '.join(paths)}")
        elif event == "open":
            path, _, flags = arguments
            if flags & _WRITING and not isinstance(path, int) and self._is_ours(os.fsdecode(path)):
                self._step(f"open {os.fsdecode(path)}")
        elif event == "http.client.send":
            data = arguments[1]
            if isinstance(data, bytes) and data.startswith(_CHANGING):
                verb, target, *_ = data.decode("latin-1").split()
                self._step(f"http {verb} {target.split('?')[0]}")

    def _statement(self, sql: str) -> None:
        if not sql.startswith(_QUERIES):
            self._step(f"sql {' '.join(sql.split())[:60]}")

    def _is_ours(self, path: str) -> bool:
        # A relative name goes with the descriptor of a folder: rmtree works that way.
        return path.startswith(self._roots) or not path.startswith("/")

    def _step(self, name: str) -> None:
        self.count += 1
        self._write(self._log, f"{name}\n".encode())
        if self.count == self._at:
            os.kill(os.getpid(), self._signal)
