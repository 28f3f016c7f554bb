"""Clicks, keys and seconds of each job of the product, walked in a real browser; as a table.

    .venv/bin/python -m bench.jobs [PYTEST ARGUMENT …]

Runs the files of `tests/browser` that begin with test_jobs: they walk the jobs of clerks, the
counter and operators and have the browser count every click and key. Prints what each took before
(88861e8) and now. Seconds are by the clock on this machine, pages included: upper bounds.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support.walks.jobs import JOBS, Before

FILES = sorted(str(path) for path in Path("tests/browser").glob("test_jobs_*.py"))


class Tallies:
    """Gathers what the tests tell of the jobs they walked."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, float]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the tallies of a test that has ended."""
        if report.when == "call":
            for name, value in report.user_properties:
                if name == "job" and isinstance(value, dict):
                    self.found[str(value["job"])] = value


def taken(clicks: float, keys: float, drops: float) -> str:
    """Say what a job took, in the shortest words."""
    parts = [f"{drops:.0f} drop"] * bool(drops) + [f"{clicks:.0f} clicks"] * bool(clicks)
    return ", ".join([*parts, *[f"{keys:.0f} keys"] * bool(keys)]) or "0"


def before(job: Before) -> str:
    """Say what a job took before, or that it could not be done."""
    cost = taken(job.clicks, job.keys, job.drops) if job.was_possible else "not possible"
    return f"{cost}; {job.told}" if job.told else cost


def main() -> int:
    """Walk the jobs and print the table."""
    tallies = Tallies()
    code = pytest.main(["-q", "-m", "", *FILES, *sys.argv[1:]], plugins=[tallies])
    print("\n| job | before | s | now | s |\n|---|---|---|---|---|")
    for name, job in JOBS.items():
        if told := tallies.found.get(name):
            now = taken(told["clicks"], told["keys"], told["drops"])
            print(
                f"| {name} {job.job} | {before(job)} | {job.seconds} | {now} | {told['seconds']} |"
            )
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
