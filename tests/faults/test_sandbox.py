"""What a parser that was taken over cannot reach: one line for each attack.

A process that holds all a house has (``tests/support/attacked_house.py``) has real jobs done whose
code is the attacker's: the decoder in the job's own process, and a poppler that was replaced. The
same attacks made by a process of the same user outside a sandbox show that they are real.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ocr.files import kinds
from ocr.files.inside.office_parts import can_convert
from ocr.sandbox.level import Level
from tests import ROOT
from tests.paper import office, pdf_files, photos, zips
from tests.support import opening
from tests.support.breakout import ATTACKS

pytestmark = pytest.mark.slow

HEIC = ROOT / "tests" / "fixtures" / "heic" / "dung.heic"
SECONDS = 300
ANOTHER_USER = 10_001  # as in the container
USERS = ["this user"] if os.geteuid() else ["root", "without rights"]
PLACES = ["decoder of a PDF", "decoder of a picture", "decoder of a document", "program"]
EARLIER = "jobs: what was said to an earlier one"
Holds = Callable[[Level], bool]


class Siege(NamedTuple):
    """What was reached, from where; what of the sandbox was in force."""

    found: dict[str, dict[str, tuple[bool, str]]]
    level: Level

    def reached(self, place: str) -> set[str]:
        return {name for name, (is_reached, _) in self.found[place].items() if is_reached}


def always(_: Level) -> bool:
    return True


def by_filter(level: Level) -> bool:
    return level.filters_calls


def since(version: int, *, or_filter: bool = False) -> Holds:
    """Held by Landlock of that version, or else by the filter of system calls."""
    return lambda level: level.landlock >= version or (or_filter and level.filters_calls)


# What must hold each kind of attack; the first beginning that fits.
HELD_BY: dict[str, Holds] = {
    "read: ": since(1),
    "list: ": since(1),
    "house: its limits": by_filter,
    "house: its priority": by_filter,
    "house: its processors": by_filter,
    "house: ": since(1),
    "worker: ": since(1),
    "write: truncate": since(3, or_filter=True),
    "write: rights": by_filter,
    "write: times": by_filter,
    "write: ": since(1),
    "folder: ": since(1, or_filter=True),
    "watch: ": by_filter,
    "network: TCP": since(4, or_filter=True),
    "network: an abstract": since(6, or_filter=True),
    "network: ": by_filter,
    "signal: ": since(6, or_filter=True),
    "run: what lies in memory": by_filter,
    "run: ": since(1),
    "inherited: ": always,
    "limits: ": always,
    "jobs: the folder of another": since(1),
    "jobs: ": always,
    "kernel: ": by_filter,
}


def held_by(name: str) -> Holds:
    return next(holds for beginning, holds in HELD_BY.items() if name.startswith(beginning))


def run_as(user: str, module: str, place: Path, *arguments: str) -> Any:
    """Run a module of the tests as a user that owns a place; return the JSON that it prints last.

    Args:
        user: one of ``USERS``.
        module: the module's name below ``tests.support``.
        place: a folder, its first argument.
        arguments: the others.
    """
    owner = {"user": ANOTHER_USER, "group": ANOTHER_USER, "extra_groups": []}
    as_whom: dict[str, Any] = owner if user == "without rights" else {}
    environment = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(place)}
    environment["SOHOA_STORAGE__SECRET_KEY"] = "must not be read"
    if as_whom:
        for path in (place, *place.iterdir()):
            os.chown(path, ANOTHER_USER, ANOTHER_USER)
    done = subprocess.run(
        [sys.executable, "-m", f"tests.support.{module}", str(place), *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        **as_whom,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def own_place() -> Iterator[Path]:
    """Make a folder where every user can come to."""
    place = Path(tempfile.mkdtemp(prefix="sohoa-siege-"))
    try:
        yield place
    finally:
        shutil.rmtree(place)


@cache
def besieged(user: str, kernel: str = "") -> Siege:
    """Have the attacks made by a house of a user, on a kernel that has less if that is said."""
    with own_place() as place:
        told = run_as(user, "attacked_house", place, kernel)
    return Siege(told["found"], Level(**told["level"]))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("name", ATTACKS)
def test_a_parser_that_was_taken_over_cannot_reach(name: str, user: str, place: str) -> None:
    siege = besieged(user)
    is_reached, said = siege.found[place][name]
    if not held_by(name)(siege.level):
        pytest.skip("; ".join((siege.level.reached, *siege.level.missing)))
    assert not is_reached, said


@pytest.mark.parametrize("user", USERS)
def test_without_the_sandbox_the_same_attacks_reach_what_they_want(user: str) -> None:
    siege = besieged(user)
    reached = siege.reached("uncontained")
    real: tuple[str, ...] = (
        "read: ",
        "list: ",
        "house: environ",
        "house: its",
        "write: ",
        "folder: ",
        "watch: ",
    )
    real += (
        "inherited: ",
        "network: ",
        "signal: the house",
        "signal: with",
        "signal: by",
        "run: ",
        "jobs: stay",
    )
    real += ("limits: two", "limits: a ", "jobs: the folder", "kernel: s", "kernel: memfd_create")
    expected = {name for name in ATTACKS if name.startswith(real)}
    # Which only root may do anyway, and what this machine's kernel does not have.
    expected -= {"house: its listening socket", "kernel: swapon", "kernel: setsid"}
    expected -= {"kernel: setns", "kernel: syslog"}
    assert expected <= reached, {
        name: siege.found["uncontained"][name] for name in expected - reached
    }
    assert EARLIER in siege.reached("an earlier job")  # so that a later one would find it


KERNELS = {
    "Debian 12": {"landlock": 2, "seccomp": True},
    "no Landlock": {"landlock": 0, "seccomp": True},
    "no seccomp": {"landlock": 7, "seccomp": False},
}


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("kernel", KERNELS)
def test_where_the_kernel_has_less_the_rest_holds_and_the_level_says_so(
    kernel: str, user: str
) -> None:
    full = besieged(USERS[0]).level
    less = KERNELS[kernel]
    if full.landlock < less["landlock"] or full.filters_calls < less["seccomp"]:
        pytest.skip("; ".join((full.reached, *full.missing)))
    siege = besieged(user, json.dumps(less))
    assert siege.level.landlock == less["landlock"]
    assert siege.level.filters_calls == less["seccomp"]
    held = {name for name in ATTACKS if held_by(name)(siege.level)}
    for place in PLACES:
        found = {name: siege.found[place][name] for name in siege.reached(place) & held}
        assert not found, place
    gaps = any(siege.reached(place) for place in PLACES)
    assert bool(siege.level.missing) == gaps


PASSWORD = "mật khẩu số 7"
PAPERS: dict[str, tuple[Callable[[Path], object], int]] = {  # and how many pages are opened
    "scan.pdf": (lambda path: path.write_bytes(pdf_files.scanned(5)), 1),
    "locked.pdf": (lambda path: pdf_files.locked(path, PASSWORD), 1),
    "portfolio.pdf": (lambda path: pdf_files.portfolio(path, {"a.pdf": pdf_files.digital(5)}), 1),
    "page.jpg": (lambda path: path.write_bytes(zips.papers(1)[0]), 1),
    "film.webp": (photos.webp, 1),
    "layers.tif": (photos.tiff_of_layers, 1),
    "photo.heic": (lambda path: shutil.copyfile(HEIC, path), 1),
    "some.zip": (lambda path: zips.save(path, {"1.jpg": zips.papers(1)[0]}), 1),
    "letter.docx": (office.docx, 1),
    "letter.eml": (lambda path: office.mail(path, {"1.pdf": pdf_files.digital(6)}), 2),
}


@pytest.mark.parametrize("user", USERS)
def test_every_kind_of_file_is_opened_in_a_whole_sandbox(user: str) -> None:
    level = besieged(USERS[0]).level
    if level.missing:
        pytest.skip("; ".join((level.reached, *level.missing)))
    with own_place() as place:
        for name, (make, _) in PAPERS.items():
            if can_convert(kinds.DOCX) or not name.startswith("letter"):
                make(place / name)
        made = {path.name for path in place.iterdir()}
        (place / opening.PASSWORDS).write_text(PASSWORD, "utf-8")
        (place / opening.PASSWORDS).chmod(0o600)
        told = run_as(user, "opening", place)
    assert told == {name: pages for name, (_, pages) in PAPERS.items() if name in made}
