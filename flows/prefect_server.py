"""Serves Prefect's API and UI with uvicorn, behind a Host check and basic authentication.

    python -m flows.prefect_server [--socket DESCRIPTOR] [--starter PROCESS]

Without arguments it listens at ``PREFECT_SERVER_API_HOST`` and ``PREFECT_SERVER_API_PORT``, as
``prefect server start`` does. The secret comes from ``PREFECT_SERVER_API_AUTH_STRING`` or
``PREFECT_API_AUTH_STRING``, or from the file that one of them with ``_FILE`` names.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import signal
import socket
import sys
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from importlib import import_module
from typing import Any

import uvicorn
from starlette.datastructures import MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flows.prefect_api import set_defaults
from flows.prefect_secret import CLIENT_VARIABLE, SERVER_VARIABLE, given_secret
from flows.terminal import complain
from pipeline.errors import MisconfiguredError, SohoaError
from pipeline.settings import load_settings

PR_SET_PDEATHSIG = 1  # prctl(2)
# Prefect's UI runs inline scripts and styles, WebAssembly and workers of its own; nothing is
# loaded from elsewhere, nothing is told to anybody else, and no other page may frame it.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Of the home's own server while dossiers are read in the watcher's process: nothing is scheduled,
# late, paused, leased or run by workers then, and what looks for it every five seconds took a
# quarter of what an idle server takes (docs/measurements.md).
_WITHOUT_POOL = {
    f"PREFECT_SERVER_SERVICES_{name}_ENABLED": "false"
    for name in ("SCHEDULER", "LATE_RUNS", "FOREMAN", "PAUSE_EXPIRATIONS", "REPOSSESSOR")
} | {"PREFECT_SERVER_EVENTS_PROACTIVE_GRANULARITY": "PT60S"}
# Between two looks of the server for background work, which is never urgent; Prefect's own 0.25.
_BACKGROUND_SECONDS = 1.0


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM; return 1 when there is no secret, so that it is never served without.

    Args:
        argv: the words after the module's name; those of the process by default.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--socket", type=int, help="descriptor of a socket that listens")
    parser.add_argument("--starter", type=int, help="process whose end ends this one")
    wanted = parser.parse_args(argv)
    if wanted.starter:
        end_with(wanted.starter)
    try:
        settings = load_settings()
        set_defaults(settings.home / "prefect")
        if wanted.starter and settings.runs.kind == "inline":
            os.environ.update(_WITHOUT_POOL | dict(os.environ))
        _share(given_secret(SERVER_VARIABLE) or given_secret())
    except SohoaError as error:
        complain(str(error))
        return 1
    listening = [socket.socket(fileno=wanted.socket)] if wanted.socket else None
    uvicorn.Server(_configured(settings.runs.prefect_names)).run(listening)
    return 0


def end_with(starter: int) -> None:
    """Have the kernel kill this process when the thread that started it ends, however it ends.

    Args:
        starter: id of the process of that thread; when it has ended already, this one ends too.

    Raises:
        OSError: the kernel refuses.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != starter:  # it died before the kernel was told
        os.kill(os.getpid(), signal.SIGKILL)


def _share(secret: str) -> None:
    """Set the secret for server and clients in this process, from where Prefect reads it.

    Raises:
        MisconfiguredError: it is empty. Prefect would let websockets in then.
    """
    if not secret:
        raise MisconfiguredError(
            "Máy chủ Prefect không chạy khi không có khóa.",
            f"Đặt {SERVER_VARIABLE} dạng tên:mật-khẩu, hoặc {SERVER_VARIABLE}_FILE.",
        )
    os.environ[SERVER_VARIABLE] = os.environ[CLIENT_VARIABLE] = secret


def _configured(names: Sequence[str]) -> uvicorn.Config:
    """Return uvicorn's configuration, with the same settings as ``prefect server start``."""
    prefect: Any = import_module("prefect.settings").get_current_settings()  # after _share
    background: Any = import_module("prefect.server.api.background_workers")
    pause = timedelta(seconds=_BACKGROUND_SECONDS)
    background.Worker = partial(
        background.Worker, minimum_check_interval=pause, scheduling_resolution=pause
    )
    app: ASGIApp = import_module("prefect.server.api.server").create_app(final=True)
    # Around the app, not in it: Prefect's own services call the app too, under a name of their own,
    # and a refused one marks no dead run as Crashed.
    named = TrustedHostMiddleware(app, allowed_hosts=list(names), www_redirect=False)
    api = prefect.server.api
    return uvicorn.Config(
        GuardHeaders(named),  # the outermost: refusals carry them too
        host=api.host,
        port=api.port,
        timeout_keep_alive=api.keepalive_timeout,
        ws_ping_interval=api.websocket_ping_interval,
        ws_ping_timeout=api.websocket_ping_timeout,
        log_level=prefect.server.logging_level.lower(),
        server_header=False,
    )


class GuardHeaders:
    """ASGI middleware that keeps Prefect's pages from being framed and from calling elsewhere."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its response."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


if __name__ == "__main__":
    sys.exit(main())
