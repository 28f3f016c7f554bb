"""Maintains row order: numbers dossiers (their places) so that rowids sort as dossier ids do.

New dossiers mostly come last and take a place far behind the last one; one that comes late takes
a place between its neighbours. When the gap is used up, the neighbours move apart.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from search.sqlite.schema import PAGE_BITS

_LIMIT = 1 << (62 - PAGE_BITS)  # places lie between -_LIMIT and _LIMIT: rowids have 64 bits
_STEP = 1 << 22  # room for 22 latecomers on one spot, and for a million dossiers in order

Move = Callable[[int, int], None]


def span(place: int) -> tuple[int, int]:
    """Return the first and the last rowid of a place."""
    return place << PAGE_BITS, (place + 1 << PAGE_BITS) - 1


def place_for(db: sqlite3.Connection, dossier: str, move: Move) -> int:
    """Return a free place for a new dossier, moving others when there is none."""
    reach = 16
    while (place := _between(*_neighbours(db, dossier))) is None:
        reach *= 2
        _spread(db, dossier, reach, move)
    return place


def _neighbours(db: sqlite3.Connection, dossier: str) -> tuple[int | None, int | None]:
    below = db.execute(
        "SELECT place FROM dossiers WHERE id < ? ORDER BY id DESC LIMIT 1", (dossier,)
    ).fetchone()
    above = db.execute(
        "SELECT place FROM dossiers WHERE id > ? ORDER BY id LIMIT 1", (dossier,)
    ).fetchone()
    return below and below[0], above and above[0]


def _between(below: int | None, above: int | None) -> int | None:
    if below is None and above is None:
        return 0
    if above is None and below is not None and below + _STEP < _LIMIT:
        return below + _STEP
    if below is None and above is not None and above - _STEP > -_LIMIT:
        return above - _STEP
    low = -_LIMIT if below is None else below
    high = _LIMIT if above is None else above
    return (low + high) // 2 if high - low > 1 else None


def _spread(db: sqlite3.Connection, dossier: str, reach: int, move: Move) -> None:
    """Space the nearest dossiers evenly between the places of those beyond them."""
    lower = db.execute(
        "SELECT place FROM dossiers WHERE id < ? ORDER BY id DESC LIMIT ?", (dossier, reach + 1)
    ).fetchall()
    upper = db.execute(
        "SELECT place FROM dossiers WHERE id > ? ORDER BY id LIMIT ?", (dossier, reach + 1)
    ).fetchall()
    places = [row[0] for row in [*reversed(lower), *upper]]
    low = places.pop(0) if len(lower) > reach else -_LIMIT
    high = places.pop() if len(upper) > reach else _LIMIT
    gap = (high - low) // (len(places) + 1)
    if gap < 2:
        return
    targets = [low + gap * (position + 1) for position in range(len(places))]
    _move_all(list(zip(places, targets, strict=True)), move)


def _move_all(moves: list[tuple[int, int]], move: Move) -> None:
    """Carry out moves that keep the order, none onto a place that is still taken."""
    for old, new in reversed(moves):
        if new > old:
            move(old, new)
    for old, new in moves:
        if new < old:
            move(old, new)
