"""Measures the scanning desk: server time with many files a day, memory of a large upload.

    python bench/desk.py --files 500 --gib 2

Prints processor milliseconds of a look at the desk (first, then as it refreshes itself), the bytes
of the page, and how much a real reading room's memory grew while a file came in parts.
"""

from __future__ import annotations

import argparse
import base64
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx

from pipeline import clock
from pipeline.model import DropReceipts, Receipt, ReceiptStatus, Record
from tests.support.web_backend import PARTIAL, open_client, sample_backend

ROOT = Path(__file__).parents[1]
_PART = 8 << 20
_OURS = {"Sec-Fetch-Site": "same-origin"}


def main() -> None:
    """Measure both and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--gib", type=float, default=2.0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure_desk(Path(folder), asked.files)
    with tempfile.TemporaryDirectory() as folder:
        measure_upload(Path(folder), int(asked.gib * (1 << 30)))


def measure_desk(home: Path, files: int) -> None:
    """Print what a look at a day of so many dossiers costs."""
    backend = sample_backend(home)
    record = backend.archive.find_record(PARTIAL)
    assert record
    now = datetime.now(UTC)
    scan = record.dossier.scans[0]
    for at in range(files):
        dossier = replace(record.dossier, id=f"0b{at:06x}")
        backend.archive.keep_record(Record(1, now, "intake", "digitised", dossier))
        line = Receipt(f"giấy {at}.pdf", ReceiptStatus.ARCHIVED, now, dossier.id, size=1)
        line = replace(line, sha256=scan.sha256)
        drop = DropReceipts(f"0c{at:06x}", str(home / "inbox"), clock.today(), (line,))
        backend.archive.keep_receipts(drop)
    client = open_client(backend)
    times = []
    for _ in range(12):
        began = time.process_time()
        answer = client.get("/ban-quet")
        times.append(1000 * (time.process_time() - began))
        assert answer.status_code == 200
    size = len(answer.content)
    print(f"{files} files: first {times[0]:.0f} ms, then {statistics.median(times[1:]):.0f} ms")
    print(f"page {size / 1000:.0f} kB")


def measure_upload(home: Path, size: int) -> None:
    """Print the memory of a reading room before and at most while a file comes in parts."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = os.environ | {"SOHOA_HOME": str(home), "SOHOA_WEB__PORT": str(port)}
    env |= {"SOHOA_WEB__SPARE_MIB": "0", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", "from flows.cli import entry; entry()", "web"]
    (home / "inbox").mkdir()
    with subprocess.Popen(command, env=env, cwd=home) as room:
        try:
            room_client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120)
            wait_for(room_client)
            before = peak(room.pid)
            began = time.monotonic()
            send(room_client, size)
            took = time.monotonic() - began
            print(f"{size >> 20} MiB in {took:.0f} s; peak memory {before} -> {peak(room.pid)} MB")
        finally:
            room.terminate()
            room.wait(60)


def wait_for(client: httpx.Client) -> None:
    """Wait until a room answers."""
    for _ in range(300):
        try:
            if client.get("/ban-quet").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise SystemExit("the room does not start")


def send(client: httpx.Client, size: int) -> None:
    """Send a file of random bytes in parts, and hand it over."""
    name = base64.b64encode(b"lon.pdf").decode()
    told = _OURS | {"Upload-Length": str(size), "Upload-Metadata": f"filename {name}"}
    begun = client.post("/ban-quet/gui", headers=told)
    begun.raise_for_status()
    address, offset = begun.headers["location"], 0
    content = os.urandom(_PART)
    while offset < size:
        part = content[: size - offset]
        answer = client.patch(address, content=part, headers=_OURS | {"Upload-Offset": str(offset)})
        answer.raise_for_status()
        offset = int(answer.headers["upload-offset"])
    upload = address.rsplit("/", 1)[1]
    told = _OURS | {"Accept": "application/json"}
    client.post("/ban-quet/tep", data={"gui": upload}, headers=told).raise_for_status()


def peak(process: int) -> int:
    """Return the most memory that a process has had, in MB."""
    status = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1]) // 1000


if __name__ == "__main__":
    main()
