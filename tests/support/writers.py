"""Other processes that have files open, of this user and of another; and work done as another."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Self, TypeVar

import pytest

NOBODY = 65_534  # a user without rights, on every Linux
IS_ROOT = os.geteuid() == 0
needs_root = pytest.mark.skipif(not IS_ROOT, reason="only root may act as another user")

_LOOP = """
import sys
names = {}
for line in sys.stdin:
    exec(eval(line), names)
    print("done", flush=True)
"""
_Answer = TypeVar("_Answer")


class Writer:
    """A Python process that does what it is told, one statement after the other.

    Args:
        user: the number of the user it runs as; this one's by default.
    """

    def __init__(self, user: int | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _LOOP],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
            umask=0,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def do(self, statements: str, **names: object) -> None:
        """Have statements run, with these names; returns when that is done."""
        given = "\n".join(f"{name} = {value!r}" for name, value in names.items())
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(repr(f"{given}\n{statements}") + "\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "done\n", f"failed: {statements}"


def as_nobody(work: Callable[[], _Answer]) -> _Answer:
    """Do something in a child process without rights, and return what it returns."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            with os.fdopen(writing, "wb") as answer:
                answer.write(pickle.dumps(work()))
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        content = answer.read()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, "it failed as another user"
    return pickle.loads(content)  # type: ignore[no-any-return]  # our own child wrote it
