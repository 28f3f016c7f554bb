"""Counts the dossiers that a query finds, in total and by facet value.

Counts come from the facet columns in memory (``search.sqlite.facet_cache``): dossiers, not pages,
and each facet under the filters of the others.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.sqlite.facet_cache import FacetCache, Rows
from search.sqlite.schema import PAGE_BITS
from search.text.entries import FACETS

Filters = dict[str, int]  # facet -> number of the wanted value

_UNKNOWN = -1  # number of a value that no page has
_LABEL_BITS = 32
_LABEL = (1 << _LABEL_BITS) - 1


@dataclass(frozen=True, slots=True)
class Counts:
    """What a query finds before paging."""

    rows: Rows  # pages that the filters leave
    total: int  # dossiers
    facets: dict[str, dict[str, int]]  # facet -> value -> dossiers, most frequent first


def numbered(db: sqlite3.Connection, filters: dict[str, str]) -> Filters:
    """Return the filters by the numbers of their values; empty ones do not count."""
    numbers = {}
    for name, value in filters.items():
        row = db.execute("SELECT number FROM labels WHERE value = ?", (value,)).fetchone()
        numbers[name] = row[0] if row else _UNKNOWN
    return numbers


def count(db: sqlite3.Connection, cache: FacetCache, rows: Rows, filters: Filters) -> Counts:
    """Count the dossiers of found pages, each facet under the filters of the other facets.

    Args:
        db: a connection to the index, for the values' texts.
        cache: the facet columns of the same snapshot as ``db``.
        rows: the rowids of the pages found, ascending.
        filters: facet -> number of the value that the visitor chose.
    """
    dossiers = _ordinals(rows >> PAGE_BITS)
    found = cache.facets_of(rows)
    passes = {facet: found[facet] == number for facet, number in filters.items()}
    facets = {}
    for facet in FACETS:
        left = _all([mask for name, mask in passes.items() if name != facet])
        facets[facet] = _named(db, _counted(dossiers[left], found[facet][left]))
    rows = rows[_all(list(passes.values()))]
    return Counts(rows, len(_unrepeated(rows >> PAGE_BITS)), facets)


def _all(masks: list[NDArray[np.bool_]]) -> NDArray[np.bool_] | slice:
    """Return what chooses the places that all masks let pass."""
    return np.logical_and.reduce(masks) if masks else slice(None)


def _counted(dossiers: NDArray[np.int64], numbers: NDArray[np.int32]) -> dict[int, int]:
    """Return how many dossiers have each number, once each."""
    # Pages of one dossier stand together and mostly agree, so little is left, almost in order.
    apart = _unrepeated(dossiers << _LABEL_BITS | numbers)
    apart = _unrepeated(np.sort(apart, kind="stable"))
    times = np.bincount(apart & _LABEL)
    return {int(number): int(times[number]) for number in np.flatnonzero(times)}


def _ordinals(ascending: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers 0, 1, 2 ... instead of the different values of an array."""
    return np.cumsum(_is_new(ascending)) - 1


def _unrepeated(values: NDArray[np.int64]) -> NDArray[np.int64]:
    return values[_is_new(values)]


def _is_new(values: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell of each value whether the one before it is another."""
    return np.concatenate((np.ones(min(1, len(values)), bool), values[1:] != values[:-1]))


def _named(db: sqlite3.Connection, counted: dict[int, int]) -> dict[str, int]:
    """Return counts by value instead of its number, most frequent first."""
    numbers = ",".join(map(str, counted))
    labels = db.execute(f"SELECT number, value FROM labels WHERE number IN ({numbers})")
    named = {value: counted[number] for number, value in labels if value}
    return dict(sorted(named.items(), key=lambda item: (-item[1], item[0])))
