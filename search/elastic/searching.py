"""Searching the served index: the same steps, in the same order, as the embedded one takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pipeline.model import Hit, Query
from search.elastic import query_dsl
from search.elastic.client import Cluster
from search.query.expressions import Expression, Rank
from search.query.matching import Matcher
from search.query.plan import SearchPlan, plan_of, relaxed
from search.query.snippets import snippet

Json = dict[str, Any]
Found = tuple[int, tuple[Hit, ...], dict[str, dict[str, int]]]

MOST_NUMBERS = 30_000  # pages listed by one search: Elasticsearch counts twice that and no more
BATCH = 10_000  # dossiers in one answer: what Elasticsearch gives at most

_NEWEST_FIRST = [{"place": "desc"}, {"dossier": "desc"}]
_PAGE_ORDER = [{"pages.number": "asc"}]


class Place(NamedTuple):
    """A dossier to be shown."""

    dossier: str
    rank: Rank  # its best
    pages: int


@dataclass(frozen=True, slots=True)
class IndexLexicon:
    """The words of an index."""

    cluster: Cluster
    index: str

    def finds(self, expressions: Sequence[Expression]) -> list[bool]:
        """Tell of each whether any page answers, filters aside."""
        body = {"size": 0, "terminate_after": 1, "track_total_hits": 1}
        bodies = [{**body, "query": query_dsl.dossiers(wanted, {})} for wanted in expressions]
        answers = self.cluster.searches(self.index, bodies)
        return [bool(answer["hits"]["total"]["value"]) for answer in answers]

    def known(self, words: set[str]) -> list[str]:
        """Return those folded words that are on some page."""
        answer = self.cluster.search(self.index, query_dsl.known(sorted(words)))
        buckets = answer["aggregations"]["words"]["buckets"]
        return [word for word, bucket in buckets.items() if bucket["doc_count"]]


def find(cluster: Cluster, index: str, query: Query) -> Found:
    """Return how many dossiers are found, those to be shown, and the facets."""
    plan, stop = plan_of(query), query.offset + query.limit
    counts, listings = _ask(cluster, index, plan, stop)
    is_nothing = not counts["hits"]["total"]["value"]
    if is_nothing and (less := relaxed(plan, IndexLexicon(cluster, index))):
        plan = less
        counts, listings = _ask(cluster, index, plan, stop)
    total, facets = query_dsl.counted(counts)
    shown = _best_dossiers(plan.ranks, listings, stop)[query.offset :]
    return total, _hits(cluster, index, plan, shown), facets


def sequences(cluster: Cluster, index: str) -> Iterator[tuple[str, int]]:
    """Yield each dossier's id and the number of the record that is held of it."""
    listing = _Listing(cluster, index, {"query": {"match_all": {}}, "_source": ["sequence"]})
    for hit in listing:
        yield hit["_id"], hit["_source"]["sequence"]


class _Listing:
    """What a search finds, newest dossier first, answer by answer."""

    def __init__(self, cluster: Cluster, index: str, body: Json, most: int = BATCH) -> None:
        self.body = {
            **body,
            "size": min(most, BATCH),
            "sort": _NEWEST_FIRST,
            "track_total_hits": False,
        }
        self.first: Json | None = None  # the first answer, if somebody asked already
        self._cluster = cluster
        self._index = index

    def __iter__(self) -> Iterator[Json]:
        body = self.body
        answer = self.first or self._cluster.search(self._index, body)
        while hits := answer["hits"]["hits"]:
            yield from hits
            if len(hits) < body["size"]:
                return
            body = {**body, "search_after": hits[-1]["sort"]}
            answer = self._cluster.search(self._index, body)


def _ask(
    cluster: Cluster, index: str, plan: SearchPlan, most: int
) -> tuple[Json, Sequence[_Listing]]:
    """Return the counts, and what each rank finds; one request, for each costs milliseconds."""
    bodies = [
        {
            "query": query_dsl.dossiers(rank.expression, plan.filters),
            "_source": False,
            "docvalue_fields": ["size"],
        }
        for rank in plan.ranks
    ]
    listings = [_Listing(cluster, index, body, most) for body in bodies]
    counting = query_dsl.counting(plan.expression, plan.filters)
    counts, *firsts = cluster.searches(index, [counting, *(one.body for one in listings)])
    for listing, first in zip(listings, firsts, strict=True):
        listing.first = first
    return counts, listings


def _best_dossiers(ranks: Sequence[Rank], listings: Sequence[_Listing], most: int) -> list[Place]:
    """Return up to ``most`` dossiers, best rank first, newest first within a rank."""
    best: dict[str, Place] = {}
    for rank, listing in zip(ranks, listings, strict=True):
        if len(best) >= most:
            break
        for hit in listing:
            best.setdefault(hit["_id"], Place(hit["_id"], rank, hit["fields"]["size"][0]))
            if len(best) >= most:
                break
    return list(best.values())


def _hits(
    cluster: Cluster, index: str, plan: SearchPlan, shown: Sequence[Place]
) -> tuple[Hit, ...]:
    """Return dossiers as they are shown."""
    bodies = [_showing(plan, places) for places in _together(shown)]
    found: dict[str, Json] = {}
    for answer in cluster.searches(index, bodies) if bodies else ():
        pages = {of["key"]: of["pages"] for of in answer["aggregations"]["dossiers"]["buckets"]}
        for hit in answer["hits"]["hits"]:
            found[hit["_id"]] = {**hit, "pages": pages[hit["_id"]]}
    # One that another process took out meanwhile is not shown.
    return tuple(
        _hit(found[place.dossier], place.rank, plan.matcher)
        for place in shown
        if place.dossier in found
    )


def _together(shown: Sequence[Place]) -> Iterator[list[Place]]:
    """Yield dossiers that are shown by one search: of one rank, and not too many pages."""
    together: list[Place] = []
    for place in shown:
        pages = place.pages + sum(other.pages for other in together)
        if together and (place.rank != together[0].rank or pages > MOST_NUMBERS):
            yield together
            together = []
        together.append(place)
    if together:
        yield together


def _showing(plan: SearchPlan, places: Sequence[Place]) -> Json:
    """Return the search for what is shown: the best page, and which pages are found.

    Numbers are counted together: asking for each dossier's pages one by one costs ten times more.
    """
    rank, filters = places[0].rank.expression, plan.filters
    most = min(max(place.pages for place in places), MOST_NUMBERS)
    terms: Json = {"field": "pages.number", "size": most, "order": {"_key": "asc"}}
    numbers: Json = {"numbers": {"terms": terms}}
    pages: Json = {
        "ranked": {"filter": query_dsl.pages(rank, filters), "aggs": numbers},
        "found": {"filter": query_dsl.pages(plan.expression, filters), "aggs": numbers},
    }
    best: Json = {
        "name": "best",
        "size": 1,
        "sort": _PAGE_ORDER,
        "_source": False,
        "stored_fields": ["pages.text", "pages.fields"],
    }
    ids: Json = {"ids": {"values": [place.dossier for place in places]}}
    # By map: few documents are counted, and ordinals of all would be made anew after each change.
    dossiers = {"field": "dossier", "size": len(places), "execution_hint": "map"}
    of_dossier: Json = {"pages": {"nested": {"path": "pages"}, "aggs": pages}}
    return {
        "size": len(places),
        "query": {"bool": {"filter": [ids, query_dsl.dossiers(rank, filters, inner_hits=best)]}},
        "_source": ["code", "title"],
        "aggs": {"dossiers": {"terms": dossiers, "aggs": of_dossier}},
    }


def _hit(found: Json, rank: Rank, matcher: Matcher) -> Hit:
    numbers = [
        int(page["key"])
        for name in ("ranked", "found")
        for page in found["pages"][name]["numbers"]["buckets"]
    ]
    shown = found["inner_hits"]["best"]["hits"]["hits"][0].get("fields", {})
    text, fields = (shown.get(name, [""])[0] for name in ("pages.text", "pages.fields"))
    return Hit(
        dossier=found["_id"],
        code=found["_source"]["code"],
        page=numbers[0],
        title=found["_source"]["title"],
        snippet=snippet(text, fields, matcher),
        score=rank.score,
        pages=tuple(dict.fromkeys(numbers)),
    )
