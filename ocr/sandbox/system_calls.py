"""Filters system calls by seccomp: those that parsers of files need exist, all others do not.

A list of what is allowed, not of what is forbidden: a call that the kernel gains next year is not
on it. It is short because parsers need little, and one list serves all jobs: it was taken from what
poppler, Pillow, pikepdf, img2pdf, fontTools and OpenCV call on the files of ``tests/paper`` (strace
6.1), with the equivalents of other architectures and newer C libraries; LibreOffice needs no more.
Whatever else is called fails as in a kernel that has never heard of it (ENOSYS), which libraries
are prepared for. A call of another architecture (32 bits) ends the process.

Landlock does not know: sockets other than TCP, changing rights, owners and times of files, watching
folders, limits and priorities of other processes, shared memory, keys. None is on the list.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import logging
import tempfile
from collections.abc import Iterator
from typing import Any, NamedTuple

from ocr.sandbox.privileges import prctl

log = logging.getLogger(__name__)

_FILES = """
access close close_range copy_file_range creat dup dup2 dup3 epoll_create1 epoll_ctl epoll_pwait
epoll_wait eventfd2 faccessat faccessat2 fadvise64 fallocate fdatasync fstat fstatfs fsync ftruncate
getcwd chdir fchdir getdents getdents64 lseek lstat mkdir mkdirat newfstatat open openat pipe pipe2
poll ppoll pread64 preadv pselect6 pwrite64 pwritev read readlink readlinkat readv rename renameat
renameat2 rmdir select sendfile stat statfs statx umask unlink unlinkat write writev
"""
_MEMORY = "brk madvise mbind membarrier mincore mmap mprotect mremap msync munmap"
_PROCESSES = """
arch_prctl exit exit_group futex get_robust_list getcpu getegid geteuid getgid getgroups getpgid
getpgrp getpid getppid getresgid getresuid getrlimit getrusage getsid gettid getuid pidfd_open rseq
sched_getaffinity sched_yield set_robust_list set_tid_address sysinfo times uname wait4 waitid
"""
_TIME = """
alarm clock_getres clock_gettime clock_nanosleep getitimer getrandom gettimeofday nanosleep
setitimer time
"""
_SIGNALS = "pause restart_syscall rt_sigaction rt_sigpending rt_sigprocmask rt_sigreturn \
rt_sigsuspend rt_sigtimedwait sigaltstack"
_ALLOWED = " ".join((_FILES, _MEMORY, _PROCESSES, _TIME, _SIGNALS)).split()
_FORKING = ("fork", "vfork")
_SIGNALLING = ("kill", "tgkill", "tkill")

_THREAD = 0x0001_0000  # include/uapi/linux/sched.h
# New namespaces, CLONE_PTRACE, CLONE_UNTRACED: no process of ours asks for them.
_NOT_IN_CLONE = 0x7E02_0000 | 0x0000_2000 | 0x0080_0000
_ALLOWED_WITH = {  # the place of an argument, and its values
    # no F_SETOWN and F_SETSIG, by which the kernel signals others
    "fcntl": (1, (
        fcntl.F_DUPFD, fcntl.F_GETFD, fcntl.F_SETFD, fcntl.F_GETFL, fcntl.F_SETFL,
        fcntl.F_GETLK, fcntl.F_SETLK, fcntl.F_SETLKW, fcntl.F_DUPFD_CLOEXEC,
    )),
    "ioctl": (1, (0x5401, 0x5450, 0x5451, 0x541B)),  # TCGETS, FIONCLEX, FIOCLEX, FIONREAD
    "prctl": (0, (15,)),  # PR_SET_NAME
    "prlimit64": (0, (0,)),  # of the process itself
}  # fmt: skip

_UNKNOWN = -1
_SET_SECCOMP, _FILTER_MODE = 22, 2  # linux/prctl.h, linux/seccomp.h
_INSTRUCTION_BYTES = 8


class Needs(NamedTuple):
    """What a job needs beyond what every job does."""

    forks: bool  # processes
    runs: bool  # programs
    signals: bool  # to others; only where Landlock limits to whom


class Condition(NamedTuple):
    """What an argument of a call must be, as far as a mask goes."""

    place: int  # from 0
    value: int
    mask: int | None = None  # None: all of it


class _Program(ctypes.Structure):  # struct sock_fprog
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def compiled(needs: Needs) -> bytes:
    """Return the filter as the kernel takes it; empty where libseccomp is not installed."""
    try:
        import pyseccomp  # noqa: PLC0415 — raises where the C library is missing
    except (ImportError, RuntimeError, OSError) as error:
        log.info("no filter of system calls: %s", error)
        return b""
    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.ENOSYS))
    for name, conditions in _allowed(needs):
        number = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)
        if number != _UNKNOWN:  # to this libseccomp, so that the call stays forbidden
            arguments = (_argument(pyseccomp, *condition) for condition in conditions)
            rules.add_rule(pyseccomp.ALLOW, number, *arguments)
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def _allowed(needs: Needs) -> Iterator[tuple[str, tuple[Condition, ...]]]:
    """Yield the names of calls, and what their arguments must be."""
    yield from ((name, ()) for name in _ALLOWED)
    yield from ((name, ()) for name in _SIGNALLING if needs.signals)
    yield from ((name, ()) for name in _FORKING if needs.forks)
    if needs.runs:
        yield "execve", ()
    for name, (place, values) in _ALLOWED_WITH.items():
        yield from ((name, (Condition(place, value),)) for value in values)
    mask, value = (_NOT_IN_CLONE, 0) if needs.forks else (_NOT_IN_CLONE | _THREAD, _THREAD)
    yield "clone", (Condition(0, value, mask),)


def _argument(library: Any, place: int, value: int, mask: int | None) -> Any:
    if mask is None:
        return library.Arg(place, library.EQ, value)
    return library.Arg(place, library.MASKED_EQ, mask, value)


def filter_calls(program: bytes) -> bool:
    """Filter the system calls of this process and all it starts, for ever.

    Args:
        program: the filter, from ``compiled``; the process must have given up new privileges.

    Returns:
        Whether the kernel took it.
    """
    if not program:
        return False
    instructions = ctypes.create_string_buffer(program, len(program))
    handed = _Program(len(program) // _INSTRUCTION_BYTES, ctypes.addressof(instructions))
    return prctl(_SET_SECCOMP, _FILTER_MODE, ctypes.addressof(handed)) == 0
