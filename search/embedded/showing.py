"""Builds the hits that are shown: of a dossier its heading, its best pages, and a snippet."""

from __future__ import annotations

import tantivy

from pipeline.model import Hit
from search.embedded import queries
from search.embedded.listing import Listed
from search.embedded.schema import StoredDossier
from search.query.expressions import Words
from search.query.matching import Matcher
from search.query.pages import MOST_READ, PageWords, best_pages, page_weights
from search.query.plan import SearchPlan
from search.query.snippets import snippet
from search.text.tokens import Token

_PAGE_COLUMNS = {"folded": "page_folded"}

Page = list[str]  # number, text, exact words, folded words, number of its group of fields


def hit(searcher: tantivy.Searcher, plan: SearchPlan, listed: Listed) -> Hit:
    """Return a dossier as it is shown.

    Args:
        searcher: the state of the index that it was found in.
        plan: how it was found.
        listed: the dossier.
    """
    stored = StoredDossier(searcher.doc(listed.address))
    groups = stored.groups()
    pages = {int(page[0]): page for page in stored.pages()}
    (size,) = searcher.fast_field_values("size", [listed.address])
    if not pages and size:
        firsts = [first for first, _ in groups]
        pages = _large(searcher, plan, stored.dossier, firsts)
    words = [_words(page, groups[int(page[4])][1]) for page in pages.values()]
    numbers = best_pages(plan.parsed, words)
    if len(numbers) == len(pages) < int(size or 0) and not plan.parsed.phrase:
        numbers = tuple(range(1, int(size or 0) + 1))
    best = numbers[0] if numbers else 1
    return Hit(
        dossier=stored.dossier,
        code=stored.code,
        page=best,
        title=stored.title,
        snippet=_snippet(pages[best], groups[int(pages[best][4])][1], plan.matcher)
        if pages
        else "",
        score=float(listed.key) if plan.sort == "relevance" else 0.0,
        pages=numbers,
    )


def _words(page: Page, fields: str) -> PageWords:
    return PageWords(int(page[0]), page[2], page[3], fields)


def _snippet(page: Page, fields: str, matcher: Matcher) -> str:
    tokens = [Token(*forms) for forms in zip(page[2].split(), page[3].split(), strict=True)]
    return snippet(page[1], fields, matcher, tokens)


def _large(
    searcher: tantivy.Searcher, plan: SearchPlan, dossier: str, firsts: list[int]
) -> dict[int, Page]:
    """Return the pages of a large dossier that may be best, and the first of each document."""
    owner = queries.matching(Words("owner", (dossier,)))
    pages = tantivy.Query.boolean_query(
        [
            (tantivy.Occur.Must, owner),
            (tantivy.Occur.Must, tantivy.Query.exists_query("page_number")),
        ]
    )
    weighed = queries.weighed(pages, page_weights(plan.parsed), _PAGE_COLUMNS)
    hits = searcher.search(weighed, max(1, searcher.num_docs), count=False).hits
    addresses = [address for _, address in hits]
    numbers = searcher.fast_field_values("page_number", addresses)
    found = sorted(
        (-score, int(number or 0), address)
        for (score, address), number in zip(hits, numbers, strict=True)
    )
    wanted = dict.fromkeys(firsts[:MOST_READ])
    chosen = [
        address
        for rank, (_, number, address) in enumerate(found)
        if rank < MOST_READ or number in wanted
    ]
    read = (StoredDossier(searcher.doc(address)).pages()[0] for address in chosen)
    return {int(page[0]): page for page in read}
