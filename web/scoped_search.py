"""Searches, suggests and names dossiers within somebody's scope, so nothing tells of others."""

from __future__ import annotations

from dataclasses import replace

from pipeline.model import EVERYTHING, Component, Dossier, Query, Results, Scope, Suggestion
from pipeline.people.scopes import is_within
from search.query.receptions_typed import without_a_day
from web.context import AppContext


def find_within(context: AppContext, query: Query, scope: Scope) -> Results:
    """Return what a search finds among the dossiers of a scope.

    Raises:
        SearchUnavailableError: the index does not answer.
        QueryError: the index does not understand the search.
    """
    return context.index.find(query if scope == EVERYTHING else replace(query, scope=scope))


def count_undated(context: AppContext, query: Query, scope: Scope) -> int | None:
    """Return how many dossiers a filter by reception leaves out for want of a day.

    Args:
        context: the handlers' context.
        query: the query that was asked.
        scope: the dossiers that the visitor may find.

    Returns:
        None where the query has no such filter.
    """
    undated = without_a_day(query)
    if undated is None:
        return None
    found = find_within(context, undated, scope)
    return 0 if found.approximate else found.total


def suggest_within(context: AppContext, typed: str, scope: Scope) -> tuple[Suggestion, ...]:
    """Return what a text typed so far may become, of the dossiers of a scope.

    Raises:
        SearchUnavailableError: the index does not answer.
    """
    return context.index.suggest(typed, None if scope == EVERYTHING else scope)


def may_know(context: AppContext, dossier: str | None, scope: Scope) -> bool:
    """Tell whether there is a dossier, within a scope by its newest record.

    Args:
        context: the handlers' context.
        dossier: the dossier's id; None or empty: no dossier.
        scope: the dossiers whose existence the visitor may know.
    """
    record = context.archive.find_record(dossier) if dossier else None
    return record is not None and is_within(scope, record)


def with_known_references(context: AppContext, dossier: Dossier, scope: Scope) -> Dossier:
    """Return a dossier whose checklist names no dossier outside of a scope.

    Args:
        context: the handlers' context.
        dossier: the dossier as it is shown.
        scope: the dossiers whose existence the visitor may know.
    """
    if not any(each.reference for each in dossier.components):
        return dossier

    def told(component: Component) -> Component:
        named = component.reference
        if not named or may_know(context, named, scope):
            return component
        why = "Dùng lại giấy tờ của một hồ sơ ngoài phạm vi của bạn."
        return replace(component, reference="", reason=why)

    return replace(dossier, components=tuple(map(told, dossier.components)))
