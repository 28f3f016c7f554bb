"""Measure what an entry of the audit log costs: alone, with 50 people at once, with typed words.

    .venv/bin/python bench/audit_log.py [FOLDER]

The folder names the disk that is measured; the temporary folder by default. Each line: entries,
median and 95th percentile of one ``record`` in milliseconds, entries a second, waits for the disk.
Then verifying and asking who saw a dossier, over all that was written.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pipeline.audit import AuditEntry, Verb
from pipeline.ports.audit import AuditLog
from pipeline.settings import AuditSettings, StorageSettings
from storage import make_auditor_keys, open_audit_log, open_audit_trail

ALONE, EACH, PEOPLE = 500, 40, 50
_waits = 0
_fsync = os.fsync


def _counted(descriptor: int) -> None:
    global _waits
    _waits += 1
    _fsync(descriptor)


def timed(log: AuditLog, number: int, words: str) -> float:
    """Record a view as the reading room does; return the milliseconds that it took."""
    began = time.perf_counter()
    entry = AuditEntry(
        verb=Verb.SEARCH if words else Verb.VIEW,
        account="can.bo",
        session="7f3a",
        address="10.0.0.7",
        dossier=f"{number % 100:022x}",
        page=number % 7,
        purpose="giải quyết hồ sơ",
        request=f"{number:016x}",
        words=words,
    )
    log.record(entry)
    return (time.perf_counter() - began) * 1000


def show(name: str, log: AuditLog, people: int, each: int, words: str = "") -> None:
    """Have so many people record so many entries each at the same time, and print a line."""
    global _waits
    _waits, began = 0, time.perf_counter()

    def work(person: int) -> list[float]:
        return [timed(log, person * each + number, words) for number in range(each)]

    with ThreadPoolExecutor(people) as pool:
        took = [ms for person in pool.map(work, range(people)) for ms in person]
    seconds = time.perf_counter() - began
    p95 = statistics.quantiles(took, n=20)[-1]
    print(
        f"{name:24}{len(took):6}{statistics.median(took):8.2f}{p95:8.2f}"
        f"{len(took) / seconds:9.0f}{_waits:7}",
        flush=True,
    )


def main() -> None:
    """Print the table."""
    setattr(os, "fsync", _counted)  # noqa: B010 — mypy knows its own os.fsync
    print(f"{'':24}{'n':>6}{'median':>8}{'p95':>8}{'a second':>9}{'waits':>7}")
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if sys.argv[1:] else None) as folder:
        home = Path(folder) / "home"
        make_auditor_keys(Path(folder) / "auditor.pem", home)
        log = open_audit_log(StorageSettings(), AuditSettings(), home)
        timed(log, 0, "")
        show("one person, views", log, 1, ALONE)
        show("one person, searches", log, 1, ALONE, "Nguyễn Văn Mẫu thửa đất 12")
        show("50 people, views", log, PEOPLE, EACH)
        show("50 people, searches", log, PEOPLE, EACH, "Nguyễn Văn Mẫu thửa đất 12")
        began = time.perf_counter()
        log.close()
        print(f"sealing and storing: {(time.perf_counter() - began) * 1000:.0f} ms")
        trail = open_audit_trail(StorageSettings(), home)
        began = time.perf_counter()
        report = trail.verify()
        seconds = time.perf_counter() - began
        print(f"verify: {report.entries} entries in {seconds:.2f} s, {len(report.faults)} faults")
        began = time.perf_counter()
        found = trail.entries(having=f"{7:022x}")
        print(f"who saw one: {len(found)} entries in {(time.perf_counter() - began) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
