"""Weighs what a dossier found matches: whole numbers in steps, so a better step always wins.

Each step is larger than the sum of all lower ones, however long the query is. The sums stay below
2^24, so 32-bit floats add them exactly, and every engine gives a dossier the same number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from search.query import terms
from search.query.expressions import Expression, Prefix, Weighted, all_of, any_of
from search.query.parser import ParsedQuery, Phrase

MOST_WEIGHED = 16  # words, and adjacent pairs, of a query that weigh
MOST_LIFTED = 5  # years, and dates or numbers, of a query that weigh: more would pass ``LARGEST``
LARGEST = 1 << 24  # the first whole number that a 32-bit float cannot add one to

# Within a step: a pair of folded words, and the same as Tesseract may have misread it.
_FOLDED_PAIR, _ALIKE_PAIR = 4, 3

Step = Sequence[tuple[Expression, int]]  # parts of about the same worth, and their relative worth


def weigh(steps: Sequence[Step]) -> tuple[Weighted, ...]:
    """Return what adds to a dossier's score, best first.

    Args:
        steps: the steps, worst first; what stands in a better one too counts there alone.

    Raises:
        OverflowError: the sum of all weights is too large to be added exactly.
    """
    last = {expression: number for number, step in enumerate(steps) for expression, _ in step}
    weighted: list[Weighted] = []
    total = 0
    for number, step in enumerate(steps):
        parts = {part: worth for part, worth in step if last[part] == number}
        if parts:
            unit = total // min(parts.values()) + 1
            weighted += [Weighted(part, worth * unit) for part, worth in parts.items()]
            total += unit * sum(parts.values())
    if total >= LARGEST:
        raise OverflowError(f"weights add up to {total}")
    return tuple(reversed(weighted))


def steps_of(parsed: ParsedQuery) -> list[Step]:
    """Return the steps of a query, worst first: words, pairs, year, phrase, field, identifier."""
    return [*word_steps(parsed), *phrase_steps(parsed)]


def word_steps(parsed: ParsedQuery) -> list[Step]:
    """Return the steps of single words, worst first: in fields, as typed, adjacent, of a year."""
    words = _different(parsed.phrase)[:MOST_WEIGHED]
    pairs = list(dict.fromkeys(terms.pairs(parsed.phrase)))[:MOST_WEIGHED]
    years = [term for term in parsed.terms if term.is_year]
    return [
        [(terms.folded_field((word,)), 1) for word in words],
        [(terms.exact((word,)), 1) for word in words if parsed.has_mark],
        [
            (part, worth)
            for folded, alike in pairs
            for part, worth in ((folded, _FOLDED_PAIR), (alike, _ALIKE_PAIR))
        ],
        [(terms.key(year.key), 1) for year in years if len(parsed.terms) > 1][:MOST_LIFTED],
    ]


def phrase_steps(parsed: ParsedQuery) -> list[Step]:
    """Return the steps of the whole query: as a phrase, in a field, as an identifier.

    Who types marks means them: then the phrase as typed anywhere comes before a field that has it
    with other marks.
    """
    unmarked: Step = [(terms.folded_field(parsed.phrase), 1)] if parsed.phrase else []
    if not parsed.has_mark:
        return [[*_whole(parsed)], unmarked, *_identifiers(parsed)]
    marked: Step = [(terms.exact_field(parsed.phrase), 1)]
    return [unmarked, [*_whole(parsed)], marked, *_identifiers(parsed)]


def phrase_score(parsed: ParsedQuery, weighted: tuple[Weighted, ...]) -> int:
    """Return the score from which on a dossier has the query as a phrase, marks aside.

    Args:
        parsed: the query.
        weighted: its weights.

    Returns:
        The score; 0 where the query is no phrase that could be misread.
    """
    if len(parsed.phrase) < 2 or not is_plain(parsed):
        return 0
    # The misread form matches wherever the folded one does: who has less lacks the latter.
    both = {terms.alike_phrase(parsed.phrase), terms.folded(parsed.phrase)}
    return sum(weight for expression, weight in weighted if expression in both)


def _whole(parsed: ParsedQuery) -> Iterator[tuple[Expression, int]]:
    if len(parsed.phrase) < 2:  # a single word stands where all dossiers found have it
        return
    yield terms.alike_phrase(parsed.phrase), 1
    yield terms.folded(parsed.phrase), 1
    if parsed.has_mark:
        yield terms.exact(parsed.phrase), 1


def _identifiers(parsed: ParsedQuery) -> Iterator[Step]:
    keyed = (term for term in parsed.terms if term.key and not term.is_year)
    yield [(terms.key(term.key), 1) for term in keyed][:MOST_LIFTED]
    if parsed.prefixes:
        yield [(any_of(Prefix("keys", start) for start in parsed.prefixes), 1)]
    if parsed.keys:
        yield [(any_of(map(terms.key, parsed.keys)), 1)]


def _different(phrase: Phrase) -> Phrase:
    return tuple(dict.fromkeys(phrase))


def demanded(parsed: ParsedQuery, *, only_marked: bool) -> Expression:
    """Return what every dossier found matches: all terms, the phrase misread, or an identifier."""
    choices: list[Expression] = []
    if parsed.terms:
        choices.append(terms.all_terms(parsed.terms, only_marked=only_marked))
    if is_plain(parsed) and not only_marked and len(parsed.phrase) >= SHORTEST_ALIKE:
        choices.append(with_numbers(parsed, terms.alike_phrase(parsed.phrase)))
    choices += map(terms.key, parsed.keys)
    choices += (Prefix("keys", start) for start in parsed.prefixes)
    return any_of(choices)


def with_numbers(parsed: ParsedQuery, phrase: Expression) -> Expression:
    """Return what demands a phrase and the numbers of people of a query, which no phrase holds."""
    numbers = [terms.term_expression(term) for term in parsed.terms if term.is_hidden]
    return all_of([phrase, *numbers]) if numbers else phrase


SHORTEST_ALIKE = 3  # words of a phrase that nothing else is like, were each of them misread


def is_plain(parsed: ParsedQuery) -> bool:
    """Tell whether a query is single words, and numbers of people: no phrase, date or beginning."""
    words = {term.phrases[0] for term in parsed.terms}
    return all(
        [len(phrase) for phrase in term.phrases] == [1] and not term.is_prefix
        for term in parsed.terms
        if not term.is_hidden  # numbers of people stand beside the phrase
    ) and all((word,) in words for word in parsed.phrase)
