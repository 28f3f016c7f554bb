"""Writes expressions and plans in Elasticsearch's query language.

Pure: knows no client.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from search.elastic.documents import sort_number
from search.query.expressions import (
    AllOf,
    AnyOf,
    AtLeast,
    Between,
    Expression,
    Prefix,
    Weighted,
    Words,
)
from search.query.filters import spelled_alike
from search.query.plan import Anchor, SearchPlan
from search.text.entries import FACETS
from search.text.hidden_numbers import WHOLE

Json = dict[str, Any]

_MATCH_ALL: Json = {"match_all": {}}
_LISTED: Json = {"exists": {"field": "state"}}  # a dossier that joined another one has no state
_FEW = 16  # terms that are looked up one by one
MOST_VALUES = 10_000  # values counted of one facet
NEWEST_FIRST: list[Json] = [{"place": "desc"}, {"dossier": "desc"}]
_SORTED_BY: dict[str, list[Json]] = {
    "relevance": [{"_score": "desc"}],
    "received": [],
    "reception": [{"reception": {"order": "desc", "missing": "_last"}}],
    "issued": [{"issued_last": {"order": "desc", "missing": "_last"}}],
    "code": [{"code": {"order": "asc", "missing": "_last"}}],
}
NO_FIELDS: Json = {"_source": False, "stored_fields": "_none_"}  # those of a dossier are large
NO_DAY = -(1 << 63)  # what Elasticsearch sorts a dossier without a day by
_PAGE_WORDS = "pages.folded"


def match(expression: Expression) -> Json:
    """Return the query of the dossiers that match an expression."""
    if isinstance(expression, Words):
        return _words(expression)
    if isinstance(expression, Prefix):
        return {"prefix": {expression.column: {"value": expression.start}}}
    if isinstance(expression, Between):
        return {"range": {expression.column: {"gte": expression.first, "lte": expression.last}}}
    parts = [match(part) for part in expression.parts]
    if isinstance(expression, AllOf):
        return {"bool": {"filter": parts}} if parts else _MATCH_ALL
    if isinstance(expression, AtLeast):
        return {"bool": {"should": parts, "minimum_should_match": expression.number}}
    return _any(expression, parts)


def within(scope: Expression | None, expression: Expression | None) -> Json:
    """Return the query of the dossiers that match an expression and may be found."""
    return {"bool": {"filter": [match(part) for part in (expression, scope) if part]}}


def count_request(plan: SearchPlan) -> Json:
    """Return the search that counts what a plan finds, and its facets; it scores nothing.

    A facet is counted under the filters of the others; so filters of facets only pass the hits.
    """
    of_facets = {name: match(one) for name, one in plan.filters.items() if name in FACETS}
    others = [one for name, one in plan.filters.items() if name not in FACETS]
    body: Json = {
        "query": _scored(plan, others),
        "size": 0,
        "track_total_hits": True,
        "aggs": {facet: _facet(facet, of_facets) for facet in FACETS},
    }
    if of_facets:
        body["post_filter"] = {"bool": {"filter": list(of_facets.values())}}
    return body


def list_request(plan: SearchPlan) -> Json:
    """Return the search that lists what a plan finds, best first.

    It counts nothing, so the server passes over what cannot come among the first any more.
    """
    body: Json = {
        "query": _scored(plan, plan.filters.values()),
        "track_total_hits": False,
        "sort": [*_SORTED_BY[plan.sort], *NEWEST_FIRST],
        **NO_FIELDS,
    }
    if plan.after:
        body["search_after"] = _after(plan, plan.after)
    return body


def best_request(plan: SearchPlan) -> Json:
    """Return the search for the best dossier of a plan, filters aside."""
    return {
        "query": _scored(plan, ()),
        "size": 1,
        "track_total_hits": False,
        **NO_FIELDS,
    }


def read_facets(response: Json) -> dict[str, dict[str, int]]:
    """Return the facets of a response to ``count_request``.

    Returns:
        facet -> value -> number of dossiers, most frequent first.
    """
    results = response["aggregations"]
    return {
        facet: spelled_alike(facet, _values(results[facet].get("values", results[facet])))
        for facet in FACETS
    }


def best_pages_request(dossiers: Sequence[str], weights: Sequence[Weighted], most: int) -> Json:
    """Return the search for the pages of large dossiers that may be best, as inner hits.

    Args:
        dossiers: their ids.
        weights: the expressions that make a page worth comparing.
        most: how many pages of each.
    """
    scored: Json = {
        "bool": {
            "must": [{"constant_score": {"filter": _MATCH_ALL, "boost": 0.0}}],
            "should": _should(weights, _on_page),
        }
    }
    return _pages_request(dossiers, scored, most)


def named_pages_request(dossier: str, numbers: Sequence[int]) -> Json:
    """Return the search for some pages of a large dossier, as inner hits."""
    return _pages_request([dossier], {"terms": {"pages.number": list(numbers)}}, len(numbers))


def _pages_request(dossiers: Sequence[str], pages: Json, most: int) -> Json:
    inner = {
        "size": most,
        "sort": [{"_score": "desc"}, {"pages.number": "asc"}],
        "docvalue_fields": ["pages.kept"],
        **NO_FIELDS,
    }
    nested = {"path": "pages", "query": pages, "score_mode": "none", "inner_hits": inner}
    chosen = {"terms": {"dossier": list(dossiers)}}
    return {
        "query": {"bool": {"filter": [chosen], "must": [{"nested": nested}]}},
        "size": len(dossiers),
        "docvalue_fields": ["dossier"],
        **NO_FIELDS,
    }


def known_request(scope: Expression | None, column: str, terms: Sequence[str]) -> Json:
    """Return a search that counts the dossiers with each of some terms that may be found."""
    each = {term: {"term": {column: term}} for term in terms}
    return {
        "size": 0,
        "track_total_hits": False,
        "query": within(scope, None),
        "aggs": {"terms": {"filters": {"filters": each}}},
    }


def _scored(plan: SearchPlan, filters: Iterable[Expression]) -> Json:
    """Return the query of what a plan finds, each dossier with the sum of its weights."""
    found: Json = {
        "filter": [
            _LISTED if plan.must is None else match(plan.must),
            *map(match, filters),
            *([match(plan.scope)] if plan.scope else []),
        ],
        "should": _should(plan.weights, match),
    }
    if plan.must_not:
        found["must_not"] = [match(plan.must_not)]
    return {"bool": found}


def _should(weights: Sequence[Weighted], write: Any) -> list[Json]:
    return [
        {"constant_score": {"filter": write(one), "boost": float(weight)}}
        for one, weight in weights
    ]


def _facet(facet: str, filters: Mapping[str, Json]) -> Json:
    terms: Json = {"terms": {"field": facet, "size": MOST_VALUES}}
    others = [one for name, one in filters.items() if name != facet]
    return {"filter": {"bool": {"filter": others}}, "aggs": {"values": terms}} if others else terms


def _values(counted: Json) -> dict[str, int]:
    return {bucket["key"]: bucket["doc_count"] for bucket in counted["buckets"]}


def _after(plan: SearchPlan, anchor: Anchor) -> list[Any]:
    """Return the values that the last dossier of the page of results before was sorted by."""
    place = [sort_number(anchor.dossier), anchor.dossier]
    if plan.sort == "received":
        return place
    if plan.sort == "code":
        return [anchor.key or None, *place]
    return [int(anchor.key) if anchor.key.isdecimal() else NO_DAY, *place]


def _words(expression: Words) -> Json:
    column, words = expression
    if len(words) == 1:
        return {"term": {column: words[0]}}
    return {"match_phrase": {column: " ".join(words)}}


def _any(expression: AnyOf, parts: Sequence[Json]) -> Json:
    if not parts:
        return {"match_none": {}}
    words = [part for part in expression.parts if isinstance(part, Words) and len(part.words) == 1]
    columns = {part.column for part in words}
    if len(words) == len(parts) > _FEW and len(columns) == 1:
        return {"terms": {columns.pop(): [part.words[0] for part in words]}}
    return {"bool": {"should": list(parts), "minimum_should_match": 1}}


def _on_page(expression: Expression) -> Json:
    """Return the query of the pages of large dossiers with folded words, in any of some phrases."""
    if isinstance(expression, Words):
        column = f"pages.{WHOLE}" if expression.column == WHOLE else _PAGE_WORDS
        return _words(Words(column, expression.words))
    if isinstance(expression, Prefix):
        return {"prefix": {_PAGE_WORDS: {"value": expression.start}}}
    assert isinstance(expression, AnyOf)
    parts = [_on_page(part) for part in expression.parts]
    return {"bool": {"should": parts, "minimum_should_match": 1}}
