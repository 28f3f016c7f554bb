"""Parses what a visitor typed into words, phrases, dates, numbers, identifiers and operators.

The operators: quotes make a phrase, a minus before a word leaves it out, a star behind a word
stands for any ending. Pure: knows no engine, so that both engines understand the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from pipeline.errors import QueryError
from pipeline.masking import personal_numbers
from pipeline.model import Query
from search.query.dates_typed import typed_dates
from search.query.filters import check_filters
from search.query.identifiers import (
    identifiers,
    may_stand_for_whole,
    quoted_spellings,
    squeezed_identifier,
    typed_numbers,
    whole_number,
)
from search.query.operators import QUOTED, split_excluded
from search.query.spelled import Spelled
from search.text.keywords import year_key
from search.text.tokens import SIGN, Token, tokens_of

MOST_TERMS = 32  # nobody types more; a pasted page is cut here
MOST_CHARACTERS = 2_000

# Written without a space, so one term: 12/2020, H26.19, QĐ-UBND. A star at its end is an operator.
_GLUED = re.compile(r"([^\W_]+(?:[-./:&_'’]+[^\W_]+)*)(\*(?![^\W_]))?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PASSPORT = re.compile(r"[a-z]\d{7}", re.IGNORECASE)
_SPACED_PASSPORT = re.compile(r"(?<![^\W_])([A-Z]) (\d{7})(?!\d)")

Phrase = tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """Something a dossier must have: one of the phrases, or one of the keywords."""

    phrases: tuple[Phrase, ...]  # the first one is what was typed, of a number without its gaps
    key: str = ""  # keyword of the pages whose own date or number it is
    is_year: bool = False  # a year, or another period: its keyword lifts less than a phrase
    is_prefix: bool = False  # typed with a star at its end: words that begin so
    mentions: tuple[str, ...] = ()  # keywords of the pages whose text mentions it; find, not rank
    number: str = ""  # normal form of a number, which may stand on a page with any gaps
    is_hidden: bool = False  # a number of a person: no column of words has it
    hashed: str = ""  # the word that stands for such a number in an index
    parts: tuple[str, ...] = ()  # hashes: numbers of people of which it may be a part

    @property
    def has_mark(self) -> bool:
        """Whether it was typed with marks."""
        return any(token.has_mark for phrase in self.phrases for token in phrase)


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query as understood."""

    terms: tuple[Term, ...] = ()
    phrase: Phrase = ()  # all words in the order they were typed
    keys: tuple[str, ...] = ()  # keywords of identifiers that answer the whole query alone
    prefixes: tuple[str, ...] = ()  # beginnings of such keywords
    excluded: tuple[Term, ...] = ()  # typed with a minus before: no dossier found has them

    @property
    def has_mark(self) -> bool:
        """Whether marks were typed; who types them means them."""
        return any(token.has_mark for token in self.phrase)


class _TypedTerm(NamedTuple):
    term: Term
    typed: Phrase


def parse(text: str) -> ParsedQuery:
    """Parse what was typed; whatever it is, there is no error."""
    text, left_out = split_excluded(text[:MOST_CHARACTERS].replace(SIGN, " "))
    text = _SPACED_PASSPORT.sub(r"\1\2", text)
    number = whole_number(text)
    parts = [_number_part(number)] if number else list(islice(_parts(text), MOST_TERMS))
    excluded = (part.term for piece in left_out for part in _parts(piece))
    keys, prefixes = identifiers(text)
    return ParsedQuery(
        terms=tuple(dict.fromkeys(part.term for part in parts)),
        phrase=tuple(token for part in parts for token in part.typed),
        keys=keys,
        prefixes=prefixes,
        excluded=tuple(islice(dict.fromkeys(excluded), MOST_TERMS)),
    )


def check(query: Query) -> None:
    """Check the filters, and the numbers.

    Raises:
        QueryError: a filter is unknown or no date, or the limit or offset is negative.
    """
    if query.limit < 0 or query.offset < 0:
        raise QueryError("Số kết quả và vị trí bắt đầu không được âm.", "Hãy nhập số từ 0 trở lên.")
    check_filters(query.filters)


def _parts(text: str) -> Iterator[_TypedTerm]:
    end = 0
    for match in QUOTED.finditer(text):
        yield from _unquoted_parts(text[end : match.start()])
        yield from _quoted_parts(match[1])
        end = match.end()
    yield from _unquoted_parts(text[end:])


def _quoted_parts(text: str) -> Iterator[_TypedTerm]:
    """Yield a phrase, and numbers of people beside it: no index has them in phrases."""
    words = text
    for hidden in personal_numbers(text):
        stretch = text[hidden.start : hidden.end]
        words = words.replace(stretch, " ")
        yield from _undated_parts(stretch)
    if typed := tuple(tokens_of(words)):
        yield _TypedTerm(Term(_phrases(quoted_spellings(words))), typed)


def _unquoted_parts(text: str) -> Iterator[_TypedTerm]:
    end = 0
    for date in typed_dates(text):
        yield from _undated_parts(text[end : date.start])
        phrases = _phrases(date.spellings)
        yield _TypedTerm(
            Term(phrases, date.key, date.is_period, mentions=date.mentions), phrases[0]
        )
        end = date.end
    yield from _undated_parts(text[end:])


def _undated_parts(text: str) -> Iterator[_TypedTerm]:
    end = 0
    for number in typed_numbers(text):
        yield from _word_parts(text[end : number.start])
        yield _number_part(number)
        end = number.end
    yield from _word_parts(text[end:])


def _number_part(number: Spelled) -> _TypedTerm:
    """Return the part of a number; as a phrase, what was typed could be an end of another one."""
    typed, *others = _phrases(number.spellings)
    joined = [phrase for phrase in [typed, *others] if len(phrase) == 1 or not number.number]
    is_hidden = bool(personal_numbers(number.spellings[0])) and bool(number.number)
    term = Term(
        tuple(joined),
        number.key,
        mentions=number.mentions,
        number=number.number,
        is_hidden=is_hidden,
    )
    return _TypedTerm(term, () if is_hidden else typed)


def _word_parts(text: str) -> Iterator[_TypedTerm]:
    for match in _GLUED.finditer(text):
        typed = tuple(tokens_of(match[1]))
        if not typed:
            continue
        if _PASSPORT.fullmatch(match[1]):
            number = match[1].upper()
            yield _TypedTerm(Term((typed,), number=number, is_hidden=True), ())
        elif _YEAR.fullmatch(match[1]):
            yield _TypedTerm(Term((typed,), year_key(match[1]), is_year=True), typed)
        elif match[2] and may_stand_for_whole(typed[-1].exact):
            if head := typed[:-1]:
                yield _TypedTerm(Term((head,)), head)
            yield _TypedTerm(Term((typed[-1:],), is_prefix=True), ())
        elif keywords := squeezed_identifier(match[1].lower()):
            yield _TypedTerm(Term((typed,), keywords[0], mentions=keywords[1:]), typed)
        else:
            yield _TypedTerm(Term((typed,)), typed)


def _phrases(spellings: Iterable[str]) -> tuple[Phrase, ...]:
    phrases = dict.fromkeys(tuple(tokens_of(text)) for text in spellings)
    return tuple(phrase for phrase in phrases if phrase)
