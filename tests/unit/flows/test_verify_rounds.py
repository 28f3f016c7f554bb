"""Verifying in rounds: interrupted, limited, by age, at a rate, and with its progress lost."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from flows import cli
from flows.upkeep import verify
from flows.upkeep.verify import VerifyOptions, verify_store
from flows.upkeep.verify_progress import FILE, VerifyProgress
from pipeline.fixity import Damage, Throttle
from pipeline.settings import SearchSettings
from search import open_index
from tests.support.stored import fill, flip, key_of, of_kind, opened, verified


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(verify, "RECHECK_SECONDS", 0.0)
    place = tmp_path / "home"
    place.mkdir()
    fill(opened(place), open_index(SearchSettings(), place), tmp_path)
    return place


def test_a_store_that_goes_away_stops_the_run_soon(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "MOST_UNREADABLE", 3)
    for path in of_kind(home, "dossiers.json"):
        path.unlink()
        path.symlink_to(path)
    report = verified(home)
    assert report.checked == len(of_kind(home, "codes.json")) + 3
    assert report.left > 0
    assert {fault.damage for fault in report.faults} == {Damage.UNREADABLE}


def test_an_interrupted_run_is_resumed(home: Path) -> None:
    seen: list[str] = []

    def stopping_after(count: int) -> Callable[[list[str]], list[str]]:
        def track(keys: list[str]) -> list[str]:
            seen.extend(keys[:count])
            return keys[:count]

        return track

    progress = VerifyProgress(home)
    total = len(list(opened(home).objects()))
    assert (
        verify_store(opened(home), progress, VerifyOptions(), stopping_after(5)).left == total - 5
    )
    progress.close()
    progress = VerifyProgress(home)
    assert verify_store(opened(home), progress, VerifyOptions(), stopping_after(total)).left == 0
    progress.close()
    assert len(seen) == len(set(seen)) == total


def test_limited_runs_walk_round_the_store_oldest_first(home: Path) -> None:
    total = len(list(opened(home).objects()))
    lefts = [verified(home, limit=4).left for _ in range(-(-total // 4))]
    assert lefts[-1] == 0
    assert lefts == [max(0, total - 4 * step) for step in range(1, len(lefts) + 1)]
    assert verified(home, limit=4).left == total - 4, "the next round has begun"


def test_a_fault_is_reported_by_every_run_until_it_is_mended(home: Path) -> None:
    path = of_kind(home, "originals")[0]
    before = flip(path, 3)
    verified(home)
    assert [fault.key for fault in verified(home, limit=0).faults] == [key_of(home, path)]
    path.write_bytes(before)
    assert verified(home, limit=0).faults == ()


def test_only_what_was_not_verified_for_days(home: Path) -> None:
    assert verified(home).checked > 0
    assert verified(home, older_than=1).checked == 0
    time.sleep(0.05)
    assert verified(home, older_than=1e-7).checked > 0


@pytest.mark.parametrize("ruin", [b"no database " * 400, b""])
def test_a_ruined_progress_file_only_begins_a_new_round(home: Path, ruin: bytes) -> None:
    verified(home)
    for path in home.glob(f"{FILE}*"):
        path.unlink()
    (home / FILE).write_bytes(ruin)
    total = len(list(opened(home).objects()))
    assert [verified(home, limit=4).left, verified(home, limit=4).left] == [total - 4, total - 8]


def test_a_home_that_cannot_be_written_is_verified_without_progress(home: Path) -> None:
    """A backup on a medium that is read-only."""
    (home / FILE).mkdir()
    for _ in range(2):
        assert verified(home).checked == len(list(opened(home).objects()))


def test_the_rate_is_kept() -> None:
    pace = Throttle(1e6)
    for _ in range(5):
        pace(40_000)
    assert 0.19 < pace.seconds < 0.6
    assert pace.read == 200_000


@pytest.mark.parametrize(
    "words", [["--limit", "x"], ["--limit", "-1"], ["--rate", "0"], ["--older-than", "nan"]]
)
def test_an_option_that_makes_no_sense_is_wrong_usage(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["verify", *words])
    assert ended.value.code == cli.USAGE
