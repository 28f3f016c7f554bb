"""Reads values to suggest from the index of a cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.elastic import query_dsl
from search.elastic.client import Cluster, Json
from search.query.filters import spelled_alike
from search.query.suggesting import READ_AT_ONCE, ValuesWanted
from search.text.entries import FACETS


@dataclass(frozen=True, slots=True)
class IndexValues:
    """The values in an index of a cluster."""

    cluster: Cluster
    index: str  # its name, or its alias

    def values(self, asked: Sequence[ValuesWanted]) -> list[list[str]]:
        """Return values for each thing asked for, as ``ValueSource`` says."""
        responses = self.cluster.multi_search(self.index, [_request(one) for one in asked])
        return [_read(*pair) for pair in zip(asked, responses, strict=True)]


def _request(asked: ValuesWanted) -> Json:
    """Return the search for the values of a facet, or those of the newest dossiers."""
    found = query_dsl.within(asked.scope, asked.expression)
    query: Json = {"bool": {"filter": [found], "must_not": [query_dsl.match(asked.without)]}}
    body: Json = {"query": query, "track_total_hits": False, **query_dsl.NO_FIELDS}
    if asked.column in FACETS:
        counted = {"terms": {"field": asked.column, "size": query_dsl.MOST_VALUES}}
        return body | {"size": 0, "aggs": {"values": counted}}
    newest = {"size": READ_AT_ONCE, "sort": query_dsl.NEWEST_FIRST}
    return body | newest | {"docvalue_fields": [asked.column]}


def _read(asked: ValuesWanted, response: Json) -> list[str]:
    if asked.column not in FACETS:
        return [hit["fields"][asked.column][0] for hit in response["hits"]["hits"]]
    buckets = response["aggregations"]["values"]["buckets"]
    counts = {bucket["key"]: bucket["doc_count"] for bucket in buckets}
    return list(spelled_alike(asked.column, counts))
