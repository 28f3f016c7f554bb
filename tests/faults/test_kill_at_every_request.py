"""SIGKILL before every request that changes a bucket of a real MinIO: nothing is lost or doubled.

What changes in folders is killed at with the embedded store (``test_kill_at_every_step``); here the
requests are picked from the steps as they are seen, so a new one is killed at too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.clerk import Clerk, slip
from tests.support.killing import Killer
from tests.support.promise import check_end, check_now
from tests.support.servers import fresh_bucket, has_minio

pytestmark = [
    pytest.mark.long,
    pytest.mark.services,
    pytest.mark.skipif(not has_minio(), reason="no MinIO named by SOHOA_TEST_MINIO_ENDPOINT"),
]
NewClerk = Callable[[], Clerk]


@pytest.fixture
def new_clerk(fast_place: Path) -> Iterator[NewClerk]:
    """Makes clerks who dropped a file, its duplicate, a refused one and a folder; own buckets."""
    with ExitStack() as buckets:

        def make() -> Clerk:
            storage = buckets.enter_context(fresh_bucket())
            clerk = Clerk(fast_place / storage.bucket, storage=storage)
            clerk.home.mkdir()
            clerk.drop("một.png", slip(1))
            clerk.drop("một lần nữa.png", slip(1))
            clerk.drop("thư.docx", b"PK not a scan", good=False)
            files = {"a.png": (slip(2), True), "trùng.png": (slip(2), True)}
            clerk.drop_folder("hồ sơ", files | {"bảng.xlsx": (b"PK no scan either", False)})
            return clerk

        yield make


def requests_of(killer: Killer, job: str, clerk: Clerk) -> list[int]:
    """Return the numbers of the steps of a job that are requests to the store."""
    ended = killer.run(job, clerk)
    assert ended.code == 0, ended.output
    return [number for number, step in enumerate(ended.steps, 1) if step.startswith("http")]


@pytest.mark.parametrize(
    ("job", "before", "least"), [("take_in", "", 12), ("drain", "take_in", 10)]
)
def test_killed_at_every_request(
    killer: Killer, new_clerk: NewClerk, job: str, before: str, least: int
) -> None:
    wrong: list[str] = []

    def ready() -> Clerk:
        clerk = new_clerk()
        if before:
            assert killer.run(before, clerk).code == 0
        return clerk

    steps = requests_of(killer, job, ready())
    assert len(steps) >= least, "the hook sees less than it did"
    for step in steps:
        clerk = ready()
        ended = killer.run(job, clerk, kill_at=step)
        assert ended.code == -9, ended.output
        where = f"{step} {ended.steps[-1]}"
        wrong += [f"{where}: {trouble}" for trouble in check_now(clerk)]
        again = killer.run("go_on", clerk)
        assert again.code == 0, f"{where}: {again.output}"
        wrong += [f"{where}, restarted: {trouble}" for trouble in check_end(clerk)]
    assert wrong == []
