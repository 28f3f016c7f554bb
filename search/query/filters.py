"""Turns filters and the scope of a query into expressions that every dossier found matches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from pipeline.errors import QueryError
from pipeline.model import Scope
from pipeline.people.scopes import asked_keys, unit_key
from pipeline.vietnamese import nfc
from search.query.expressions import AllOf, AnyOf, Between, Expression, Words
from search.text.days import day_number
from search.text.entries import FACETS, FOLDED, folded_value

# Equal to a value that the index stores; of FOLDED marks aside.
VALUES = (*FACETS, "missing", "no_reception")
DAY_COLUMNS = ("received", "reception", "issued")  # of scanning, on the receipt, of papers
# ISO days; both ends count.
DAYS = tuple(f"{column}_{end}" for column in DAY_COLUMNS for end in ("from", "to"))
DUPLICATE = "duplicate"  # 1: a duplicate is known, and the scope may know of it
FILTERS = (*VALUES, DUPLICATE, *DAYS)

_FIRST, _LAST = 0, 99991231  # days before and after all others


def check_filters(filters: Mapping[str, str]) -> None:
    """Check the names of filters, the days and the switch.

    Raises:
        QueryError: a filter is unknown, or its value is none that it takes.
    """
    if unknown := sorted(set(filters) - set(FILTERS)):
        raise QueryError(
            f"Không có bộ lọc “{unknown[0]}”.", f"Các bộ lọc có thể dùng: {', '.join(FILTERS)}."
        )
    if filters.get(DUPLICATE, "1") not in {"1", ""}:
        raise QueryError(f"Bộ lọc “{DUPLICATE}” chỉ nhận 1.", "Bỏ bộ lọc này nếu không cần.")
    for name in DAYS:
        if filters.get(name) and not _is_day(filters[name]):
            raise QueryError(
                f"Bộ lọc “{name}” cần một ngày có thật.", "Hãy nhập ngày như 2024-03-05."
            )


def filter_expressions(
    filters: Mapping[str, str], scope: Scope | None = None
) -> dict[str, Expression]:
    """Return an expression for each filter that is not empty, by its name; days of a kind as one.

    Args:
        filters: checked filters, name -> value.
        scope: the dossiers that the visitor may know of.
    """
    stored = {name: _stored(value) for name, value in filters.items() if value}
    found: dict[str, Expression] = {
        name: _equal(name, stored[name]) for name in VALUES if name in stored
    }
    if DUPLICATE in stored:
        found[DUPLICATE] = AnyOf(
            tuple(Words(DUPLICATE, (_stored(key),)) for key in sorted(asked_keys(scope)))
        )
    for column in DAY_COLUMNS:
        first, last = stored.get(f"{column}_from"), stored.get(f"{column}_to")
        if first or last:
            found[column] = Between(
                column, day_number(first) if first else _FIRST, day_number(last) if last else _LAST
            )
    return found


def spelled_alike(facet: str, counts: Mapping[str, int]) -> dict[str, int]:
    """Return how many dossiers have each value, those that are equal for its filter as one.

    Args:
        facet: the name of the facet.
        counts: value -> dossiers; no dossier has two values that are equal.

    Returns:
        The most frequent first; of equal values the most frequent spelling.
    """
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    if facet not in FOLDED:
        return dict(ordered)
    spelled = dict[str, str]()
    merged = Counter[str]()
    for value, number in ordered:
        merged[spelled.setdefault(_folded(value), value)] += number
    return dict(sorted(merged.items(), key=lambda item: (-item[1], item[0])))


@lru_cache(maxsize=1 << 12)  # the same issuers are counted by each query
def _folded(value: str) -> str:
    return folded_value(value)


def _equal(name: str, value: str) -> Words:
    return (
        Words(f"{name}_folded", (folded_value(value),)) if name in FOLDED else Words(name, (value,))
    )


def scope_expression(scope: Scope | None) -> Expression | None:
    """Return what every dossier that may be found at all matches; None where all may."""
    if scope is None:
        return None
    parts = (
        _one_of(column, values)
        for column, values in (
            ("of_unit", scope.units and frozenset(map(unit_key, scope.units))),
            ("document_type", scope.document_types),
            ("level", scope.levels),
        )
        if values is not None
    )
    return AllOf(tuple(parts))


def _one_of(column: str, values: Iterable[str]) -> Expression:
    return AnyOf(tuple(Words(column, (_stored(value),)) for value in sorted(values)))


def _stored(value: str) -> str:
    """Return a value in the form that the index stores."""
    return nfc(value.encode(errors="replace").decode())


def _is_day(text: str) -> bool:
    try:
        return len(text) == len("2024-03-05") and bool(date.fromisoformat(text))
    except ValueError:
        return False
