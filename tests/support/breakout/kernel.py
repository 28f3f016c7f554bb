"""Attacks on the network, the limits of the job, and the kernel itself."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import mmap
import os
import platform
import resource
import signal
import socket
from pathlib import Path

from tests.support.breakout.registry import Targets, attack, attacks, call

# Calls that parsers have no use for. The arguments do nothing.
KERNEL = """
io_uring_setup io_uring_enter io_uring_register bpf userfaultfd perf_event_open mount umount2
pivot_root chroot unshare setns keyctl add_key request_key init_module finit_module delete_module
kexec_load kexec_file_load open_by_handle_at name_to_handle_at fanotify_init memfd_create mq_open
ptrace process_madvise kcmp migrate_pages move_pages quotactl swapon acct clock_settime syslog
seccomp splice vmsplice fsopen fsmount move_mount open_tree mount_setattr setsid mknodat symlinkat
linkat fchmodat fchownat setxattr pidfd_getfd pidfd_send_signal socket socketpair execveat
""".split()


@attacks("kernel: {}", KERNEL)
def knock(at: Targets, name: str) -> object:
    try:
        return call(at["numbers"][name], *[-1] * 5)
    except OSError as error:
        if error.errno in (errno.ENOSYS, errno.EPERM, errno.EACCES):
            raise
        return error.strerror


@attack("kernel: clone with a namespace of users")
def clone_namespace(at: Targets) -> object:
    child = call(at["numbers"]["clone"], 0x1000_0000 | signal.SIGCHLD, 0, 0, 0, 0)
    if not child:
        os._exit(0)
    return os.waitpid(child, 0)


@attack("kernel: a call of another architecture")
def call_as_32_bits(at: Targets) -> object:
    """Ask for the process by i386's number; a filter that only knows x86-64's would let it pass."""
    if platform.machine() != "x86_64":
        raise LookupError("no second architecture")
    with mmap.mmap(-1, mmap.PAGESIZE, prot=7) as page:
        page.write(bytes.fromhex("b8 14 00 00 00  cd 80  c3"))  # mov eax, 20; int 0x80; ret
        here = ctypes.c_char.from_buffer(page)
        function = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(here))
        child = os.fork()
        if not child:
            os._exit(0 if function() == os.getpid() else 1)
        del here, function
    if os.waitpid(child, 0)[1]:
        raise PermissionError(errno.EACCES, "ended")
    return "called"


@attack("kernel: shared memory of all")
def share_memory(at: Targets) -> object:
    return call(at["numbers"]["shmget"], 0, 4096, 0o600)


@attack("network: TCP to a service of this machine")
def connect(at: Targets) -> object:
    with socket.create_connection(("127.0.0.1", at["tcp"]), timeout=2):
        return "connected"


@attack("network: TCP as a server")
def listen(at: Targets) -> object:
    with socket.create_server(("127.0.0.1", 0)):
        return "listening"


@attack("network: UDP")
def send(at: Targets) -> object:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        return sender.sendto(b"x", ("127.0.0.1", at["udp"]))


@attack("network: a socket file of this machine")
def connect_file(at: Targets) -> object:
    with socket.socket(socket.AF_UNIX) as sender:
        sender.connect(at["socket"])
        return "connected"


@attack("network: an abstract socket of this machine")
def connect_abstract(at: Targets) -> object:
    with socket.socket(socket.AF_UNIX) as sender:
        sender.connect("\0" + at["abstract"])
        return "connected"


@attack("network: the kernel's own")
def connect_netlink(at: Targets) -> object:
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0):
        return "opened"


@attacks("limits: raise {}", ("AS", "CPU", "FSIZE", "NOFILE", "NPROC", "CORE"))
def lift(at: Targets, name: str) -> object:
    kind = getattr(resource, f"RLIMIT_{name}")
    soft, hard = resource.getrlimit(kind)
    if hard == resource.RLIM_INFINITY:
        return "is unlimited"
    more = resource.RLIM_INFINITY if kind != resource.RLIMIT_NOFILE else hard + 1
    resource.setrlimit(kind, (soft, more))
    return "raised"


@attack("limits: two gigabytes of memory")
def fill_memory(at: Targets) -> object:
    with mmap.mmap(-1, 2 * 2**30):
        return "mapped"


@attack("limits: a file of one gigabyte")
def fill_disk(at: Targets) -> object:
    with Path(at["folder"], "big").open("wb") as stream:
        os.ftruncate(stream.fileno(), 2**30)
    return "made"


@attack("limits: a fork bomb")
def bomb(at: Targets) -> object:
    children: list[int] = []
    try:
        while len(children) < at["bomb"]:
            child = os.fork()
            if not child:
                signal.pause()
                os._exit(0)
            children.append(child)
        return f"{len(children)} processes"
    finally:
        for child in children:
            with contextlib.suppress(OSError):
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
