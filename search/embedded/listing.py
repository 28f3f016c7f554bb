"""Lists the dossiers that a plan finds, best first, and among equals newest first.

The engine breaks ties by where a document lies, so its own list is right only until the last
score. What of that score belongs on the list is looked for among the newest dossiers, in blocks:
most queries need none, the others one or two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

import tantivy
from tantivy import Order

from search.embedded import queries
from search.embedded.schema import place
from search.embedded.stored import StoredDossier
from search.query.expressions import Words
from search.query.plan import Anchor, SearchPlan

_SPARE = 100  # beyond what is asked for: often the last score ends there
_FIRST_BLOCK, _GROWTH = 1_000, 12  # newest dossiers of the first block; of each further one
_SORTED_BY = {
    "reception": ("reception", Order.Desc),
    "issued": ("issued_last", Order.Desc),
    "code": ("code", Order.Asc),
}

_MOST_BLOCKS = 100  # that are looked at before everything is

Key = Any  # a score, a day number or a code; None: the dossier has none and comes last
Address = tantivy.DocAddress


class Listed(NamedTuple):
    """A dossier on a list."""

    key: Key
    place: int
    address: Address


@dataclass(frozen=True)
class IndexState:
    """One state of the index, and what has been found out about it."""

    searcher: tantivy.Searcher

    @cached_property
    def size(self) -> int:
        """How many documents there are."""
        return int(self.searcher.num_docs)

    def nth_place(self, number: int) -> int | None:
        """Return the place of the dossier that so many are newer than; None when there is none."""
        listed = queries.matching(Words("listed", ("1",)))
        hits = self.searcher.search(
            listed, 1, count=False, order_by_field="place", offset=number
        ).hits
        return int(hits[0][0]) if hits else None

    def dossier(self, address: Address) -> str:
        """Return the id of a dossier."""
        return str(StoredDossier(self.searcher.doc(address)).dossier)


class Listing(NamedTuple):
    """The first dossiers that a plan finds, and how many there are."""

    listed: list[Listed]
    total: int
    best: int | None  # the highest score, where the list is sorted by it


def listing(state: IndexState, plan: SearchPlan, first: int, limit: int) -> Listing:
    """Return some of the dossiers that a plan finds, in its order.

    Args:
        state: the state of the index.
        plan: the plan; after its anchor, where it has one, ``first`` does not count.
        first: how many to leave out.
        limit: how many to list; one more is listed where there is one.
    """
    most = max(1, state.size)
    first = 0 if plan.after else min(first, most)
    stop = min(first + limit + 1, most)
    if plan.sort == "received":
        found, total = _by_time(state, plan, stop)
        return Listing(found[first:], total, None)
    if plan.after is None:
        return _sorted(state, plan, stop, first)
    reach = stop + _SPARE
    while True:
        found, total, best = _sorted(state, plan, min(reach, most), 0)
        later = [one for one in found if _is_after(state, one, plan)]
        if len(later) >= stop or len(found) < reach:
            return Listing(later[:stop], total, best)
        reach *= 4


def anchor(plan: SearchPlan, last: Listed, dossier: str) -> Anchor:
    """Return where a page of results that ends with this dossier ends."""
    return Anchor(_written(plan, last.key), dossier)


def best_score(state: IndexState, plan: SearchPlan) -> int | None:
    """Return the highest score of what a plan finds, filters aside; None when it finds nothing."""
    hits = state.searcher.search(queries.scored(plan, ()), 1, count=False).hits
    return int(hits[0][0]) if hits else None


def counted(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    """Return how many documents match a query."""
    return _count(searcher.search(query, 1))


def _by_time(state: IndexState, plan: SearchPlan, stop: int) -> tuple[list[Listed], int]:
    """Return the newest dossiers, for ids sort by time, and how many there are before an anchor."""
    query = everything = queries.found(plan, plan.filters.values())
    spare = 0
    if plan.after:
        older = queries.until(place(plan.after.dossier))
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, query), (tantivy.Occur.Must, older)]
        )
        spare = _SPARE
    total = counted(state.searcher, everything)
    while True:
        hits = state.searcher.search(query, stop + spare, count=False, order_by_field="id").hits
        later = [hit for hit in hits if not plan.after or hit[0] < plan.after.dossier]
        if len(later) >= stop or len(hits) < stop + spare:
            return [Listed(None, place(name), address) for name, address in later[:stop]], total
        spare = spare * 4 + stop  # many ids of one place


def _sorted(state: IndexState, plan: SearchPlan, stop: int, first: int) -> Listing:
    """Return the first dossiers by score, day of issue or code; the newest first among equals."""
    reach = min(stop + _SPARE, max(1, state.size))
    found = _search(state, plan, reach, counted=True)
    hits, total = list(found.hits), _count(found)
    best = int(hits[0][0]) if hits and plan.sort == "relevance" else None
    if len(hits) >= reach and hits[-1][0] == hits[stop - 1][0]:
        last = hits[stop - 1][0]
        above = [hit for hit in hits if hit[0] != last]
        hits = [*above, *_newest(state, plan, last, stop - len(above), len(above))]
    return Listing(_in_order(state, hits, stop)[first:], total, best)


def _newest(
    state: IndexState, plan: SearchPlan, key: Key, number: int, better: int
) -> list[tuple[Key, Address]]:
    """Return at least so many of the newest dossiers of one key, and no older one before them.

    Args:
        state: the state of the index.
        plan: the plan of the search.
        key: the key that all of them have.
        number: the number of dossiers that are asked for.
        better: the number of dossiers with a better key, which any search lists before them.
    """
    block, too_few, too_many = _FIRST_BLOCK, 0, state.size + 1
    reach = _FIRST_BLOCK + better + number
    for _ in range(_MOST_BLOCKS):
        since = state.nth_place(block)
        newer = [] if since is None else [queries.since(since)]
        hits = list(_search(state, plan, reach, *newer).hits)
        ties = [hit for hit in hits if hit[0] == key]
        is_whole = len(hits) < reach or hits[-1][0] != key
        if is_whole and (len(ties) >= number or since is None):
            return ties
        if is_whole:
            too_few, block = block, min(block * _GROWTH, (block + too_many + 1) // 2)
        else:
            too_many, block = block, (too_few + block) // 2
        if too_many - too_few <= 1:  # one place, very many dossiers
            reach *= 4
            block, too_few, too_many = _FIRST_BLOCK, 0, state.size + 1
    everything = _search(state, plan, max(1, state.size)).hits
    return [hit for hit in everything if hit[0] == key]


def _search(
    state: IndexState, plan: SearchPlan, limit: int, *others: tantivy.Query, counted: bool = False
) -> tantivy.SearchResult:
    query = queries.scored(plan, plan.filters.values(), *others)
    if plan.sort in _SORTED_BY:
        field, order = _SORTED_BY[plan.sort]
        return state.searcher.search(query, limit, count=counted, order_by_field=field, order=order)
    return state.searcher.search(query, limit, count=counted)


def _count(found: tantivy.SearchResult) -> int:
    return int(found.count)  # type: ignore[attr-defined]  # its stub forgets it


def _in_order(state: IndexState, hits: list[tuple[Key, Address]], stop: int) -> list[Listed]:
    """Return the first of some hits, newest first among equals."""
    places = state.searcher.fast_field_values("place", [address for _, address in hits])
    by_key: dict[Key, dict[int, list[Address]]] = {}
    for (key, address), at in zip(hits, places, strict=True):
        by_key.setdefault(key, {}).setdefault(int(at or 0), []).append(address)
    ordered = (
        Listed(key, at, address)
        for key, placed in by_key.items()  # the engine's list has better keys first
        for at in sorted(placed, reverse=True)
        for address in _by_id(state, placed[at])
    )
    return list(islice(ordered, stop))


def _by_id(state: IndexState, addresses: list[Address]) -> list[Address]:
    """Return dossiers of one place, the greatest id first."""
    if len(addresses) == 1:
        return addresses
    named = {state.dossier(address): address for address in addresses}
    return [named[dossier] for dossier in sorted(named, reverse=True)]


def _is_after(state: IndexState, one: Listed, plan: SearchPlan) -> bool:
    """Tell whether a dossier comes after the plan's anchor."""
    assert plan.after
    key, dossier = plan.after
    if _written(plan, one.key) == key:
        at = place(dossier)
        return one.place < at or (one.place == at and state.dossier(one.address) < dossier)
    if plan.sort == "code":
        return bool(key) and (one.key is None or one.key > key)
    number = int(key) if key.isdecimal() else -1
    return (-1 if one.key is None else int(one.key)) < number


def _written(plan: SearchPlan, key: Key) -> str:
    if key is None:
        return ""
    return str(int(key)) if plan.sort == "relevance" else str(key)


def sequences(searcher: tantivy.Searcher) -> Iterable[tuple[str, int]]:
    """Return each dossier's id and the number of its indexed record."""
    everything = tantivy.Query.exists_query("id")
    hits = searcher.search(
        everything, max(1, searcher.num_docs), count=False, order_by_field="id"
    ).hits
    numbers = searcher.fast_field_values("sequence", [address for _, address in hits])
    return [(dossier, int(number or 0)) for (dossier, _), number in zip(hits, numbers, strict=True)]
