"""Builds the hits that are shown: of a dossier its heading, its best pages, and a snippet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import tantivy

from pipeline.model import Hit
from search.embedded import queries
from search.embedded.listing import Listed
from search.embedded.stored import KeptPage, StoredDossier
from search.query.expressions import Words
from search.query.pages import MOST_READ, FieldWords, PageWords, ShownPage, best_pages, page_weights
from search.query.plan import SearchPlan
from search.query.snippets import snippet
from search.text.hidden_numbers import WHOLE

_PAGE_COLUMNS = {"folded": "page_folded", WHOLE: "page_hash"}
_NOTHING = PageWords(1, "", "", "", FieldWords("", ""))

Groups = list[tuple[int, FieldWords]]


class BestPage(NamedTuple):
    """The page of a dossier that shows most of a query."""

    stored: StoredDossier
    page: ShownPage
    numbers: tuple[int, ...]  # of all pages that show what was found, best first


def best_page(searcher: tantivy.Searcher, plan: SearchPlan, listed: Listed) -> BestPage:
    """Return the best page of a dossier.

    Args:
        searcher: the state of the index that it was found in.
        plan: how it was found.
        listed: the dossier.
    """
    stored = StoredDossier(searcher.doc(listed.address))
    groups = stored.groups()
    pages: Sequence[ShownPage] = stored.pages(groups) or _large(
        searcher, plan, stored.dossier, groups
    )
    numbers = best_pages(plan.parsed, pages)
    best = next((page for page in pages if page.number == numbers[0]), _NOTHING)
    return BestPage(stored, best, numbers)


def hit(plan: SearchPlan, listed: Listed, best: BestPage) -> Hit:
    """Return a dossier as it is shown.

    Args:
        plan: how it was found.
        listed: the dossier.
        best: its best page.
    """
    stored, page, numbers = best
    words = page.exact.split(), page.folded.split()
    return Hit(
        dossier=stored.dossier,
        code=stored.code,
        page=page.number,
        title=stored.title,
        snippet=snippet(page.text, page.fields.text, plan.matcher, words),
        score=float(listed.key) if plan.sort == "relevance" else 0.0,
        pages=numbers,
    )


def _large(
    searcher: tantivy.Searcher, plan: SearchPlan, dossier: str, groups: Groups
) -> list[KeptPage]:
    """Return the pages of a large dossier that may be best, and the first of each document."""
    owner = queries.matching(Words("owner", (dossier,)))
    are_pages = tantivy.Query.exists_query("page_number")
    pages = tantivy.Query.boolean_query(
        [(tantivy.Occur.Must, owner), (tantivy.Occur.Must, are_pages)]
    )
    weighed = queries.weighed(pages, page_weights(plan.parsed), _PAGE_COLUMNS)
    hits = searcher.search(weighed, max(1, searcher.num_docs), count=False).hits
    numbers = searcher.fast_field_values("page_number", [address for _, address in hits])
    found = sorted(
        (-score, int(number or 0), at)
        for at, ((score, _), number) in enumerate(zip(hits, numbers, strict=True))
    )
    firsts = {first for first, _ in groups[:MOST_READ]}
    chosen = [
        hits[at][1]
        for rank, (_, number, at) in enumerate(found)
        if rank < MOST_READ or number in firsts
    ]
    return [page for one in chosen for page in StoredDossier(searcher.doc(one)).pages(groups)]
