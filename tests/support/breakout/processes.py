"""Attacks on other processes: their memory, sockets and limits; signals; programs; later jobs."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import gc
import os
import re
import resource
import signal
import time
from pathlib import Path
from typing import Any

from tests.support.breakout.registry import LIBC, Targets, attack, call

LIBC.sbrk.restype = ctypes.c_void_p
REGION = 2**20  # bytes that are looked through at a time


@attack("house: memory")
def read_memory(at: Targets) -> object:
    with Path(f"/proc/{at['house']}/mem").open("rb", buffering=0) as memory:
        memory.seek(at["address"])
        return memory.read(16)


def vectors(at: Targets) -> tuple[Any, Any]:
    class Piece(ctypes.Structure):
        _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))

    here = ctypes.create_string_buffer(16)
    return Piece(ctypes.addressof(here), 16), Piece(at["address"], 16)


@attack("inherited: open files and sockets")
def use_descriptors(at: Targets) -> object:
    if not at["handles"]:
        raise LookupError("none")
    return at["handles"]


@attack("inherited: settings and secrets")
def use_environment(at: Targets) -> object:
    found = [name for name in os.environ if name.startswith(("SOHOA", "PREFECT"))]
    if not found:
        raise LookupError("none")
    return found


@attack("house: process_vm_readv")
def read_vectors(at: Targets) -> object:
    here, there = vectors(at)
    number = at["numbers"]["process_vm_readv"]
    return call(number, at["house"], ctypes.byref(here), 1, ctypes.byref(there), 1, 0)


@attack("house: process_vm_writev")
def write_vectors(at: Targets) -> object:
    here, there = vectors(at)
    number = at["numbers"]["process_vm_writev"]
    return call(number, at["house"], ctypes.byref(here), 1, ctypes.byref(there), 1, 0)


@attack("house: ptrace")
def trace(at: Targets) -> object:
    call(at["numbers"]["ptrace"], 0x4206, at["house"], 0, 0)  # PTRACE_SEIZE
    return "seized"


@attack("house: its listening socket")
def steal_descriptor(at: Targets) -> object:
    handle = call(at["numbers"]["pidfd_open"], at["house"], 0)
    return call(at["numbers"]["pidfd_getfd"], handle, at["descriptor"], 0)


@attack("signal: the house")
def signal_house(at: Targets) -> object:
    os.kill(at["house"], signal.SIGUSR1)
    return "sent"


@attack("signal: its worker")
def signal_worker(at: Targets) -> object:
    os.kill(at["worker"], 0)
    return "sent"


@attack("signal: a thread of the house")
def signal_thread(at: Targets) -> object:
    return call(at["numbers"]["tgkill"], at["house"], at["house"], signal.SIGUSR1)


@attack("signal: with a value")
def signal_with_value(at: Targets) -> object:
    told = ctypes.create_string_buffer(128)
    ctypes.c_int.from_buffer(told, 8).value = -1  # SI_QUEUE
    number = at["numbers"]["rt_sigqueueinfo"]
    return call(number, at["house"], int(signal.SIGUSR1), ctypes.byref(told))


@attack("signal: by a handle")
def signal_by_handle(at: Targets) -> object:
    handle = os.pidfd_open(at["house"])
    signal.pidfd_send_signal(handle, signal.SIGUSR1)
    return "sent"


@attack("signal: by the kernel, when a pipe can be read")
def signal_by_owner(at: Targets) -> object:
    """Have SIGIO sent; the house counts whether it arrives."""
    reader, writer = os.pipe()
    try:
        fcntl.fcntl(reader, fcntl.F_SETOWN, at["house"])
        fcntl.fcntl(reader, fcntl.F_SETFL, os.O_ASYNC)
        os.write(writer, b"x")
    finally:
        os.close(reader)
        os.close(writer)
    return "set"


@attack("house: its limits")
def limit_house(at: Targets) -> object:
    return resource.prlimit(at["house"], resource.RLIMIT_NOFILE)


@attack("house: its priority")
def slow_house(at: Targets) -> object:
    os.setpriority(os.PRIO_PROCESS, at["house"], at["niceness"])
    return "slowed"


@attack("house: its processors")
def move_house(at: Targets) -> object:
    os.sched_setaffinity(at["house"], os.sched_getaffinity(0))
    return "moved"


def execute(path: str | int, *arguments: str) -> object:
    child = os.fork()
    if not child:
        with contextlib.suppress(OSError):
            os.execve(path, ["x", *arguments], {})
        os._exit(99)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status == 99:
        raise PermissionError(errno.EACCES, "not executed")
    return status


@attack("run: a shell")
def run_shell(at: Targets) -> object:
    return execute("/bin/sh", "-c", "exit 7")


@attack("run: another program")
def run_other(at: Targets) -> object:
    return execute(at["program"])


@attack("run: what it wrote itself")
def run_own(at: Targets) -> object:
    own = Path(at["folder"], "own")
    handle = os.open(own, os.O_WRONLY | os.O_CREAT, 0o700)
    os.write(handle, bytes(at["code"], "latin-1"))
    os.close(handle)
    return execute(str(own))


@attack("run: what lies in memory only")
def run_memory(at: Targets) -> object:
    handle = os.memfd_create("x")
    os.write(handle, bytes(at["code"], "latin-1"))
    return execute(handle)


@attack("jobs: stay alive for the next one")
def stay(at: Targets) -> object:
    """Leave a process behind in a session of its own; the house looks whether it lives."""
    child = os.fork()
    if not child:
        with contextlib.suppress(OSError):
            os.setsid()
        if os.fork():
            os._exit(0)
        Path(at["folder"], "stayed").write_text(str(os.getpid()))
        for _ in range(3_000):  # longer than all attacks take on a busy machine
            time.sleep(0.1)
        os._exit(0)
    os.waitpid(child, 0)
    end = time.monotonic() + 60
    while not Path(at["folder"], "stayed").exists() and time.monotonic() < end:
        time.sleep(0.01)
    return Path(at["folder"], "stayed").read_text()


@attack("jobs: what was said to an earlier one")
def remember(at: Targets) -> object:
    """Look for the mark of an earlier job wherever this process has memory."""
    # Written backwards in the targets, and apart in the pattern, so that neither is found.
    pattern = re.compile("".join(f"[{letter}]" for letter in reversed(at["mark"])).encode())
    here = {id(each) // REGION for each in gc.get_objects()}
    here |= {int(LIBC.sbrk(0)) // REGION - back for back in range(64)}
    for region in sorted(here):
        if pattern.search(memory(region * REGION, REGION)):
            return "remembered"
    raise LookupError("forgotten")


def memory(start: int, length: int) -> bytes:
    """Return what lies at an address of this process, zeros where nothing does.

    ``write`` refuses what is not there, where reading it would end the process.
    """
    found, piece = bytearray(length), 2**14
    reader, writer = os.pipe()
    for at in range(0, length, piece):
        count = int(LIBC.write(writer, ctypes.c_void_p(start + at), piece))
        if count > 0:
            found[at : at + count] = os.read(reader, count)
    os.close(reader)
    os.close(writer)
    return bytes(found)


@attack("jobs: the folder of another one")
def read_other_job(at: Targets) -> object:
    return Path(at["other job"]).read_bytes()
