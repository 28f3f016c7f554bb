"""`sohoa web`: serves the reading room over HTTP."""

from __future__ import annotations

import argparse

import uvicorn

from flows.terminal import say
from flows.wiring import settings

CONNECTIONS = 512  # at a time; one more is answered 503

RECORDS = ()  # the reading room records what it shows


def arguments(parser: argparse.ArgumentParser) -> None:
    """`sohoa web` has no arguments: address and port come from the settings."""


def run(args: argparse.Namespace) -> int:
    """Serve until Ctrl-C."""
    web = settings().web
    say(f"Phòng đọc: http://{web.host}:{web.port}/")
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
    )
    return 0
