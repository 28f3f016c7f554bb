"""A drop is not taken while somebody writes: real writers, of this user and of another."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from pipeline.file_ends.wholeness import is_whole
from tests.support.settling import SETTLE, SHARE, TORN, Bench
from tests.support.writers import IS_ROOT, NOBODY, Writer, as_nobody, needs_root

MANY = 100 * TORN


@pytest.fixture
def folder() -> Iterator[Path]:
    """A watched folder that every user may write into."""
    with tempfile.TemporaryDirectory(prefix="sohoa-late-") as made:
        Path(made).chmod(0o777)
        yield Path(made)


@pytest.fixture
def bench(folder: Path) -> Bench:
    return Bench(folder)


@pytest.fixture(params=[None, NOBODY], ids=["this user", "another user"])
def writer(request: pytest.FixtureRequest) -> Iterator[Writer]:
    if request.param is not None and not IS_ROOT:
        pytest.skip("only root may act as another user")
    with Writer(request.param) as process:
        yield process


# What slow feeders do: a file that is whole after its first page, and stays open for the next.
TIFF = (
    "from PIL import Image; from PIL.TiffImagePlugin import AppendingTiffWriter; "
    "f = open(path, 'w+b'); t = AppendingTiffWriter(f); page = Image.effect_noise((90, 60), 40); "
    "page.save(t, 'TIFF'); t.newFrame(); f.flush()",
    "page.save(t, 'TIFF'); t.newFrame(); f.flush()",
)
PDF = (
    "from PIL import Image; page = Image.effect_noise((90, 60), 40); page.save(path); "
    "f = open(path, 'r+b')",
    "page.save(path, append=True)",
)


def pages(path: Path) -> int:
    if path.suffix == ".pdf":
        with pikepdf.open(path) as pdf:
            return len(pdf.pages)
    with Image.open(path) as tiff:
        return int(getattr(tiff, "n_frames", 1))


@pytest.mark.parametrize(("name", "steps"), [("máy quét.tif", TIFF), ("máy quét.pdf", PDF)])
def test_a_file_that_gets_its_second_page_later_is_taken_with_both(
    writer: Writer, bench: Bench, name: str, steps: tuple[str, str]
) -> None:
    first, second = steps
    path = bench.folder / name
    writer.do(first, path=os.fspath(path))
    assert is_whole(path), "shows nothing: page 1 alone would not be taken anyway"
    assert (bench.after(0), bench.after(SETTLE), bench.after(10)) == ([], [], [])
    assert bench.remark(name) == "Còn chương trình đang mở để ghi; đóng tệp thì sẽ lấy."
    writer.do(second)
    assert (bench.after(0), bench.after(MANY)) == ([], [])
    assert "đã 33 phút" in bench.remark(name)
    writer.do("f.close()")
    assert bench.after(0) == [name]
    assert bench.remark(name) == ""
    assert pages(path) == 2


def test_a_placeholder_waits_while_it_is_held_and_is_refused_when_it_is_not(
    writer: Writer, bench: Bench
) -> None:
    writer.do("f = open(path, 'wb')", path=os.fspath(bench.folder / "scan.pdf"))
    (bench.folder / "rỗng.pdf").touch()
    assert (bench.after(0), bench.after(TORN - 1)) == ([], [])
    assert bench.after(1) == ["rỗng.pdf"]
    assert bench.after(MANY) == ["rỗng.pdf"]
    writer.do("f.close()")
    assert bench.after(0) == ["rỗng.pdf", "scan.pdf"]


def test_a_file_renamed_into_place_while_it_is_written_waits(writer: Writer, bench: Bench) -> None:
    path = bench.scan("scan.png")
    path.chmod(0o666)
    writer.do(
        "import os; os.rename(path, hidden); f = open(hidden, 'ab'); os.rename(hidden, path)",
        path=os.fspath(path),
        hidden=os.fspath(path.with_name(".scan.png.tmp")),
    )
    assert (bench.after(0), bench.after(SETTLE), bench.after(MANY)) == ([], [], [])
    writer.do("f.close()")
    assert bench.after(0) == ["scan.png"]


def test_a_file_that_is_mapped_to_write_waits(writer: Writer, bench: Bench) -> None:
    """Its time of change may stand still until the system writes it down."""
    path = bench.scan("scan.png")
    path.chmod(0o666)
    writer.do(
        "import mmap; f = open(path, 'r+b'); m = mmap.mmap(f.fileno(), 0); f.close()",
        path=os.fspath(path),
    )
    assert (bench.after(0), bench.after(SETTLE), bench.after(MANY)) == ([], [], [])
    writer.do("m.close()")
    assert bench.after(0) == ["scan.png"]


@pytest.mark.parametrize("name", ["2.png", "phụ lục/2.png", "2.png.part", ".2.png.x7Qz"])
def test_a_folder_waits_for_each_file_below_it(writer: Writer, bench: Bench, name: str) -> None:
    """Strays too: copying programs write under a hidden name, and rename at the end."""
    bench.scan("hồ sơ/1.png")
    path = bench.folder / "hồ sơ" / name
    path.parent.mkdir(exist_ok=True)
    Image.new("L", (40, 40), 200).save(path, "png")
    path.chmod(0o666)
    writer.do("f = open(path, 'ab')", path=os.fspath(path))
    assert (bench.after(0), bench.after(SETTLE), bench.after(MANY)) == ([], [], [])
    writer.do("f.close()")
    assert bench.after(0) == ["hồ sơ"]


def test_a_hidden_file_that_grows_in_a_folder_starts_the_wait_again(bench: Bench) -> None:
    bench.scan("hồ sơ/1.png")
    bench.after(0)
    bench.after(1)
    (bench.folder / "hồ sơ" / ".2.png.x7Qz").write_bytes(b"half")
    assert (bench.after(1.5), bench.after(SETTLE - 0.1)) == ([], [])
    assert bench.after(0.2) == ["hồ sơ"]


def test_one_that_is_opened_while_others_are_received_waits(bench: Bench, writer: Writer) -> None:
    for name in ("1.png", "2.png", "3.png"):
        bench.scan(name).chmod(0o666)
    bench.after(0)
    bench.now += SETTLE
    ready = bench.settling.ready(bench.folder)
    assert next(ready).name == "1.png"  # and now it is received, which takes its time
    writer.do("f = open(path, 'ab')", path=os.fspath(bench.folder / "2.png"))
    assert [path.name for path in ready] == ["3.png"]
    ready = bench.settling.ready(bench.folder)
    assert next(ready).name == "1.png"
    writer.do("f.write(b'x'); f.close()")
    assert [path.name for path in ready] == ["3.png"]


@needs_root
def test_without_rights_files_of_others_wait_longer_and_that_is_said(folder: Path) -> None:
    for name in ("1.png", "2.png"):
        Bench(folder).scan(name).chmod(0o666)

    def looks() -> list[object]:
        bench = Bench(folder)
        waits = [bench.after(0), bench.after(SETTLE), bench.remark("1.png")]
        return [*waits, bench.after(SHARE - SETTLE - 1), bench.remark("1.png"), bench.after(1)]

    begin = "Chờ thêm"
    end = "giây vì không biết chương trình của người khác còn ghi hay không."
    remarks = f"{begin} 28 {end}", f"{begin} 1 {end}"
    assert as_nobody(looks) == [[], [], remarks[0], [], remarks[1], ["1.png", "2.png"]]
    with Writer(NOBODY) as mine:  # seen in /proc, as it belongs to whoever looks
        mine.do("f = open(path, 'ab')", path=os.fspath(folder / "1.png"))
        assert as_nobody(looks)[-1] == ["2.png"]


@needs_root
def test_the_open_files_of_all_processes_are_looked_through_once_for_all(folder: Path) -> None:
    for number in range(50):
        Bench(folder).scan(f"{number}.png")

    def scans() -> tuple[int, int, int]:
        bench, listed = Bench(folder), []

        def note(event: str, arguments: tuple[object, ...]) -> None:
            if event == "os.listdir" and str(arguments[0]) == "/proc":
                listed.append(event)

        sys.addaudithook(note)
        bench.after(0)
        bench.after(SETTLE)
        before = len(listed)
        return before, len(bench.after(SHARE)), len(listed)

    assert as_nobody(scans) == (0, 50, 1)


@pytest.fixture
def share(folder: Path, tmp_path: Path) -> Bench:
    """A watched folder that the list of mounts calls a share of another machine."""
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"40 22 0:50 / {os.path.realpath(folder)} rw shared:9 - cifs //nas/quet rw\n")
    return Bench(folder, mounts=mounts)


def test_on_a_share_a_drop_waits_longer_and_that_is_said(share: Bench) -> None:
    share.scan("scan.png")
    assert (share.after(0), share.after(1), share.remark("scan.png")) == ([], [], "")
    assert share.after(SETTLE) == []
    remark = "Thư mục chia sẻ: chờ thêm 27 giây vì không biết máy khác còn ghi hay không."
    assert share.remark("scan.png") == remark
    with (share.folder / "scan.png").open("ab") as stream:
        stream.write(b"more")
    assert (share.after(SHARE), share.after(SHARE - 1)) == ([], [])
    assert share.after(1) == ["scan.png"]
    assert share.remark("scan.png") == ""


def test_on_a_share_this_machines_own_writers_are_seen(share: Bench) -> None:
    path = share.scan("scan.png")
    with path.open("ab"):
        assert (share.after(0), share.after(SHARE)) == ([], [])
        assert "đang mở để ghi" in share.remark("scan.png")
    assert share.after(2) == ["scan.png"]
