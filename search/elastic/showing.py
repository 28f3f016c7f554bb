"""Builds the hits that are shown: of a dossier its heading, its best pages, and a snippet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.model import Hit
from search.elastic import query_dsl
from search.elastic.client import Cluster
from search.elastic.documents import KeptDossier, kept_dossier, kept_page
from search.query.pages import MOST_READ, FieldWords, PageWords, best_pages, page_weights
from search.query.plan import SearchPlan
from search.query.snippets import snippet

Json = dict[str, Any]
KEPT: Json = {"docvalue_fields": ["dossier", "kept"]}
_NOTHING = PageWords(1, "", "", "", FieldWords("", ""))
_LARGE_AT_ONCE = 50  # large dossiers whose pages are fetched by one request


@dataclass(frozen=True, slots=True)
class ShownDossier:
    """A dossier on a list, with what is kept of it."""

    dossier: str
    sort: list[Any]  # what the list is sorted by: score, place and id, for example
    kept: KeptDossier


def shown(response: Json) -> list[ShownDossier]:
    """Return the dossiers of a response to a search with ``KEPT``."""
    return [
        ShownDossier(
            hit["fields"]["dossier"][0], hit["sort"], kept_dossier(hit["fields"]["kept"][0])
        )
        for hit in response["hits"]["hits"]
    ]


def hits(
    cluster: Cluster, index: str, plan: SearchPlan, listed: Sequence[ShownDossier]
) -> tuple[Hit, ...]:
    """Return dossiers as they are shown.

    Args:
        cluster: where the index is.
        index: its name, or its alias.
        plan: how they were found.
        listed: the dossiers.
    """
    large = [one for one in listed if one.kept.size and not one.kept.pages]
    pages: dict[str, dict[int, PageWords]] = {}
    for start in range(0, len(large), _LARGE_AT_ONCE):
        pages |= _large(cluster, index, plan, large[start : start + _LARGE_AT_ONCE])
    return tuple(_hit(plan, one, pages.get(one.dossier, {})) for one in listed)


def has_exact(listed: Sequence[ShownDossier], word: str) -> bool:
    """Tell whether a word as typed stands on a page of dossiers that are shown."""
    return any(f" {word} " in page.exact for one in listed for page in one.kept.pages)


def _hit(plan: SearchPlan, one: ShownDossier, large: dict[int, PageWords]) -> Hit:
    pages = one.kept.pages or tuple(large.values())
    numbers = best_pages(plan.parsed, pages)
    best = next((page for page in pages if page.number == numbers[0]), _NOTHING)
    words = best.exact.split(), best.folded.split()
    return Hit(
        dossier=one.dossier,
        code=one.kept.code,
        page=best.number,
        title=one.kept.title,
        snippet=snippet(best.text, best.fields.text, plan.matcher, words),
        score=float(one.sort[0]) if plan.sort == "relevance" else 0.0,
        pages=numbers,
    )


def _large(
    cluster: Cluster, index: str, plan: SearchPlan, large: Sequence[ShownDossier]
) -> dict[str, dict[int, PageWords]]:
    """Return the pages of large dossiers that may be best, and the first of each document."""
    weights = page_weights(plan.parsed)
    bodies = [query_dsl.best_pages_request([one.dossier for one in large], weights, MOST_READ)]
    for one in large:
        firsts = [first for first, _ in one.kept.groups][:MOST_READ]
        bodies.append(query_dsl.named_pages_request(one.dossier, firsts))
    groups = {one.dossier: one.kept.groups for one in large}
    pages: dict[str, dict[int, PageWords]] = {one.dossier: {} for one in large}
    for response in cluster.multi_search(index, bodies):
        for hit in response["hits"]["hits"]:
            dossier = hit["fields"]["dossier"][0]
            for inner in hit["inner_hits"]["pages"]["hits"]["hits"]:
                page = kept_page(inner["fields"]["pages.kept"][0], groups[dossier])
                pages[dossier][page.number] = page
    return pages
