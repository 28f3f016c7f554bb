"""`sohoa web`: serves the reading room over HTTP."""

from __future__ import annotations

import argparse
import socket

import uvicorn

from flows.terminal import say
from flows.wiring import settings
from pipeline.errors import MisconfiguredError

CONNECTIONS = 512  # at a time; one more is answered 503

RECORDS = ()  # the reading room records what it shows


def arguments(parser: argparse.ArgumentParser) -> None:
    """`sohoa web` has no arguments: address and port come from the settings."""


def run(args: argparse.Namespace) -> int:
    """Serve until Ctrl-C.

    Raises:
        MisconfiguredError: another program has the port, or the address is none of this machine.
    """
    web = settings().web
    _check_free(web.host, web.port)
    scheme = "https" if web.tls_certificate else "http"
    say(f"Phòng đọc: {scheme}://{web.host}:{web.port}/")
    # The factory goes by name: entry points never import each other. No access log: addresses
    # carry what people search for, and that may be a name.
    uvicorn.run(
        "web.app:create_app",
        factory=True,
        host=web.host,
        port=web.port,
        http="web.request_limits:ImpatientProtocol",
        limit_concurrency=CONNECTIONS,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the application believes those proxies that the settings name
        ssl_certfile=web.tls_certificate,
        ssl_keyfile=web.tls_key,
    )
    return 0


def _check_free(host: str, port: int) -> None:
    """Take the port for an instant, so that no address is printed which another program serves.

    Raises:
        MisconfiguredError: it cannot be taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
    except OSError as error:
        raise MisconfiguredError(
            f"Không mở được {host}:{port} ({error.strerror}): có lẽ chương trình khác đang dùng.",
            "Dừng chương trình ấy, hoặc đặt SOHOA_WEB__PORT, SOHOA_WEB__HOST khác.",
        ) from error
