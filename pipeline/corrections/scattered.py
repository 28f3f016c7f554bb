"""Tells which papers have pages that lie apart or in another order in the scans.

Printed page numbers put such papers together. Cutting the pages of a dossier anew with boundaries
that are known would take them apart again, for what is known of a page moves no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.model import Document


def is_scattered(paper: Document, papers: Iterable[Document]) -> bool:
    """Tell whether pages of other papers lie between those of a paper, or it has another order.

    Args:
        paper: the paper.
        papers: all papers of its dossier; separators between its pages are in none of them.
    """
    if not paper.pages:
        return False
    if list(paper.pages) != sorted(paper.pages):
        return True
    others = {number for each in papers for number in each.pages} - {*paper.pages}
    return any(paper.pages[0] < number < paper.pages[-1] for number in others)


def begins_of(papers: Sequence[Document]) -> dict[int, bool]:
    """Map each page of papers to whether the page before it, in the scans, is in another one."""
    return {number: number - 1 not in each.pages for each in papers for number in each.pages}
