"""Expressions and counting in the query language of Elasticsearch. Pure: knows no client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from search.query.expressions import NEAR_WORDS, AllOf, Beginning, Expression, Near, Words
from search.text.entries import FACETS

Json = dict[str, Any]
Filters = Mapping[str, str]

_EVERY: Json = {"match_all": {}}
_MOST_VALUES = 10_000  # of a facet
_ROOT = {"unit": "unit", "state": "state", "document_type": "document_types", "year": "years"}
_OF_DOSSIERS = ("unit", "state")  # all pages of a dossier have the same


def match(expression: Expression) -> Json:
    """Return what a page must match."""
    if isinstance(expression, Words):
        return _words(f"pages.{expression.column}", expression.words)
    if isinstance(expression, Beginning):
        return {"prefix": {"pages.keys": expression.start}}
    if isinstance(expression, Near):
        words = [{"match": {"query": word}} for word in expression.words]
        gaps = NEAR_WORDS - len(words)
        near = {"all_of": {"intervals": words, "ordered": False, "max_gaps": gaps}}
        return {"intervals": {f"pages.{expression.column}": near}}
    parts = [match(part) for part in expression.parts]
    if isinstance(expression, AllOf):
        return {"bool": {"filter": parts}}
    return {"bool": {"should": parts}} if parts else {"match_none": {}}


def pages(expression: Expression | None, filters: Filters) -> Json:
    """Return what the found pages match: the expression, and the filters."""
    wanted = [{"term": {f"pages.{name}": value}} for name, value in filters.items()]
    if expression:
        wanted.insert(0, match(expression))
    return {"bool": {"filter": wanted}} if wanted else _EVERY


def dossiers(expression: Expression | None, filters: Filters, **inner: Json) -> Json:
    """Return what the dossiers with found pages match.

    Args:
        expression: of the pages; None for all.
        filters: by facet.
        inner: ``inner_hits`` when the pages are wanted too.
    """
    if not inner and not expression and set(filters) <= set(_ROOT):
        of_pages = [name for name in filters if name not in _OF_DOSSIERS]
        if len(of_pages) < 2:  # two must hold for one page
            return {"bool": {"filter": _on_roots(filters)}} if filters else _EVERY
    nested = {"path": "pages", "query": pages(expression, filters), "score_mode": "none", **inner}
    return {"bool": {"filter": [{"nested": nested}]}}


def counting(expression: Expression | None, filters: Filters) -> Json:
    """Return a search for nothing but counts: dossiers in all, and by facet.

    The hits are what is found without filters; each facet counts under the filters of the others.
    """
    return {
        "size": 0,
        "track_total_hits": True,
        "query": dossiers(expression, {}),
        "aggs": {
            "total": {"filter": dossiers(expression, filters) if filters else _EVERY},
            **_facets(expression, filters),
        },
    }


def counted(answer: Json) -> tuple[int, dict[str, dict[str, int]]]:
    """Return the total and the facets of an answer to ``counting``, most frequent first."""
    found = answer["aggregations"]
    groups = (group["wanted"] for group in found.values() if "wanted" in group)
    of_pages = {name: values for group in groups for name, values in group.items()}
    facets = {facet: _values(of_pages.get(facet) or found[facet]["values"]) for facet in FACETS}
    return found["total"]["doc_count"], facets


def known(words: Sequence[str]) -> Json:
    """Return a search that counts the dossiers with each of the words."""
    each = {word: {"term": {"vocabulary": word}} for word in words}
    query = {"terms": {"vocabulary": list(words)}}
    return {"size": 0, "query": query, "aggs": {"words": {"filters": {"filters": each}}}}


def _facets(expression: Expression | None, filters: Filters) -> Json:
    """Return the counts by facet; those of pages under the same filters go through them once."""
    counts: Json = {}
    for facet in FACETS:
        others = {name: value for name, value in filters.items() if name != facet}
        of_roots = expression is None and not set(others) - set(_OF_DOSSIERS)
        if facet in _OF_DOSSIERS or of_roots:
            terms: Json = {"terms": {"field": _ROOT[facet], "size": _MOST_VALUES}}
            query = dossiers(expression, others) if others else _EVERY
            counts[facet] = {"filter": query, "aggs": {"values": terms}}
            continue
        values = {
            "terms": {"field": f"pages.{facet}", "size": _MOST_VALUES},
            "aggs": {"dossiers": {"reverse_nested": {}}},
        }
        wanted: Json = {"filter": pages(expression, others), "aggs": {}}
        nested: Json = {"nested": {"path": "pages"}, "aggs": {"wanted": wanted}}
        group = counts.setdefault("-".join(["pages", *sorted(others)]), nested)
        group["aggs"]["wanted"]["aggs"][facet] = values
    return counts


def _values(facet: Json) -> dict[str, int]:
    buckets = facet["buckets"]
    counts = {bucket["key"]: bucket.get("dossiers", bucket)["doc_count"] for bucket in buckets}
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _on_roots(filters: Filters) -> list[Json]:
    return [{"term": {_ROOT[name]: value}} for name, value in filters.items()]


def _words(field: str, words: Sequence[str]) -> Json:
    if len(words) == 1:
        return {"term": {field: words[0]}}
    return {"match_phrase": {field: " ".join(words)}}
