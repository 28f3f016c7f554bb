"""Runs a search plan on Elasticsearch: one request lists, counts, and brings what is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.model import Query, Results
from search.elastic import query_dsl
from search.elastic.client import Cluster
from search.elastic.lexicon import IndexLexicon
from search.elastic.showing import KEPT, ShownDossier, has_exact, hits, shown
from search.query.common_pairs import without_common_positions
from search.query.plan import (
    Anchor,
    SearchPlan,
    needs_relaxing,
    never_so_marked,
    plan_of,
    relaxed,
)
from search.text.hidden_numbers import NumberHash

Json = dict[str, Any]

BATCH = 10_000  # dossiers in one response: index.max_result_window
SHOWN = 500  # dossiers in one response that brings what is shown of them


@dataclass(frozen=True, slots=True)
class _Listed:
    """The dossiers to show, and what was counted."""

    total: int
    facets: dict[str, dict[str, int]]
    shown: list[ShownDossier]
    best: int | None  # score of the first dossier of the response
    goes_on: bool


def find(cluster: Cluster, index: str, query: Query, hashing: NumberHash) -> Results:
    """Search an index; the time it took is for the caller to note.

    Args:
        cluster: where the index is.
        index: its name, or its alias.
        query: a query that ``search.query.parser.check`` has passed.
        hashing: hashes numbers of people as this index does.
    """
    asked = plan_of(query, hashing)
    lexicon = IndexLexicon(cluster, index, asked.scope)
    plan = without_common_positions(asked, lexicon.frequencies)
    listed = _listed(cluster, index, plan, query)
    words: tuple[str, ...] = ()
    if plan.must is not None:
        best = _best(cluster, index, plan, query, listed)
        is_asked = needs_relaxing(plan, best, listed.total)
        if is_asked and (further := relaxed(plan, lexicon, best)):
            plan = without_common_positions(further, lexicon.frequencies)
            listed = _listed(cluster, index, plan, query)
        words = _never_so_marked(asked, lexicon, listed.shown)
    return Results(
        total=listed.total,
        took_ms=0.0,
        hits=hits(cluster, index, plan, listed.shown),
        facets=listed.facets,
        approximate=plan.approximate,
        given_up=plan.given_up,
        never_so_marked=words,
        next=str(_anchor(plan, listed.shown[-1])) if listed.goes_on else "",
    )


def sequences(cluster: Cluster, index: str) -> Iterator[tuple[str, int]]:
    """Yield each dossier's id and the number of its indexed record."""
    body: Json = {
        "query": {"match_all": {}},
        "docvalue_fields": ["dossier", "sequence"],
        **query_dsl.NO_FIELDS,
        "size": BATCH,
        "sort": [{"place": "desc"}, {"dossier": "desc"}],
        "track_total_hits": False,
    }
    while found := cluster.search(index, body)["hits"]["hits"]:
        for hit in found:
            yield hit["fields"]["dossier"][0], hit["fields"]["sequence"][0]
        if len(found) < BATCH:
            return
        body["search_after"] = found[-1]["sort"]


def _listed(cluster: Cluster, index: str, plan: SearchPlan, query: Query) -> _Listed:
    """List and count what a query asks for: in one request, unless it is far down or very much."""
    request = query_dsl.list_request(plan)
    offset = 0 if plan.after else query.offset
    size = min(query.limit, SHOWN) + 1  # one more, to know whether there is a next page
    is_near = offset + size <= BATCH
    page = [request | KEPT | {"size": size, **({"from": offset} if offset else {})}]
    counting = query_dsl.count_request(plan)
    counts, *pages = cluster.multi_search(index, [counting, *(page if is_near else [])])
    total = counts["hits"]["total"]["value"]
    rest = _Rest(cluster, index, request)
    found = [one for response in pages for one in shown(response)]
    if is_near and len(found) == size <= query.limit:
        found += rest.after(found[-1].sort, query.limit + 1 - size)
    elif not is_near and offset < total:
        found = list(rest.after(rest.sort_of(offset), query.limit + 1))
    return _Listed(
        total,
        query_dsl.read_facets(counts),
        found[: query.limit],
        int(found[0].sort[0]) if found and plan.sort == "relevance" else None,
        goes_on=len(found) > query.limit > 0,
    )


@dataclass(frozen=True, slots=True)
class _Rest:
    """Dossiers beyond those of the first response, fetched in pages (``search_after``)."""

    cluster: Cluster
    index: str
    request: Json

    def after(self, sort: list[Any], most: int) -> Iterator[ShownDossier]:
        """Yield up to ``most`` dossiers that come after one with these sort values."""
        while most > 0:
            size = min(most, SHOWN)
            body = {**self.request, **KEPT, "size": size, "search_after": sort}
            found = shown(self.cluster.search(self.index, body))
            yield from found
            if len(found) < size:
                return
            most, sort = most - size, found[-1].sort

    def sort_of(self, number: int) -> list[Any]:
        """Return the sort values of the dossier with this number, from 1; there are as many."""
        body = self.request
        while True:
            size = min(number, BATCH)
            found = self.cluster.search(self.index, {**body, "size": size})["hits"]["hits"]
            number -= size
            if not number or len(found) < size:
                return list(found[-1]["sort"])
            body = {**body, "search_after": found[-1]["sort"]}


def _best(
    cluster: Cluster, index: str, plan: SearchPlan, query: Query, listed: _Listed
) -> int | None:
    """Return the highest score of what a plan finds, filters aside; None when it finds nothing.

    The score need not be right where the plan is not relaxed anyway.
    """
    is_first = plan.sort == "relevance" and not (plan.after or query.offset)
    if is_first and (listed.best or 0) >= plan.whole and listed.total:
        return listed.best
    if is_first and not plan.filters:
        return listed.best
    if listed.total and not plan.whole:
        return plan.whole
    best = cluster.search(index, query_dsl.best_request(plan))["hits"]["hits"]
    return int(best[0]["_score"]) if best else None


def _never_so_marked(
    plan: SearchPlan, lexicon: IndexLexicon, listed: Sequence[ShownDossier]
) -> tuple[str, ...]:
    """Return the words that no dossier has with the marks as typed; mostly those shown have."""
    marked = {word.exact for word in plan.parsed.phrase if word.has_mark}
    if all(has_exact(listed, word) for word in marked):
        return ()
    return never_so_marked(plan, lexicon)


def _anchor(plan: SearchPlan, last: ShownDossier) -> Anchor:
    """Return where a page of results that ends with this dossier ends."""
    key = last.sort[0]
    if plan.sort == "received" or key is None or key == query_dsl.NO_DAY:
        return Anchor("", last.dossier)
    return Anchor(str(key) if plan.sort == "code" else str(int(key)), last.dossier)
