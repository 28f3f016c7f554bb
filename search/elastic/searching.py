"""Runs a search plan on Elasticsearch: one request counts and lists, one fetches what is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pipeline.model import Hit, Query
from search.elastic import query_dsl
from search.elastic.client import Cluster
from search.query.expressions import Expression, Words
from search.query.matching import Matcher
from search.query.plan import SearchPlan, needs_relaxing, plan_of, relaxed
from search.query.snippets import snippet

Json = dict[str, Any]
Answer = tuple[int, tuple[Hit, ...], dict[str, dict[str, int]]]  # total, hits, facets

MOST_NUMBERS = 30_000  # page numbers in a list: two lists stay below search.max_buckets, 65,536
BATCH = 10_000  # dossiers in one response: index.max_result_window

_NEWEST_FIRST = [{"place": "desc"}, {"dossier": "desc"}]
_PAGE_ORDER = [{"pages.number": "asc"}]


class Rank(NamedTuple):
    """Dossiers that match one expression share a score. None matches all."""

    score: float
    expression: Expression | None


class RankedDossier(NamedTuple):
    """A dossier found, with its best rank."""

    dossier: str
    rank: Rank
    pages: int  # how many it has


@dataclass(frozen=True, slots=True)
class IndexLexicon:
    """The lookups for relaxing a query, in an index of a cluster."""

    cluster: Cluster
    index: str

    def finds(self, expressions: Sequence[Expression]) -> list[bool]:
        """Tell of each expression whether any page matches it."""
        body = {"size": 0, "terminate_after": 1, "track_total_hits": 1}
        bodies = [{**body, "query": query_dsl.dossiers(one, {})} for one in expressions]
        responses = self.cluster.multi_search(self.index, bodies)
        return [bool(response["hits"]["total"]["value"]) for response in responses]

    def known(self, column: str, words: set[str]) -> set[str]:
        """Return those of the terms of a column that are in some dossier."""
        if not words or column != "folded":
            return set()
        response = self.cluster.search(self.index, query_dsl.word_count_request(sorted(words)))
        buckets = response["aggregations"]["words"]["buckets"]
        return {word for word, bucket in buckets.items() if bucket["doc_count"]}


def find(cluster: Cluster, index: str, query: Query) -> Answer:
    """Search an index; return the number of dossiers found, the hits shown, and the facets.

    Args:
        cluster: where the index is.
        index: its name, or its alias.
        query: a query that ``search.query.parser.check`` has passed.
    """
    plan, stop = plan_of(query), query.offset + query.limit
    counts, listings = _request(cluster, index, plan, stop)
    is_empty = not counts["hits"]["total"]["value"]
    best = None if is_empty else plan.whole
    lexicon = IndexLexicon(cluster, index)
    if needs_relaxing(plan, best) and (relaxed_plan := relaxed(plan, lexicon, best)):
        plan = relaxed_plan
        counts, listings = _request(cluster, index, plan, stop)
    total, facets = query_dsl.read_counts(counts)
    shown = _best_dossiers([Rank(0, plan.must)], listings, stop)[query.offset :]
    return total, _hits(cluster, index, plan, shown), facets


def sequences(cluster: Cluster, index: str) -> Iterator[tuple[str, int]]:
    """Yield each dossier's id and the number of its indexed record."""
    listing = _Listing(cluster, index, {"query": {"match_all": {}}, "_source": ["sequence"]})
    for hit in listing:
        yield hit["_id"], hit["_source"]["sequence"]


class _Listing:
    """The dossiers that a search finds, newest first, fetched in pages (``search_after``)."""

    def __init__(self, cluster: Cluster, index: str, body: Json, most: int = BATCH) -> None:
        self.body = {
            **body,
            "size": min(most, BATCH),
            "sort": _NEWEST_FIRST,
            "track_total_hits": False,
        }
        self.first: Json | None = None  # the first response, when it came with other searches
        self._cluster = cluster
        self._index = index

    def __iter__(self) -> Iterator[Json]:
        body = self.body
        response = self.first or self._cluster.search(self._index, body)
        while hits := response["hits"]["hits"]:
            yield from hits
            if len(hits) < body["size"]:
                return
            body = {**body, "search_after": hits[-1]["sort"]}
            response = self._cluster.search(self._index, body)


def _request(
    cluster: Cluster, index: str, plan: SearchPlan, most: int
) -> tuple[Json, Sequence[_Listing]]:
    """Return the response with the counts, and a listing for each rank; all in one request."""
    bodies = [
        {
            "query": query_dsl.dossiers(plan.must, _values(plan)),
            "_source": False,
            "docvalue_fields": ["size"],
        }
    ]
    listings = [_Listing(cluster, index, body, most) for body in bodies]
    counting = query_dsl.count_request(plan.must, _values(plan))
    counts, *firsts = cluster.multi_search(index, [counting, *(one.body for one in listings)])
    for listing, first in zip(listings, firsts, strict=True):
        listing.first = first
    return counts, listings


def _values(plan: SearchPlan) -> dict[str, str]:
    """Return the filters by facet; the others are not yet carried out here."""
    return {name: one.words[0] for name, one in plan.filters.items() if isinstance(one, Words)}


def _best_dossiers(
    ranks: Sequence[Rank], listings: Sequence[_Listing], most: int
) -> list[RankedDossier]:
    """Return up to ``most`` dossiers, best rank first, newest first within a rank."""
    best: dict[str, RankedDossier] = {}
    for rank, listing in zip(ranks, listings, strict=True):
        if len(best) >= most:
            break
        for hit in listing:
            pages = hit["fields"]["size"][0]
            best.setdefault(hit["_id"], RankedDossier(hit["_id"], rank, pages))
            if len(best) >= most:
                break
    return list(best.values())


def _hits(
    cluster: Cluster, index: str, plan: SearchPlan, shown: Sequence[RankedDossier]
) -> tuple[Hit, ...]:
    """Fetch what is shown of each dossier: its title, its best page's snippet, its pages found."""
    bodies = [_display_request(plan, batch) for batch in _batches(shown)]
    fetched: dict[str, Json] = {}
    for response in cluster.multi_search(index, bodies) if bodies else ():
        buckets = response["aggregations"]["dossiers"]["buckets"]
        pages = {bucket["key"]: bucket["pages"] for bucket in buckets}
        for hit in response["hits"]["hits"]:
            fetched[hit["_id"]] = {**hit, "pages": pages[hit["_id"]]}
    # A dossier that another process withdrew meanwhile is not shown.
    return tuple(
        _hit(fetched[ranked.dossier], ranked.rank, plan.matcher)
        for ranked in shown
        if ranked.dossier in fetched
    )


def _batches(shown: Sequence[RankedDossier]) -> Iterator[list[RankedDossier]]:
    """Yield the dossiers that one search can fetch: all of one rank, at most ``MOST_NUMBERS``."""
    batch: list[RankedDossier] = []
    for ranked in shown:
        pages = ranked.pages + sum(other.pages for other in batch)
        if batch and (ranked.rank != batch[0].rank or pages > MOST_NUMBERS):
            yield batch
            batch = []
        batch.append(ranked)
    if batch:
        yield batch


def _display_request(plan: SearchPlan, batch: Sequence[RankedDossier]) -> Json:
    """Return the search for what is shown of dossiers of one rank: best page, page numbers.

    The page numbers of all dossiers come from one aggregation: fetching those of each dossier by
    itself takes ten times longer.
    """
    rank, filters = batch[0].rank.expression, _values(plan)
    most = min(max(ranked.pages for ranked in batch), MOST_NUMBERS)
    terms: Json = {"field": "pages.number", "size": most, "order": {"_key": "asc"}}
    numbers: Json = {"numbers": {"terms": terms}}
    pages: Json = {
        "ranked": {"filter": query_dsl.pages(rank, filters), "aggs": numbers},
        "found": {"filter": query_dsl.pages(plan.must, filters), "aggs": numbers},
    }
    best: Json = {
        "name": "best",
        "size": 1,
        "sort": _PAGE_ORDER,
        "_source": False,
        "stored_fields": ["pages.text", "pages.fields"],
    }
    ids: Json = {"ids": {"values": [ranked.dossier for ranked in batch]}}
    # By map: few documents are counted, and global ordinals would be rebuilt after each change.
    dossiers = {"field": "dossier", "size": len(batch), "execution_hint": "map"}
    dossier_pages: Json = {"pages": {"nested": {"path": "pages"}, "aggs": pages}}
    return {
        "size": len(batch),
        "query": {"bool": {"filter": [ids, query_dsl.dossiers(rank, filters, inner_hits=best)]}},
        "_source": ["code", "title"],
        "aggs": {"dossiers": {"terms": dossiers, "aggs": dossier_pages}},
    }


def _hit(fetched: Json, rank: Rank, matcher: Matcher) -> Hit:
    numbers = [
        int(page["key"])
        for name in ("ranked", "found")
        for page in fetched["pages"][name]["numbers"]["buckets"]
    ]
    best_page = fetched["inner_hits"]["best"]["hits"]["hits"][0].get("fields", {})
    text, fields = (best_page.get(name, [""])[0] for name in ("pages.text", "pages.fields"))
    return Hit(
        dossier=fetched["_id"],
        code=fetched["_source"]["code"],
        page=numbers[0],
        title=fetched["_source"]["title"],
        snippet=snippet(text, fields, matcher),
        score=rank.score,
        pages=tuple(dict.fromkeys(numbers)),
    )
