"""Measures the coverage of processes that tests start: commands, and workers that open files.

Only with ``--cov``. A process that is killed writes no figures, and one that a test starves of
memory or disk must not write any: commands are measured in ``tests/runs`` alone.

Measuring makes Python two and a half times as slow. So of a test with many parameters only the
first few are measured, and no test that is marked as taking long: what these do at length, others
do in small.
"""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import coverage
import pytest

from ocr.sandbox import pool

VARIABLE = "COVERAGE_PROCESS_CONFIG"  # coverage looks for it whenever a Python starts
PATIENCE = 2.0  # seconds
MEASURED = 3  # of the parameters of a test
TAKE_LONG = ("slow", "long")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.pluginmanager.hasplugin("_cov"):
        return
    before: Counter[str] = Counter()
    for item in items:
        name = item.nodeid.partition("[")[0]
        before[name] += 1
        if before[name] > MEASURED or any(map(item.get_closest_marker, TAKE_LONG)):
            item.add_marker("no_cover")  # of pytest-cov


@pytest.hookimpl(wrapper=True, trylast=True)  # ends before pytest-cov adds the figures up
def pytest_runtestloop() -> Iterator[None]:
    if coverage.Coverage.current() is None:
        return (yield)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool, "Worker", _Measured)
        patch.setattr(pool, "_INHERITED", (*pool._INHERITED, VARIABLE))
        result = yield
    pool.end_all()
    return result


@contextmanager
def measured_processes() -> Iterator[None]:
    """Have the processes measured that are started meanwhile, if this one is."""
    current = coverage.Coverage.current()
    with pytest.MonkeyPatch.context() as patch:
        if current:
            patch.setenv(VARIABLE, current.config.serialize())
        yield


class _Measured(pool.Worker):
    """A worker process that is given time to write its figures before it is killed."""

    def __init__(self, program: str) -> None:
        with measured_processes():
            super().__init__(program)

    def end(self) -> None:
        with suppress(subprocess.TimeoutExpired):  # it hangs, and is killed after all
            self._process.communicate(timeout=PATIENCE)  # its input ends: nothing more is asked
        super().end()
