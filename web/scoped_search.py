"""Searches and suggests within somebody's scope: the index filters, so nothing tells of others."""

from __future__ import annotations

from dataclasses import replace

from pipeline.model import EVERYTHING, Query, Results, Scope, Suggestion
from web.context import AppContext


def find_within(context: AppContext, query: Query, scope: Scope) -> Results:
    """Return what a search finds among the dossiers of a scope.

    Raises:
        SearchUnavailableError: the index does not answer.
        QueryError: the index does not understand the search.
    """
    return context.index.find(query if scope == EVERYTHING else replace(query, scope=scope))


def suggest_within(context: AppContext, typed: str, scope: Scope) -> tuple[Suggestion, ...]:
    """Return what a text typed so far may become, of the dossiers of a scope.

    Raises:
        SearchUnavailableError: the index does not answer.
    """
    return context.index.suggest(typed, None if scope == EVERYTHING else scope)
