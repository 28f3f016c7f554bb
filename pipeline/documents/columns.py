"""Splits rows into the columns of a head, and finds the part of a row in the page's middle."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from pipeline.documents.rows import WIDE_GAP, Row, Token, merged_rows

_RUN_GAP = 1.5  # the same for rows that a stamp or a margin note was read into


def split_columns(
    rows: Iterable[Row], boundary: float, reach: float
) -> tuple[list[Row], list[Row]]:
    """Split rows into a left and a right column, each from top to bottom.

    Tesseract joins the two columns of a head into one line or tears one line apart; parts of one
    column on one height become one row again.

    Args:
        rows: rows of one page, in any order.
        boundary: where the right column is expected to begin, in upright pixels from the left.
        reach: how far from the boundary the gap may be, in pixels; the widest one counts.
    """
    left: list[Token] = []
    right: list[Token] = []
    lefts, rights = [], []
    for row in rows:
        cut = _split_index(row, boundary, reach)
        left, right = list(row.tokens[:cut]), list(row.tokens[cut:])
        lefts += [Row(tuple(left))] if left else []
        rights += [Row(tuple(right))] if right else []
    return merged_rows(lefts), merged_rows(rights)


def central_run(row: Row, width: int) -> Row | None:
    """Return the part of a row around the page's vertical axis, between wide gaps; None if none.

    Stamps and margin notes are read into the rows of titles; titles leave no such gaps.

    Args:
        row: the whole row.
        width: the page's width in upright pixels.
    """
    runs: list[list[Token]] = [[row.tokens[0]]]
    for before, after in pairwise(row.tokens):
        if after.box.left - before.box.right > _RUN_GAP * row.height:
            runs.append([])
        runs[-1].append(after)
    rows = [Row(tuple(run)) for run in runs]
    central = [run for run in rows if 0.3 < _middle_x(run) / max(width, 1) < 0.72]
    return max(central, key=lambda run: run.box.width, default=None)


def _split_index(row: Row, boundary: float, reach: float) -> int:
    """Return how many tokens of a row belong to the left column."""
    tokens, near = row.tokens, 0.5 * row.height
    whole = len(tokens) if row.box.left + row.box.width / 2 < boundary else 0
    if row.box.right <= boundary + near or row.box.left >= boundary - near:
        return whole
    gaps = [
        (after.box.left - before.box.right, index)
        for index, (before, after) in enumerate(pairwise(tokens), start=1)
        if before.box.right - reach <= boundary <= after.box.left + reach
    ]
    widest, index = max(gaps, default=(0, whole))
    if widest >= WIDE_GAP * row.height:
        return index
    between = [i for i in range(1, len(tokens)) if tokens[i].box.left >= boundary - near]
    return between[0] if between else whole


def _middle_x(row: Row) -> float:
    return row.box.left + row.box.width / 2
