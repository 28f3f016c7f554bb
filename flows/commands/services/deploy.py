"""`sohoa deploy`: registers pool and drain flow in Prefect; once, and again after each upgrade."""

from __future__ import annotations

import argparse
import os

from flows.local_prefect import wait_until_healthy
from flows.pool import Pool
from flows.prefect_secret import require_guarded, require_secret
from flows.terminal import say
from flows.wiring import settings

RECORDS = ()  # registers code with Prefect; nobody sees or changes a paper by it


def arguments(parser: argparse.ArgumentParser) -> None:
    """`sohoa deploy` has no arguments: the pool comes from the settings."""


def run(args: argparse.Namespace) -> int:
    """Register pool, limit, deployment and the automation that ends dead runs.

    Raises:
        MisconfiguredError: Prefect did not answer in time, answers anybody, or does not take our
            secret.
        RunsUnavailableError: Prefect stopped answering.
    """
    require_secret()
    url = os.environ["PREFECT_API_URL"]
    wait_until_healthy(url)  # a server may still be starting
    require_guarded(url)
    pool = Pool(settings().runs)
    pool.deploy()
    say(f"Đã đăng ký work pool «{pool.name}», tối đa {settings().runs.pool_limit} lượt cùng lúc.")
    say("Tiếp theo: `sohoa worker` trên mỗi máy đọc, `sohoa watch` nơi có thư mục quét.")
    return 0
