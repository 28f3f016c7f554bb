"""Facets and totals: how many dossiers a query finds, and of which kinds.

Each page has a combination of unit, document type, year and state, of which an archive has a few
hundred. SQLite counts dossiers by the set of combinations of their found pages; from those few
groups every count follows exactly, with each facet under the filters of the others.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.errors import QueryError
from pipeline.vietnamese import nfc
from search.records import FACETS
from search.schema import PAGE_BITS

Combination = tuple[str, ...]  # values in the order of FACETS
Group = tuple[str, int]  # numbers of combinations joined by commas, dossiers

_GROUPS = f"""
    SELECT numbers, count(*) FROM (
        SELECT group_concat(combination) AS numbers FROM (
            SELECT DISTINCT row >> {PAGE_BITS} AS place, combination
            FROM words CROSS JOIN entries ON entries.row = words.rowid WHERE words MATCH ?)
        GROUP BY place)
    GROUP BY numbers"""
_ALL_GROUPS = "SELECT combinations, count(*) FROM dossiers GROUP BY combinations"


@dataclass(frozen=True, slots=True)
class Counts:
    """What a query finds before paging."""

    total: int  # dossiers
    facets: dict[str, dict[str, int]]  # facet -> value -> dossiers, most frequent first


def wanted_values(filters: dict[str, str]) -> dict[int, str]:
    """Return the filters by their place in FACETS; empty ones do not count.

    Raises:
        QueryError: a filter has no such name.
    """
    if unknown := sorted(set(filters) - set(FACETS)):
        raise QueryError(
            f"Không có bộ lọc “{unknown[0]}”.", f"Các bộ lọc có thể dùng: {', '.join(FACETS)}."
        )
    return {FACETS.index(name): nfc(value) for name, value in filters.items() if value}


def combinations(db: sqlite3.Connection) -> dict[str, Combination]:
    """Return all combinations by number, as text."""
    rows = db.execute("SELECT number, unit, document_type, year, state FROM combinations")
    return {str(number): tuple(values) for number, *values in rows}


def allowed(known: dict[str, Combination], wanted: dict[int, str]) -> list[int] | None:
    """Return the numbers of the combinations that pass all filters; None when all do."""
    if not wanted:
        return None
    return [
        int(number)
        for number, values in known.items()
        if all(values[at] == value for at, value in wanted.items())
    ]


def groups(db: sqlite3.Connection, expression: str) -> list[Group]:
    """Return the groups of dossiers an expression finds; of all dossiers for an empty one."""
    if expression:
        return db.execute(_GROUPS, (expression,)).fetchall()
    return db.execute(_ALL_GROUPS).fetchall()


def count(found: Iterable[Group], known: dict[str, Combination], wanted: dict[int, str]) -> Counts:
    """Count dossiers, each facet under the filters of the other facets."""
    counted = {number: _counted(values, wanted) for number, values in known.items()}
    total = 0
    tally: Counter[tuple[int, str]] = Counter()
    for numbers, dossiers in found:
        one, *more = numbers.split(",")
        facets, passes = counted[one]
        if more:
            facets = facets.union(*(counted[number][0] for number in more))
            passes = passes or any(counted[number][1] for number in more)
        total += passes * dossiers
        for facet in facets:
            tally[facet] += dossiers
    return Counts(total, _by_facet(tally))


def _counted(
    values: Combination, wanted: dict[int, str]
) -> tuple[frozenset[tuple[int, str]], bool]:
    """Return the facet values a combination counts for, and whether it passes all filters."""
    missed = [at for at, value in wanted.items() if values[at] != value]
    if not missed:
        return frozenset((at, value) for at, value in enumerate(values) if value), True
    only = missed[0]
    return frozenset({(only, values[only])} if len(missed) == 1 and values[only] else ()), False


def _by_facet(tally: Counter[tuple[int, str]]) -> dict[str, dict[str, int]]:
    facets: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    for (at, value), dossiers in sorted(tally.items(), key=lambda item: (-item[1], item[0])):
        facets[FACETS[at]][value] = dossiers
    return facets
