"""Translates expressions and facet counts into Elasticsearch's query language.

Pure: knows no client.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from search.query.expressions import AllOf, AtLeast, Between, Expression, Prefix, Words
from search.text.entries import FACETS

Json = dict[str, Any]
Filters = Mapping[str, str]

_MATCH_ALL: Json = {"match_all": {}}
_LISTED: Json = {"exists": {"field": "state"}}  # a dossier that joined another one has no state
_MOST_VALUES = 10_000  # values counted of one facet
_ROOT_FIELD = {"unit": "unit", "state": "state", "document_type": "document_types", "year": "years"}
_DOSSIER_FACETS = ("unit", "state")  # all pages of a dossier have the same value


def match(expression: Expression) -> Json:
    """Return the query of the pages that match an expression; it stands inside a nested query."""
    if isinstance(expression, Words):
        return _words(f"pages.{expression.column}", expression.words)
    if isinstance(expression, Prefix):
        return {"prefix": {f"pages.{expression.column}": expression.start}}
    if isinstance(expression, Between):
        days = {"gte": expression.first, "lte": expression.last}
        return {"range": {f"pages.{expression.column}": days}}
    parts = [match(part) for part in expression.parts]
    if isinstance(expression, AllOf):
        return {"bool": {"filter": parts}}
    if isinstance(expression, AtLeast):
        return {"bool": {"should": parts, "minimum_should_match": expression.number}}
    return {"bool": {"should": parts}} if parts else {"match_none": {}}


def pages(expression: Expression | None, filters: Filters) -> Json:
    """Return the query of the pages found: those that match the expression and the filters.

    Args:
        expression: the expression; None when all pages match.
        filters: facet -> wanted value.
    """
    clauses = [{"term": {f"pages.{name}": value}} for name, value in filters.items()]
    if expression:
        clauses.insert(0, match(expression))
    return {"bool": {"filter": clauses}} if clauses else _MATCH_ALL


def dossiers(expression: Expression | None, filters: Filters, **inner: Json) -> Json:
    """Return the query of the dossiers that have pages found.

    Args:
        expression: the expression that pages must match; None when all pages match.
        filters: facet -> wanted value.
        inner: ``inner_hits`` when the response shall list the pages too.
    """
    if not inner and not expression and set(filters) <= set(_ROOT_FIELD):
        page_facets = [name for name in filters if name not in _DOSSIER_FACETS]
        if len(page_facets) < 2:  # two must be true of the same page
            return {"bool": {"filter": _on_roots(filters)}} if filters else _LISTED
    nested = {"path": "pages", "query": pages(expression, filters), "score_mode": "none", **inner}
    return {"bool": {"filter": [{"nested": nested}]}}


def count_request(expression: Expression | None, filters: Filters) -> Json:
    """Return a search that only counts: the dossiers found, and the dossiers by facet value.

    The hits are the dossiers found without filters; each facet is counted under the filters of the
    other facets.

    Args:
        expression: the expression that pages must match; None when all pages match.
        filters: facet -> wanted value.
    """
    return {
        "size": 0,
        "track_total_hits": True,
        "query": dossiers(expression, {}),
        "aggs": {
            "total": {"filter": dossiers(expression, filters) if filters else _MATCH_ALL},
            **_facets(expression, filters),
        },
    }


def read_counts(response: Json) -> tuple[int, dict[str, dict[str, int]]]:
    """Return the total and the facets of a response to ``count_request``.

    Returns:
        The number of dossiers; facet -> value -> number of dossiers, most frequent first.
    """
    results = response["aggregations"]
    groups = (group["found"] for group in results.values() if "found" in group)
    of_pages = {name: values for group in groups for name, values in group.items()}
    facets = {facet: _values(of_pages.get(facet) or results[facet]["values"]) for facet in FACETS}
    return results["total"]["doc_count"], facets


def word_count_request(words: Sequence[str]) -> Json:
    """Return a search that counts the dossiers with each of the folded words."""
    each = {word: {"term": {"vocabulary": word}} for word in words}
    query = {"terms": {"vocabulary": list(words)}}
    return {"size": 0, "query": query, "aggs": {"words": {"filters": {"filters": each}}}}


def _facets(expression: Expression | None, filters: Filters) -> Json:
    """Return the aggregations of all facets.

    Page facets under the same filters share one aggregation, so the pages are visited once.
    """
    aggregations: Json = {}
    for facet in FACETS:
        others = {name: value for name, value in filters.items() if name != facet}
        on_roots = expression is None and not set(others) - set(_DOSSIER_FACETS)
        if facet in _DOSSIER_FACETS or on_roots:
            terms: Json = {"terms": {"field": _ROOT_FIELD[facet], "size": _MOST_VALUES}}
            query = dossiers(expression, others) if others else _MATCH_ALL
            aggregations[facet] = {"filter": query, "aggs": {"values": terms}}
            continue
        values = {
            "terms": {"field": f"pages.{facet}", "size": _MOST_VALUES},
            "aggs": {"dossiers": {"reverse_nested": {}}},
        }
        found: Json = {"filter": pages(expression, others), "aggs": {}}
        nested: Json = {"nested": {"path": "pages"}, "aggs": {"found": found}}
        group = aggregations.setdefault("-".join(["pages", *sorted(others)]), nested)
        group["aggs"]["found"]["aggs"][facet] = values
    return aggregations


def _values(facet: Json) -> dict[str, int]:
    buckets = facet["buckets"]
    counts = {bucket["key"]: bucket.get("dossiers", bucket)["doc_count"] for bucket in buckets}
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _on_roots(filters: Filters) -> list[Json]:
    return [{"term": {_ROOT_FIELD[name]: value}} for name, value in filters.items()]


def _words(field: str, words: Sequence[str]) -> Json:
    if len(words) == 1:
        return {"term": {field: words[0]}}
    return {"match_phrase": {field: " ".join(words)}}
