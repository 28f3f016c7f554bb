"""Results of bench/reading.py side by side, whoever measured them: tables in Markdown.

    python -m bench.results FILE… [--kinds]

FILEs are what ``--json`` wrote. They must be of the same pages, which a hash over pictures and
truths tells; a reader that did not read all of them is compared on those that every reader read.
Each reader is also compared with the first one page by page (paired bootstrap), which tells two
readers apart that intervals of their own do not.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from pathlib import Path
from random import Random
from typing import Any

from bench.bootstrap import RATES, ROUNDS, SHARE, Figure, figures
from bench.scoring import Errors

Pages = dict[str, Errors]  # by the file name of the page


class DifferentPagesError(ValueError):
    """Results are not of the same pages, so they cannot stand in one table."""


def joined(results: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Pages], dict[str, str]]:
    """Return the errors of each reader on the pages that all have, and the kind of each page.

    Args:
        results: parsed results, in order; of a reader that two have, the later one counts.

    Raises:
        DifferentPagesError: they are not of the same set of pages.
    """
    if len({(each["seed"], each.get("set")) for each in results}) > 1:
        raise DifferentPagesError("these results are of different pages: compare seed and set")
    readers: dict[str, Pages] = {}
    kinds: dict[str, str] = {}
    for each in results:
        for name, told in each["readers"].items():
            readers[name] = {page["page"]: _errors(page) for page in told["pages"]}
            kinds |= {page["page"]: page["kind"] for page in told["pages"]}
    common = set.intersection(*(set(pages) for pages in readers.values()))
    kept = {name: {page: pages[page] for page in kinds if page in common} for name, pages in
            readers.items()}  # fmt: skip
    return kept, {page: kind for page, kind in kinds.items() if page in common}


def _errors(page: Mapping[str, Any]) -> Errors:
    return Errors(**{field: page[field] for field in Errors._fields})


def difference(mine: Sequence[Errors], other: Sequence[Errors], seed: int = 0) -> Figure:
    """Return how much more of the letters one reader has wrong than another, with its interval.

    Args:
        mine: the errors of one reader, page by page.
        other: those of the other on the same pages.
        seed: of the pages drawn again.
    """
    random, places = Random(f"pairs {seed}"), range(len(mine))

    def gap(drawn: Sequence[int]) -> float:
        one, two = (
            reduce(Errors.plus, (pages[at] for at in drawn)).rate for pages in (mine, other)
        )
        return one - two

    values = sorted(gap(random.choices(places, k=len(places))) for _ in range(ROUNDS))
    edge = round((1 - SHARE) / 2 * ROUNDS)
    return Figure(gap(places), values[edge], values[-1 - edge])


def summary(readers: Mapping[str, Pages], seconds: Mapping[str, float]) -> Iterator[str]:
    """Yield the lines of a table with a row for each reader.

    Args:
        readers: the errors on each page, by the name of the reader.
        seconds: processor seconds a page, by the name of the reader.
    """
    first = next(iter(readers))
    heads = [*(name.replace("_", " ") for name in RATES), f"character error against {first}"]
    yield f"| reader | {' | '.join(heads)} | processor s a page |"
    yield "|---|" + "---|" * (len(heads) + 1)
    for name, pages in readers.items():
        errors = list(pages.values())
        cells = [_cell(one) for one in figures(errors).values()]
        gap = difference(errors, list(readers[first].values())) if name != first else None
        cells += [_cell(gap, sign=True) if gap else "–", f"{seconds[name]:.1f}"]
        yield f"| {name} | {' | '.join(cells)} |"


def _cell(figure: Figure, *, sign: bool = False) -> str:
    style = "+.2f" if sign else ".2f"
    value, low, high = (format(100 * each, style) for each in figure)
    return f"{value} % ({low} to {high})"


def by_kind(readers: Mapping[str, Pages], kinds: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of a table of character errors in percent, a row for each kind of page."""
    yield f"| kind, pages | {' | '.join(readers)} |"
    yield "|---|" + "---|" * len(readers)
    for kind in dict.fromkeys(kinds.values()):
        these = [page for page, each in kinds.items() if each == kind]
        rates = (
            100 * reduce(Errors.plus, (pages[page] for page in these)).rate
            for pages in readers.values()
        )
        yield f"| {kind}, {len(these)} | {' | '.join(f'{rate:.2f}' for rate in rates)} |"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Results side by side.")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--kinds", action="store_true", help="each kind of page too")
    chosen = parser.parse_args()
    results = [json.loads(path.read_text(encoding="utf-8")) for path in chosen.files]
    readers, kinds = joined(results)
    seconds = {
        name: told["processor_seconds"]
        for each in results
        for name, told in each["readers"].items()
    }
    print(f"{len(kinds)} pages, seed {results[0]['seed']}, set {results[0].get('set', '')[:16]}\n")
    print("\n".join(summary(readers, seconds)))
    if chosen.kinds:
        print("\n" + "\n".join(by_kind(readers, kinds)))


if __name__ == "__main__":
    main()
