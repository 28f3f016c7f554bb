"""Searches within somebody's scope: the index filters, so that no count tells of other dossiers."""

from __future__ import annotations

from dataclasses import replace

from pipeline.model import EVERYTHING, Query, Results, Scope
from web.context import AppContext


def find_within(context: AppContext, query: Query, scope: Scope) -> Results:
    """Return what a search finds among the dossiers of a scope.

    Raises:
        SearchUnavailableError: the index does not answer.
        QueryError: the index does not understand the search.
    """
    return context.index.find(query if scope == EVERYTHING else replace(query, scope=scope))
