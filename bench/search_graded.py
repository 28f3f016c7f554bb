"""Measure how well an engine answers graded queries (``tests/support/graded_queries.py``).

    .venv/bin/python bench/search_graded.py --seed 5
    .venv/bin/python bench/search_graded.py --seed 9 --json
    .venv/bin/python bench/search_graded.py --real FOLDER

Recall among the first ten dossiers, and the mean reciprocal rank of the first relevant one, by kind
of query; ``all`` are the 200 of the first five kinds. ``--form elasticsearch`` asks the cluster
that ``SOHOA_TEST_ELASTICSEARCH_*`` name. ``--real``: queries in the words of real pages with truth
(``bench/graded_real.py``); ``all`` are then all of them.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.graded_real import read_dossiers, real_queries
from pipeline.model import Query
from pipeline.ports import SearchIndex
from pipeline.settings import SearchSettings
from search import open_index
from tests.support.graded_queries import Graded, fill, further_queries, make_told, queries
from tests.support.servers import fresh_alias

Grades = list[tuple[float, float]]  # of each query recall, and reciprocal rank


def grades(index: SearchIndex, query: Graded) -> tuple[float, float]:
    """Return recall among the first ten, and one over the rank of the first relevant dossier."""
    shown = [hit.dossier for hit in index.find(Query(query.text, limit=10)).hits]
    ranks = [at for at, dossier in enumerate(shown, start=1) if dossier in query.relevant]
    return len(ranks) / len(query.relevant), 1 / ranks[0] if ranks else 0.0


def measured(
    index: SearchIndex, seed: int, real: str = "", *, misses: bool = False
) -> dict[str, Grades]:
    """Fill an index, ask it everything; return the grades by kind of query.

    Args:
        index: an empty index.
        seed: the seed of dossiers and queries.
        real: a folder of real pages with truth; empty for made-up ones alone.
        misses: whether to print the queries that are not answered best.
    """
    told = make_told(seed)
    if real:
        pages = read_dossiers(Path(real), told)
        told += pages
        first, further = real_queries(pages, told, seed), list[Graded]()
    else:
        first, further = queries(told, seed), further_queries(told, seed)
    fill(index, told)
    by_kind: dict[str, Grades] = {"all": []}
    for query in [*first, *further]:
        graded = grades(index, query)
        by_kind.setdefault(query.kind, []).append(graded)
        if misses and graded != (1.0, 1.0):
            print(query.kind, graded, query.text, sorted(query.relevant))
    by_kind["all"] = [graded for kind in {one.kind: 0 for one in first} for graded in by_kind[kind]]
    return by_kind


def rows(by_kind: dict[str, Grades]) -> Iterator[dict[str, object]]:
    """Yield a row for each kind of query."""
    for kind, found in by_kind.items():
        recall, mrr = (statistics.mean(column) for column in zip(*found, strict=True))
        yield {
            "queries": kind, "n": len(found), "recall@10": round(recall, 4), "mrr": round(mrr, 4)
        }  # fmt: skip


def main() -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--form", choices=["embedded", "elasticsearch"], default="embedded")
    parser.add_argument("--real", default="", help="a folder of real pages with truth")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--misses", action="store_true", help="print what was not answered best")
    arguments = parser.parse_args()
    asked = arguments.seed, arguments.real
    if arguments.form == "embedded":
        with tempfile.TemporaryDirectory() as folder:
            index = open_index(SearchSettings(), Path(folder))
            found = list(rows(measured(index, *asked, misses=arguments.misses)))
    else:
        with fresh_alias() as settings:
            index = open_index(settings, Path("nowhere"))
            found = list(rows(measured(index, *asked, misses=arguments.misses)))
    if arguments.json:
        print(json.dumps(found))
        return
    print(f"{'queries':12}{'n':>5}{'recall@10':>12}{'MRR':>8}")
    for row in found:
        print(f"{row['queries']:12}{row['n']:5}{row['recall@10']:12.3f}{row['mrr']:8.3f}")


if __name__ == "__main__":
    main()
