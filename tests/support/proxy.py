"""A small proxy in front of a real server, to take it away, make it slow or make it fail."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

FAILURE = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Proxy:
    """Forwards bytes to a server on this machine while ``mode`` is ``pass``.

    ``away``: connections are closed at once; ``failing``: each is answered with 503;
    ``slow``: every piece waits for ``delay`` seconds.
    """

    def __init__(self, target: str) -> None:
        host, _, port = target.rpartition(":")
        self._target = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._changing = threading.Lock()  # of what is open, and whether more may be
        self.mode = "pass"
        self.delay = 0.0
        self.refused = 0  # connections that came while it was away or failing
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def take_away(self) -> None:
        """Close everything and refuse what comes, as a killed server does."""
        with self._changing:
            self.mode = "away"
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Stop listening."""
        self.take_away()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            if self.mode == "failing":
                client.recv(65536)
                client.sendall(FAILURE)
            # A call comes with a connection of its own: one that is refused is not used again.
            if self.mode in {"failing", "away"}:
                with self._changing:
                    self.refused += 1
                return
            with socket.create_connection(self._target) as server:
                with self._changing:  # it may have been taken away since this one was accepted
                    if self.mode == "away":
                        return
                    self._open |= {client, server}
                back = threading.Thread(target=self._pump, args=(server, client), daemon=True)
                back.start()
                self._pump(client, server)
                back.join()
                with self._changing:
                    self._open -= {client, server}

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                if self.mode == "slow":
                    time.sleep(self.delay)
                sink.sendall(piece)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def before(target: str) -> Iterator[Proxy]:
    """Put a proxy before a server (``host:port``)."""
    proxy = Proxy(target)
    try:
        yield proxy
    finally:
        proxy.close()
