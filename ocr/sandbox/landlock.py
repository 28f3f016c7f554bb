"""Restricts a process by Landlock: the files it may open, its network, whom it may signal.

Landlock is the kernel's sandbox for processes without privileges (landlock(7)); the C library has
no functions for it. Each version of the kernel's interface knows more; what it does not know is
left out here, and ``confinement`` lets the filter of system calls stand in for it.
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from ocr.sandbox.privileges import LIBC

# The same numbers on all architectures (include/uapi/asm-generic/unistd.h).
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG, _PATH_BENEATH = 1, 1

# Rights on files (include/uapi/linux/landlock.h), by the version of the interface that has them.
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE, MAKE_DIR, MAKE_REG = 1 << 4, 1 << 5, 1 << 7, 1 << 8
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_ALL_OF_ABI_1 = (1 << 13) - 1
_SINCE = {REFER: 2, TRUNCATE: 3, IOCTL_DEV: 5}
_ON_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV  # the others are for folders

READ = READ_FILE | READ_DIR
RUN = READ_FILE | EXECUTE
# No links, pipes, sockets or devices; nothing is executed that was written.
KEEP = READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER | TRUNCATE

NETWORK_SINCE, SIGNALS_SINCE, TRUNCATE_SINCE = 4, 6, 3
_BIND_AND_CONNECT_TCP = 3
_ABSTRACT_SOCKETS_AND_SIGNALS = 3


class _Ruleset(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_uint64) for name in ("files", "network", "scopes"))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def kernel_abi() -> int:
    """Return the version of the kernel's interface; 0 where Landlock is missing or forbidden."""
    return max(0, int(LIBC.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION_FLAG)))


def restrict(abi: int, rules: Mapping[int, Iterable[Path]]) -> bool:
    """Restrict this process and all it starts, for ever; tell whether the kernel did.

    Nothing else can be opened, no TCP connection made or accepted, nobody outside be signalled or
    traced, as far as the version has it. What exists, and how large it is, can still be asked.

    Args:
        abi: the version of the interface, from ``kernel_abi``.
        rules: the rights, and the files or folders (with all below them) that they are given on;
            what does not exist is passed over.
    """
    if abi < 1:
        return False
    known = _ALL_OF_ABI_1 | sum(right for right, since in _SINCE.items() if abi >= since)
    ruleset = _Ruleset(
        known,
        _BIND_AND_CONNECT_TCP if abi >= NETWORK_SINCE else 0,
        _ABSTRACT_SOCKETS_AND_SIGNALS if abi >= SIGNALS_SINCE else 0,
    )
    size = ctypes.c_size_t(ctypes.sizeof(ruleset))
    handle = int(LIBC.syscall(_CREATE_RULESET, ctypes.byref(ruleset), size, 0))
    if handle < 0:
        return False
    try:
        for rights, paths in rules.items():
            for path in paths:
                with suppress(OSError):
                    _allow(handle, path, rights & known)
        return int(LIBC.syscall(_RESTRICT_SELF, handle, 0)) == 0
    finally:
        os.close(handle)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(parent).st_mode):
            rights &= _ON_FILES
        rule = _Beneath(rights, parent)
        if LIBC.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0):
            raise OSError(ctypes.get_errno(), "Landlock refuses a rule", str(path))
    finally:
        os.close(parent)
