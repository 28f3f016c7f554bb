"""Searches within somebody's scope: the index filters, so that no count tells of other dossiers."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from pipeline.model import EVERYTHING, Query, Results, Scope
from pipeline.people.scopes import is_within
from web.context import AppContext

_IS_FILTERED_BY_INDEX = any(field.name == "scope" for field in fields(Query))


def find_within(context: AppContext, query: Query, scope: Scope) -> Results:
    """Return what a search finds among the dossiers of a scope.

    Raises:
        SearchUnavailableError: the index does not answer.
        QueryError: the index does not understand the search.
    """
    if scope == EVERYTHING:
        return context.index.find(query)
    if _IS_FILTERED_BY_INDEX:
        scoped: dict[str, Any] = {"scope": scope}
        return context.index.find(replace(query, **scoped))
    # Until indexes take a scope: what lies outside is taken out, with all that could tell of it.
    found = context.index.find(query)
    records = ((hit, context.archive.find_record(hit.dossier)) for hit in found.hits)
    hits = tuple(hit for hit, record in records if record and is_within(scope, record))
    return Results(len(hits), found.took_ms, hits, {})
