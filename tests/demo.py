"""`make demo`: the whole product on sample dossiers, from the watched folder to the search box.

Starts the watcher (with Prefect's server) and the reading room as their own processes, drops
synthetic paper, shows progress, runs two searches, and serves until Ctrl-C. With ``--once`` it
ends instead: 0 when every page is searchable, 1 when anything was lost or unread.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from flows.server_process import known_server
from ocr import open_reader
from pipeline.intake import read_receipts, receipt_days, waiting_drops
from pipeline.model import (
    MARK_CLOSE,
    MARK_OPEN,
    Dossier,
    Outcome,
    Query,
    Receipt,
    ReceiptStatus,
)
from pipeline.ports import Archive
from pipeline.settings import Settings
from search import open_index
from storage import open_archive
from tests import ROOT
from tests.paper import make_dossiers
from tests.support.demo_accounts import forget_accounts, prepare_accounts

HOME = Path(os.environ.get("SOHOA_HOME", ROOT / ".demo"))
COUNT, SEED = 8, 1
SEARCHES = ("quyết định", "giay tiep nhan ho so")
PATIENCE = 900.0  # seconds without any progress before something counts as lost
console = Console()


def main() -> int:
    """Run the demo and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--once", action="store_true", help="end when everything is searchable")
    parser.add_argument("--accounts", action="store_true", help="one account a role; sign in")
    asked = parser.parse_args()
    once = asked.once
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # unwinds: the servers end with us
    settings = prepare()
    people = prepare_accounts(settings) if asked.accounts else forget_accounts(settings)
    with ExitStack() as running:
        running.enter_context(process("watch"))
        running.enter_context(process("web"))
        drops = drop_samples(settings)
        is_complete = follow(settings, drops)
        is_found = show_searches(settings)
        addresses(settings)
        show_accounts(people)
        if not once:
            wait_for_ctrl_c()
    return 0 if is_complete and is_found else 1


def prepare() -> Settings:
    """Point every process at one home, with the demo's own free ports."""
    os.environ["SOHOA_HOME"] = str(HOME)
    os.environ.setdefault("SOHOA_WEB__PORT", str(free_port(8600)))
    os.environ.setdefault("SOHOA_RUNS__PREFECT_PORT", str(free_port(4200)))
    settings = Settings()
    settings.home.mkdir(parents=True, exist_ok=True)
    settings.watched_folders[0].mkdir(exist_ok=True)
    return settings


def show_accounts(people: dict[str, str]) -> None:
    """Print who may sign in."""
    if people:
        console.print("\nTài khoản (tên: mật khẩu), mỗi vai trò một tài khoản:")
    for name, password in people.items():
        console.print(f"  {name}: {password}", markup=False, highlight=False)


def free_port(wanted: int) -> int:
    """Return the wanted port, or any free one when somebody listens there."""
    for port in (wanted, 0):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise OSError("no free port")


@contextmanager
def process(command: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run one command of the product beside us; its output goes to a log in the home."""
    with (HOME / f"{command}.log").open("ab") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "flows.cli", command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is ours: we end the children in order
        )
    try:
        yield child
    finally:
        child.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=30)
        child.kill()
        child.wait()


def drop_samples(settings: Settings) -> list[str]:
    """Make the sample dossiers and move them into the watched folder; return their names."""
    with console.status("Đang in giấy tờ mẫu …"):
        samples = HOME / "samples"
        shutil.rmtree(samples, ignore_errors=True)
        dossiers = make_dossiers(samples, COUNT, SEED)
    for dossier in dossiers:
        dossier.path.rename(settings.watched_folders[0] / dossier.path.name)
    return [dossier.path.name for dossier in dossiers]


def follow(settings: Settings, drops: list[str]) -> bool:
    """Show progress until all drops have receipts and nothing is owed; tell whether all is well."""
    archive = open_archive(settings.storage, settings.home)
    recipe = open_reader(settings.reading).recipe
    began = datetime.now().astimezone().replace(microsecond=0)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        received = progress.add_task("Đã nhận (lần thả)", total=len(drops))
        read = progress.add_task("Đã đọc (trang)   ", total=None)
        last_change, last_seen = time.monotonic(), (0, 0)
        while time.monotonic() - last_change < PATIENCE:
            receipts = receipts_since(settings, began)
            dossiers = [known(archive, line.dossier) for line in receipts if line.dossier]
            refs = {ref for dossier in dossiers for ref in dossier.page_refs()}
            done = sum(archive.has_page(ref, recipe) for ref in refs)
            arrived = {line.name.split("/")[0] for line in receipts}
            progress.update(received, completed=len(arrived))
            progress.update(read, completed=done, total=len(refs) or None)
            if len(arrived) >= len(drops) and not waiting_or_owed(settings, archive):
                return report(settings, receipts, archive)
            if (len(arrived), done) != last_seen:
                last_change, last_seen = time.monotonic(), (len(arrived), done)
            time.sleep(0.3)
    console.print(f"[red]Không còn tiến triển sau {PATIENCE:.0f} giây; xem {HOME}/*.log[/red]")
    return False


def receipts_since(settings: Settings, began: datetime) -> list[Receipt]:
    """Return the lines written since the samples were dropped."""
    folder = settings.watched_folders[0]
    days = [day for day in receipt_days(folder) if day >= began.date()]  # midnight may pass
    lines = [line for day in sorted(days) for line in read_receipts(folder, day)]
    return [line for line in lines if line.at >= began]


def known(archive: Archive, dossier: str) -> Dossier:
    """Return a dossier that a receipt names."""
    record = archive.find_record(dossier)
    assert record is not None, f"a receipt names {dossier}, and the store has no record of it"
    return record.dossier


def waiting_or_owed(settings: Settings, archive: Archive) -> bool:
    """Tell whether anything is left to be taken in or read."""
    return bool(waiting_drops(settings.watched_folders[0]) or archive.queued())


def report(settings: Settings, receipts: list[Receipt], archive: Archive) -> bool:
    """Say what was lost or unread; tell whether nothing was."""
    dossiers = {line.dossier: known(archive, line.dossier) for line in receipts if line.dossier}
    found = open_index(settings.search, settings.home).find(Query("", limit=1000))
    searchable = {hit.dossier for hit in found.hits}
    troubles = [f"{line.name}: {line.reason}" for line in receipts if is_refused(line)]
    for dossier in dossiers.values():
        if dossier.outcome is not Outcome.COMPLETE:
            troubles.append(f"{dossier.name}: {dossier.outcome} {' '.join(dossier.reasons)}")
        if dossier.id not in searchable:
            troubles.append(f"{dossier.name}: chưa tìm được")
    for trouble in troubles:
        console.print(f"[red]✗[/red] {trouble}")
    pages = sum(len(dossier.pages) for dossier in dossiers.values())
    console.print(f"{len(dossiers)} hồ sơ, {pages} trang trong kho, {len(troubles)} vấn đề.")
    return not troubles


def is_refused(line: Receipt) -> bool:
    """Tell whether a drop was not taken."""
    return line.status is ReceiptStatus.REFUSED


def show_searches(settings: Settings) -> bool:
    """Search as staff would, with and without marks; tell whether each finds something."""
    index = open_index(settings.search, settings.home)
    totals = []
    for words in SEARCHES:
        found = index.find(Query(words, limit=3))
        totals.append(found.total)
        console.print(f"\n[bold]Tìm «{words}»[/bold]: {found.total} hồ sơ, {found.took_ms:.0f} ms")
        for hit in found.hits:
            snippet = (
                escape(hit.snippet).replace(MARK_OPEN, "[yellow]").replace(MARK_CLOSE, "[/yellow]")
            )
            console.print(f"  • {escape(hit.title)} · trang {hit.page}\n    {snippet}")
    return all(totals)


def addresses(settings: Settings) -> None:
    """Print where to look."""
    server = known_server(settings.home / "prefect")
    prefect = server.url.removesuffix("/api") if server else "—"
    console.print(f"\nPhòng đọc:  http://{settings.web.host}:{settings.web.port}/")
    console.print(f"Prefect UI: {prefect}/")
    console.print(f"Thả thêm tệp vào: {settings.watched_folders[0]}")


def wait_for_ctrl_c() -> None:
    """Serve until Ctrl-C."""
    console.print("Bấm Ctrl-C để dừng.")
    with suppress(KeyboardInterrupt):
        signal.pause()


if __name__ == "__main__":
    sys.exit(main())
