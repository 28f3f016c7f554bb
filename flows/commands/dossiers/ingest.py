"""`sohoa ingest`: receives files and folders at once, waits, and prints an outcome per dossier."""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from rich import box
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from flows.cli import USAGE
from flows.commands.audited import acting, audited
from flows.console import marked_up, open_console
from flows.drain import Drain
from flows.terminal import complain, say_json
from flows.upkeep.processor_time import processor_seconds
from flows.watch import draining, waiting_text
from flows.wiring import settings, tools
from pipeline import report, stages
from pipeline.audit import AuditResult, Verb
from pipeline.intake import Reception, receive, take_path
from pipeline.model import Outcome, ReceiptStatus
from pipeline.private_files import private_root
from storage import new_dossier_id

RECORDS = (Verb.RECEIVE, Verb.LIST)
POLL_SECONDS = 0.3  # between two updates of the progress bar
DOSSIER_WIDTH = 22  # characters of an id
_COUNTS = ("outcome", "scans", "pages", "not_read", "seconds", "processor_seconds")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument(
        "paths", metavar="ĐƯỜNG_DẪN", nargs="+", type=Path, help="tệp hoặc thư mục; không bị xóa"
    )
    parser.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")


def run(args: argparse.Namespace) -> int:
    """Receive, wait, report; 0 when every dossier is complete, 1 otherwise, 2 for wrong paths."""
    missing = [path for path in args.paths if not path.exists()]
    if missing:
        complain(f"sohoa ingest: không có {missing[0]}. Kiểm tra lại đường dẫn.")
        return USAGE
    began = _Spent.now()
    receptions, done = _digitised(args.paths)
    rows = [row for reception in receptions for row in _rows(reception)]
    now = _Spent.now()
    for row in rows:  # until the dossier could be found
        spent = done.get(row["dossier"] or "", now)
        row["seconds"] = round(spent.clock - began.clock, 2)
        row["processor_seconds"] = round(spent.processor - began.processor, 2)
    if args.json:
        say_json(rows)
    else:
        _show(rows)
    return int(any(row["outcome"] != Outcome.COMPLETE for row in rows))


class _Spent(NamedTuple):
    """Seconds by the clock, and of processor time with all processes that this one started."""

    clock: float
    processor: float

    @classmethod
    def now(cls) -> _Spent:
        return cls(time.monotonic(), processor_seconds())


def _digitised(paths: list[Path]) -> tuple[list[Reception], dict[str, _Spent]]:
    """Receive all paths; the dossiers of the first are read while the others are received.

    Returns:
        The receptions, and what was spent when each dossier was seen to be done.
    """
    # Before the drain begins: a drain that finds nothing looks again only after a while.
    receptions = [_receive(paths[0])]
    wanted = {reception.dossier for reception in receptions if reception.dossier}
    ended, finished = threading.Event(), _Finished(wanted)
    drain = Drain(lambda dossier: dossier in wanted)
    with draining(drain, ended), _announced_end(drain, ended):
        for path in paths[1:]:
            if ended.is_set():  # by a defect, which is raised when the context is left
                break
            receptions.append(reception := _receive(path))
            if reception.dossier:
                wanted.add(reception.dossier)
            finished.look_sometimes()
        return receptions, _wait(finished, ended)


@contextmanager
def _announced_end(drain: Drain, ended: threading.Event) -> Iterator[None]:
    """Say what is waited for when the context is left early: dossiers in hand are finished.

    Args:
        drain: the drain that has them in hand.
        ended: the event that is set when a thread of the drain ended by a defect.
    """
    is_early = True
    try:
        yield
        is_early = ended.is_set()
    finally:
        if is_early and drain.active:
            complain(waiting_text(drain.active))


class _Finished:
    """Dossiers that are queued no more, and what was spent when that was seen.

    Args:
        wanted: the dossiers that are waited for; more may be added.
    """

    def __init__(self, wanted: set[str]) -> None:
        self.wanted = wanted
        self.seen: dict[str, _Spent] = {}
        self._next_look = 0.0  # monotonic seconds: with many dossiers a look is not free

    def look_sometimes(self) -> None:
        """Look, unless that was just done."""
        if time.monotonic() >= self._next_look:
            self.look()

    def look(self) -> set[str]:
        """Note which dossiers are done; return the others."""
        left = {entry.dossier for entry in tools().archive.queued()}
        for dossier in self.seen.keys() & left:  # queued again
            del self.seen[dossier]
        self.seen |= dict.fromkeys(self.wanted - left - self.seen.keys(), _Spent.now())
        self._next_look = time.monotonic() + POLL_SECONDS
        return self.wanted - self.seen.keys()


def _receive(path: Path) -> Reception:
    dossier, root = new_dossier_id(datetime.now(UTC)), private_root(settings().home)
    with tempfile.TemporaryDirectory(prefix="ingest-", dir=root) as private:
        drop = take_path(path, dossier, Path(private))
        with acting(Verb.RECEIVE, dossier=dossier):
            reception = receive(drop, tools().archive, tools().reader, tools().index)
    if reception.dossier != dossier:  # its files were known, or none could be taken
        audited(Verb.RECEIVE, dossier=dossier, result=AuditResult.REFUSED)
        audited(Verb.LIST, dossier=reception.dossier or "", dropped_again_as=dossier)
    return reception


def _wait(finished: _Finished, ended: threading.Event) -> dict[str, _Spent]:
    """Show how many pages are read until none of the wanted dossiers is queued any more.

    Returns:
        What was spent when each dossier was seen to be done.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = open_console(stderr=True)
    shown = (*columns, TimeElapsedColumn())
    hidden = not console.is_terminal  # nobody sees it, and drawing it takes processor time
    with Progress(*shown, console=console, transient=True, disable=hidden) as progress:
        unread = [] if hidden else [ref for dossier in finished.wanted for ref in _refs(dossier)]
        total = len(unread)
        task = progress.add_task("Trang", total=total)
        while finished.look():
            if ended.wait(POLL_SECONDS):
                break
            recipe = tools().reader.recipe
            unread = [ref for ref in unread if not tools().archive.has_page(ref, recipe)]
            progress.update(task, completed=total - len(unread))
    return dict.fromkeys(finished.wanted, _Spent.now()) | finished.seen


def _refs(dossier: str) -> tuple[Any, ...]:
    return stages.newest_record(dossier, tools().archive).dossier.page_refs()


def _rows(reception: Reception) -> Iterator[dict[str, Any]]:
    refusals = tuple(
        f"{line.name}: {line.reason} {line.remedy}".strip()
        for line in reception.receipts
        if line.status is ReceiptStatus.REFUSED
    )
    if reception.dossier is None:
        yield _refused_row(refusals)
        return
    dossier = stages.newest_record(reception.dossier, tools().archive).dossier
    is_known = all(line.status is ReceiptStatus.DUPLICATE for line in reception.receipts)
    note = (f"Trùng với hồ sơ đã có {dossier.id}.",) if is_known else ()
    yield report.outcome_row(dossier, note)


def _refused_row(reasons: tuple[str, ...]) -> dict[str, Any]:
    counts = {"scans": 0, "pages": 0, "not_read": 0, "seconds": 0.0}
    counts |= {"processor_seconds": 0.0, "page_seconds": 0.0}
    outcome = str(Outcome.FAILED)
    return {"dossier": None, "code": None, "outcome": outcome, **counts, "reasons": list(reasons)}


def _show(rows: list[dict[str, Any]]) -> None:
    """Print a table of 80 columns at most, and below it what would not fit: codes and reasons."""
    dossier = Column("hồ sơ", no_wrap=True, min_width=DOSSIER_WIDTH)  # to be copied whole
    names = ("kết quả", "tệp", "trang", "chưa đọc", "giây", "giây CPU")
    table = Table(dossier, *names, box=box.SIMPLE_HEAD)
    for row in rows:
        cells = [row[name] for name in ("dossier", *_COUNTS)]
        table.add_row(*("—" if cell is None else marked_up(cell) for cell in cells))
    console = open_console()
    console.print(table)
    for row in rows:
        told = list(filter(None, (row["code"], *row["reasons"])))
        if told:
            line = f"{row['dossier'] or '—'}: {'; '.join(told)}"
            console.print(line, markup=False)
