"""How far a figure over some pages may be off: bootstrap over pages (Efron, 1979).

Pages are drawn again and again with replacement, whole pages, because the words of one page share
its wear. The middle 95 % of the figures is the interval. The same seed gives the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from random import Random
from typing import NamedTuple

from bench.scoring import Errors

ROUNDS, SHARE = 1_000, 0.95


class Figure(NamedTuple):
    """A figure over pages, and between what it lies with 95 %."""

    value: float
    low: float
    high: float


RATES: dict[str, Callable[[Errors], float]] = {
    "character_error": lambda all_pages: all_pages.rate,
    "word_recall": lambda all_pages: all_pages.right / max(all_pages.words, 1),
    "word_precision": lambda all_pages: all_pages.right / max(all_pages.read, 1),
}


def figures(pages: Sequence[Errors], seed: int = 0) -> dict[str, Figure]:
    """Return each rate over pages with its interval.

    Args:
        pages: the errors of each page; at least one.
        seed: of the pages drawn again.
    """
    random = Random(f"bootstrap {seed}")
    drawn = [reduce(Errors.plus, random.choices(pages, k=len(pages))) for _ in range(ROUNDS)]
    whole = reduce(Errors.plus, pages)
    found = {}
    for name, rate in RATES.items():
        values = sorted(map(rate, drawn))
        edge = round((1 - SHARE) / 2 * ROUNDS)
        found[name] = Figure(rate(whole), values[edge], values[-1 - edge])
    return found


def show_intervals(readers: Mapping[str, Sequence[Errors]]) -> None:
    """Print a table of all rates over all pages, a row for each reader.

    Args:
        readers: the errors of each page, by the name of the reader.
    """
    print("\n| all pages, 95 % |", *(f"{name.replace('_', ' ')} |" for name in RATES))
    print("|---|" + "---|" * len(RATES))
    for reader, pages in readers.items():
        told = figures(pages).values()
        cells = (f"{one.value:.4f} ({one.low:.4f} – {one.high:.4f}) |" for one in told)
        print(f"| {reader} |", *cells)


def as_json(
    kinds: Sequence[tuple[str, str]],
    readers: Mapping[str, Sequence[Errors]],
    seconds: Mapping[str, float],
    seed: int,
    digest: str = "",
) -> str:
    """Return the results as JSON: each reader with its figures, and what each page gave.

    Args:
        kinds: the file name and the kind of each page.
        readers: the errors of each page, by the name of the reader.
        seconds: processor seconds a page, by the name of the reader.
        seed: of the synthetic pages.
        digest: a hash that tells these pages from others.
    """
    told = {
        reader: {
            "processor_seconds": round(seconds[reader], 3),
            **{name: [round(n, 5) for n in one] for name, one in figures(pages).items()},
            "pages": [
                {"page": page, "kind": kind, **each._asdict()}
                for (page, kind), each in zip(kinds, pages, strict=True)
            ],
        }
        for reader, pages in readers.items()
    }
    shape = {"form": 1, "seed": seed, "set": digest, "interval": SHARE, "readers": told}
    return json.dumps(shape, ensure_ascii=False, indent=1) + "\n"
