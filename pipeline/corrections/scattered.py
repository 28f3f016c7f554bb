"""Tells where papers begin, and which have pages that lie apart or in another order in the scans.

Printed page numbers put such papers together. Cutting the pages of a dossier anew with boundaries
that are known would take them apart again, for what is known of a page moves no more. A sheet with
several papers counts to the one it begins with, and for the page behind it to the one it ends with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.model import Document


def is_scattered(paper: Document, papers: Sequence[Document]) -> bool:
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
    return {number: number - 1 not in each.pages for number, each in first_on(papers).items()}


def begins_paper(page: int, papers: Sequence[Document]) -> bool:
    """Tell whether a page is in another paper than the page before it that is in one."""
    before = max((number for each in papers for number in each.pages if number < page), default=0)
    one = first_on(papers).get(page)
    return one is None or one is not last_on(papers).get(before)


def first_on(papers: Iterable[Document]) -> dict[int, Document]:
    """Map pages to the papers that they begin with: of a sheet with several the first."""
    return {page: each for each in papers for page, part in each.span if part <= 1}


def last_on(papers: Sequence[Document]) -> dict[int, Document]:
    """Map pages to the papers that they end with: of a sheet with several the last."""
    of = {part[:2]: part.of for each in papers for part in each.parts}
    return {
        page: each for each in papers for page, part in each.span if part == of.get((page, part), 0)
    }


def parted_pages(papers: Iterable[Document]) -> frozenset[int]:
    """Return the numbers of the sheets with parts that are different papers."""
    return frozenset(part.page for each in papers for part in each.parts)
