"""`sohoa watch`: watches folders, and digitises queued dossiers or scales the pool that does."""

from __future__ import annotations

import argparse
import os
import signal
import threading
from contextlib import nullcontext
from types import FrameType

from flows.console import marked_up, open_console
from flows.drain import Drain
from flows.pool_scaler import scaling
from flows.prefect_secret import require_guarded
from flows.receiver import Receiver
from flows.upkeep.duplicates import keep_compared
from flows.upkeep.restore_index import keep_index
from flows.upkeep.restore_owners import keep_owners
from flows.watch import Watcher, announced_stop, draining
from flows.wiring import archive, owners, settings, tools
from pipeline.intake import network_share, shared_heartbeat

RECORDS = ()  # what it takes in is in receipts and records


def arguments(parser: argparse.ArgumentParser) -> None:
    """`sohoa watch` has no arguments: folders come from the settings."""


def run(args: argparse.Namespace) -> int:
    """Watch until SIGTERM or Ctrl-C; started dossiers are finished, or resumed the next time.

    Raises:
        MisconfiguredError: Tesseract or its language data is missing, or the pool's Prefect answers
            anybody or does not take our secret.
    """
    is_inline, url = settings().runs.kind == "inline", os.environ["PREFECT_API_URL"]
    if not is_inline:
        require_guarded(url)
    stop = threading.Event()

    def end(number: int, _frame: FrameType | None) -> None:
        if stop.is_set():  # a second signal ends at once; leases let others resume
            os._exit(130)
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    tools()  # a missing engine or language is reported now, not at the first page
    console = open_console(stderr=True)
    for folder in settings().watched_folders:
        share = network_share(folder)
        every = f"{settings().watch.poll_seconds:g} giây xem lại một lần"
        kind = f" (ổ mạng {share}: không có tín hiệu khi máy khác ghi, {every})" if share else ""
        console.print(f"Đang theo dõi [bold]{marked_up(folder)}[/bold]{kind}")
    console.print(f"Prefect: {url.removesuffix('/api')}")
    threading.Thread(
        target=keep_index, args=(stop, console.print), name="restore-index", daemon=True
    ).start()
    threading.Thread(
        target=keep_owners, args=(archive(), owners(), stop), name="restore-owners", daemon=True
    ).start()
    threading.Thread(target=keep_compared, args=(stop,), name="duplicates", daemon=True).start()
    drain = Drain()  # on a pool it reads nothing
    is_served = settings().storage.kind != "disk"
    with (
        shared_heartbeat(settings().home, archive()) if is_served else nullcontext(),
        announced_stop(settings().home, stop, lambda: drain.active, console.print),
        draining(drain, stop) if is_inline else scaling(stop),
    ):
        Watcher(Receiver(settings().watch.receivers)).run(stop)
    return 0
