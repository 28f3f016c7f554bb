"""Lists among dossiers of one place, and plans without what an index has no term of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.model import Query
from pipeline.settings import SearchSettings
from search import open_index
from search.embedded import listing
from search.embedded.pruning import may_be_whole, pruned
from search.embedded.schema import place
from search.query.expressions import AllOf, AnyOf, Weighted, Words
from search.query.plan import plan_of
from tests.support.indexed import publication
from tests.unit.search.understood import HASHING

ALIKE = "aaaaaaaaaaaa"  # the letters that a place tells; what follows says nothing any more


def test_the_newest_beside_very_many_of_one_place_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list whose newest dossier has a place of its own once went on for ever."""
    monkeypatch.setattr(listing, "_FIRST_BLOCK", 4)
    monkeypatch.setattr(listing, "_SPARE", 2)
    names = ["bbbbbbbbbbbb", *(f"{ALIKE}{number:03}" for number in reversed(range(40)))]
    assert len({place(name) for name in names}) == 2
    index = open_index(SearchSettings(), tmp_path)
    index.publish([publication(name, "giao đất") for name in names])
    found = index.find(Query("giao đất", limit=10))
    assert [hit.dossier for hit in found.hits] == names[:10]
    assert found.total == len(names)


THERE = {"giao", "dat", "đất", "giao_dat", "giao=đất"}


def test_a_plan_keeps_its_scores_without_terms_that_nobody_has() -> None:
    plan = plan_of(Query("giao đất"), HASHING)
    left = pruned(plan, lambda _, term: term in THERE)
    assert all("~" not in repr(one) and "keys" not in repr(one) for one in left.weights)
    (pair,) = [
        one.weight for one in left.weights if one.expression == Words("pairs", ("giao_dat",))
    ]
    both = (Words("pairs", ("giao_dat",)), AnyOf((Words("pairs", ("giao_dat",)),)))
    assert pair == sum(
        weight
        for expression, weight in plan.weights
        if expression in both or "giao~dat" in repr(expression)
    )
    assert may_be_whole(left)
    assert left.must == plan.must


def test_no_phrase_is_looked_for_where_a_pair_is_missing() -> None:
    plan = plan_of(Query("giao đất ở"), HASHING)
    left = pruned(plan, lambda column, term: column != "pairs")
    assert not may_be_whole(left)
    assert left.must == AllOf(tuple(Words("folded", (word,)) for word in ("giao", "dat", "o")))


def test_what_words_demand_makes_no_phrase_needed() -> None:
    plan = plan_of(Query("giao đất ở"), HASHING)
    left = pruned(plan, lambda _, term: "~" not in term)
    assert left.must == AllOf(tuple(Words("folded", (word,)) for word in ("giao", "dat", "o")))
    kept = pruned(plan, lambda *_: True)
    assert kept.must == plan.must  # misread pairs say more than the words
    assert kept.weights == plan.weights
    assert sum(one.weight for one in kept.weights) == sum(one.weight for one in plan.weights)


def test_all_of_and_any_of_the_same_are_two_things() -> None:
    parts = (Words("folded", ("giao",)), Words("folded", ("dat",)))
    plan = plan_of(Query("giao"), HASHING)
    mixed = [Weighted(AllOf(parts), 3), Weighted(AnyOf(parts), 2)]
    left = pruned(replace(plan, weights=tuple(mixed)), lambda *_: True)
    assert [one.weight for one in left.weights] == [3, 2]
