"""Chooses ports for servers of tests so that no other test of this machine gets the same one.

A port that the kernel chose and that was closed again may be anybody's before the server of the
test listens there. These lie below those that the kernel hands out by itself, and each is kept for
the process that asked for it by the name of a socket, which ends with the process.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path

FIRST, MOST = 15_000, 30_000  # below are the ports of services
_kept: list[socket.socket] = []


def free_port() -> int:
    """Return a port of loopback that is free now and that no other caller is given meanwhile."""
    count = _end() - FIRST
    begin = os.getpid() * 101  # each process begins elsewhere
    for step in range(count):
        port = FIRST + (begin + step) % count
        if _keep(port):
            if is_free(port):
                return port
            _kept.pop().close()
    raise OSError("no port is free for a test")


def is_free(port: int) -> bool:
    """Tell whether a server could listen at a port of the loopback address."""
    with socket.socket() as probe, suppress(OSError):
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        probe.listen()
        return True
    return False


def _end() -> int:
    """Return the first port that the kernel hands out by itself."""
    first = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()[0]
    return max(FIRST + 1_000, min(MOST, int(first)))


def _keep(port: int) -> bool:
    """Keep a port for this process; tell whether nobody else has it."""
    keeper = socket.socket(socket.AF_UNIX)
    try:
        keeper.bind(f"\0sohoa-test-port-{port}")
    except OSError:
        keeper.close()
        return False
    _kept.append(keeper)
    return True
