"""Drops privileges of a process: capabilities, root, limits that can never be raised again.

Linux calls that Python has no function for go through the C library. A call that the kernel or the
container refuses leaves things as they are: ``confinement`` asks what was reached.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from contextlib import suppress
from pathlib import Path

LIBC = ctypes.CDLL(None, use_errno=True)

# linux/prctl.h, linux/capability.h
_SET_PDEATHSIG, _SET_DUMPABLE, _SET_KEEPCAPS, _CAPBSET_DROP, _SET_SECUREBITS = 1, 4, 8, 24, 28
_SET_CHILD_SUBREAPER, _SET_NO_NEW_PRIVS, _GET_NO_NEW_PRIVS, _CAP_AMBIENT = 36, 38, 39, 47
_AMBIENT_RAISE, _AMBIENT_CLEAR_ALL = 2, 4
# Root's number gives no rights, another number takes none; not even for access(2). Locked.
_NUMBERS_MEAN_NOTHING = 0b1111
_CAPABILITY_VERSION_3 = 0x2008_0522
_CHOWN, _DAC_OVERRIDE, _DAC_READ_SEARCH, _KILL, _SETGID, _SETUID = 0, 1, 2, 5, 6, 7
_NEEDED = 1 << _CHOWN | 1 << _KILL | 1 << _SETGID | 1 << _SETUID
_HIGHEST_CAPABILITY = 63

# Whom a job of root runs as: no user's number, and one that also rootless containers map.
_NOBODY_ELSE = 65_533
_OPEN_FILES = 256
# By which the processes of the machine may increase while a job runs. The kernel counts those of
# the user; how many those are is not known cheaply, all are more.
_MORE_PROCESSES, _FEWEST_PROCESSES, _WHERE_HIDDEN = 128, 256, 4_096
_NONE_OF = ("CORE", "MEMLOCK", "MSGQUEUE", "NICE", "RTPRIO")  # resources nobody here needs


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):  # two for 64 bits: the lower, then the upper half
    _fields_ = tuple((name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable"))


def prctl(option: int, *arguments: int) -> int:
    """Call ``prctl``; return its result, negative when it was refused."""
    padded = [ctypes.c_ulong(argument) for argument in (*arguments, 0, 0, 0, 0)[:4]]
    return int(LIBC.prctl(option, *padded))


def prepare_supervisor() -> None:
    """Prepare the process that starts jobs: all that they start falls to it, and it may die.

    Nobody else of the same user can read its memory, and when memory runs out the kernel ends a job
    before the processes that do the house's work.
    """
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500", "ascii")
    prctl(_SET_CHILD_SUBREAPER, 1)
    prctl(_SET_DUMPABLE, 0)


def die_with_parent() -> None:
    """Have this process killed when the one that started it dies."""
    prctl(_SET_PDEATHSIG, signal.SIGKILL)


def forbid_new_privileges() -> bool:
    """Make sure that no program started from here gains rights; tell whether the kernel did so."""
    prctl(_SET_NO_NEW_PRIVS, 1)
    return prctl(_GET_NO_NEW_PRIVS) == 1


def limit(memory: int, cpu_seconds: int, max_file: int) -> None:
    """Set limits that this process and what it starts cannot raise.

    Args:
        memory: bytes of address space of each process.
        cpu_seconds: processor time of each process.
        max_file: bytes of the largest file that may be written.
    """
    limits = {"AS": memory, "CPU": cpu_seconds, "FSIZE": max_file, "NOFILE": _OPEN_FILES}
    limits |= {"NPROC": _most_processes()} | dict.fromkeys(_NONE_OF, 0)
    for name, most in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(kind)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (least, least))


def _most_processes() -> int:
    """Return how many processes and threads the user may have while a job runs."""
    try:  # proc(5): "0.20 0.18 0.12 1/80 11206", the fourth is running/all
        alive = int(Path("/proc/loadavg").read_text("ascii").split()[3].split("/")[1])
    except (OSError, ValueError, IndexError):
        return _WHERE_HIDDEN
    return max(_FEWEST_PROCESSES, alive + _MORE_PROCESSES)


def drop(folder: Path) -> bool:
    """Give up all capabilities and, as root, the user; tell whether the process is unprivileged.

    Root becomes a user of no name that owns the private folder and may read what it must: which
    files, Landlock says. Where a container withholds what that needs, root stays, without rights.

    Args:
        folder: the private folder, which is given to that user.
    """
    permitted = _permitted()
    kept = next((1 << bit for bit in (_DAC_READ_SEARCH, _DAC_OVERRIDE) if permitted >> bit & 1), 0)
    if os.geteuid() or not kept or permitted & _NEEDED != _NEEDED:
        kept = 0
    _hold(permitted, kept)  # what is to be handed on must be said before the bounds are set
    for capability in range(_HIGHEST_CAPABILITY + 1):
        prctl(_CAPBSET_DROP, capability)
    prctl(_CAP_AMBIENT, _AMBIENT_CLEAR_ALL)
    if kept and not _become_nobody(folder):
        kept = 0
    _hold(kept, kept)
    if kept:
        prctl(_CAP_AMBIENT, _AMBIENT_RAISE, kept.bit_length() - 1)  # for programs that are started
    return os.geteuid() != 0 and not _permitted() & ~kept


def _become_nobody(folder: Path) -> bool:
    """Become the user without a name; tell whether that is so."""
    try:
        os.chown(folder, _NOBODY_ELSE, _NOBODY_ELSE)
        prctl(_SET_KEEPCAPS, 1)
        prctl(_SET_SECUREBITS, _NUMBERS_MEAN_NOTHING)
        os.setgroups([])
        os.setresgid(*[_NOBODY_ELSE] * 3)
        os.setresuid(*[_NOBODY_ELSE] * 3)
    except OSError:  # a user namespace that does not know that number
        return False
    return True


def _permitted() -> int:
    """Return the capabilities that this process may have, a bit for each."""
    header, sets = _Header(_CAPABILITY_VERSION_3, 0), (_Sets * 2)()
    if LIBC.capget(ctypes.byref(header), ctypes.byref(sets)):
        return 0
    return int(sets[0].permitted) | int(sets[1].permitted) << 32


def _hold(capabilities: int, handed_on: int) -> None:
    """Have just these capabilities, and hand just those on to programs; a bit for each."""
    header, sets = _Header(_CAPABILITY_VERSION_3, 0), (_Sets * 2)()
    for half, shift in enumerate((0, 32)):
        held = capabilities >> shift & 0xFFFF_FFFF
        sets[half] = _Sets(held, held, handed_on >> shift & 0xFFFF_FFFF)
    LIBC.capset(ctypes.byref(header), ctypes.byref(sets))
