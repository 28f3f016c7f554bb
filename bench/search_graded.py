"""Measure how well both engines answer 200 graded queries (``tests/support/graded_queries.py``).

    .venv/bin/python bench/search_graded.py

Recall among the first ten dossiers, and the mean reciprocal rank of the first relevant one, by kind
of query. Elasticsearch is measured where ``SOHOA_TEST_ELASTICSEARCH_*`` name one.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from pipeline.model import Query
from pipeline.ports import SearchIndex
from pipeline.settings import SearchSettings
from search import open_index
from tests.support.graded_queries import Graded, fill, make_told, queries
from tests.support.servers import fresh_alias, has_elasticsearch

SEED = 5


def grades(index: SearchIndex, query: Graded) -> tuple[float, float]:
    """Return recall among the first ten, and one over the rank of the first relevant dossier."""
    shown = [hit.dossier for hit in index.find(Query(query.text, limit=10)).hits]
    ranks = [at for at, dossier in enumerate(shown, start=1) if dossier in query.relevant]
    return len(ranks) / len(query.relevant), 1 / ranks[0] if ranks else 0.0


def show(form: str, index: SearchIndex) -> None:
    """Fill an index, ask it everything and print a line for each kind."""
    told = make_told(SEED)
    fill(index, told)
    by_kind: dict[str, list[tuple[float, float]]] = {"all": []}
    for query in queries(told, SEED):
        graded = grades(index, query)
        by_kind.setdefault(query.kind, []).append(graded)
        by_kind["all"].append(graded)
    for kind, found in by_kind.items():
        recall, mrr = (statistics.mean(column) for column in zip(*found, strict=True))
        print(f"{form:15}{kind:12}{len(found):5}{recall:12.3f}{mrr:8.3f}")


def main() -> None:
    """Print the table."""
    print(f"{'form':15}{'queries':12}{'n':>5}{'recall@10':>12}{'MRR':>8}")
    with tempfile.TemporaryDirectory() as folder:
        show("sqlite", open_index(SearchSettings(), Path(folder)))
    if has_elasticsearch():
        with fresh_alias() as settings:
            show("elasticsearch", open_index(settings, Path("nowhere")))


if __name__ == "__main__":
    main()
