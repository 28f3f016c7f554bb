"""Builds the hits that are shown: of a dossier its heading, its best pages, and a snippet."""

from __future__ import annotations

import tantivy

from pipeline.model import Hit
from search.embedded import queries
from search.embedded.listing import Listed
from search.embedded.schema import StoredDossier
from search.query.expressions import Words
from search.query.pages import MOST_READ, FieldWords, PageWords, best_pages, page_weights
from search.query.plan import SearchPlan
from search.query.snippets import snippet
from search.text.hidden_numbers import WHOLE

_PAGE_COLUMNS = {"folded": "page_folded", WHOLE: "page_hash"}
_NOTHING = PageWords(1, "", "", "", FieldWords("", ""))

Groups = list[tuple[int, FieldWords]]


def hit(searcher: tantivy.Searcher, plan: SearchPlan, listed: Listed) -> Hit:
    """Return a dossier as it is shown.

    Args:
        searcher: the state of the index that it was found in.
        plan: how it was found.
        listed: the dossier.
    """
    stored = StoredDossier(searcher.doc(listed.address))
    groups = stored.groups()
    pages = stored.pages(groups) or _large(searcher, plan, stored.dossier, groups)
    numbers = best_pages(plan.parsed, pages)
    best = next((page for page in pages if page.number == numbers[0]), _NOTHING)
    words = best.exact.split(), best.folded.split()
    return Hit(
        dossier=stored.dossier,
        code=stored.code,
        page=best.number,
        title=stored.title,
        snippet=snippet(best.text, best.fields.text, plan.matcher, words),
        score=float(listed.key) if plan.sort == "relevance" else 0.0,
        pages=numbers,
    )


def _large(
    searcher: tantivy.Searcher, plan: SearchPlan, dossier: str, groups: Groups
) -> list[PageWords]:
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
