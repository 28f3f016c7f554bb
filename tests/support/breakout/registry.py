"""The table of attacks, by name, and how one makes a system call by its number."""

from __future__ import annotations

import contextlib
import ctypes
import os
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

LIBC = ctypes.CDLL(None, use_errno=True)
Targets = dict[str, Any]
Attack = Callable[[Targets], object]
Attacks = Callable[..., object]
ATTACKS: dict[str, Attack] = {}


def attack(name: str) -> Callable[[Attack], Attack]:
    def named(function: Attack) -> Attack:
        ATTACKS[name] = function
        return function

    return named


def attacks(pattern: str, names: Iterable[str]) -> Callable[[Attacks], Attacks]:
    """Register a function once for each name, which it is given."""

    def named(function: Attacks) -> Attacks:
        for name in names:
            ATTACKS[pattern.format(name)] = partial(function, name=name)
        return function

    return named


def call(number: int, *arguments: Any) -> int:
    """Make a system call by its number."""
    LIBC.syscall.restype = ctypes.c_long
    wide = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    result = int(LIBC.syscall(ctypes.c_long(number), *wide))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def open_handles() -> list[int]:
    """Return the descriptors that this process has beyond the usual three."""
    handles = []
    for handle in range(3, 256):
        with contextlib.suppress(OSError):
            os.fstat(handle)
            handles.append(handle)
    return handles


def tried(at: Targets) -> dict[str, list[Any]]:
    """Make the attacks; return for each whether it reached its target, and what it found."""
    loot: dict[str, list[Any]] = {}
    at = at | {"handles": open_handles()}  # before an attack leaves one of its own
    for name in at["attacks"]:
        try:
            loot[name] = [True, repr(ATTACKS[name](at))[:200]]
        except BaseException as error:  # noqa: BLE001 — an attacker takes what comes
            loot[name] = [False, repr(error)[:200]]
    return loot
