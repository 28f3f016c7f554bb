"""Commands that the tests of runs start are measured when the tests are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.measured import measured_processes


@pytest.fixture(autouse=True)
def _measured() -> Iterator[None]:
    with measured_processes():
        yield
