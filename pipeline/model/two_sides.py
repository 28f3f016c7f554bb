"""Puts the pages of two scans of one stack in order: fronts, and the backs from the last one on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

Place = tuple[str, int]  # SHA-256 of a scan, number within it from 1


class TwoSides(NamedTuple):
    """The two passes of a stack through a feeder that sees one side."""

    fronts: str  # SHA-256 of the scan of the first sides
    backs: str  # of the other sides, the last sheet first: the stack was turned over whole


def in_order(pages: Sequence[Place], two_sides: TwoSides | None) -> list[Place]:
    """Return pages with each back behind its front; as they are where the passes do not match.

    Args:
        pages: the pages of all scans, scan after scan.
        two_sides: the scans that are two passes of one stack; None where none are.
    """
    if two_sides is None:
        return list(pages)
    fronts = [page for page in pages if page[0] == two_sides.fronts]
    backs = [page for page in pages if page[0] == two_sides.backs]
    if not fronts or len(fronts) != len(backs):
        return list(pages)
    sheets = [side for sheet in zip(fronts, reversed(backs), strict=True) for side in sheet]
    passes = {*fronts, *backs}
    first = next(at for at, page in enumerate(pages) if page in passes)
    before = [page for page in pages[:first] if page not in passes]
    return [*before, *sheets, *(page for page in pages[first:] if page not in passes)]
