"""Gives each of several papers on one sheet its own rows, as if it lay on a page of its own.

Rows keep the boxes of the original page beside those of their paper, so that what is found on a
part points to the sheet. Pure functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pipeline.documents.rows import PageOfDossier, PageRows, Row, lines_of, papers_of, rows_of
from pipeline.model import Box, Document, Page, PagePart
from pipeline.model.upright import is_upside_down, part_of


class _Region(NamedTuple):
    """Where a paper lies on the upright sheet, in its pixels."""

    left: int
    top: int
    right: int
    bottom: int


def rows_of_parts(numbered: PageOfDossier, parts: Sequence[int]) -> PageRows:
    """Return the rows of some of the papers of a sheet.

    Those of one paper have its own edges. Of several nobody knows what belongs to which, as on a
    sheet that is one document (``make_finding``).

    Args:
        numbered: a sheet with several papers.
        parts: the papers, in the order of the sheet, from 1.
    """
    page, whole = numbered.page, rows_of(numbered)
    of = len(page.parts)
    taken = {number - 1 for number in parts}
    own = [at for at, row in enumerate(whole.rows) if _part(page, row) in taken]
    rows = whole._replace(
        rows=tuple(whole.rows[at] for at in own),
        ends=tuple(whole.ends[at] for at in own) if whole.ends else (),
        codes=tuple(one for one in whole.codes if part_of(page, one.box) in taken),
        slots=tuple(one for one in whole.slots if part_of(page, one.box) in taken),
        parts=tuple(PagePart(numbered.number, part, of) for part in parts),
    )
    if len(parts) > 1:
        return rows
    papers = papers_of(page, whole.rows)
    if not papers[parts[0] - 1] or page.view is None:
        return rows
    region = _region(whole, papers, page, parts[0] - 1)
    as_seen = (row.tokens for row in lines_of(numbered) if _part(page, row) in taken)
    if is_upside_down([token.box for token in tokens] for tokens in as_seen):
        region = _turned(region, papers[parts[0] - 1])
    return rows._replace(
        width=region.right - region.left,
        height=region.bottom - region.top,
        rows=tuple(_moved(row, region) for row in rows.rows),
        ends=(),
    )


def rows_of_document(document: Document, pages: Mapping[int, PageOfDossier]) -> Sequence[PageRows]:
    """Return the rows of a document's pages, of sheets with several papers those of its own.

    Args:
        document: the document.
        pages: the pages of its dossier that have a result, by number.
    """
    found = []
    for page in (pages[number] for number in document.pages if number in pages):
        parts = [each.part for each in document.parts if each.page == page.number]
        is_known = parts and max(parts) <= len(page.page.parts)
        found.append(rows_of_parts(page, parts) if is_known else rows_of(page))
    return found


def _turned(region: _Region, rows: Sequence[Row]) -> _Region:
    """Return the region of a paper that was turned around its print: what is free is behind it."""
    bounds = _Region(*_bounds(token.box for row in rows for token in row.tokens))
    left = bounds.left - min(bounds.left - region.left, region.right - bounds.right)
    top = bounds.top - min(bounds.top - region.top, region.bottom - bounds.bottom)
    return _Region(left, top, left + region.right - region.left, top + region.bottom - region.top)


def _part(page: Page, row: Row) -> int:
    return part_of(page, row.tokens[0].original_box)


def _region(whole: PageRows, papers: Sequence[Sequence[Row]], page: Page, number: int) -> _Region:
    """Return where a paper lies on the upright sheet: between its print and its neighbours'.

    Parts are told in pixels of the view. Between what is printed on both sides of an edge the
    upright sheet and the view differ by scale and shift alone.
    """
    own = page.parts[number]
    prints = {
        at: (_bounds(token.box for row in rows for token in row.tokens), _seen(page, rows))
        for at, rows in enumerate(papers)
        if rows
    }
    mine = prints[number]
    edges = [0, 0, whole.width, whole.height]
    for at, theirs in prints.items():
        other = page.parts[at]
        beside = other.right <= own.left, other.bottom <= own.top
        behind = other.left >= own.right, other.top >= own.bottom
        for edge, is_there in enumerate((*beside, *behind)):
            if is_there:
                far = (edge + 2) % 4
                place = _between(
                    _sides(own)[edge],
                    (theirs[1][far], theirs[0][far]),
                    (mine[1][edge], mine[0][edge]),
                )
                edges[edge] = (max if edge < 2 else min)(edges[edge], place)
    return _Region(*edges)


def _between(edge: int, *ends: tuple[float, int]) -> int:
    """Return the upright place of an edge between two places of print, each in view and upright."""
    (seen, upright), (other_seen, other) = ends
    far = other_seen - seen
    share = min(max((edge - seen) / far, 0.0), 1.0) if far else 0.5
    return round(upright + share * (other - upright))


def _sides(box: Box) -> tuple[int, int, int, int]:
    return box.left, box.top, box.right, box.bottom


def _bounds(boxes: Iterable[Box]) -> tuple[int, int, int, int]:
    left, top, right, bottom = zip(*map(_sides, boxes), strict=True)
    return min(left), min(top), max(right), max(bottom)


def _seen(page: Page, rows: Sequence[Row]) -> tuple[float, float, float, float]:
    """Return the bounds of rows on the view."""
    assert page.view is not None
    corners = [
        page.view.project(x, y)
        for row in rows
        for box in (token.original_box for token in row.tokens)
        for x, y in ((box.left, box.top), (box.right, box.bottom))
    ]
    across, down = zip(*corners, strict=True)
    return min(across), min(down), max(across), max(down)


def _moved(row: Row, region: _Region) -> Row:
    """Return a row on its paper, whose origin is the corner of its region."""
    return Row(
        tuple(
            token._replace(
                box=token.box._replace(
                    left=token.box.left - region.left, top=token.box.top - region.top
                )
            )
            for token in row.tokens
        )
    )
