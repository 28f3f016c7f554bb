"""Who has a file open for writing is found out, whoever and however; nobody is disturbed by it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.intake.watched.open_files import (
    OpenFiles,
    Writing,
    open_below,
    sees_all_processes,
    take_read_lease,
    writing_by_lease,
)
from tests.support.writers import IS_ROOT, NOBODY, Writer, as_nobody, needs_root


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user may write into."""
    with tempfile.TemporaryDirectory(prefix="sohoa-open-") as made:
        Path(made).chmod(0o777)
        yield Path(made)


@pytest.fixture
def scan(folder: Path) -> Path:
    path = folder / "scan.pdf"
    path.write_bytes(b"x" * 9_000)
    path.chmod(0o666)
    return path


@pytest.fixture(params=[None, NOBODY], ids=["this user", "another user"])
def writer(request: pytest.FixtureRequest) -> Iterator[Writer]:
    if request.param is not None and not IS_ROOT:
        pytest.skip("only root may act as another user")
    with Writer(request.param) as process:
        yield process


def by_lease(path: Path) -> Writing:
    with open_below(path.parent, (path.name,)) as stream:
        return writing_by_lease(stream.fileno())


def by_scan(path: Path) -> bool:
    return OpenFiles().writing(path.stat())


OPENED = {
    "to append": "f = open(path, 'ab')",
    "to change": "f = open(path, 'r+b')",
    "under another name": "import os; os.link(path, path + '.2'); f = open(path + '.2', 'r+b')",
    "then renamed": "import os; f = open(path, 'r+b'); os.rename(path, path + '.2'); "
    "os.rename(path + '.2', path)",
    "in its child": "import os, subprocess, sys; f = open(path, 'r+b'); os.set_inheritable("
    "f.fileno(), True); p = subprocess.Popen([sys.executable, '-c', 'input()'], "
    "stdin=subprocess.PIPE, pass_fds=[f.fileno()]); f.close(); f = p.stdin",
}


@pytest.mark.parametrize("how", OPENED)
def test_somebody_writes_until_the_file_is_closed(writer: Writer, scan: Path, how: str) -> None:
    assert by_lease(scan) is Writing.NOBODY
    assert not by_scan(scan)
    writer.do(OPENED[how], path=os.fspath(scan))
    assert by_lease(scan) is Writing.SOMEBODY
    assert by_scan(scan)
    writer.do("f.close(); 'p' in globals() and p.wait()")
    assert by_lease(scan) is Writing.NOBODY
    assert not by_scan(scan)


def test_a_file_mapped_to_write_is_written_after_it_was_closed(writer: Writer, scan: Path) -> None:
    writer.do(
        "import mmap; f = open(path, 'r+b'); m = mmap.mmap(f.fileno(), 0); f.close()",
        path=os.fspath(scan),
    )
    assert by_lease(scan) is Writing.SOMEBODY
    writer.do("m[0:4] = b'late'; m.close()")
    assert by_lease(scan) is Writing.NOBODY


def test_readers_do_not_count(writer: Writer, scan: Path) -> None:
    writer.do(
        "import mmap; f = open(path, 'rb'); m = mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ)",
        path=os.fspath(scan),
    )
    assert by_lease(scan) is Writing.NOBODY
    assert not by_scan(scan)


def test_a_writer_of_another_file_does_not_count(writer: Writer, scan: Path) -> None:
    writer.do("f = open(path + '.2', 'wb')", path=os.fspath(scan))
    assert by_lease(scan) is Writing.NOBODY
    assert not by_scan(scan)


def test_a_file_that_was_replaced_is_not_taken_for_the_one_that_is_open(
    writer: Writer, scan: Path
) -> None:
    writer.do("f = open(path, 'r+b')", path=os.fspath(scan))
    other = scan.with_name("other.pdf")
    other.write_bytes(b"x")
    other.rename(scan)
    assert by_lease(scan) is Writing.NOBODY
    assert not by_scan(scan)


HOLDING = """
import sys
from pathlib import Path
from pipeline.intake.watched.open_files import open_below, take_read_lease
path = Path(sys.argv[1])
with open_below(path.parent, (path.name,)) as stream:
    take_read_lease(stream.fileno())
    print("held", flush=True)
    sys.stdin.readline()
print("ended well", flush=True)
"""


def test_whoever_wants_to_write_meanwhile_does_not_end_us(scan: Path) -> None:
    """The kernel's own signal for that, SIGIO, ends a process that does not expect it."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, scan], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(BlockingIOError):  # the lease is broken: a signal is sent
            os.open(scan, os.O_WRONLY | os.O_NONBLOCK)
        out, _ = holder.communicate(b"\n", timeout=300)
        assert (holder.returncode, out) == (0, b"ended well\n")
    os.close(os.open(scan, os.O_WRONLY | os.O_NONBLOCK))


def test_a_lease_that_was_asked_for_holds_nobody_up(scan: Path) -> None:
    for _ in range(1_000):
        assert by_lease(scan) is Writing.NOBODY
        os.close(os.open(scan, os.O_WRONLY | os.O_NONBLOCK))
    assert signal.getsignal(signal.SIGURG) is signal.SIG_DFL


def test_two_may_ask_at_once(scan: Path) -> None:
    with open_below(scan.parent, (scan.name,)) as other:
        take_read_lease(other.fileno())
        assert by_lease(scan) is Writing.NOBODY


@needs_root
def test_without_rights_a_lease_is_given_for_own_files_alone(folder: Path, scan: Path) -> None:
    """Then somebody else's writer is seen in own files, and in others' files nobody at all."""
    with Writer() as root:
        root.do("f = open(path, 'r+b')", path=os.fspath(scan))
        assert as_nobody(lambda: (by_lease(scan), by_scan(scan))) == (Writing.UNKNOWN, False)
        os.chown(scan, NOBODY, NOBODY)
        assert as_nobody(lambda: by_lease(scan)) is Writing.SOMEBODY
        root.do("f.close()")
        assert as_nobody(lambda: by_lease(scan)) is Writing.NOBODY


@needs_root
def test_without_rights_own_processes_are_seen_in_others_files(scan: Path) -> None:
    with Writer(NOBODY) as mine:
        mine.do("f = open(path, 'r+b')", path=os.fspath(scan))
        assert as_nobody(lambda: (by_lease(scan), by_scan(scan))) == (Writing.UNKNOWN, True)


@needs_root
def test_who_may_not_look_at_all_processes_knows_it() -> None:
    assert not as_nobody(sees_all_processes)


IN_CONTAINER = """
import sys
from pathlib import Path
from pipeline.intake.watched.open_files import (
    OpenFiles, open_below, sees_all_processes, writing_by_lease
)
path = Path(sys.argv[1])
with open_below(path.parent, (path.name,)) as stream:
    print(writing_by_lease(stream.fileno()).name, OpenFiles().writing(path.stat()))
print(sees_all_processes(), len(list(Path("/proc/1/fd").iterdir())) > 0)
"""


@needs_root
@pytest.mark.skipif(not shutil.which("unshare"), reason="no program that makes a container")
def test_a_writer_outside_the_container_is_seen_by_lease(writer: Writer, scan: Path) -> None:
    """In a namespace of its own /proc shows no process of the host, and says nothing of that."""
    writer.do("f = open(path, 'r+b')", path=os.fspath(scan))
    command = ["unshare", "--pid", "--fork", "--mount-proc", sys.executable, "-c", IN_CONTAINER]
    done = subprocess.run([*command, scan], capture_output=True, text=True, timeout=300, check=True)
    assert done.stdout.splitlines() == ["SOMEBODY False", "False True"]


@pytest.mark.parametrize("what", ["link", "folder link", "pipe", "folder", "nothing"])
def test_what_is_no_regular_file_is_not_opened(what: str, folder: Path, scan: Path) -> None:
    parts: tuple[str, ...] = (what,)
    if what == "link":
        (folder / what).symlink_to(scan)
    elif what == "folder link":
        (folder / what).symlink_to(folder)
        parts = (what, scan.name)
    elif what == "pipe":
        os.mkfifo(folder / what)
    elif what == "folder":
        (folder / what).mkdir()
    with pytest.raises(OSError, match=r"."):
        open_below(folder, parts)
