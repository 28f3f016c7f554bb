"""Whatever becomes of a sandboxed job, nothing of it is left, and the next one is done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest

from ocr import open_reader
from ocr.checks import check_sandbox
from ocr.files import client
from ocr.sandbox import pool, programs
from ocr.sandbox.level import Level
from pipeline.errors import (
    MisconfiguredError,
    OversizedScanError,
    ReadingError,
    ReadingTimeoutError,
)
from pipeline.settings import ReadingSettings
from tests import ROOT
from tests.paper import draw_page, save_picture
from tests.support.odd_jobs import HANG, PROGRAM, SLEEP, ask

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _no_worker_left() -> Iterator[None]:
    pool.end_all()
    yield
    pool.end_all()


def worker() -> int:
    """The process that waits for the next job."""
    (free,) = pool._free[PROGRAM]
    return free._process.pid


def children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(child) for child in listed.split()]


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until_gone(processes: list[int], seconds: float) -> None:
    end = time.monotonic() + seconds
    while any(map(is_alive, processes)) and time.monotonic() < end:
        time.sleep(0.02)
    assert not any(map(is_alive, processes))


def test_each_job_has_a_process_of_its_own_and_the_worker_stays(tmp_path: Path) -> None:
    one = ask("tell", tmp_path)
    before = worker()
    other = ask("tell", tmp_path)
    assert worker() == before
    assert len({one.process, other.process, before}) == 3
    assert one.user != 0


def test_a_job_over_its_time_ends_with_all_that_it_started(tmp_path: Path) -> None:
    ask("tell", tmp_path)
    before = worker()
    began = time.monotonic()
    with pytest.raises(ReadingTimeoutError):
        ask("hang", tmp_path, seconds=1)
    assert time.monotonic() - began < HANG - 10
    (found,) = tmp_path.glob("*/hanging")
    hanging = [int(process) for process in found.read_text().split()]
    assert not any(map(is_alive, hanging))
    assert worker() == before
    assert not children(before)
    assert ask("tell", tmp_path).process


@pytest.mark.parametrize(
    ("name", "error"),
    [("die", ReadingError), ("fill_memory", OversizedScanError), ("fill_disk", ReadingError)],
)
def test_a_job_that_dies_or_takes_too_much_costs_itself(
    name: str, error: type[Exception], tmp_path: Path
) -> None:
    with pytest.raises(error):
        ask(name, tmp_path)
    assert not children(worker())
    assert ask("tell", tmp_path).process


def test_a_worker_that_was_killed_is_replaced(tmp_path: Path) -> None:
    ask("tell", tmp_path)
    os.kill(worker(), signal.SIGKILL)
    with pytest.raises(ReadingError):
        ask("tell", tmp_path)
    assert ask("tell", tmp_path).process


def test_nothing_outlives_a_house_that_was_killed(tmp_path: Path) -> None:
    house = subprocess.Popen([sys.executable, "-m", PROGRAM, tmp_path], cwd=ROOT)
    end = time.monotonic() + 120
    while not (found := list(tmp_path.glob("*/hanging"))) and time.monotonic() < end:
        time.sleep(0.05)
    started = [int(process) for process in found[0].read_text().split()]
    started += children(house.pid)
    assert all(map(is_alive, started))
    house.kill()
    house.wait()
    wait_until_gone(started, HANG / 2)


def test_a_hundred_jobs_leave_no_memory_descriptors_or_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    picture = tmp_path / "page.png"
    save_picture(draw_page("A", 3, 72), picture)
    settings = ReadingSettings()

    def held() -> tuple[int, int]:
        process = pool._free[client.PROGRAM][0]._process.pid
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE"), len(list(Path("/proc/self/fd").iterdir()))

    client.inspect(picture, settings)
    before = held()
    for _ in range(100):
        assert client.inspect(picture, settings).pages == 1
    after = held()
    assert after[0] < before[0] + 2**20, (before, after)
    assert after[1] <= before[1]
    assert list(tmp_path.iterdir()) == [picture]


@pytest.mark.parametrize("kernel", ['{"landlock": 0, "seccomp": true}'])
def test_files_are_opened_in_a_sandbox_with_gaps_unless_a_whole_one_is_required(
    kernel: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(client, "PROGRAM", "tests.support.taken_over")
    monkeypatch.setattr("ocr.checks.PROGRAM", "tests.support.taken_over")
    (tmp_path / "kernel.json").write_text(kernel)
    save_picture(draw_page("A", 3, 72), tmp_path / "page.png")
    assert client.inspect(tmp_path / "page.png", ReadingSettings()).pages == 1
    with pytest.raises(MisconfiguredError, match="Landlock"):
        client.inspect(tmp_path / "page.png", ReadingSettings(sandbox="required"))
    with pytest.raises(MisconfiguredError, match="Landlock"):
        open_reader(ReadingSettings(sandbox="required"))
    check = check_sandbox()
    assert "không có Landlock" in check.detail
    assert "Landlock" in check.remedy


def test_the_doctor_says_the_level_and_every_gap() -> None:
    whole = Level(landlock=6, filters_calls=True, is_unprivileged=True, locks_privileges=True)
    assert whole.reached == "Landlock mức 6; có seccomp"
    assert not whole.missing
    older = replace(whole, landlock=2)
    assert "mức 2 chưa có luật cắt tệp, luật mạng, luật tín hiệu" in older.reached
    assert not older.missing
    for field in (each.name for each in fields(Level)):
        less = replace(whole, **{field: False})
        assert len(less.missing) == 1, field
        assert less.remedy


@pytest.mark.parametrize("program", ["ocr.files.worker", "ocr.pdfa.worker"])
def test_a_worker_starts_without_what_no_job_needs(program: str) -> None:
    """Settings, answers and the rules of papers took half of its start; each job copies it all."""
    needless = ["pydantic", "pydantic_settings", "pipeline.intake", "pipeline.stages"]
    loads = f"import sys, {program}; print([each for each in {needless} if each in sys.modules])"
    told = subprocess.run(
        [sys.executable, "-c", loads], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"


def test_this_machine_contains_what_it_opens() -> None:
    check = check_sandbox()
    assert check.is_well, check.detail
    assert "seccomp" in check.detail


@pytest.mark.parametrize("place", ["open to all", "relative", "trusted"])
def test_programs_are_found_only_where_nobody_else_can_put_them(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "sleep").write_bytes(SLEEP.read_bytes())
    (folder / "sleep").chmod(0o755)
    folder.chmod(0o777 if place == "open to all" else 0o755)
    monkeypatch.chdir(tmp_path)
    first = "bin" if place == "relative" else str(folder)
    monkeypatch.setenv("PATH", f"{first}:{SLEEP.parent}")
    found = programs.find_program("sleep")
    assert found == (folder / "sleep" if place == "trusted" else SLEEP)


def test_the_worker_of_pdfs_starts_where_no_file_can_be_written_whole(tmp_path: Path) -> None:
    """QPDF ends the process that writes into a full folder, and what it had made there stays."""
    start = (
        "import resource; from ocr.pdfa import worker;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000)); worker.prepare()"
    )
    places = os.environ | {"TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", start], cwd=ROOT, env=places, check=False)
    assert done.returncode == 0
    assert not list(tmp_path.iterdir())
