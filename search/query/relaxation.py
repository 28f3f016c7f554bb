"""Relaxes a query: one word of the phrase misread, then misread words, then most of the words."""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from search.query import terms
from search.query.expressions import AtLeast, Expression, all_of, any_of
from search.query.parser import ParsedQuery, Phrase, Term
from search.query.weights import is_plain
from search.text.tokens import ALIKE, Token, skeleton

RARE = 20  # dossiers with a word asked for alone: fewer than that may be because it was misread
MOST_WORDS = 8  # of which some may be missing
MOST_SOFT = 12  # words of a phrase of which one may be misread
_SHORTEST = 4  # letters of a word worth guessing at alone: of three letters every syllable is near
_MOST_CONFUSABLE = 512
_SHORTEST_BESIDE = 2  # letters of a word worth guessing at between its neighbours
# What Tesseract writes for another (docs/domain.md §6.2), beside single letters; folded.
_MISREAD = (("tr", "u"), ("h", "di"), ("m", "rn"), ("d", "cl"), ("h", "li"), ("u", "ii"))


class Lexicon(Protocol):
    """The lookups in an index that relaxing needs; filters are left aside, the scope is not."""

    def is_rare(self, expression: Expression) -> bool:
        """Tell whether fewer than ``RARE`` dossiers match an expression."""
        ...

    def finds(self, expressions: Sequence[Expression]) -> list[bool]:
        """Tell of each expression whether any dossier matches it."""
        ...

    def known(self, column: str, words: set[str]) -> set[str]:
        """Return those of the terms of a column that are in some dossier."""
        ...


@dataclass(frozen=True, slots=True)
class Relaxed:
    """What is found instead of, or beside, the dossiers that have all words."""

    expression: Expression
    parsed: ParsedQuery  # with the misreadings, to mark the words found
    given_up: tuple[str, ...]  # words as typed that need not be there


def soft_phrase(lexicon: Lexicon, parsed: ParsedQuery) -> Relaxed | None:
    """Return the query's phrase with one word misread; None when it stands nowhere so.

    The words around must be as typed, or as Tesseract confuses letters; the odd one within one
    edit. Adjacent pairs are looked up, so a guess counts only beside its neighbours.
    """
    phrase = parsed.phrase
    if not (2 <= len(phrase) <= MOST_SOFT and is_plain(parsed)):
        return None
    guesses = _beside(lexicon, phrase)
    softened = {at: _softened(phrase, at, found) for at, found in guesses.items() if found}
    are_found = lexicon.finds(list(softened.values()))
    found = [at for at, is_found in zip(softened, are_found, strict=True) if is_found]
    if not found:
        return None
    misread = {phrase[at]: guesses[at] for at in found}
    return Relaxed(
        any_of(softened[at] for at in found),
        ParsedQuery(tuple(_with_guesses(term, misread) for term in parsed.terms), phrase),
        tuple(phrase[at].exact for at in found),
    )


def alike_words(lexicon: Lexicon, parsed: ParsedQuery) -> ParsedQuery | None:
    """Return a query of a single word with what Tesseract may have made of it everywhere it stands.

    Returns:
        The query, found by the word or by any of the others; None when there are no others.
    """
    if not is_single_word(parsed):
        return None
    (word,) = parsed.phrase
    known = lexicon.known("folded", confusable(word.folded) - {word.folded})
    if not known:
        return None
    guesses = tuple((Token(guess, guess),) for guess in sorted(known))
    (term,) = parsed.terms
    return replace(parsed, terms=(replace(term, phrases=(*term.phrases, *guesses)),))


def is_single_word(parsed: ParsedQuery) -> bool:
    """Tell whether a query is one word, and no number, that may be looked for misread."""
    return (
        len(parsed.phrase) == 1 == len(parsed.terms)
        and is_plain(parsed)
        and not parsed.terms[0].key
        and _is_guessable(parsed.phrase[0].folded)
    )


def confusable(word: str) -> set[str]:
    """Return the folded words that Tesseract may take for each other with this one; itself too."""
    bones = skeleton(word)
    made = {""}
    for letter in bones:
        written = [letter, *(read for read, stands_for in ALIKE if stands_for == letter)]
        made = {head + one for head in made for one in written}
        if len(made) > _MOST_CONFUSABLE:
            return {word}
    return {one for one in made if skeleton(one) == bones}


def relax(lexicon: Lexicon, parsed: ParsedQuery) -> Relaxed | None:
    """Relax a query until it finds a dossier.

    A word that is in no dossier at all stands for the words one letter away from it, or for none;
    at least half of the words must be found together.

    Returns:
        What finds a dossier; None when nothing does.
    """
    if not parsed.terms:
        return None
    are_known = lexicon.finds([terms.term_expression(term) for term in parsed.terms])
    usable = [
        (typed, term if is_known else _misread(lexicon, term))
        for typed, (term, is_known) in enumerate(zip(parsed.terms, are_known, strict=True))
    ]
    found = {typed: term for typed, term in usable if term}
    demanded = {typed: terms.term_expression(term) for typed, term in found.items()}
    if len(found) == len(parsed.terms) and all(lexicon.finds([all_of(demanded.values())])):
        misread = [typed for typed, term in found.items() if term != parsed.terms[typed]]
        return _relaxed(all_of(demanded.values()), parsed, found, misread)
    return _most_words(lexicon, parsed, found, demanded)


def _most_words(
    lexicon: Lexicon, parsed: ParsedQuery, found: dict[int, Term], demanded: dict[int, Expression]
) -> Relaxed | None:
    """Return what asks for as many of the words as stand together; for half of them at least."""
    number = len(parsed.terms)
    asked = dict(list(demanded.items())[:MOST_WORDS])
    least = min((number + 1) // 2, MOST_WORDS)
    for size in range(min(len(asked), number - 1), least - 1, -1):
        expression = AtLeast(size, tuple(asked.values()))
        if all(lexicon.finds([expression])):
            missing = [typed for typed in range(number) if typed not in asked]
            if size == len(asked) - 1:
                missing += _dispensable(lexicon, asked)
            return _relaxed(expression, parsed, {at: found[at] for at in asked}, missing)
    return None


def _dispensable(lexicon: Lexicon, asked: dict[int, Expression]) -> list[int]:
    """Return the words without which all others are found together."""
    others = [all_of(part for other, part in asked.items() if other != typed) for typed in asked]
    return [typed for typed, is_found in zip(asked, lexicon.finds(others), strict=True) if is_found]


def _relaxed(
    expression: Expression, parsed: ParsedQuery, found: dict[int, Term], missing: list[int]
) -> Relaxed:
    given_up = tuple(
        " ".join(word.exact for word in parsed.terms[typed].phrases[0]) for typed in sorted(missing)
    )
    return Relaxed(expression, ParsedQuery(tuple(found.values()), parsed.phrase), given_up)


def misreadings(word: str) -> Iterator[str]:
    """Yield what a folded word may have been read or typed as: one edit, or a known confusion."""
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        yield from (head + letter + tail for letter in string.ascii_lowercase)
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in string.ascii_lowercase)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for pair in _MISREAD:
            for true, read in (pair, pair[::-1]):
                if tail.startswith(true):
                    yield head + read + tail[len(true) :]


def _beside(lexicon: Lexicon, phrase: Phrase) -> dict[int, list[str]]:
    """Return the misreadings of the words of a phrase that stand somewhere beside their neighbours.

    All words are looked up together, first beside the word before: for a lookup is a request.
    """
    guesses = {
        at: sorted({guess for guess in misreadings(word.folded) if guess} - {word.folded})
        for at, word in enumerate(phrase)
        # a number one digit away is another number
        if len(word.folded) >= _SHORTEST_BESIDE and word.folded.isalpha()
    }
    for step in (-1, 1):
        pairs = {
            at: {guess: _beside_pair(phrase[at + step].folded, guess, step) for guess in of_word}
            for at, of_word in guesses.items()
            if 0 <= at + step < len(phrase)
        }
        known = lexicon.known(
            "pairs", {pair for of_word in pairs.values() for pair in of_word.values()}
        )
        guesses |= {
            at: [guess for guess, pair in of_word.items() if pair in known]
            for at, of_word in pairs.items()
        }
    return guesses


def _beside_pair(neighbour: str, guess: str, step: int) -> str:
    """Return the term of a guess and the word before it, or after it."""
    return f"{neighbour}_{guess}" if step < 0 else f"{guess}_{neighbour}"


def _softened(phrase: Phrase, at: int, guesses: list[str]) -> Expression:
    """Return the pairs of a phrase with any of the guesses for one of its words."""
    around = [
        alike for number, (_, alike) in enumerate(terms.pairs(phrase)) if number not in (at - 1, at)
    ]
    choices = []
    for guess in guesses:
        before = [terms.pair(phrase[at - 1].folded, guess)] if at else []
        after = [terms.pair(guess, phrase[at + 1].folded)] if at + 1 < len(phrase) else []
        choices.append(all_of([*before, *after]))
    return all_of([*around, any_of(choices)])


def _with_guesses(term: Term, misread: dict[Token, list[str]]) -> Term:
    (word,) = term.phrases[0]
    guesses = misread.get(word, [])
    return Term((*term.phrases, *((Token(guess, guess),) for guess in guesses)), term.key)


def _misread(lexicon: Lexicon, term: Term) -> Term | None:
    """Return a term of those misreadings of a word that are in some dossier; None without any."""
    if len(term.phrases) > 1 or len(term.phrases[0]) > 1 or term.is_prefix:
        return None
    word = term.phrases[0][0].folded
    if not _is_guessable(word):
        return None
    known = sorted(lexicon.known("folded", {*misreadings(word)} - {word}))
    return Term(tuple((Token(variant, variant),) for variant in known)) if known else None


def _is_guessable(word: str) -> bool:
    return len(word) >= _SHORTEST and word.isalpha()
