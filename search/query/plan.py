"""Plans a search: one boolean query with weights, which every engine carries out alike.

``must`` says what is found, ``must_not`` what is left out; the weights of what else a dossier
matches add up to its score, and the newest comes first among equals. Where a query finds nothing,
or nobody has its words as a phrase, an engine asks for a relaxed plan. The engines give the same
hits in the same order because none decides anything that is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from pipeline.errors import QueryError
from pipeline.model import Query, Sort
from search.query import terms, weights
from search.query.expressions import Expression, Weighted, Words, any_of
from search.query.filters import filter_expressions, scope_expression
from search.query.matching import Matcher
from search.query.number_hits import hashed
from search.query.parser import ParsedQuery, parse
from search.query.receptions_typed import with_typed_reception
from search.query.relaxation import (
    RARE,
    Lexicon,
    alike_words,
    confusable,
    is_single_word,
    relax,
    soft_phrase,
)
from search.query.weights import Step, weigh
from search.text.hidden_numbers import NumberHash

_LONGEST_ANCHOR = 1_000  # characters; codes are cut long before


class Anchor(NamedTuple):
    """The last dossier of a page of results: the next page begins after it."""

    key: (
        str  # what the results are sorted by: a score, a day number, a code; empty for the id alone
    )
    dossier: str

    def __str__(self) -> str:
        return f"{self.key}~{self.dossier}"


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """How to answer a query."""

    must: Expression | None  # every dossier found matches it; None: all do
    must_not: Expression | None  # no dossier found matches it
    weights: tuple[Weighted, ...]  # best first; their sum is a dossier's score
    matcher: Matcher  # finds the words of a page that the query hits
    parsed: ParsedQuery
    filters: Mapping[str, Expression]  # name -> expression; a facet is counted without its own
    scope: Expression | None  # what may be found at all; bounds guesses and counts too
    only_marked: bool = False  # words typed with marks match with these marks only
    sort: Sort = "relevance"
    after: Anchor | None = None
    whole: int = 0  # a dossier with this score has the query as one phrase, or better
    approximate: bool = False
    given_up: tuple[str, ...] = ()

    def filters_but(self, name: str) -> list[Expression]:
        """Return all filters but one."""
        return [expression for other, expression in self.filters.items() if other != name]


def plan_of(query: Query, hashing: NumberHash) -> SearchPlan:
    """Return the plan that demands all words of a query; an empty text lists everything.

    Args:
        query: a query that ``search.query.parser.check`` has passed.
        hashing: hashes numbers of people as the index does.
    """
    query = with_typed_reception(query)
    parsed = hashed(parse(query.text), hashing, with_parts=query.parts_of_numbers)
    is_listing = not query.text.strip() or (
        bool(parsed.excluded) and not (parsed.terms or parsed.keys or parsed.prefixes)
    )
    steps = [] if is_listing else weights.steps_of(parsed)
    weighted = weigh(steps)
    return SearchPlan(
        must=None if is_listing else _demanded(parsed, only_marked=query.only_marked),
        must_not=_excluded(parsed),
        weights=weighted,
        matcher=Matcher(parsed),
        parsed=parsed,
        filters=filter_expressions(query.filters, query.scope),
        scope=scope_expression(query.scope),
        only_marked=query.only_marked,
        sort="received" if is_listing and query.sort == "relevance" else query.sort,
        after=_anchor(query.after),
        whole=weights.phrase_score(parsed, weighted),
    )


def needs_relaxing(plan: SearchPlan, best: int | None, total: int) -> bool:
    """Tell whether to look for more: nothing is found, or no dossier has the query as a phrase.

    Of a single word, whether few dossiers have it: others may have it misread.

    Who wants the typed marks only wants no guesses either.

    Args:
        plan: the plan of the query.
        best: the highest score found, filters aside; None when nothing is found.
        total: how many dossiers are found.
    """
    if plan.must is None or plan.only_marked:
        return False
    return best is None or best < plan.whole or (total < RARE and is_single_word(plan.parsed))


def relaxed(plan: SearchPlan, lexicon: Lexicon, best: int | None) -> SearchPlan | None:
    """Return a plan that finds more, for a plan that ``needs_relaxing``.

    Args:
        plan: the plan of the query.
        lexicon: the lookups in the same state of the index.
        best: the highest score found, filters aside; None when nothing is found.

    Returns:
        The relaxed plan; None when no relaxation finds a dossier.
    """
    if plan.whole and (further := _misread(plan, lexicon, is_nothing=best is None)):
        return further
    if not plan.whole and (further := _misread_word(plan, lexicon, is_nothing=best is None)):
        return further
    if best is None and (answer := relax(lexicon, plan.parsed)):
        return replace(
            plan,
            must=answer.expression,
            matcher=Matcher(answer.parsed),
            approximate=True,
            given_up=answer.given_up,
        )
    return None


def never_so_marked(plan: SearchPlan, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the words typed with marks that no dossier has with these marks."""
    marked = {word.exact: word for word in plan.parsed.phrase if word.has_mark}
    known = lexicon.known("exact", set(marked)) if marked else set()
    return tuple(word for word in marked if word not in known)


def _misread(plan: SearchPlan, lexicon: Lexicon, *, is_nothing: bool) -> SearchPlan | None:
    """Return a plan that puts the phrase as it may have been misread before scattered words.

    Args:
        plan: a plan whose phrase no dossier has.
        lexicon: the lookups in the same state of the index.
        is_nothing: whether no dossier has all words either.
    """
    parsed = plan.parsed
    alike = terms.alike_in_order(parsed.phrase)
    steps: list[Step] = [[(alike, 1)]] if len(parsed.phrase) > 2 else []
    soft = soft_phrase(lexicon, parsed)
    if soft is None:
        if is_nothing or not steps or not all(lexicon.finds([alike])):
            return None
        return replace(plan, weights=_weights(parsed, steps))
    assert plan.must is not None
    return replace(
        plan,
        must=any_of([plan.must, weights.with_numbers(parsed, soft.expression)]),
        weights=_weights(parsed, [[(soft.expression, 1)], *steps]),
        matcher=Matcher(soft.parsed),
        approximate=is_nothing,
        given_up=soft.given_up if is_nothing else (),
    )


def _misread_word(plan: SearchPlan, lexicon: Lexicon, *, is_nothing: bool) -> SearchPlan | None:
    """Return a plan that also finds a single word as it may have been misread, after all others.

    Args:
        plan: a plan whose word few dossiers have.
        lexicon: the lookups in the same state of the index.
        is_nothing: whether no dossier has the word.
    """
    assert plan.must is not None
    if not is_nothing and not (is_single_word(plan.parsed) and lexicon.is_rare(plan.must)):
        return None
    parsed = alike_words(lexicon, plan.parsed)
    if parsed is None:
        return None
    word = plan.parsed.phrase
    # Of words that only look alike without marks, those with the marks as typed come first.
    alike = confusable(word[0].exact) if word[0].has_mark else set()
    marked = [Words("exact", (one,)) for one in sorted(lexicon.known("exact", alike))]
    steps: list[Step] = [[(any_of(marked), 1)]] if marked else []
    return replace(
        plan,
        must=any_of([plan.must, terms.term_expression(parsed.terms[0])]),
        weights=weigh([*steps, [(terms.folded(word), 1)], *weights.steps_of(plan.parsed)]),
        matcher=Matcher(parsed),
        parsed=parsed,
        approximate=is_nothing,
        given_up=(word[0].exact,) if is_nothing else (),
    )


def _weights(parsed: ParsedQuery, between: list[Step]) -> tuple[Weighted, ...]:
    """Return the weights of a query with steps between scattered words and the whole phrase."""
    return weigh([*weights.word_steps(parsed), *between, *weights.phrase_steps(parsed)])


def _demanded(parsed: ParsedQuery, *, only_marked: bool) -> Expression:
    return weights.demanded(parsed, only_marked=only_marked)


def _excluded(parsed: ParsedQuery) -> Expression | None:
    if not parsed.excluded:
        return None
    return any_of(terms.term_expression(term, only_marked=True) for term in parsed.excluded)


def _anchor(after: str) -> Anchor | None:
    """Return where the page of results before ended.

    Raises:
        QueryError: it is not what a page of results gave.
    """
    if not after:
        return None
    key, tilde, dossier = after.rpartition("~")
    if not tilde or not dossier or len(after) > _LONGEST_ANCHOR:
        raise QueryError("Không đọc được vị trí của trang kết quả.", "Hãy tìm lại từ trang đầu.")
    return Anchor(key, dossier)
