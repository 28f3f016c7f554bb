"""The review queue with many items: taking the next one, listing, and looking at one dossier.

    PYTHONPATH=. .venv/bin/python bench/review.py --items 1000000

The store is SQLite in a temporary folder, with five items a dossier.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from accounts import open_review
from accounts.review.queue import FILE
from pipeline.model import Scope
from pipeline.review.item_names import Wanted, rank_of_kind
from pipeline.review.items import ReviewItem
from pipeline.settings import AccountSettings
from tests.support.review_rows import insert, insert_units

FIELDS = ("dossier_code", "full_name", "number", "received_on", "summary")
TIMES = 100


def items_of_dossier(number: int) -> list[ReviewItem]:
    """Return the items of a made dossier."""
    since = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(seconds=number)
    return [
        ReviewItem(
            f"{number:022x}", f"{number:064x}", 1, field, 2, 1, rank_of_kind(field),
            number % 80 / 100, since, is_sample=False, unit="Bạch Mai", scanner="máy 1",
        )
        for field in FIELDS
    ]  # fmt: skip


def measured(label: str, deed: Callable[[int], object]) -> None:
    """Print how long a deed takes."""
    took = []
    for turn in range(TIMES):
        began = time.perf_counter()
        deed(turn)
        took.append((time.perf_counter() - began) * 1000)
    cuts = statistics.quantiles(took, n=20, method="inclusive")
    print(f"{label}: p50 {cuts[9]:.1f} ms, p95 {cuts[18]:.1f} ms", flush=True)


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as place:
        store = open_review(AccountSettings(), Path(place))
        dossiers = arguments.items // len(FIELDS)
        insert(Path(place) / FILE, (one for n in range(dossiers) for one in items_of_dossier(n)))
        ids = [f"{number:022x}" for number in range(dossiers)]
        insert_units(Path(place) / FILE, ids[:-1], "bach mai")
        insert_units(Path(place) / FILE, ids[-1:], "ba dinh")
        measured("next", lambda turn: store.take(f"người {turn}", timedelta(minutes=10)))
        for name in ("Bạch Mai", "Ba Đình", "đơn vị khác"):  # nearly all, the last few, none
            wanted = Wanted(Scope(units=frozenset({name})))
            measured(f"next for {name}", lambda turn, wanted=wanted: store.take(  # type: ignore[misc]
                f"người {turn}", timedelta(minutes=10), wanted))  # fmt: skip
            measured(f"count for {name}", lambda turn, wanted=wanted: store.counted(  # type: ignore[misc]
                f"người {turn}", wanted))  # fmt: skip
        measured("list", lambda _: store.waiting(20))
        measured("look at one dossier", lambda turn: store.replace(
            f"{turn:022x}", 3, items_of_dossier(turn), []))  # fmt: skip
        store.close()


if __name__ == "__main__":
    main()
