"""Runs the files of tests that take longest first, so that no processor idles at the end.

pytest-xdist gives a file to the next worker that is free (``--dist loadfile``), in the order in
which the files were collected; a long one that came last would keep one worker alone.
"""

from __future__ import annotations

from collections import defaultdict

import pytest

# Seconds that a test of a mark takes, about; of several marks the largest counts.
SECONDS = {
    "long": 20.0,
    "verapdf": 8.0,
    "prefect": 6.0,
    "browser": 5.0,
    "engine": 3.0,
    "slow": 2.0,
    "services": 2.0,
}
USUAL = 0.05


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    costs: dict[str, float] = defaultdict(float)
    for item in items:
        costs[file_of(item)] += cost(item)
    items.sort(key=lambda item: -costs[file_of(item)])  # stable: those of a file stay together


def file_of(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def cost(item: pytest.Item) -> float:
    marks = [mark.name for mark in item.iter_markers()]
    return max([USUAL, *(SECONDS[name] for name in marks if name in SECONDS)])
